/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "cli/lines.h"
#include "support/check.h"

static void knows_every_kind_of_line_end(void **state UNUSED)
{
    static const char text[] = "one\ntwo\r\nthree\rfour\xC2\x85"
                               "five\xE2\x80\xA8six\xE2\x80\xA9\n\xC2\xA7 eight\n";
    static const char *const want[] = { "one", "two", "three", "four", "five", "six", "", "\xC2\xA7 eight", "" };
    struct lines l = lines_of(sv_from(text));

    for (uint32_t i = 0; i < ARRAY_LEN(want); i++)
        assert_sv(lines_find(&l, i + 1), want[i]);
    assert_sv(lines_find(&l, ARRAY_LEN(want) + 1), NULL);
    assert_sv(lines_find(&l, 2), "two");
    assert_sv(lines_find(&l, 2), "two");
    assert_sv(lines_find(&l, 1), "one");
}

static void breaks_json_as_editors_do(void **state UNUSED)
{
    struct lines l = lines_of(sv_from(" {\"a\":\"\xE2\x80\xA8\",\n\"b\":1}"));

    assert_sv(lines_find(&l, 2), "\"b\":1}");
}

static void says_when_there_is_none(void **state UNUSED)
{
    static const char *const none[] = { "\xFF\xFE"
                                        "a",
                                        "\xFE\xFF\na" };
    struct lines l = lines_of(SV(""));

    assert_sv(lines_find(&l, 2), NULL);
    assert_sv(lines_find(&l, 1), "");
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        l = lines_of(sv_from(none[i]));
        assert_sv(lines_find(&l, 2), NULL);
    }
}

static void leaves_the_byte_order_mark_out(void **state UNUSED)
{
    struct lines l = lines_of(SV("\xEF\xBB\xBF"
                                 "a: 1\n"));

    assert_sv(lines_find(&l, 1), "a: 1");
}

static void does_not_show_very_long_lines(void **state UNUSED)
{
    static char text[LINES_MAX_BYTES + 10];
    struct lines l;

    memset(text, 'x', sizeof(text));
    text[LINES_MAX_BYTES + 1] = '\n';
    l = lines_of((struct sv){ text, sizeof(text) });
    assert_sv(lines_find(&l, 1), NULL);
    assert_sv(lines_find(&l, 2), "xxxxxxxx");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_every_kind_of_line_end),  cmocka_unit_test(breaks_json_as_editors_do),
        cmocka_unit_test(says_when_there_is_none),       cmocka_unit_test(leaves_the_byte_order_mark_out),
        cmocka_unit_test(does_not_show_very_long_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
