/* SPDX-License-Identifier: Apache-2.0 */
/* Files and directories that are not what they should be, then those that are.
 * Every test has a directory of its own and is checked for open descriptors. */
#include "base/file.h"
#include "support/check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/fipsgate-file-XXXXXX";
static size_t fds_before;

static size_t count_fds(void)
{
    DIR *d = opendir("/proc/self/fd");
    size_t count = 0;

    assert_non_null(d);
    while (readdir(d))
        count++;
    closedir(d);
    return count;
}

static int set_up(void **state UNUSED)
{
    fds_before = count_fds();
    memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
    return mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static int tear_down(void **state UNUSED)
{
    static const char *const names[] = { "a.yaml",  "b.yml",     "B.yaml", "c.txt",
                                         ".d.yaml", "link.yaml", "pipe",   "pipe.yaml" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        unlink(names[i]);
    rmdir("sub.yaml");
    return chdir("/") == 0 && rmdir(dir) == 0 && count_fds() == fds_before ? 0 : -1;
}

static void write_file(const char *name, size_t size)
{
    FILE *f = fopen(name, "w");

    assert_non_null(f);
    for (size_t i = 0; i < size; i++)
        fputc('a' + (int)(i % 26), f);
    assert_int_equal(fclose(f), 0);
}

static void check_refused(const char *path, size_t max, size_t memory, enum err_code code, const char *part)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);
    struct err e = { 0 };
    struct sv text = SV("untouched");

    assert_false(file_read(path, max, &a, &text, &e));
    assert_err(e, code, part);
    assert_sv(text, "untouched");
}

static void refuses_what_is_no_file(void **state UNUSED)
{
    check_refused("missing", 100, 1 << 20, ERR_IO, "open `missing`: No such file");
    check_refused(".", 100, 1 << 20, ERR_IO, "`.` is a directory");
    assert_int_equal(symlink("nowhere", "link.yaml"), 0);
    check_refused("link.yaml", 100, 1 << 20, ERR_IO, "link.yaml");
}

static void does_not_wait_for_a_writer(void **state UNUSED)
{
    assert_int_equal(mkfifo("pipe", 0600), 0);
    check_refused("pipe", 100, 1 << 20, ERR_IO, "not a regular file");
}

static void refuses_what_is_too_large(void **state UNUSED)
{
    write_file("a.yaml", 101);
    check_refused("a.yaml", 100, 1 << 20, ERR_LIMIT, "`a.yaml` is larger than 100 bytes");
    check_refused("/proc/self/status", 10, 1 << 20, ERR_LIMIT, "larger");
    check_refused("a.yaml", 1000, 50, ERR_LIMIT, "`a.yaml`: needs more");
}

static void reads_up_to_the_limit(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { 0 };
    struct sv text;

    write_file("a.yaml", 100);
    assert_true(file_read("a.yaml", 100, &a, &text, &e));
    assert_int_equal(text.n, 100);
    assert_memory_equal(text.p, "abcdefghijklmnopqrstuvwxyzab", 28);
    write_file("b.yml", 0);
    assert_true(file_read("b.yml", 0, &a, &text, &e));
    assert_sv(text, "");
}

static void reads_files_that_do_not_know_their_size(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { 0 };
    struct sv text;

    assert_true(file_read("/proc/self/status", 1 << 16, &a, &text, &e));
    assert_true(text.n > 100);
    assert_true(sv_starts_with(text, SV("Name:")));
    assert_true(file_read("/proc/version", 1 << 16, &a, &text, &e));
    check_refused("/proc/version", text.n - 1, 1 << 20, ERR_LIMIT, "larger");
    assert_true(file_read("/proc/version", text.n, &a, &text, &e));
}

static const char *const suffixes[] = { ".yaml", ".yml" };

static void check_list_refused(const char *path, enum err_code code, const char *part)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct file_names names;
    struct err e = { 0 };

    assert_false(file_list(path, suffixes, ARRAY_LEN(suffixes), &a, &names, &e));
    assert_err(e, code, part);
}

static void refuses_to_list_what_it_could_not_read(void **state UNUSED)
{
    check_list_refused("missing", ERR_IO, "open directory `missing`");
    write_file("a.yaml", 1);
    check_list_refused("a.yaml", ERR_IO, "Not a directory");
    assert_int_equal(symlink("nowhere", "link.yaml"), 0);
    check_list_refused(".", ERR_IO, "`./link.yaml` leads nowhere");
    unlink("link.yaml");
    assert_int_equal(mkfifo("pipe.yaml", 0600), 0);
    check_list_refused(".", ERR_IO, "`./pipe.yaml` is not a regular file");
}

static void lists_plain_files_in_bytewise_order(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct file_names names;
    struct err e = { 0 };

    write_file("b.yml", 1);
    write_file("a.yaml", 1);
    write_file("B.yaml", 1);
    write_file("c.txt", 1);
    write_file(".d.yaml", 1);
    assert_int_equal(mkdir("sub.yaml", 0700), 0);
    assert_int_equal(symlink("c.txt", "link.yaml"), 0);
    assert_true(file_list("./", suffixes, ARRAY_LEN(suffixes), &a, &names, &e));
    assert_int_equal(names.count, 4);
    assert_string_equal(names.items[0], "./B.yaml");
    assert_string_equal(names.items[1], "./a.yaml");
    assert_string_equal(names.items[2], "./b.yml");
    assert_string_equal(names.items[3], "./link.yaml");
}

static void lists_an_empty_directory(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct file_names names;
    struct err e = { 0 };

    assert_true(file_list(".", suffixes, ARRAY_LEN(suffixes), &a, &names, &e));
    assert_int_equal(names.count, 0);
}

static void tells_types_apart(void **state UNUSED)
{
    write_file("a.yaml", 1);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(file_type("missing"), FILE_ABSENT);
    assert_int_equal(file_type("a.yaml"), FILE_PLAIN);
    assert_int_equal(file_type("."), FILE_DIRECTORY);
    assert_int_equal(file_type("pipe"), FILE_OTHER);
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_DIRECTORY(refuses_what_is_no_file),
        IN_A_DIRECTORY(does_not_wait_for_a_writer),
        IN_A_DIRECTORY(refuses_what_is_too_large),
        IN_A_DIRECTORY(reads_up_to_the_limit),
        IN_A_DIRECTORY(reads_files_that_do_not_know_their_size),
        IN_A_DIRECTORY(refuses_to_list_what_it_could_not_read),
        IN_A_DIRECTORY(lists_plain_files_in_bytewise_order),
        IN_A_DIRECTORY(lists_an_empty_directory),
        IN_A_DIRECTORY(tells_types_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
