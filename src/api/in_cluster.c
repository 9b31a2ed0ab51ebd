/* SPDX-License-Identifier: Apache-2.0 */
/* Three files and two variables. */
#include "api/in_cluster.h"
#include "base/file.h"

enum { FILE_MAX = 1 << 20 };

/* Without the line ends around it. */
static struct sv strip(struct sv s)
{
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return sv_trim(s);
}

static bool read_one(const char *dir, const char *name, struct arena *a, struct sv *out, struct err *e)
{
    const char *path = arena_printf(a, "%s/%s", dir, name).p;

    if (!path)
        return arena_error(a, e);
    return file_read(path, FILE_MAX, a, out, e) ||
           err_wrap(e, "not in a cluster (give --kubeconfig FILE), or without automountServiceAccountToken");
}

bool in_cluster_read(const char *dir, const char *host, const char *port, struct arena *a, struct client_target *out,
                     struct err *e)
{
    *out = (struct client_target){ .from = SV("the pod's service account") };
    if (!host || !*host || !port || !*port)
        return err_set(e, ERR_INPUT,
                       "not in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set; give "
                       "--kubeconfig FILE");
    out->server = strchr(host, ':') ? arena_printf(a, "https://[%s]:%s", host, port)
                                    : arena_printf(a, "https://%s:%s", host, port);
    if (!out->server.p)
        return arena_error(a, e);
    if (!read_one(dir, "ca.crt", a, &out->ca, e) || !read_one(dir, "token", a, &out->token, e) ||
        !read_one(dir, "namespace", a, &out->name_space, e))
        return false;
    out->token = strip(out->token);
    out->name_space = strip(out->name_space);
    return true;
}
