/* SPDX-License-Identifier: Apache-2.0 */
/* Most paths are clean as they are written, and those cost nothing. */
#include "rules/mount_path.h"

static bool is_clean(struct sv path)
{
    struct sv rest = sv_skip(path, 1);

    if (path.n < 2 || path.p[0] != '/')
        return false;
    while (rest.p) {
        struct sv part = sv_cut(&rest, '/');

        if (part.n == 0 || sv_eq(part, SV(".")) || sv_eq(part, SV("..")))
            return false;
    }
    return true;
}

struct sv mount_path_clean(struct sv path, struct arena *a)
{
    char *p;
    size_t n = 0;

    if (is_clean(path))
        return path;
    p = arena_alloc(a, path.n + 1);
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

bool mount_path_touches(struct sv a, struct sv b)
{
    return is_at_or_below(a, b) || is_at_or_below(b, a);
}
