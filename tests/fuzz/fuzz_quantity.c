/* SPDX-License-Identifier: Apache-2.0 */
/* quantity_parse() against digits counted by hand in a type that cannot
 * overflow. */
#include "fuzz/fuzz.h"
#include "kube/quantity.h"

static const struct {
    const char *suffix;
    unsigned base, power;
} suffixes[] = {
    { "", 1, 0 },      { "k", 1000, 1 },  { "M", 1000, 2 },  { "G", 1000, 3 },  { "T", 1000, 4 },
    { "P", 1000, 5 },  { "E", 1000, 6 },  { "Ki", 1024, 1 }, { "Mi", 1024, 2 }, { "Gi", 1024, 3 },
    { "Ti", 1024, 4 }, { "Pi", 1024, 5 }, { "Ei", 1024, 6 },
};

/* False: too large, or not digits and a suffix. */
static bool reference(struct sv text, size_t *bytes)
{
    __extension__ unsigned __int128 value = 0;
    size_t digits = 0;

    for (; digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9'; digits++) {
        value = value * 10 + (unsigned)(text.p[digits] - '0');
        value = value > SIZE_MAX ? (__extension__(unsigned __int128) SIZE_MAX) + 1 : value;
    }
    for (size_t i = 0; digits && i < ARRAY_LEN(suffixes); i++) {
        if (!sv_eq(sv_skip(text, digits), sv_from(suffixes[i].suffix)))
            continue;
        for (unsigned n = 0; n < suffixes[i].power; n++)
            value *= value > SIZE_MAX ? 1 : suffixes[i].base;
        *bytes = (size_t)value;
        return value <= SIZE_MAX;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sv text = fuzz_input(data, size);
    size_t got = 0, want = 0;
    bool ok = quantity_parse(text, &got);

    FUZZ_CHECK(ok == reference(text, &want), "`%.*s` is read: %d", SV_ARG(text), (int)ok);
    FUZZ_CHECK(!ok || got == want, "`%.*s` is %zu, not %zu", SV_ARG(text), got, want);
    return 0;
}
