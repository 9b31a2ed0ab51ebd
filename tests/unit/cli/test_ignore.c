/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "base/buf.h"
#include "cli/ignore.h"
#include "support/check.h"
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char work[] = "/tmp/fipsgate-test-XXXXXX";

/* What git 2.39 says about `name` (a slash at its end: a directory) in a directory
 * with these lines, and these in its subdirectory d. */
static const struct row {
    const char *lines, *below, *name;
    bool is_out;
} rows[] = {
    /* nothing is said */
    { "", NULL, "a.yaml", false },
    { "\n\n   \n", NULL, "a.yaml", false },
    { "#a.yaml\n", NULL, "#a.yaml", false },
    { "\\#a.yaml\n", NULL, "#a.yaml", true },
    { "\xef\xbb\xbf"
      "a.yaml\n",
      NULL, "a.yaml", true },
    /* ends of lines */
    { "a.yaml", NULL, "a.yaml", true },
    { "a.yaml\r\nb\r\n", NULL, "a.yaml", true },
    { "a.yaml  \n", NULL, "a.yaml", true },
    { "a.yaml\t\n", NULL, "a.yaml", false },
    { " a.yaml\n", NULL, "a.yaml", false },
    { "a\\ \n", NULL, "a ", true },
    { "a\\  \n", NULL, "a ", true },
    { "a\\\\ \n", NULL, "a\\", true },
    { "a\\\n", NULL, "a\\", false },
    /* anywhere, or from here */
    { "a.yaml\n", NULL, "x/y/a.yaml", true },
    { "/a.yaml\n", NULL, "x/a.yaml", false },
    { "/a.yaml\n", NULL, "a.yaml", true },
    { "x/a.yaml\n", NULL, "x/a.yaml", true },
    { "x/a.yaml\n", NULL, "y/x/a.yaml", false },
    { "x\n", NULL, "x/y/a.yaml", true },
    { "/\n", NULL, "a", false },
    { "//\n", NULL, "a/", false },
    /* directories only */
    { "x/\n", NULL, "x", false },
    { "x/\n", NULL, "x/", true },
    { "x/\n", NULL, "y/x/a.yaml", true },
    { "/x/\n", NULL, "y/x/", false },
    { "y/x/\n", NULL, "y/x/a.yaml", true },
    { "y/x/\n", NULL, "y/xa/", false },
    { "x\\/\n", NULL, "x/", false },
    /* taken back */
    { "*.yaml\n!a.yaml\n", NULL, "a.yaml", false },
    { "*.yaml\n!a.yaml\n", NULL, "b.yaml", true },
    { "!a.yaml\n*.yaml\n", NULL, "a.yaml", true },
    { "x/\n!x/a.yaml\n", NULL, "x/a.yaml", true },
    { "x/*\n!x/a.yaml\n", NULL, "x/a.yaml", false },
    { "*\n!*/\n!*.yaml\n", NULL, "x/y/a.yaml", false },
    { "*\n!*/\n!*.yaml\n", NULL, "x/y/a.json", true },
    { "\\!a\n", NULL, "!a", true },
    { "!!a\n", NULL, "!a", false },
    { "*\n!!a\n", NULL, "!a", false },
    { "!\n", NULL, "!", false },
    /* * and ? */
    { "*.yaml\n", NULL, "x/a.yaml", true },
    { "/*.yaml\n", NULL, "x/a.yaml", false },
    { "x/*\n", NULL, "x/y/a", true },
    { "x/*/a\n", NULL, "x/a", false },
    { "x/*/a\n", NULL, "x/y/a", true },
    { "x/*/a\n", NULL, "x/y/z/a", false },
    { "x*y\n", NULL, "xy", true },
    { "x*y*z\n", NULL, "xyyzy", false },
    { "x*y*z\n", NULL, "xyyzyz", true },
    { "*a*/*b\n", NULL, "cac/cab", true },
    { "*a*/*b\n", NULL, "ca/c/b", false },
    { "a?c\n", NULL, "abc", true },
    { "a?c\n", NULL, "ac", false },
    { "/a?c\n", NULL, "a/c", false },
    { "a\\*c\n", NULL, "abc", false },
    { "a\\*c\n", NULL, "a*c", true },
    { "a\\?c\n", NULL, "abc", false },
    /* ** */
    { "**/a\n", NULL, "a", true },
    { "**/a\n", NULL, "x/y/a", true },
    { "**/a\n", NULL, "x/ba", false },
    { "x/**\n", NULL, "x/", false },
    { "x/**\n", NULL, "x/y/a", true },
    { "x/**\n", NULL, "y/x/a", false },
    { "/**\n", NULL, "a", true },
    { "x/**/a\n", NULL, "x/a", true },
    { "x/**/a\n", NULL, "x/y/z/a", true },
    { "x/**/a\n", NULL, "xa", false },
    { "x/**/y/**/a\n", NULL, "x/y/b/y/c/a", true },
    { "x/**/y/*a\n", NULL, "x/y/y/b/y/ca", true },
    { "x/**/y/*a\n", NULL, "x/y/y/b/y/c", false },
    { "**/x/**/*.yaml\n", NULL, "w/x/y/a.yaml", true },
    { "x***/a\n", NULL, "xy/a", true },
    { "x/***/a\n", NULL, "x/y/z/a", true },
    { "x?**/a\n", NULL, "xy/z/a", false },
    { "x**y/a\n", NULL, "x/y/a", false },
    { "x**y/a\n", NULL, "xzy/a", true },
    { "x/y**/a\n", NULL, "x/yz/w/a", true }, /* git: nothing special stands before */
    { "**a\n", NULL, "x/ba", true },
    { "x/**b/a\n", NULL, "x/y/b/a", false },
    { "**\\/a\n", NULL, "a", false },
    { "**\\/a\n", NULL, "x/y/a", true },
    { "x/**/**/a\n", NULL, "x/a", true },
    /* [] */
    { "[ab].yaml\n", NULL, "b.yaml", true },
    { "[ab].yaml\n", NULL, "c.yaml", false },
    { "[!ab].yaml\n", NULL, "c.yaml", true },
    { "[^ab].yaml\n", NULL, "a.yaml", false },
    { "[a-c]\n", NULL, "b", true },
    { "[a-c]\n", NULL, "-", false },
    { "[a-]\n", NULL, "x/-", true },
    { "x[--0]\n", NULL, "x.", true },
    { "[]-a]\n", NULL, "^", true },
    { "[!]a]\n", NULL, "]", false },
    { "[\\]]\n", NULL, "]", true },
    { "[a-\\c]\n", NULL, "b", true },
    { "[c-a]\n", NULL, "b", false },
    { "[a\n", NULL, "[a", false },
    { "[\n", NULL, "[", false },
    { "[a\\\n", NULL, "a", false },
    { "\\[a]\n", NULL, "[a]", true },
    { "x[/]a\n", NULL, "x/a", false },
    { "x/[!y]a\n", NULL, "x/za", true },
    { "x[!y]a\n", NULL, "x/a", false },
    { "[[:digit:]]\n", NULL, "7", true },
    { "[[:digit:]]\n", NULL, "d", false },
    { "[x[:upper:][:space:]]\n", NULL, "A", true },
    { "[![:alpha:]]\n", NULL, "a", false },
    { "[[:digit:]-z]\n", NULL, "e", false },
    { "[[:letter:]]\n", NULL, "l", false },
    { "[[:alpha]\n", NULL, ":", true },
    { "[[::]]\n", NULL, ":]", false },
    { "[[:]\n", NULL, ":", true },
    { "[a-[:digit:]]\n", NULL, "b:]", false },
    /* further down */
    { "", "a\n", "d/a", true },
    { "", "a\n", "a", false },
    { "", "/a\n", "d/a", true },
    { "", "/a\n", "d/x/a", false },
    { "a\n", "!a\n", "d/a", false },
    { "a\n", "!a\n", "a", true },
    { "!d/a\n", "a\n", "d/a", true },
    { "d/\n", "!a\n", "d/a", true },
    { "a\n", "b\n", "d/x/a", true },
    { "d/a\n", "d/a\n", "d/d/a", true },
};

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static const struct ignore *read_rules(const char *lines, size_t prefix, const struct ignore *above, struct arena *a)
{
    const struct ignore *rules = NULL;
    struct err e = { 0 };

    write_file("lines", lines);
    if (!ignore_read("lines", prefix, above, a, &rules, &e))
        fail_msg("%s", e.msg);
    return rules;
}

