/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "cli/names.h"
#include "support/check.h"
#include <stdlib.h>
#include <sys/resource.h>

enum { MANY = 20000 };

static void add_many(struct names *n, size_t from, size_t count)
{
    struct err e = { 0 };
    char name[40];

    for (size_t i = from; i < from + count; i++) {
        snprintf(name, sizeof(name), "name %zu", i);
        if (!names_add(n, (char)('a' + i % 26), name, &e))
            fail_msg("%s", e.msg);
    }
}

/* All of them, in order, twice. */
static void check_many(struct names *n, size_t count)
{
    CLEANUP(names_end) struct names_reader r = { 0 };
    struct err e = { 0 };
    const char *text;
    char want[40], mark = 0;

    for (size_t i = 0; i < 2 * count; i++) {
        if (i % count == 0)
            assert_true(names_start(&r, n, &e));
        assert_true(names_next(&r, &mark, &text, &e));
        snprintf(want, sizeof(want), "name %zu", i % count);
        assert_string_equal(text, want);
        assert_int_equal(mark, 'a' + i % count % 26);
    }
    assert_true(names_next(&r, &mark, &text, &e));
    assert_null(text);
    assert_true(names_next(&r, &mark, &text, &e));
    assert_null(text);
}

static void is_empty_at_first(void **state UNUSED)
{
    CLEANUP(names_fini) struct names n = NAMES_INIT;
    CLEANUP(names_end) struct names_reader r = { 0 };
    struct err e = { 0 };
    const char *text = "";
    char mark;

    assert_true(names_start(&r, &n, &e));
    assert_true(names_next(&r, &mark, &text, &e));
    assert_null(text);
}

static void keeps_few_in_memory(void **state UNUSED)
{
    CLEANUP(names_fini) struct names n = NAMES_INIT;

    add_many(&n, 0, 100);
    check_many(&n, 100);
    assert_null(n.rest);
}

static void keeps_many_in_a_file(void **state UNUSED)
{
    CLEANUP(names_fini) struct names n = NAMES_INIT;

    add_many(&n, 0, MANY);
    check_many(&n, MANY);
    assert_non_null(n.rest);
    assert_true(n.first.cap <= 4 * (size_t)NAMES_IN_MEMORY);
    assert_int_equal(n.count, MANY);
}

/* Reading to any place, and on. */
static void goes_on_where_it_ended(void **state UNUSED)
{
    CLEANUP(names_fini) struct names n = NAMES_INIT;
    CLEANUP(names_end) struct names_reader r = { 0 };
    struct err e = { 0 };
    const char *text;
    char mark;

    add_many(&n, 0, MANY);
    assert_true(names_start(&r, &n, &e));
    for (size_t i = 0; i < MANY / 2; i++)
        assert_true(names_next(&r, &mark, &text, &e));
    add_many(&n, MANY, 10);
    check_many(&n, MANY + 10);
    add_many(&n, MANY + 10, 1);
    check_many(&n, MANY + 11);
}

static void stays_in_memory_where_no_file_can_be_made(void **state UNUSED)
{
    CLEANUP(names_fini) struct names n = NAMES_INIT;
    struct rlimit own, none;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &own), 0);
    none = (struct rlimit){ 0, own.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    add_many(&n, 0, MANY);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &own), 0);
    assert_null(n.rest);
    add_many(&n, MANY, 10);
    assert_non_null(n.rest);
    check_many(&n, MANY + 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_empty_at_first),
        cmocka_unit_test(keeps_few_in_memory),
        cmocka_unit_test(keeps_many_in_a_file),
        cmocka_unit_test(goes_on_where_it_ended),
        cmocka_unit_test(stays_in_memory_where_no_file_can_be_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
