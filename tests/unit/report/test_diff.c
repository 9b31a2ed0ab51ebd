/* SPDX-License-Identifier: Apache-2.0 */
/* What a diff looks like, and that patch(1) makes the one text of the other with it. */
#include "differential/random.h"
#include "report/diff.h"
#include "support/check.h"
#include <unistd.h>

static struct sv diff(struct sv before, struct sv after, struct arena *a)
{
    struct buf out = BUF_IN(a);
    struct err e = { 0 };

    if (!diff_unified(&out, SV("f.yaml"), before, after, a, &e))
        fail_msg("%s", e.msg);
    return buf_sv(&out);
}

#define HEAD "--- a/f.yaml\n+++ b/f.yaml\n"

static const struct {
    const char *before, *after, *text;
} rows[] = {
    { "", "", "" },
    { "a\n", "a\n", "" },
    { "", "a\nb\n", HEAD "@@ -0,0 +1,2 @@\n+a\n+b\n" },
    { "a\n", "", HEAD "@@ -1 +0,0 @@\n-a\n" },
    { "a\n", "b\n", HEAD "@@ -1 +1 @@\n-a\n+b\n" },
    { "a", "b", HEAD "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n" },
    { "a\nb", "a\nb\n", HEAD "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n" },
    { "x\nb", "y\nb", HEAD "@@ -1,2 +1,2 @@\n-x\n+y\n b\n\\ No newline at end of file\n" },
    { "a\r\nb\r\n", "a\r\nc\r\n", HEAD "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c\r\n" },
    { "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n",
      HEAD "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n" },
    { "1\n2\n3\n4\n5\n6\n7\n8\n", "x\n2\n3\n4\n5\n6\n7\ny\n",
      HEAD "@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n" },
    { "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "x\n2\n3\n4\n5\n6\n7\n8\ny\n",
      HEAD "@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+y\n" },
    { "a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", HEAD "@@ -1,7 +1,6 @@\n-a\n+c\n b\n-c\n a\n b\n-b\n a\n+c\n" },
};

static void writes_what_patch_reads(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

        assert_sv(diff(sv_from(rows[i].before), sv_from(rows[i].after), &a), rows[i].text);
    }
}

static const struct {
    const char *name, *written;
} names[] = {
    { "deploy/a.yaml", "--- a/deploy/a.yaml\n+++ b/deploy/a.yaml\n" },
    { "a b.yaml", "--- a/a b.yaml\t\n+++ b/a b.yaml\t\n" },
    { "a\n\"b\\.yaml", "--- \"a/a\\012\\\"b\\\\.yaml\"\n+++ \"b/a\\012\\\"b\\\\.yaml\"\n" },
};

static void quotes_names_that_are_no_word(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct buf out = BUF_IN(&a);
        struct err e = { 0 };

        assert_true(diff_unified(&out, sv_from(names[i].name), SV(""), SV("a\n"), &a, &e));
        assert_true(sv_starts_with(buf_sv(&out), sv_from(names[i].written)));
        assert_true(sv_ends_with(buf_sv(&out), SV("\n@@ -0,0 +1 @@\n+a\n")));
    }
}

static void write_file(const char *path, struct sv text)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

static void check_file(const char *path, struct sv want, struct arena *a)
{
    FILE *f = fopen(path, "rb");
    char *got = arena_alloc(a, want.n + 1);

    if (!f || !got || fread(got, 1, want.n + 1, f) != want.n || memcmp(got, want.p, want.n) != 0)
        fail_msg("patch made something else of it than\n%.*s", (int)want.n, want.p);
    assert_int_equal(fclose(f), 0);
}