/* As a walk does: a directory that is left out is not entered. */
static bool is_out(const struct row *row, struct arena *a)
{
    const struct ignore *rules = read_rules(row->lines, 0, NULL, a);
    struct sv name = sv_from(row->name);
    struct ignore_line line;

    for (size_t i = 0; i < name.n; i++) {
        bool is_directory = name.p[i] == '/';

        if (!is_directory && i + 1 < name.n)
            continue;
        if (ignore_covers(rules, (struct sv){ name.p, is_directory ? i : name.n }, is_directory, &line))
            return true;
        if (row->below && i == 1 && sv_starts_with(name, SV("d/")))
            rules = read_rules(row->below, 2, rules, a);
    }
    return false;
}

static void reads_lines_as_git_does(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

        if (is_out(&rows[i], &a) != rows[i].is_out)
            fail_msg("row %zu: `%s` in\n%s", i, rows[i].name, rows[i].lines);
    }
}

static void make_parents(char *path)
{
    for (char *p = path; (p = strchr(p, '/')); p++) {
        *p = '\0';
        mkdir(path, 0700);
        *p = '/';
    }
}

/* Row 7 of the table is the directory 7 of one repository. */
static void lay_out(size_t i, FILE *names)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char *path = arena_cstr(&a, arena_printf(&a, "git/%zu/%s", i, rows[i].name));
    char *rules = arena_cstr(&a, arena_printf(&a, "git/%zu/.gitignore", i));
    char *below = arena_cstr(&a, arena_printf(&a, "git/%zu/d/.gitignore", i));

    make_parents(path);
    if (!sv_ends_with(sv_from(path), SV("/")))
        write_file(path, "");
    write_file(rules, rows[i].lines);
    if (rows[i].below) {
        make_parents(below);
        write_file(below, rows[i].below);
    }
    /* git looks itself whether it is a directory */
    fprintf(names, "%.*s%c", (int)(strlen(path) - 4) - sv_ends_with(sv_from(path), SV("/")), path + 4, '\0');
}

