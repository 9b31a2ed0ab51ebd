/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside in every form it may take, and the words for outcomes. */
#include "base/attr.h"
#include "report/format.h"
#include "support/check.h"
#include <unistd.h>

static void print_as_entities(FILE *out, struct sv text)
{
    static const char *const texts[] = { "%25", "%2C" };

    format_print_as(out, text, "%,", texts);
}

static const struct {
    void (*print)(FILE *out, struct sv text);
    struct sv text;
    const char *want;
} rows[] = {
    { format_print, SV_INIT(""), "" },
    { format_print, SV_INIT("a\nb\x1b[0m\0\x7f\xc2\x9b\xff\xe2\x80\xae"),
      "a\\x0ab\\x1b[0m\\x00\\x7f\\u009b\\xff\\u202e" },
    { format_print, SV_INIT("##[error]x ##vso[task] #[a] ##A[b] ##[x]"),
      "##\\x5berror]x ##vso\\x5btask] #[a] ##A[b] ##\\x5bx]" },
    { format_escape, SV_INIT("<a href=\"x\">'&'</a>\n"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;\\x0a" },
    { print_as_entities, SV_INIT("100%, and\0"), "100%25%2C and\\x00" },
    { format_json_string, SV_INIT(""), "\"\"" },
    { format_json_string, { NULL, 0 }, "null" },
    { format_json_string, SV_INIT("a\"b\\c/\n\t\0\x7f"), "\"a\\\"b\\\\c/\\u000a\\u0009\\u0000\\u007f\"" },
    { format_json_string, SV_INIT("\xc3\xa9\xf0\x9f\x98\x80\xe2\x80\xa8"), "\"\xc3\xa9\xf0\x9f\x98\x80\\u2028\"" },
    { format_json_string, SV_INIT("\xff\xed\xa0\x80"), "\"\\\\xff\\\\xed\\\\xa0\\\\x80\"" },
    { format_json_string, SV_INIT("</script>##[a]"), "\"\\u003c/script>##\\u005ba]\"" },
    { format_json_list, SV_INIT(""), "[]" },
    { format_json_list, SV_INIT("SC-13"), "[\"SC-13\"]" },
    { format_json_list, SV_INIT("SC.L2-3.13.11, SC-13"), "[\"SC.L2-3.13.11\",\"SC-13\"]" },
};

static void makes_text_harmless(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *got = NULL;
        size_t n;
        FILE *out = open_memstream(&got, &n);

        assert_non_null(out);
        rows[i].print(out, rows[i].text);
        (void)fclose(out);
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("row %zu: %s", i, got);
        free(got);
    }
}

static void gives_printable_views(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

    assert_sv(format_printable(&a, SV("plain"), 100), "plain");
    assert_sv(format_printable(&a, SV("##[a]\n"), 100), "##\\x5ba]\\x0a");
    assert_sv(format_printable(&a, SV("0123456789"), 8), "01234...");
}

static void names_files_from_here(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    char *here = getcwd(NULL, 0);

    assert_sv(format_relative(SV("a/b.yaml")), "a/b.yaml");
    assert_sv(format_relative(SV("././a.yaml")), "a.yaml");
    assert_sv(format_relative(SV("./")), "./");
    assert_sv(format_relative(SV("/nowhere/a.yaml")), "/nowhere/a.yaml");
    assert_sv(format_relative(SV("-")), "-");
    assert_sv(format_relative(arena_printf(&a, "%s/a/b.yaml", here)), "a/b.yaml");
    assert_true(sv_ends_with(format_relative(arena_printf(&a, "%sx/b.yaml", here)), SV("x/b.yaml")));
    assert_int_equal(format_relative(arena_printf(&a, "%sx/b.yaml", here)).n, strlen(here) + 8);
    free(here);
}

static void names_places_and_objects(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

    assert_sv(format_place(&a, SV("a.yaml"), (struct place){ 3, 7 }), "a.yaml:3:7");
    assert_sv(format_place(&a, SV("a.yaml"), (struct place){ 0, 0 }), "a.yaml");
    assert_sv(format_object(&a, &(struct report_object){ .kind = SV("Pod"), .namespace = SV("x"), .name = SV("y") }),
              "Pod x/y");
    assert_sv(format_object(&a, &(struct report_object){ .kind = SV("Node"), .name = SV("y") }), "Node y");
}

static const struct exception lifts = {
    .name = SV_INIT("legacy"), .owner = SV_INIT("me"), .reason = SV_INIT("why"), .expires = { 2027, 1, 31 }
};

static const struct {
    enum result result;
    enum mode mode;
    bool is_known;
    const struct exception *exception;
    const char *want;
    bool is_news;
} outcomes[] = {
    { RESULT_VIOLATION, MODE_ENFORCE, false, NULL, "would be refused", true },
    { RESULT_VIOLATION, MODE_WARN, false, NULL, "would be admitted with a warning", true },
    { RESULT_VIOLATION, MODE_AUDIT, false, NULL, "would only be recorded", true },
    { RESULT_VIOLATION, MODE_OFF, false, NULL, "nothing happens", false },
    { RESULT_VIOLATION, MODE_ENFORCE, true, NULL, "known: it stands in the baseline", false },
    { RESULT_VIOLATION, MODE_ENFORCE, false, &lifts,
      "would be refused; its exception legacy ended on 2027-01-31: ask me (why)", true },
    { RESULT_UNKNOWN, MODE_ENFORCE, false, NULL, "cannot be told from this object; would be refused", true },
    { RESULT_GRANDFATHERED, MODE_WARN, false, NULL, "was there before this change; would be admitted with a warning",
      true },
    { RESULT_PASS, MODE_OFF, false, NULL, "passes", false },
    { RESULT_WILL_MUTATE, MODE_OFF, false, NULL, "would be mended at admission", true },
    { RESULT_EXCEPTED, MODE_OFF, false, &lifts, "excepted by legacy until 2027-01-31: me answers for it (why)", false },
};

static void says_whose_finding_it_is(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct judgement j = { .exception = NULL };
    struct report_finding f = { .judgement = &j, .result = RESULT_VIOLATION, .mode = MODE_WARN, .is_brought = true };

    assert_sv(format_outcome(&a, &f), "would be admitted with a warning; it comes with what /mutate adds");
}

static void says_what_becomes_of_a_finding(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
        struct judgement j = { .exception = outcomes[i].exception };
        struct report_finding f = {
            .judgement = &j, .result = outcomes[i].result, .mode = outcomes[i].mode, .is_known = outcomes[i].is_known
        };
        struct sv got = format_outcome(&a, &f);

        if (!sv_eq(got, sv_from(outcomes[i].want)) || format_is_news(&f) != outcomes[i].is_news)
            fail_msg("row %zu: %.*s", i, SV_ARG(got));
    }
}

