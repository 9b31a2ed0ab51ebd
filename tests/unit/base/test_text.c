/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are no text, characters that are no sight, words nearly right. */
#include "base/attr.h"
#include "base/text.h"
#include "support/check.h"

static const struct sv not_utf8[] = {
    SV_INIT("\x80"),             /* a continuation alone */
    SV_INIT("a\xc3"),            /* cut short */
    SV_INIT("\xe2\x82"),         /* cut short */
    SV_INIT("\xe2\x82z"),        /* broken off */
    SV_INIT("\xc0\x80"),         /* overlong NUL */
    SV_INIT("\xc1\xbf"),         /* overlong */
    SV_INIT("\xe0\x9f\xbf"),     /* overlong */
    SV_INIT("\xf0\x8f\xbf\xbf"), /* overlong */
    SV_INIT("\xed\xa0\x80"),     /* a surrogate */
    SV_INIT("\xed\xbf\xbf"),     /* a surrogate */
    SV_INIT("\xf4\x90\x80\x80"), /* above U+10FFFF */
    SV_INIT("\xf8\x88\x80\x80\x80"),
    SV_INIT("\xff"),
};

static const struct sv utf8[] = {
    SV_INIT(""),
    { NULL, 0 },
    SV_INIT("a\0b"),
    SV_INIT("\x7f"),
    SV_INIT("\xc2\x80"),
    SV_INIT("\xdf\xbf"),
    SV_INIT("\xe0\xa0\x80"),
    SV_INIT("\xed\x9f\xbf"),
    SV_INIT("\xee\x80\x80"),
    SV_INIT("\xef\xbf\xbf"),
    SV_INIT("\xf0\x90\x80\x80"),
    SV_INIT("\xf4\x8f\xbf\xbf"),
};

static void tells_utf8_from_bytes(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(not_utf8); i++)
        if (text_is_utf8(not_utf8[i]))
            fail_msg("bad row %zu", i);
    for (size_t i = 0; i < ARRAY_LEN(utf8); i++)
        if (!text_is_utf8(utf8[i]))
            fail_msg("good row %zu", i);
}

static const struct {
    struct sv text;
    size_t max;
    const char *want;
} printable[] = {
    { SV_INIT("a\nb\tc\x1b[31m\0"), 100, "a\\x0ab\\x09c\\x1b[31m\\x00" },
    { SV_INIT("\x7f\xc2\x80\xc2\x9f\xc2\xa0"), 100, "\\x7f\\u0080\\u009f\xc2\xa0" },
    { SV_INIT("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"), 100,
      "\\u2028\\u2029\\u202a\\u202e\\u2066\\u2069" },
    { SV_INIT("\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"), 100,
      "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa" },
    { SV_INIT("a\xff\xc3"), 100, "a\\xff\\xc3" },
    { SV_INIT("\xed\xa0\x80"), 100, "\\xed\\xa0\\x80" },
    { SV_INIT("abcdef"), 6, "abcdef" },
    { SV_INIT("abcdefg"), 6, "abc..." },
    { SV_INIT("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"), 8, "\xe2\x82\xac..." },
    { SV_INIT("\n\n\n"), 12, "\\x0a\\x0a\\x0a" },
    { SV_INIT("\n\n\n\n"), 12, "\\x0a\\x0a..." },
    { SV_INIT("abcd"), 3, "..." },
    { SV_INIT("abcd"), 2, ".." },
    { SV_INIT("abcd"), 0, "" },
    { SV_INIT(""), 0, "" },
};

static void makes_text_fit_for_a_line(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(printable); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        CLEANUP(buf_fini) struct buf out = BUF_INIT(1000);
        struct sv got = text_printable(&a, printable[i].text, printable[i].max);

        assert_sv(got, printable[i].want);
        assert_true(got.n <= printable[i].max || printable[i].text.n == 0);
        buf_add(&out, SV("> "));
        text_add_printable(&out, printable[i].text, printable[i].max);
        assert_sv(sv_skip(buf_sv(&out), 2), printable[i].want);
    }
}

static void gives_clean_text_back_as_it_is(void **state UNUSED)
{
    struct arena none = { 0 };
    struct sv text = SV("gr\xc3\xbc\xc3\x9f"), bad = SV("\n");

    assert_ptr_equal(text_printable(&none, text, 100).p, text.p);
    assert_null(text_printable(&none, bad, 100).p);
}

