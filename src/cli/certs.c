/* SPDX-License-Identifier: Apache-2.0 */
/* The environment is read here, so that api/ needs none. */
#include "cli/certs.h"
#include "api/in_cluster.h"
#include "api/kubeconfig.h"
#include "base/file.h"
#include "cli/cmd.h"
#include <time.h>

enum { FIRST_WAIT_MS = 100, LONGEST_WAIT_MS = 2000 };

const char *const certs_fips_names[] = { [FIPS_REQUIRED] = "required", [FIPS_OFF] = "off", NULL };

bool certs_start(const struct certs_crypto *crypto, struct err *e)
{
    struct fips_status status = { 0 };

    if (crypto->fips == FIPS_OFF)
        return fips_off(&status, e);
    if (fips_require(crypto->openssl_conf, &status, e))
        return true;
    e->code = ERR_TLS; /* whatever it was, it is the machine that lacks it */
    return false;
}

static bool is_set(const char *text)
{
    return text && *text;
}

/* $KUBECONFIG may be a list; of several files kubectl makes one, which we do not. */
static const char *default_kubeconfig(struct arena *a, struct err *e)
{
    const char *named = getenv("KUBECONFIG"), *home = getenv("HOME"), *path;

    if (is_set(named) && !strchr(named, ':'))
        return named;
    if (is_set(named)) {
        err_set(e, ERR_INPUT, "KUBECONFIG names several files; give one with --kubeconfig FILE");
        return NULL;
    }
    path = is_set(home) ? arena_printf(a, "%s/.kube/config", home).p : NULL;
    if (!path)
        err_set(e, ERR_INPUT, "no cluster is named: give --kubeconfig FILE");
    return path;
}

/* It is not the system that is at fault, but who named that file. */
static bool blame(struct err *e)
{
    if (e->code == ERR_IO)
        e->code = ERR_INPUT;
    return false;
}

bool certs_target(const struct certs_access *access, struct arena *a, struct client_target *out, struct err *e)
{
    const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
    const char *file = access->kubeconfig;

    if (is_set(file) ? strcmp(file, "in-cluster") == 0 : is_set(host))
        return in_cluster_read(IN_CLUSTER_DIR, host, port, a, out, e);
    if (!is_set(file))
        file = default_kubeconfig(a, e);
    return file && (kubeconfig_read(file, access->context, a, out, e) || blame(e));
}

bool certs_file(const char *path, struct arena *a, struct sv *out, struct err *e)
{
    return file_read(path, CERTIFICATE_PEM_MAX, a, out, e) || blame(e);
}

bool certs_namespace(const struct certs_access *access, const struct client_target *target, struct sv *out,
                     struct err *e)
{
    *out = is_set(access->name_space) ? sv_from(access->name_space) : target->name_space;
    return out->p || err_set(e, ERR_INPUT, "no namespace is named: give --namespace NAMESPACE");
}

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct certs_patience certs_patience(const struct certs_access *access)
{
    return (struct certs_patience){ .deadline_ms = now_ms() + access->patience_ms, .next_ms = FIRST_WAIT_MS };
}

bool certs_try_again(struct certs_patience *p)
{
    struct timespec left = { (time_t)(p->next_ms / 1000), (long)(p->next_ms % 1000) * 1000000 };

    if (now_ms() + p->next_ms > p->deadline_ms)
        return false;
    while (nanosleep(&left, &left) < 0)
        continue;
    p->next_ms = p->next_ms * 2 < LONGEST_WAIT_MS ? p->next_ms * 2 : LONGEST_WAIT_MS;
    return true;
}

int64_t certs_now(void)
{
    return (int64_t)time(NULL);
}

void certs_print_time(struct buf *out, int64_t seconds)
{
    time_t at = (time_t)seconds;
    struct tm utc = { 0 };
    char text[sizeof("-2147481748-12-31T23:59:59Z")];

    gmtime_r(&at, &utc);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    buf_add(out, sv_from(text));
}

enum exit_code certs_failed(const struct err *e)
{
    cmd_complain("%s", e->msg);
    return e->code == ERR_INPUT || e->code == ERR_SYNTAX || e->code == ERR_LIMIT ? EXIT_USAGE : EXIT_FAILED;
}
