/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "base/buf.h"
#include "cli/input.h"
#include "support/check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATHS_MAX = 4, DEEP = 101, NOBODY = 65534, MANY = 1000 };

static char work[] = "/tmp/fipsgate-test-XXXXXX";

/* What the tests find. A name that ends in a slash is a directory, "a -> b" a
 * link, the rest are files that hold their own name, or what stands behind "=". */
static const char *const tree[] = {
    "plain/",
    "plain/z.yaml",
    "plain/a.json",
    "plain/m.yml",
    "plain/b/",
    "plain/b/1.yaml",
    "plain/b.yaml",
    "plain/README.md",
    "plain/.hidden.yaml",
    "plain/.git/",
    "plain/.git/x.yaml",
    "plain/dir.yaml/",
    "plain/dir.yaml/2.json",
    "empty/",
    "empty/README.md",
    "empty/.hidden.yaml",
    "links/",
    "links/a/",
    "links/a/up -> ..",
    "links/a/self -> .",
    "links/a/to-b -> ../b",
    "links/a/1.yaml -> ../z.yaml",
    "links/b/",
    "links/b/to-a -> ../a",
    "links/b/2.yaml",
    "links/.data/",
    "links/.data/3.yaml",
    "links/c.yaml -> .data/3.yaml",
    "links/d -> .data",
    "links/round.yaml -> round2.yaml",
    "links/round2.yaml -> round.yaml",
    "links/nowhere.yaml -> not-there",
    "links/nowhere.md -> not-there",
    "links/out.yaml -> ../plain/z.yaml",
    "links/out.md -> ../plain/README.md",
    "links/out -> ../plain",
    "links/root -> /",
    "links/near -> ../links-not",
    "links/z.yaml",
    "links-not/",
    "links-not/x.yaml",
    "linked -> links/b",
    "linked.yaml -> plain/z.yaml",
    "ignoring/",
    "ignoring/.fipsgateignore=*.json\nout/\n/top.yaml\n",
    "ignoring/a.yaml",
    "ignoring/a.json",
    "ignoring/top.yaml",
    "ignoring/out/",
    "ignoring/out/x.yaml",
    "ignoring/sub/",
    "ignoring/sub/.fipsgateignore=!keep.json\nb.yaml\n",
    "ignoring/sub/keep.json",
    "ignoring/sub/b.yaml",
    "ignoring/sub/top.yaml",
    "ignoring/link.yaml -> a.json",
    "ignoring/link.json -> a.json",
    "twins/",
    "twins/a.yaml",
    "all-out/",
    "all-out/.fipsgateignore=*\n",
    "all-out/a.yaml",
    "bad/",
    "bad/.fipsgateignore/",
    "bad/a.yaml",
    "notes.txt",
    "-.yaml",
};

