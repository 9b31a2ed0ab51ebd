/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside made fit to print: the first byte says how much room there
 * is. What comes out is UTF-8 without control characters, within that room, and
 * needs no second pass. */
#include "base/text.h"
#include "fuzz/fuzz.h"

/* Characters that must not come out, as UTF-8. */
static const char *const hidden[] = {
    "\x7f",   "\xc2\x80", "\xc2\x9f", "\u2028", "\u2029", "\u202a", "\u202b",
    "\u202c", "\u202d",   "\u202e",   "\u2066", "\u2067", "\u2068", "\u2069",
};

static bool has(struct sv s, struct sv part)
{
    return s.n > 0 && memmem(s.p, s.n, part.p, part.n) != NULL;
}

static void check_clean(struct sv s)
{
    FUZZ_CHECK(fuzz_is_utf8(s), "not UTF-8");
    for (size_t i = 0; i < s.n; i++)
        FUZZ_CHECK((unsigned char)s.p[i] >= ' ', "a control character: 0x%02x", (unsigned)(unsigned char)s.p[i]);
    for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
        FUZZ_CHECK(!has(s, sv_from(hidden[i])), "hidden character %zu", i);
}

static void check_size(struct sv s)
{
    size_t value = 0, want = 0;
    bool ok = text_to_size(s, &value), digits = s.n > 0;
    size_t zeros = 0;

    while (zeros < s.n && s.p[zeros] == '0')
        zeros++;
    for (size_t i = 0; i < s.n; i++)
        digits = digits && s.p[i] >= '0' && s.p[i] <= '9';
    FUZZ_CHECK(!ok || digits, "`%.*s` is a size", SV_ARG(s));
    if (!digits || s.n - zeros > 19)
        return;
    for (size_t i = zeros; i < s.n; i++)
        want = want * 10 + (size_t)(s.p[i] - '0');
    FUZZ_CHECK(ok && value == want, "`%.*s` is %zu", SV_ARG(s), value);
}

static void check_nearest(struct sv word)
{
    static const struct sv names[] = { SV_INIT("rules"), SV_INIT("match"), SV_INIT("namespaces"), SV_INIT("") };
    struct sv got = text_nearest(word, names, ARRAY_LEN(names));
    bool known = !got.p;

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        known = known || got.p == names[i].p;
        FUZZ_CHECK(word.n == 0 || !sv_eq(word, names[i]) || sv_eq(got, word), "`%.*s` is not nearest itself",
                   SV_ARG(word));
    }
    FUZZ_CHECK(known, "a name out of nowhere");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(16 << 20);
    struct buf out = BUF_IN(&a);
    struct sv text = fuzz_input(data, size), shown;
    size_t max = text.n ? (unsigned char)text.p[0] : 0;

    text = sv_skip(text, 1);
    FUZZ_CHECK(text_is_utf8(text) == fuzz_is_utf8(text), "is this UTF-8?");
    shown = text_printable(&a, text, max);
    FUZZ_CHECK(shown.p && shown.n <= max, "%zu bytes where %zu fit", shown.n, max);
    check_clean(shown);
    FUZZ_CHECK(sv_eq(text_printable(&a, shown, max), shown), "a second pass changes it");
    buf_add(&out, SV("x"));
    text_add_printable(&out, text, max);
    FUZZ_CHECK(sv_eq(sv_skip(buf_sv(&out), 1), shown), "appended, it is another text");
    check_size(text);
    check_nearest(text);
    return 0;
}
