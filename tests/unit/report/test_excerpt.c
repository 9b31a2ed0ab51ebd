/* SPDX-License-Identifier: Apache-2.0 */
/* What a person sees of a line, and whether the caret stands under the value. */
#include "base/attr.h"
#include "base/buf.h"
#include "report/excerpt.h"
#include "support/check.h"

#define RED "\x1b[31m"

static const struct {
    const char *line;
    size_t column;
    const char *found, *text;
    size_t indent, width;
    bool shows_found;
} rows[] = {
    /* the value, its quotes, its surroundings */
    { "image: nginx", 8, "nginx", "image: nginx", 7, 5, true },
    { "image: \"nginx\" # x", 8, "nginx", "image: \"nginx\" # x", 7, 7, true },
    { "image: 'nginx'", 8, "nginx", "image: 'nginx'", 7, 7, true },
    { "{image: nginx}", 9, "nginx", "{image: nginx}", 8, 5, true },
    { "[a,b]", 2, "a", "[a,b]", 1, 1, true },
    { "image: nginx:1", 8, "nginx", "image: nginx:1", 7, 7, false },
    { "image: \"nginx", 8, "nginx", "image: \"nginx", 7, 6, false },
    { "image: nginx", 8, "docker.io/library/nginx", "image: nginx", 7, 5, false },
    { "[abc, d]", 2, NULL, "[abc, d]", 1, 3, false },
    { "spec:", 1, NULL, "spec:", 0, 1, false },
    { "é: x", 1, NULL, "é: x", 0, 1, false },
    /* no such column */
    { "", 1, "x", "", 0, 1, false },
    { "abc", 9, "x", "abc", 3, 1, false },
    { "abc", 0, "abc", "abc", 0, 3, true },
    /* tabs, wide and combining characters */
    { "\ta:\tb", 5, "b", "    a:  b", 8, 1, true },
    { "ab\tc", 4, "c", "ab  c", 4, 1, true },
    { "k: \xe4\xb8\xad\xe6\x96\x87 x", 4, "\xe4\xb8\xad\xe6\x96\x87", "k: \xe4\xb8\xad\xe6\x96\x87 x", 3, 4, true },
    { "\xe4\xb8\xad: x", 4, "x", "\xe4\xb8\xad: x", 4, 1, true },
    { "e\xcc\x81: x", 5, "x", "e\xcc\x81: x", 3, 1, true },
    { "\xf0\x9f\x98\x80 x", 3, "x", "\xf0\x9f\x98\x80 x", 3, 1, true },
    /* nothing reaches the terminal as it is */
    { RED "a: b", 9, "b", "\\x1b[31ma: b", 11, 1, true },
    { "\xff: b", 4, "b", "\\xff: b", 6, 1, true },
    { "\xe2\x80\xae: b", 4, "b", "\\u202e: b", 8, 1, true },
    { "a: b\r", 4, "b", "a: b\\x0d", 3, 1, true },
};

static void marks_the_value(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct excerpt x = excerpt_make(&a, sv_from(rows[i].line), rows[i].column, sv_from(rows[i].found));

        if (!sv_eq(x.text, sv_from(rows[i].text)) || x.indent != rows[i].indent || x.width != rows[i].width ||
            x.shows_found != rows[i].shows_found)
            fail_msg("row %zu: `%.*s` %zu+%zu %d", i, SV_ARG(x.text), x.indent, x.width, x.shows_found);
    }
}

/* `count` times `piece`, then `tail`. */
static struct sv repeat(struct arena *a, const char *piece, size_t count, const char *tail)
{
    struct buf out = BUF_IN(a);

    for (size_t i = 0; i < count; i++)
        buf_add(&out, sv_from(piece));
    buf_add(&out, sv_from(tail));
    return buf_sv(&out);
}

static void cuts_what_is_far_from_the_value(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct sv line = repeat(&a, "x", 5000, " needle ");
    struct excerpt x;

    line = repeat(&a, "y", 300, "");
    x = excerpt_make(&a, line, 1, line);
    assert_int_equal(x.width, EXCERPT_CELLS);
    assert_int_equal(x.text.n, EXCERPT_CELLS + 3);
    assert_true(sv_ends_with(x.text, SV("y...")));
    assert_false(x.shows_found);

    line = repeat(&a, "x", 5000,
                  " needle and a tail that is long enough to be cut, which takes some more words yet to write");
    x = excerpt_make(&a, line, 5002, SV("needle"));
    assert_true(sv_starts_with(x.text, SV("...xxx")));
    assert_true(sv_starts_with(sv_skip(x.text, x.indent), SV("needle and")));
    assert_true(sv_ends_with(x.text, SV("...")));
    assert_int_equal(x.width, 6);
    assert_int_equal(x.indent, sizeof("...") - 1 + EXCERPT_CELLS / 3);
    assert_true(x.text.n <= EXCERPT_CELLS + 6);
    assert_true(x.shows_found);
}

static void cuts_between_wide_characters(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct excerpt x = excerpt_make(&a, repeat(&a, "\xe4\xb8\xad", 500, "needle"), 501, SV("needle"));
    size_t wide = 0;

    for (size_t i = 0; i < x.text.n; i++)
        wide += x.text.p[i] == '\xe4';
    assert_true(sv_starts_with(x.text, SV("...\xe4\xb8\xad")));
    assert_int_equal(x.indent, 3 + 2 * wide);
    assert_int_equal(x.width, 6);
}

static void is_not_flooded(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct excerpt x = excerpt_make(&a, repeat(&a, "\xcc\x81", 100000, "x"), 100001, SV("x"));

    assert_true(x.text.n < 2000);
    assert_int_equal(x.indent, 0);
}

static void says_when_there_is_no_memory(void **state UNUSED)
{
    struct arena a = ARENA_INIT(16);

    assert_null(excerpt_make(&a, SV("image: nginx"), 8, SV("nginx")).text.p);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_the_value),
        cmocka_unit_test(cuts_what_is_far_from_the_value),
        cmocka_unit_test(cuts_between_wide_characters),
        cmocka_unit_test(is_not_flooded),
        cmocka_unit_test(says_when_there_is_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