static void git_does_so_too(void **state UNUSED)
{
    bool was_named[ARRAY_LEN(rows)] = { false };
    char *name = NULL;
    size_t size = 0;
    FILE *names, *git;

    if (access("/usr/bin/git", X_OK) != 0)
        skip();
    assert_int_equal(mkdir("git", 0700), 0);
    names = fopen("names", "w");
    assert_non_null(names);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        lay_out(i, names);
    assert_int_equal(fclose(names), 0);
    git = popen("cd git && /usr/bin/git init -q . && "
                "/usr/bin/git -c core.excludesFile=/dev/null check-ignore --no-index -z --stdin <../names",
                "r");
    assert_non_null(git);
    while (getdelim(&name, &size, '\0', git) > 0)
        was_named[strtoul(name, NULL, 10)] = true;
    free(name);
    pclose(git);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (was_named[i] != rows[i].is_out)
            fail_msg("row %zu: `%s` in\n%s", i, rows[i].name, rows[i].lines);
}

static void says_which_line(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct ignore *above = read_rules("# one\n\nx\na\n", 0, NULL, &a);
    const struct ignore *rules = read_rules("b\n", 2, above, &a);
    struct ignore_line line;

    assert_true(ignore_covers(rules, SV("d/a"), false, &line));
    assert_string_equal(line.file, "lines");
    assert_int_equal(line.number, 4);
    assert_true(ignore_covers(rules, SV("d/b"), false, &line));
    assert_int_equal(line.number, 1);
}

static void keeps_what_is_above_without_a_file(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct ignore *above = read_rules("a\n", 0, NULL, &a), *rules = NULL;
    struct err e = { 0 };

    assert_true(ignore_read("nowhere", 2, above, &a, &rules, &e));
    assert_ptr_equal(rules, above);
    assert_true(ignore_read("nowhere", 0, NULL, &a, &rules, &e));
    assert_null(rules);
}

static void refuses_what_is_no_file(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct ignore *rules = NULL;
    struct err e = { 0 };

    assert_false(ignore_read(".", 0, NULL, &a, &rules, &e));
    assert_err(e, ERR_IO, "is a directory");
}

/* What makes a matcher that tries every way take years. */
static void is_not_slowed_by_stars(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf stars = BUF_INIT(1 << 20), deep = BUF_INIT(1 << 20), name = BUF_INIT(1 << 20);
    struct ignore_line line;
    const struct ignore *rules;

    for (int i = 0; i < 1000; i++) {
        buf_add(&stars, SV("*a"));
        buf_add(&deep, SV("**/a*a/"));
        buf_add(&name, SV("aa/"));
    }
    buf_printf(&stars, "b\n%.*sb\n%c", (int)deep.len, deep.p, '\0');
    buf_add(&name, SV("c"));
    rules = read_rules(stars.p, 0, NULL, &a);
    assert_false(ignore_covers(rules, buf_sv(&name), false, &line));
    buf_reset(&name);
    for (int i = 0; i < 4000; i++)
        buf_add(&name, SV("a"));
    assert_false(ignore_covers(rules, buf_sv(&name), false, &line));
}

static int enter(void **state UNUSED)
{
    return mkdtemp(work) ? chdir(work) : -1;
}

static int leave(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    FILE *rm = popen(arena_printf(&a, "rm -r %s", work).p, "r");

    return chdir("/") == 0 && rm ? pclose(rm) : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_file),
        cmocka_unit_test(reads_lines_as_git_does),
        cmocka_unit_test(git_does_so_too),
        cmocka_unit_test(says_which_line),
        cmocka_unit_test(keeps_what_is_above_without_a_file),
        cmocka_unit_test(is_not_slowed_by_stars),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