static const struct {
    struct report_summary s;
    const char *want;
} sentences[] = {
    { { .files = 1, .objects = 1 }, "Would be admitted: no denial (1 object in 1 file)." },
    { { .files = 2 }, "Nothing was judged: no denial (no object in 2 files)." },
    { { .files = 4, .objects = 9, .denied = 1, .warnings = 1, .mutations = 2 },
      "Would be refused: 1 denial, 1 warning, 2 objects to be mended (9 objects in 4 files)." },
    { { .files = 4, .objects = 9, .excepted = 2, .known = 3, .skipped = 1 },
      "Would be admitted: no denial, 2 excepted, 3 known, 1 skipped (9 objects in 4 files)." },
    { { .files = 1, .objects = 1, .is_partial = true },
      "Nothing that was asked for would be refused: no denial (1 object in 1 file)." },
    { { .files = 1, .errors = 2 }, "Not all of it can be read: 2 errors, no denial (no object in 1 file)." },
};

static void ends_with_a_sentence(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

        assert_sv(format_sentence(&a, &sentences[i].s), sentences[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_text_harmless),
        cmocka_unit_test(gives_printable_views),
        cmocka_unit_test(names_files_from_here),
        cmocka_unit_test(names_places_and_objects),
        cmocka_unit_test(says_what_becomes_of_a_finding),
        cmocka_unit_test(says_whose_finding_it_is),
        cmocka_unit_test(ends_with_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