static void put_text(const char *path, struct sv text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

static void make(const char *entry, struct arena *a)
{
    struct sv text = sv_from(entry), path = sv_cut(&text, '=');
    const char *arrow = strstr(entry, " -> ");

    if (arrow)
        assert_int_equal(symlink(arrow + 4, arena_cstr(a, (struct sv){ entry, (size_t)(arrow - entry) })), 0);
    else if (sv_ends_with(path, SV("/")))
        assert_int_equal(mkdir(entry, 0700), 0);
    else
        put_text(arena_cstr(a, path), text.p ? text : path);
}

static int enter(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    if (!mkdtemp(work) || chdir(work) != 0)
        return -1;
    for (size_t i = 0; i < ARRAY_LEN(tree); i++)
        make(tree[i], &a);
    return mkfifo("plain/fifo.yaml", 0600) || link("plain/z.yaml", "links/hard.yaml") ||
           link("twins/a.yaml", "twins/b.yaml");
}

static int leave(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    FILE *rm = popen(arena_printf(&a, "rm -r %s", work).p, "r");

    return chdir("/") == 0 && rm ? pclose(rm) : -1;
}

static void find(const char *const *paths, size_t count, struct arena *a, struct inputs *out)
{
    struct err e = { 0 };

    if (!input_find(paths, count, a, out, &e))
        fail_msg("%s", e.msg);
}

/* The one with this number; a copy of its name. */
static struct input nth(struct inputs *inputs, size_t n, struct arena *a)
{
    CLEANUP(input_end) struct input_reader r = INPUT_READER_INIT;
    struct input input;
    struct err e = { 0 };

    assert_true(input_start(&r, inputs, &e));
    do
        assert_true(input_next(&r, &input, &e));
    while (n-- > 0);
    input.name = arena_cstr(a, sv_from(input.name));
    input.path = input.path ? input.name : NULL;
    return input;
}

static size_t count_of(const char *const *paths)
{
    size_t n = 0;

    while (n < PATHS_MAX && paths[n])
        n++;
    return n;
}

static void says_what_cannot_be_read(void **state UNUSED)
{
    static const struct {
        const char *paths[PATHS_MAX];
        enum err_code code;
        const char *message;
    } rows[] = {
        { { "nowhere" }, ERR_IO, "open `nowhere`: No such file or directory" },
        { { "plain", "nowhere.yaml" }, ERR_IO, "open `nowhere.yaml`: No such file or directory" },
        { { "links/nowhere.yaml" }, ERR_IO, "open `links/nowhere.yaml`: No such file or directory" },
        { { "links/round.yaml" }, ERR_IO, "open `links/round.yaml`: Too many levels of symbolic links" },
        { { "notes.txt/x" }, ERR_IO, "open `notes.txt/x`: Not a directory" },
        { { "" }, ERR_IO, "open ``: No such file or directory" },
        { { "empty" }, ERR_INPUT, "`empty` holds no file to read: none ends in .yaml, .yml or .json" },
        { { "plain", "./empty/" }, ERR_INPUT, "`empty/` holds no file to read" },
        { { "all-out" }, ERR_INPUT, "and is neither left out nor a link that leads away" },
        { { "links/a" }, ERR_INPUT, "and is neither left out nor a link that leads away" },
        { { "bad" }, ERR_IO, "`bad/.fipsgateignore` is a directory" },
        { { "-", "plain", "-" }, ERR_INPUT, "`-` is given twice" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
        struct err e = { 0 };

        assert_false(input_find(rows[i].paths, count_of(rows[i].paths), &a, &found, &e));
        assert_err(e, rows[i].code, rows[i].message);
    }
}

/* Root may read everything, so it becomes somebody else meanwhile. */
static void says_what_may_not_be_read(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const char *const paths[] = { "plain" };
    CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
    struct err e = { 0 };
    struct input last;
    struct sv text;
    uid_t own = geteuid();

    assert_int_equal(chmod(".", 0755) | chmod("plain", 0755) | chmod("plain/b", 0755), 0);
    assert_int_equal(chmod("plain/dir.yaml", 0755) | chmod("plain/z.yaml", 0), 0);
    assert_int_equal(seteuid(own ? own : NOBODY), 0);
    find(paths, 1, &a, &found);
    last = nth(&found, found.names.count - 1, &a);
    assert_false(input_read(&last, &a, &text, &e));
    assert_err(e, ERR_IO, "open `plain/z.yaml`: Permission denied");
    assert_int_equal(seteuid(own) | chmod("plain/z.yaml", 0600) | chmod("plain/b", 0), 0);
    assert_int_equal(seteuid(own ? own : NOBODY), 0);
    assert_false(input_find(paths, 1, &a, &found, &e));
    assert_err(e, ERR_IO, "open directory `plain/b`: Permission denied");
    assert_int_equal(seteuid(own) | chmod("plain/b", 0700), 0);
}

static void says_what_is_gone_or_too_large(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct input gone = { .path = "nowhere.yaml" }, large = { .path = "large.yaml" };
    struct err e = { 0 };
    struct sv text;

    assert_false(input_read(&gone, &a, &text, &e));
    assert_err(e, ERR_IO, "open `nowhere.yaml`: No such file or directory");
    put_text("large.yaml", SV(""));
    assert_int_equal(truncate("large.yaml", INPUT_MAX_BYTES + 1L), 0);
    assert_false(input_read(&large, &a, &text, &e));
    assert_err(e, ERR_LIMIT, "`large.yaml` is larger than 268435456 bytes");
}

static void goes_down_so_far_only(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const char *const paths[] = { "deep" };
    struct buf path = BUF_IN(&a);
    CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
    struct err e = { 0 };

    buf_add(&path, SV("deep"));
    for (int i = 0; i < DEEP; i++) {
        assert_int_equal(mkdir(arena_cstr(&a, buf_sv(&path)), 0700), 0);
        buf_add(&path, SV("/d"));
    }
    buf_add(&path, SV(".yaml"));
    put_text(arena_cstr(&a, buf_sv(&path)), SV(""));
    assert_true(input_find(paths, 1, &a, &found, &e));
    path.len -= 5;
    assert_int_equal(mkdir(arena_cstr(&a, buf_sv(&path)), 0700), 0);
    assert_false(input_find(paths, 1, &a, &found, &e));
    assert_err(e, ERR_LIMIT, "is more than 100 directories deep");
}

/* A file that is a link is marked by "@", what is skipped by "!". */
static void list(struct inputs *inputs, struct buf *all)
{
    CLEANUP(input_end) struct input_reader r = INPUT_READER_INIT;
    struct input_skip skip;
    struct input input;
    struct err e = { 0 };
    size_t count = 0;

    assert_true(input_start(&r, inputs, &e));
    while (input_next(&r, &input, &e) && input.name) {
        buf_printf(all, "%s%s ", input.is_editable ? "" : "@", input.name);
        count++;
    }
    assert_int_equal(count, inputs->names.count);
    assert_true(input_start_skips(&r, inputs, &e));
    while (input_next_skip(&r, &skip, &e) && skip.name)
        buf_printf(all, "!%s (%s)", skip.name, skip.why);
    assert_int_equal(e.code, ERR_NONE);
}

/* More names than are kept in memory, some of them twice, and what comes after them. */
static void finds_any_number(void **state UNUSED)
{
    static const char *const paths[] = { "many", "plain/b", "many" };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
    CLEANUP(buf_fini) struct buf all = BUF_INIT(SIZE_MAX);
    size_t used;

    assert_int_equal(mkdir("many", 0700), 0);
    for (size_t i = 0; i < MANY; i++) {
        char *path = arena_cstr(&a, arena_printf(&a, "many/%0100zu.yaml", i));

        put_text(path, SV(""));
        arena_reset(&a);
    }
    assert_int_equal(symlink("zzz.yaml", "many/zz.yaml"), 0);
    put_text("many/zzz.yaml", SV(""));
    used = a.used;
    find(paths, 3, &a, &found);
    assert_int_equal(a.used, used);
    assert_non_null(found.names.rest);
    assert_int_equal(found.names.count, MANY + 2);
    list(&found, &all);
    assert_true(sv_ends_with(buf_sv(&all), SV("00999.yaml many/zzz.yaml plain/b/1.yaml ")));
    buf_reset(&all);
    list(&found, &all);
    assert_true(sv_starts_with(buf_sv(&all), SV("many/0000")));
}

static void finds_files_once_and_in_order(void **state UNUSED)
{
    static const struct {
        const char *paths[PATHS_MAX];
        const char *want;
    } rows[] = {
        { { NULL }, "" },
        { { "plain" },
          "plain/a.json plain/b/1.yaml plain/b.yaml plain/dir.yaml/2.json plain/m.yml plain/z.yaml "
          "!plain/fifo.yaml (no regular file)" },
        { { "./plain//b/" }, "plain//b/1.yaml " },
        { { "plain/z.yaml", "./plain/z.yaml", "plain/b", "plain/b/1.yaml" }, "plain/z.yaml plain/b/1.yaml " },
        { { "plain/b/1.yaml", "plain/b" }, "plain/b/1.yaml " },
        { { "notes.txt", "plain/.hidden.yaml", "empty/.hidden.yaml" },
          "notes.txt plain/.hidden.yaml empty/.hidden.yaml " },
        { { "ignoring/out/x.yaml", "ignoring/out" }, "ignoring/out/x.yaml " },
        { { "all-out/a.yaml" }, "all-out/a.yaml " },
        { { "twins" }, "twins/a.yaml " },
        { { "linked.yaml" }, "@linked.yaml " },
        { { "linked.yaml", "plain/z.yaml" }, "@linked.yaml " },
        { { "linked" }, "linked/2.yaml !linked/to-a (a link that leads out of the directory that was named)" },
        { { "links" },
          "links/b/2.yaml links/hard.yaml links/z.yaml @links/c.yaml "
          "!links/a/self (a link to a directory above itself)"
          "!links/a/up (a link to a directory above itself)"
          "!links/near (a link that leads out of the directory that was named)"
          "!links/nowhere.yaml (a link that leads nowhere)"
          "!links/out (a link that leads out of the directory that was named)"
          "!links/out.yaml (a link that leads out of the directory that was named)"
          "!links/root (a link that leads out of the directory that was named)"
          "!links/round.yaml (a link that leads nowhere)"
          "!links/round2.yaml (a link that leads nowhere)" },
        { { "ignoring" },
          "ignoring/a.yaml ignoring/sub/keep.json ignoring/sub/top.yaml @ignoring/link.yaml "
          "!ignoring/a.json (left out by `ignoring/.fipsgateignore:1`)"
          "!ignoring/link.json (left out by `ignoring/.fipsgateignore:1`)"
          "!ignoring/out (left out by `ignoring/.fipsgateignore:2`)"
          "!ignoring/sub/b.yaml (left out by `ignoring/sub/.fipsgateignore:2`)"
          "!ignoring/top.yaml (left out by `ignoring/.fipsgateignore:3`)" },
        { { "ignoring/sub" },
          "ignoring/sub/keep.json ignoring/sub/top.yaml "
          "!ignoring/sub/b.yaml (left out by `ignoring/sub/.fipsgateignore:2`)" },
        { { "./-.yaml" }, "./-.yaml " },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
        struct buf all = BUF_IN(&a);

        find(rows[i].paths, count_of(rows[i].paths), &a, &found);
        list(&found, &all);
        assert_sv(buf_sv(&all), rows[i].want);
    }
}

static void names_files_of_here_without_a_dot(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    static const char *const rows[] = { ".", "./", "././" };

    assert_int_equal(chdir("ignoring"), 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
        struct buf all = BUF_IN(&a);

        find(&rows[i], 1, &a, &found);
        list(&found, &all);
        assert_true(sv_starts_with(buf_sv(&all), SV("a.yaml sub/keep.json sub/top.yaml @link.yaml "
                                                    "!a.json (left out by `.fipsgateignore:1`)")));
    }
    assert_int_equal(chdir(".."), 0);
}

static void reads_what_files_hold(void **state UNUSED)
{
    static const char *const paths[] = { "plain/b", "linked.yaml" }, *const wants[] = { "plain/b/1.yaml",
                                                                                        "plain/z.yaml" };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
    struct err e = { 0 };
    struct sv text;

    find(paths, 2, &a, &found);
    for (size_t i = 0; i < 2; i++) {
        struct input input = nth(&found, i, &a);

        assert_true(input_read(&input, &a, &text, &e));
        assert_sv(text, wants[i]);
    }
}

/* Standard input and a FIFO can be read once, but their text as often as one likes. */
static void keeps_the_text_of_streams(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    int own = dup(STDIN_FILENO), ends[2];
    const char *paths[] = { "-", NULL };
    CLEANUP(input_fini) struct inputs found = INPUTS_INIT;
    struct err e = { 0 };
    struct sv text;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "piped", 5), 5);
    assert_int_equal(close(ends[1]), 0);
    paths[1] = arena_printf(&a, "/dev/fd/%d", ends[0]).p;
    put_text("stdin", SV("typed"));
    assert_non_null(freopen("stdin", "r", stdin));
    find(paths, 2, &a, &found);
    assert_int_equal(found.names.count, 2);
    for (size_t i = 0; i < 4; i++) {
        struct input input = nth(&found, i % 2, &a);

        assert_string_equal(input.name, paths[i % 2]);
        assert_false(input.is_editable);
        assert_true(input_read(&input, &a, &text, &e));
        assert_sv(text, i % 2 ? "piped" : "typed");
    }
    assert_int_equal(dup2(own, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(own) | close(ends[0]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_cannot_be_read),
        cmocka_unit_test(says_what_may_not_be_read),
        cmocka_unit_test(says_what_is_gone_or_too_large),
        cmocka_unit_test(goes_down_so_far_only),
        cmocka_unit_test(finds_files_once_and_in_order),
        cmocka_unit_test(names_files_of_here_without_a_dot),
        cmocka_unit_test(finds_any_number),
        cmocka_unit_test(reads_what_files_hold),
        cmocka_unit_test(keeps_the_text_of_streams),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
