/* SPDX-License-Identifier: Apache-2.0 */
/* Messages that do not fit, and what wrapping keeps. */
#include "base/err.h"
#include "base/text.h"
#include "support/check.h"

enum { MOST = sizeof(((struct err *)0)->msg) - 1 };

static void marks_what_it_cut(void **state UNUSED)
{
    struct err e = { 0 };

    assert_false(err_set(&e, ERR_INPUT, "%600s", "x"));
    assert_int_equal(strlen(e.msg), MOST);
    assert_string_equal(e.msg + MOST - 3, "...");
    assert_false(err_set(&e, ERR_INPUT, "%*s", (int)MOST, "x"));
    assert_int_equal(e.msg[MOST - 1], 'x');
}

static void cuts_between_characters(void **state UNUSED)
{
    for (size_t shift = 0; shift < 3; shift++) {
        struct err e = { 0 };
        char text[700];

        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof(text); i += 3)
            memcpy(text + i, "\xe2\x82\xac", 4);
        err_set(&e, ERR_INPUT, "%s", text);
        assert_true(text_is_utf8(sv_from(e.msg)));
        assert_true(sv_ends_with(sv_from(e.msg), SV("...")));
    }
}

static void keeps_the_code_when_wrapped(void **state UNUSED)
{
    struct err e = { 0 };

    err_set(&e, ERR_LIMIT, "too `%s`", "much");
    assert_false(err_wrap(&e, "file:%d", 7));
    assert_err(e, ERR_LIMIT, "file:7: too `much`");
}

static void marks_what_wrapping_cut(void **state UNUSED)
{
    struct err e = { 0 };

    err_set(&e, ERR_IO, "%*s", MOST - 10, "end");
    err_wrap(&e, "%s", "0123456789");
    assert_string_equal(e.msg + MOST - 3, "...");
    assert_memory_equal(e.msg, "0123456789: ", 12);
    err_set(&e, ERR_IO, "inner");
    err_wrap(&e, "%*s", MOST + 100, "x");
    assert_string_equal(e.msg + MOST - 3, "...");
    assert_int_equal(e.code, ERR_IO);
}

static void has_one_wording_for_no_memory(void **state UNUSED)
{
    struct err e = { 0 };

    assert_false(err_nomem(&e));
    assert_err(e, ERR_NOMEM, "out of memory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_what_it_cut),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(keeps_the_code_when_wrapped),
        cmocka_unit_test(marks_what_wrapping_cut),
        cmocka_unit_test(has_one_wording_for_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
