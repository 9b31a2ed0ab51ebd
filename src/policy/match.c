/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a request fall under a policy. Everything here narrows what a policy
 * looks at, so each selector says itself where it must not be trusted.
 */
#include "policy/match.h"

#include "base/attr.h"
#include "kube/object.h"

static bool any_glob(const struct strings *globs, struct sv text)
{
    for (size_t i = 0; i < globs->count; i++)
        if (sv_glob(globs->items[i], text))
            return true;
    return false;
}

bool match_reaches(const struct match *m, const struct request *r, const struct kind *kind)
{
    struct sv ns = r->namespace;

    if (!(m->operations & 1u << r->operation))
        return false;
    if (kind->cluster_scoped || !ns.p)
        return !m->skip_cluster_scoped;
    return (m->include.count == 0 || any_glob(&m->include, ns)) && !any_glob(&m->exclude, ns);
}

/* The labels that the pod will have, so that a template and its pods fall under
 * the same policies. */
bool match_labels(const struct match *m, const struct target *t)
{
    const struct json *holder = t->pod && t->pod->holder ? t->pod->holder : t->object;

    return label_selector_matches(&m->labels, object_labels(holder));
}

/* An excluded user is somebody acting by himself. What a controller makes of a
 * template carries the controller's name, not that of whoever wrote it. */
static bool user_is_excluded(const struct match *m, const struct target *t)
{
    if (m->user_excludes.count == 0)
        return false;
    if (t->kind->is_template || object_controller(t->object))
        return false;
    return any_glob(&m->user_excludes, t->request->user);
}

bool match_request(const struct match *m, const struct target *t)
{
    return match_reaches(m, t->request, t->kind) && !user_is_excluded(m, t);
}
