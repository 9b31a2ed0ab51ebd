/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "base/buf.h"
#include "cli/case_find.h"
#include "support/check.h"
#include <sys/stat.h>
#include <unistd.h>

static char work[] = "/tmp/fipsgate-test-XXXXXX";

static void touch(const char *path)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fclose(f), 0);
}

static void make_case(const char *dir)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

    assert_int_equal(mkdir(dir, 0700), 0);
    touch(arena_printf(&a, "%s/today%c", dir, '\0').p);
}

static int enter(void **state UNUSED)
{
    if (!mkdtemp(work) || chdir(work) != 0)
        return -1;
    make_case("zebra");
    assert_int_equal(mkdir("b", 0700), 0);
    make_case("b/two");
    make_case("b/one");
    assert_int_equal(mkdir("b/one/below", 0700), 0);
    make_case("b/one/below/not-asked");
    assert_int_equal(mkdir("empty", 0700), 0);
    assert_int_equal(mkdir("empty/today", 0700), 0);
    make_case(".hidden");
    assert_int_equal(symlink("b", "link"), 0);
    assert_int_equal(symlink("..", "empty/loop"), 0);
    touch("file");
    return 0;
}

static int leave(void **state UNUSED)
{
    static const char *const paths[] = {
        "b/one/below/not-asked/today",
        "b/one/today",
        "b/two/today",
        "zebra/today",
        ".hidden/today",
        "link",
        "empty/loop",
        "file",
        "b/one/below/not-asked",
        "b/one/below",
        "b/one",
        "b/two",
        "b",
        "zebra",
        "empty/today",
        "empty",
        ".hidden",
    };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (remove(paths[i]) != 0)
            return -1;
    return chdir("/") == 0 ? rmdir(work) : -1;
}

static void finds_cases_in_order(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { ".", "./b/one ./b/two ./zebra " },
        { "b", "b/one b/two " },
        { "b/", "b/one b/two " },
        { "zebra", "zebra " },
        { "empty", "" },
        { "link", "link/one link/two " },
        { ".hidden", ".hidden " },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct file_names found = { 0 };
        struct buf all = BUF_IN(&a);
        struct err e = { 0 };

        if (!case_find(rows[i][0], &a, &found, &e))
            fail_msg("%s", e.msg);
        for (size_t k = 0; k < found.count; k++)
            buf_printf(&all, "%s ", found.items[k]);
        assert_sv(buf_sv(&all), rows[i][1]);
    }
}

static void appends_to_what_was_found(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct file_names found = { 0 };
    struct err e = { 0 };

    assert_true(case_find("zebra", &a, &found, &e));
    assert_true(case_find("b", &a, &found, &e));
    assert_int_equal(found.count, 3);
    assert_string_equal(found.items[0], "zebra");
}

static void says_what_cannot_be_read(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "nowhere", "open directory `nowhere`: No such file or directory" },
        { "file", "open directory `file`: Not a directory" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct file_names found = { 0 };
        struct err e = { 0 };

        assert_false(case_find(rows[i][0], &a, &found, &e));
        assert_err(e, ERR_IO, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_cases_in_order),
        cmocka_unit_test(appends_to_what_was_found),
        cmocka_unit_test(says_what_cannot_be_read),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
