/* SPDX-License-Identifier: Apache-2.0 */
/* Sorted once, looked up by bisection: an object with very many findings must
 * not make an UPDATE quadratic. */
#include "policy/grandfather.h"

static int compare_findings(const struct finding *a, const struct finding *b)
{
    int order = (a->kind > b->kind) - (a->kind < b->kind);

    if (!order)
        order = sv_cmp(a->subject, b->subject);
    if (!order)
        order = sv_cmp(a->field, b->field);
    return order ? order : sv_cmp(a->found, b->found);
}

static int compare(const void *a, const void *b)
{
    return compare_findings(*(const struct finding *const *)a, *(const struct finding *const *)b);
}

bool grandfather_init(struct grandfather *g, const struct findings *old, struct arena *a)
{
    *g = (struct grandfather){ NULL, 0 };
    if (old->count == 0)
        return true;
    g->sorted = arena_array(a, old->count, const struct finding *);
    if (!g->sorted)
        return false;
    for (const struct finding *f = old->first; f; f = f->next)
        g->sorted[g->count++] = f;
    qsort(g->sorted, g->count, sizeof(*g->sorted), compare);
    return true;
}

bool grandfather_has(const struct grandfather *g, const struct finding *f)
{
    return g->count && bsearch(&f, g->sorted, g->count, sizeof(*g->sorted), compare);
}
