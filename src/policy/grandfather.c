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
    *g = (struct grandfather){ NULL, NULL, 0 };
    if (old->count == 0)
        return true;
    g->sorted = arena_array(a, old->count, const struct finding *);
    g->taken = arena_array(a, old->count, size_t);
    if (!g->sorted || !g->taken)
        return false;
    for (const struct finding *f = old->first; f; f = f->next)
        g->sorted[g->count++] = f;
    qsort(g->sorted, g->count, sizeof(*g->sorted), compare);
    return true;
}

static size_t first_not_below(const struct grandfather *g, const struct finding *f)
{
    size_t low = 0, high = g->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_findings(g->sorted[middle], f) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool grandfather_take(struct grandfather *g, const struct finding *f)
{
    size_t first = first_not_below(g, f);
    size_t next = first < g->count ? first + g->taken[first] : g->count;

    if (next >= g->count || compare_findings(g->sorted[next], f) != 0)
        return false;
    g->taken[first]++;
    return true;
}
