/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a mounted or edited directory changes; and silence
 * otherwise. Each test has a directory of its own. */
#include "base/attr.h"
#include "base/changes.h"
#include "support/check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/fipsgate-changes-XXXXXX";
static struct changes *changes;

static void write_text(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

/* A directory as the kubelet mounts it: ..data leads to what holds the files. */
static int set_up(void **state UNUSED)
{
    struct err e = { 0 };

    memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
    if (!mkdtemp(dir) || chdir(dir) != 0 || mkdir("mount", 0700) != 0 || mkdir("mount/..1", 0700) != 0 ||
        mkdir("mount/..2", 0700) != 0 || symlink("..1", "mount/..data") != 0 ||
        symlink("..data/a.yaml", "mount/a.yaml") != 0)
        return -1;
    write_text("mount/..1/a.yaml", "one");
    write_text("mount/..2/a.yaml", "two");
    write_text("plain.yaml", "one");
    changes = changes_new(&e);
    return changes ? 0 : -1;
}

static int tear_down(void **state UNUSED)
{
    static const char *const paths[] = { "mount/..1/a.yaml",
                                         "mount/..2/a.yaml",
                                         "mount/..data",
                                         "mount/a.yaml",
                                         "mount/new.yaml",
                                         "mount/..1",
                                         "mount/..2",
                                         "mount",
                                         "plain.yaml",
                                         "other.yaml",
                                         "later/a.yaml",
                                         "later",
                                         "link",
                                         "away" };

    changes_free(changes);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        remove(paths[i]);
    return chdir("/") == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static void watch(const char *path)
{
    struct err e = { 0 };

    assert_true(changes_watch(changes, path, &e));
    assert_false(changes_happened(changes));
}

static void sees_nothing_where_nothing_happens(void **state UNUSED)
{
    FILE *in;

    watch("mount");
    in = fopen("mount/a.yaml", "r");
    assert_non_null(in);
    assert_int_equal(fgetc(in), 'o');
    fclose(in);
    assert_false(changes_happened(changes));
}

static void sees_the_kubelet_swap_its_link(void **state UNUSED)
{
    watch("mount");
    assert_int_equal(symlink("..2", "mount/..data_tmp"), 0);
    assert_int_equal(rename("mount/..data_tmp", "mount/..data"), 0);
    assert_true(changes_happened(changes));
    assert_false(changes_happened(changes));
}

static void sees_it_for_a_file_in_the_mount(void **state UNUSED)
{
    watch("mount/a.yaml");
    assert_int_equal(symlink("..2", "mount/..data_tmp"), 0);
    assert_int_equal(rename("mount/..data_tmp", "mount/..data"), 0);
    assert_true(changes_happened(changes));
}

static void sees_a_file_rewritten_replaced_and_removed(void **state UNUSED)
{
    watch("plain.yaml");
    write_text("plain.yaml", "two");
    assert_true(changes_happened(changes));
    write_text("other.yaml", "three");
    assert_true(changes_happened(changes));
    assert_int_equal(rename("other.yaml", "plain.yaml"), 0);
    assert_true(changes_happened(changes));
    assert_int_equal(unlink("plain.yaml"), 0);
    assert_true(changes_happened(changes));
    assert_false(changes_happened(changes));
}

static void sees_a_new_file_in_a_directory(void **state UNUSED)
{
    watch("mount");
    write_text("mount/new.yaml", "x");
    assert_true(changes_happened(changes));
}

static void sees_a_directory_that_comes_later_and_goes_and_comes_again(void **state UNUSED)
{
    struct err e = { 0 };

    assert_true(changes_watch(changes, "later/a.yaml", &e));
    assert_false(changes_happened(changes));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(mkdir("later", 0700), 0);
        assert_true(changes_happened(changes));
        write_text("later/a.yaml", "x");
        assert_true(changes_happened(changes));
        assert_int_equal(unlink("later/a.yaml"), 0);
        assert_int_equal(rmdir("later"), 0);
        assert_true(changes_happened(changes));
        assert_false(changes_happened(changes));
    }
}

static void sees_a_link_to_a_directory_lead_elsewhere(void **state UNUSED)
{
    assert_int_equal(symlink("mount/..1", "link"), 0);
    watch("link");
    assert_int_equal(symlink("mount/..2", "away"), 0);
    assert_int_equal(rename("away", "link"), 0);
    assert_true(changes_happened(changes));
    assert_false(changes_happened(changes));
    write_text("mount/..2/a.yaml", "x");
    assert_true(changes_happened(changes));
}

static void says_so_when_its_queue_ran_over(void **state UNUSED)
{
    watch("plain.yaml");
    for (int i = 0; i < 20000; i++)
        write_text("plain.yaml", "x");
    assert_true(changes_happened(changes));
    assert_false(changes_happened(changes));
}

/* A directory is watched once, however often it is asked for; the number of them has an end. */
static void watches_so_many_directories_and_no_more(void **state UNUSED)
{
    struct err e = { 0 };
    char path[32];

    for (int i = 0; i < 256; i++) {
        for (int times = 0; times < 2; times++) {
            assert_true(snprintf(path, sizeof(path), "away-%d/a.yaml", i) < (int)sizeof(path));
            assert_true(changes_watch(changes, path, &e));
        }
    }
    assert_false(changes_watch(changes, "one-more/a.yaml", &e));
    assert_err(e, ERR_LIMIT, "more than 256 directories to watch for changes");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(sees_nothing_where_nothing_happens),
        TEST(sees_the_kubelet_swap_its_link),
        TEST(sees_it_for_a_file_in_the_mount),
        TEST(sees_a_file_rewritten_replaced_and_removed),
        TEST(sees_a_new_file_in_a_directory),
        TEST(sees_a_directory_that_comes_later_and_goes_and_comes_again),
        TEST(sees_a_link_to_a_directory_lead_elsewhere),
        TEST(says_so_when_its_queue_ran_over),
        TEST(watches_so_many_directories_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
