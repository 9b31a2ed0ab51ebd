/* SPDX-License-Identifier: Apache-2.0 */
/* Runtimes clean a mount path before they use it, so `/etc//x/../tls/` is
 * `/etc/tls`. Symbolic links inside the image cannot be seen from here. */
#include "rules/sidecar_mount.h"

/* "/a/b" without `.`, `..`, doubled and trailing slashes; the root is "". */
static struct sv clean(struct sv path, struct arena *a)
{
    char *p = arena_alloc(a, path.n + 1);
    size_t n = 0;

    for (struct sv rest = path; p && rest.p;) {
        struct sv part = sv_cut(&rest, '/');

        if (part.n == 0 || sv_eq(part, SV(".")))
            continue;
        if (sv_eq(part, SV(".."))) {
            while (n > 0 && p[--n] != '/')
                ;
            continue;
        }
        p[n++] = '/';
        memcpy(p + n, part.p, part.n);
        n += part.n;
    }
    return (struct sv){ p, p ? n : 0 };
}

static bool is_at_or_below(struct sv path, struct sv top)
{
    return sv_starts_with(path, top) && (path.n == top.n || path.p[top.n] == '/');
}

bool sidecar_mount_covers(const struct json *mounts, struct sv path, struct arena *a)
{
    struct sv theirs;

    if (value_size(mounts) == 0)
        return false;
    theirs = clean(path, a);
    for (struct value_iter it = value_iter(mounts); value_next(&it);) {
        struct sv ours = clean(value_string(value_get(it.value, SV("mountPath"))), a);

        if (!ours.p || !theirs.p || is_at_or_below(ours, theirs) || is_at_or_below(theirs, ours))
            return true;
    }
    return false;
}

bool sidecar_mount_is_service_account(const struct json *mount)
{
    return sv_eq(value_string(value_get(mount, SV("mountPath"))), SV("/var/run/secrets/kubernetes.io/serviceaccount"));
}