static void patch_file(const char *dir, struct sv before, struct sv after, struct arena *a)
{
    char *path = arena_cstr(a, arena_printf(a, "%s/f.yaml", dir));
    char *command = arena_cstr(a, arena_printf(a, "patch -s -p1 --no-backup-if-mismatch -d %s", dir));
    struct sv text = diff(before, after, a);
    FILE *patch;

    assert_true(path && command);
    write_file(path, before);
    patch = popen(command, "w");
    assert_non_null(patch);
    assert_int_equal(fwrite(text.p, 1, text.n, patch), text.n);
    if (pclose(patch) != 0)
        fail_msg("patch refuses\n%.*s", (int)text.n, text.p);
    check_file(path, after, a);
    assert_int_equal(unlink(path), 0);
}

/* Few different lines, so that many are alike; the one is made of the other. */
static struct sv random_text(struct random *r, struct sv from, struct arena *a)
{
    struct buf out = BUF_IN(a);
    size_t changes = 1 + random_below(r, 30);

    for (size_t left = 2 + random_below(r, 60); left > 0 || from.n > 0;) {
        struct sv line = from.n ? sv_cut(&from, '\n') : (struct sv){ NULL, 0 };
        bool is_new = !line.p || random_one_in(r, changes);

        if (line.p && !random_one_in(r, changes))
            buf_printf(&out, "%.*s\n", SV_ARG(line));
        if (is_new && left > 0)
            buf_printf(&out, "%c%s\n", 'a' + (char)random_below(r, 6), random_one_in(r, 4) ? "\r" : "");
        left -= left > 0;
    }
    out.len -= out.len > 0 && random_one_in(r, 4);
    /* What patch leaves empty it removes. */
    if (out.len == 0)
        buf_add_char(&out, 'z');
    return buf_sv(&out);
}

static void is_taken_by_patch(void **state UNUSED)
{
    char dir[] = "/tmp/fipsgate-diff-XXXXXX";

    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < 300; i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
        struct random r = random_from(11, i);
        struct sv before = random_text(&r, SV(""), &a), after = random_text(&r, before, &a);

        if (!sv_eq(before, after))
            patch_file(dir, before, after, &a);
    }
    assert_int_equal(rmdir(dir), 0);
}

static size_t count_changes(struct sv text)
{
    size_t n = 0;

    while (text.p && text.n) {
        struct sv line = sv_cut(&text, '\n');

        n += sv_starts_with(line, SV("+")) || sv_starts_with(line, SV("-"));
    }
    return n - 2;
}

/* As many lines as 16 MiB have, with thousands of changes; and two texts that have nothing in common. */
static void copes_with_long_texts(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1u << 30);
    struct buf before = BUF_IN(&a), after = BUF_IN(&a), other = BUF_IN(&a);
    struct sv text;

    for (size_t i = 0; i < 400000; i++) {
        buf_printf(&before, "  line %zu of this text, repeated\n", i % 1000);
        if (i % 100 == 50)
            buf_printf(&after, "  new %zu\n", i % 700);
        buf_printf(&after, i % 333 == 1 ? "  changed %zu\n" : "  line %zu of this text, repeated\n", i % 1000);
    }
    for (size_t i = 0; i < 50000; i++)
        buf_printf(&other, "other %zu\n", i);
    text = diff(buf_sv(&before), buf_sv(&after), &a);
    assert_in_range(count_changes(text), 4000 + 2 * 1201, 4000 + 2 * 1203);
    text = diff(buf_sv(&before), buf_sv(&other), &a);
    assert_int_equal(count_changes(text), 450000);
}

static void says_when_memory_is_short(void **state UNUSED)
{
    for (size_t memory = 1; memory < 150; memory += 30) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);
        struct buf out = BUF_IN(&a);
        struct err e = { 0 };

        assert_false(diff_unified(&out, SV("f"), SV("a\nb\n"), SV("a\nc\n"), &a, &e));
        assert_err(e, ERR_LIMIT, "bytes of memory");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_patch_reads),   cmocka_unit_test(quotes_names_that_are_no_word),
        cmocka_unit_test(is_taken_by_patch),         cmocka_unit_test(copes_with_long_texts),
        cmocka_unit_test(says_when_memory_is_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
