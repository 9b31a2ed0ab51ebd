/* SPDX-License-Identifier: Apache-2.0 */
/* Views: the empty, the absent, the NUL inside. */
#include "base/attr.h"
#include "base/sv.h"
#include "support/check.h"

static const struct sv absent = { NULL, 0 };

static const struct {
    const char *pattern, *text;
    bool matches;
} globs[] = {
    { "", "a", false },
    { "a", "", false },
    { "a", "A", false },
    { "a*", "ba", false },
    { "*a", "ab", false },
    { "a*b", "ac", false },
    { "a*b*c", "acb", false },
    { "*ab*", "acb", false },
    { "ab", "abc", false },
    { "abc", "ab", false },
    { "?", "a", false },
    { "[a]", "a", false },
    { "", "", true },
    { "*", "", true },
    { "***", "", true },
    { "*", "anything/at all", true },
    { "a*", "a", true },
    { "*a", "a", true },
    { "a*b", "ab", true },
    { "a*b", "axxbxxb", true },
    { "a*b*c", "aXbYbZc", true },
    { "*.amazonaws.com", "1.dkr.ecr.amazonaws.com", true },
    { "*aab", "aaab", true },
    { "a**b", "ab", true },
    { "kube-*", "kube-", true },
};

static void globs_only_what_they_say(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(globs); i++)
        if (sv_glob(sv_from(globs[i].pattern), sv_from(globs[i].text)) != globs[i].matches)
            fail_msg("`%s` and `%s`", globs[i].pattern, globs[i].text);
    assert_false(sv_glob(absent, SV("a")));
    assert_true(sv_glob(absent, absent));
}

static void globs_hostile_patterns_in_time(void **state UNUSED)
{
    static char text[4000000], half[2000002];
    struct sv pattern = SV("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b");

    memset(text, 'a', sizeof(text));
    memset(half, 'a', sizeof(half));
    half[0] = half[sizeof(half) - 1] = '*';
    half[sizeof(half) / 2] = 'b';
    assert_false(sv_glob(pattern, (struct sv){ text, sizeof(text) }));
    assert_false(sv_glob((struct sv){ half, sizeof(half) }, (struct sv){ text, sizeof(text) }));
}

static void compares_absent_with_empty(void **state UNUSED)
{
    assert_true(sv_eq(absent, SV("")));
    assert_false(sv_eq(absent, SV("a")));
    assert_int_equal(sv_cmp(absent, SV("")), 0);
    assert_true(sv_cmp(absent, SV("a")) < 0);
    assert_true(sv_starts_with(SV("a"), absent));
    assert_true(sv_ends_with(absent, SV("")));
    assert_null(sv_from(NULL).p);
}

static void compares_by_bytes_and_length(void **state UNUSED)
{
    assert_false(sv_eq(SV("a\0b"), SV("a\0c")));
    assert_false(sv_eq(SV("a"), SV("a\0")));
    assert_true(sv_cmp(SV("a"), SV("a\0")) < 0);
    assert_true(sv_cmp(SV("\xff"), SV("a")) > 0);
    assert_true(sv_cmp(SV("b"), SV("ab")) > 0);
    assert_false(sv_starts_with(SV("ab"), SV("abc")));
    assert_true(sv_ends_with(SV("a.yaml"), SV(".yaml")));
    assert_false(sv_ends_with(SV("yaml"), SV(".yaml")));
}

static void folds_ascii_letters_only(void **state UNUSED)
{
    assert_true(sv_eq_nocase(SV("Ab-1Z"), SV("aB-1z")));
    assert_false(sv_eq_nocase(SV("a"), SV("ab")));
    assert_false(sv_eq_nocase(SV("@"), SV("`")));
    assert_false(sv_eq_nocase(SV("["), SV("{")));
    assert_false(sv_eq_nocase(SV("\xc3\x84"), SV("\xc3\xa4")));
    assert_true(sv_eq_nocase(absent, SV("")));
}

static void finds_first_and_last(void **state UNUSED)
{
    assert_int_equal(sv_find(SV("abcabc"), 'b'), 1);
    assert_int_equal(sv_find_last(SV("abcabc"), 'b'), 4);
    assert_int_equal(sv_find(SV("abc"), 'x'), 3);
    assert_int_equal(sv_find_last(SV("abc"), 'x'), 3);
    assert_int_equal(sv_find(absent, 'x'), 0);
    assert_int_equal(sv_find_last(absent, 'x'), 0);
    assert_int_equal(sv_find(SV("a\0b"), '\0'), 1);
}

static void cuts_until_nothing_is_left(void **state UNUSED)
{
    struct sv rest = SV("a//b/");

    assert_sv(sv_cut(&rest, '/'), "a");
    assert_sv(sv_cut(&rest, '/'), "");
    assert_sv(sv_cut(&rest, '/'), "b");
    assert_sv(rest, "");
    assert_sv(sv_cut(&rest, '/'), "");
    assert_null(rest.p);
    assert_null(sv_cut(&rest, '/').p);
}

static void trims_spaces_and_tabs(void **state UNUSED)
{
    assert_sv(sv_trim(SV(" \t a b\t ")), "a b");
    assert_sv(sv_trim(SV(" \t ")), "");
    assert_sv(sv_trim(SV("\na\n")), "\na\n");
    assert_null(sv_trim(absent).p);
}

static void skips_no_further_than_the_end(void **state UNUSED)
{
    assert_sv(sv_skip(SV("abc"), 2), "c");
    assert_sv(sv_skip(SV("abc"), 3), "");
    assert_sv(sv_skip(SV("abc"), 99), "");
    assert_null(sv_skip(absent, 1).p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_only_what_they_say),      cmocka_unit_test(globs_hostile_patterns_in_time),
        cmocka_unit_test(compares_absent_with_empty),    cmocka_unit_test(compares_by_bytes_and_length),
        cmocka_unit_test(folds_ascii_letters_only),      cmocka_unit_test(finds_first_and_last),
        cmocka_unit_test(cuts_until_nothing_is_left),    cmocka_unit_test(trims_spaces_and_tabs),
        cmocka_unit_test(skips_no_further_than_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
