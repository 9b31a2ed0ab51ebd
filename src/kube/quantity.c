/* SPDX-License-Identifier: Apache-2.0 */
/* Whole numbers of bytes with the suffixes of a Kubernetes quantity. The table
 * is the grammar; what does not fit a size_t is refused. */
#include "kube/quantity.h"
#include "base/attr.h"
#include "base/text.h"
#include <stdint.h>

static const struct {
    struct sv suffix;
    size_t base;
    int exponent;
} units[] = {
    { SV_INIT("Ki"), 1024, 1 }, { SV_INIT("Mi"), 1024, 2 }, { SV_INIT("Gi"), 1024, 3 }, { SV_INIT("Ti"), 1024, 4 },
    { SV_INIT("Pi"), 1024, 5 }, { SV_INIT("Ei"), 1024, 6 }, { SV_INIT("k"), 1000, 1 },  { SV_INIT("M"), 1000, 2 },
    { SV_INIT("G"), 1000, 3 },  { SV_INIT("T"), 1000, 4 },  { SV_INIT("P"), 1000, 5 },  { SV_INIT("E"), 1000, 6 },
};

static bool scale(size_t *n, size_t base, int exponent)
{
    for (int i = 0; i < exponent; i++) {
        if (*n > SIZE_MAX / base)
            return false;
        *n *= base;
    }
    return true;
}

bool quantity_parse(struct sv text, size_t *bytes)
{
    size_t n = 0, base = 1;
    int exponent = 0;

    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (!sv_ends_with(text, units[i].suffix))
            continue;
        base = units[i].base;
        exponent = units[i].exponent;
        text.n -= units[i].suffix.n;
        break;
    }
    if (!text_to_size(text, &n) || !scale(&n, base, exponent))
        return false;
    *bytes = n;
    return true;
}