static const struct sv keys[] = { SV_INIT("metadata"), SV_INIT("spec"), SV_INIT("rules"), SV_INIT("mode"),
                                  SV_INIT("onUnknown") };

static const struct {
    const char *word, *nearest;
} words[] = {
    { "", NULL },
    { "x", NULL },
    { "sp", NULL },
    { "abcdef", NULL },
    { "met", NULL },
    { "md", NULL },
    { "ruXXs", NULL },
    { "onUnXXXXn", NULL },
    { "rulse", "rules" },
    { "rule", "rules" },
    { "ruless", "rules" },
    { "spce", "spec" },
    { "mod", "mode" },
    { "mdoe", "mode" },
    { "onunknown", "onUnknown" },
    { "metdaata", "metadata" },
    { "onknow", NULL },
    { "Metadata", "metadata" },
    { "onUXXXown", "onUnknown" },
};

static void finds_the_word_that_was_meant(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        assert_sv(text_nearest(sv_from(words[i].word), keys, ARRAY_LEN(keys)), words[i].nearest);
}

static void gives_up_on_words_that_are_too_long(void **state UNUSED)
{
    static char text[100000];
    struct sv candidates[] = { { text, 64 }, { text, 67 }, { text, 68 }, { text, sizeof(text) } };

    memset(text, 'x', sizeof(text));
    assert_null(text_nearest((struct sv){ text, sizeof(text) }, candidates, ARRAY_LEN(candidates)).p);
    assert_int_equal(text_nearest((struct sv){ text, 64 }, candidates + 1, 3).n, 67);
    assert_null(text_nearest((struct sv){ text, 64 }, candidates + 2, 2).p);
}

static const struct {
    struct sv text;
    bool ok;
    size_t value;
} sizes[] = {
    { SV_INIT(""), false, 0 },
    { SV_INIT("-1"), false, 0 },
    { SV_INIT("+1"), false, 0 },
    { SV_INIT(" 1"), false, 0 },
    { SV_INIT("1 "), false, 0 },
    { SV_INIT("0x1"), false, 0 },
    { SV_INIT("1\0"), false, 0 },
    { SV_INIT("18446744073709551616"), false, 0 },
    { SV_INIT("99999999999999999999999"), false, 0 },
    { SV_INIT("0"), true, 0 },
    { SV_INIT("007"), true, 7 },
    { SV_INIT("18446744073709551615"), true, SIZE_MAX },
};

static void reads_sizes(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        size_t value = 0;

        if (text_to_size(sizes[i].text, &value) != sizes[i].ok || value != sizes[i].value)
            fail_msg("`%s`: %zu", sizes[i].text.p, value);
    }
}

static const struct {
    struct sv text;
    size_t length;
    uint32_t code;
    bool is_control;
} characters[] = {
    { SV_INIT("ab"), 1, 'a', false },
    { SV_INIT("\0"), 1, 0, true },
    { SV_INIT("\x1b[0m"), 1, 0x1B, true },
    { SV_INIT("\xc3\xa9z"), 2, 0xE9, false },
    { SV_INIT("\xe2\x80\xae"), 3, 0x202E, true },
    { SV_INIT("\xf0\x9f\x98\x80"), 4, 0x1F600, false },
    { SV_INIT("\xff"), 0, 0, false },
    { SV_INIT("\xc3"), 0, 0, false },
};

static void takes_one_character(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(characters); i++) {
        uint32_t code = 0;

        if (text_next(characters[i].text, &code) != characters[i].length || code != characters[i].code)
            fail_msg("row %zu: U+%04X", i, (unsigned)code);
        if (characters[i].length)
            assert_int_equal(text_is_control(code), characters[i].is_control);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_utf8_from_bytes),
        cmocka_unit_test(makes_text_fit_for_a_line),
        cmocka_unit_test(gives_clean_text_back_as_it_is),
        cmocka_unit_test(finds_the_word_that_was_meant),
        cmocka_unit_test(gives_up_on_words_that_are_too_long),
        cmocka_unit_test(reads_sizes),
        cmocka_unit_test(takes_one_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
