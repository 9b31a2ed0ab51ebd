/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes the nodes of a text are: past characters of more bytes than one,
 * byte order marks, escapes that libyaml was not shown, and blank lines. */
#include "support/check.h"
#include "yaml/extent.h"

/* Of the `nth` node in document order: its bytes, those of its content, and whether it has a place. */
static const struct {
    const char *text;
    size_t nth;
    const char *whole, *content;
    bool is_left_out;
} rows[] = {
    { "a: b", 2, "b", "b", false },
    { "a: b  # c\n", 2, "b", "b", false },
    { "\xc3\xa4\xe2\x82\xac: '\xf0\x9f\x98\x80' # \xc3\xa4\nb: \xc3\xb6\n", 2, "'\xf0\x9f\x98\x80'",
      "'\xf0\x9f\x98\x80'", false },
    { "\xc3\xa4\xe2\x82\xac: '\xf0\x9f\x98\x80' # \xc3\xa4\nb: \xc3\xb6\n", 4, "\xc3\xb6", "\xc3\xb6", false },
    { "\xef\xbb\xbf"
      "a: b\n",
      2, "b", "b", false },
    { "\xef\xbb\xbf"
      "a: \xc3\xa4\n",
      2, "\xc3\xa4", "\xc3\xa4", false },
    { "a: b\r\nc: d\r\n", 4, "d", "d", false },
    { "{\"a\": \"\\ud83d\\ude00\", \"b\": \"\\\\ud83d\\\\ude00\xc3\xa4\", \"c\": [1]}", 4,
      "\"\\\\ud83d\\\\ude00\xc3\xa4\"", "\"\\\\ud83d\\\\ude00\xc3\xa4\"", false },
    { "{\"a\": \"\\ud83d\\ude00\", \"b\": [\"\\ud83d\\ude00\"]}", 4, "[\"\\ud83d\\ude00\"]", "[\"\\ud83d\\ude00\"]",
      false },
    { "a: &x !!str b\n", 2, "&x !!str b", "b", false },
    { "a: !<tag:x,[2]> &x b\n", 2, "!<tag:x,[2]> &x b", "b", false },
    { "a: &x # c\n  b: d\n", 2, "&x # c\n  b: d", "b: d", false },
    { "a: [&x b, c]\n", 3, "&x b", "b", false },
    { "a: &x\nb: c\n", 2, "&x", "", false },
    { "a:\nb: c\n", 2, "", "", false },
    { "{a: , b}", 2, "", "", false },
    { "{a, b: c}", 2, "", "", true },
    { "? a\nb: c\n", 2, "", "", true },
    { "? a\n: b\n", 2, "b", "b", false },
    { "a: |\n  b\n\n  c\n\n\nd: e\n", 2, "|\n  b\n\n  c", "|\n  b\n\n  c", false },
    { "a: |+\n  b\n\n\nd: e\n", 2, "|+\n  b\n\n", "|+\n  b\n\n", false },
    { "a: |2-\r\n   b\r\nd: e\r\n", 2, "|2-\r\n   b", "|2-\r\n   b", false },
    { "a: |\n  b", 2, "|\n  b", "|\n  b", false },
    { "a:\n- b\n- c: d  # e\n\n# f\ng: h\n", 2, "- b\n- c: d", "- b\n- c: d", false },
    { "a:\n  b: c\n\n  # d\ne: f\n", 2, "b: c", "b: c", false },
    { "a: b\n  c\n  d\ne: f\n", 2, "b\n  c\n  d", "b\n  c\n  d", false },
    { "[a: b, c]", 1, "a: b", "a: b", false },
    { "a: [b,\n  c # d\n  ]\n", 2, "[b,\n  c # d\n  ]", "[b,\n  c # d\n  ]", false },
    { "a: &x b\nc: *x\n", 4, "*x", "*x", false },
};

static const struct node *find(const struct node *n, size_t *left)
{
    if ((*left)-- == 0)
        return n;
    for (const struct node *child = n->first; child; child = child->next) {
        const struct node *found = find(child, left);

        if (found)
            return found;
    }
    return NULL;
}

static void knows_the_bytes_of_each_node(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct sv text = sv_from(rows[i].text);
        size_t left = rows[i].nth;
        const struct node *n;
        struct node *roots;
        struct err e = { .code = ERR_NONE };

        if (!node_read(SV("f"), text, &a, &roots, &e) || !extent_resolve(text, roots, &a))
            fail_msg("row %zu: %s", i, e.msg);
        n = find(roots, &left);
        assert_non_null(n);
        assert_true(n->start <= n->content && n->content <= n->end && n->end <= text.n);
        assert_sv(((struct sv){ text.p + n->start, n->end - n->start }), rows[i].whole);
        assert_sv(((struct sv){ text.p + n->content, n->end - n->content }), rows[i].content);
        assert_int_equal(n->is_left_out, rows[i].is_left_out);
    }
}

/* So long that the notes of offsets matter. */
static void counts_bytes_far_into_a_text(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct buf text = BUF_IN(&a);
    struct node *roots;
    struct err e = { .code = ERR_NONE };
    size_t i = 0;

    for (; i < 500; i++)
        buf_printf(&text, "- \xc3\xa4%zu\xf0\x9f\x98\x80 # \xe2\x82\xac\n", i);
    assert_true(node_read(SV("f"), buf_sv(&text), &a, &roots, &e) && extent_resolve(buf_sv(&text), roots, &a));
    i = 0;
    for (const struct node *item = roots->first; item; item = item->next, i++)
        assert_true(sv_eq((struct sv){ text.p + item->start, item->end - item->start },
                          arena_printf(&a, "\xc3\xa4%zu\xf0\x9f\x98\x80", i)));
    assert_int_equal(i, 500);
}

static void places_what_follows_joined_escapes(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct node *roots;
    struct err e = { .code = ERR_NONE };

    assert_true(node_read(SV("f"), SV("[\"\\ud83d\\ude00\",\n \"\\ud83d\\ude00\", 1]"), &a, &roots, &e));
    assert_int_equal(roots->first->next->place.column, 2);
    assert_int_equal(roots->last->place.line, 2);
    assert_int_equal(roots->last->place.column, 18);
}

static void finds_lines(void **state UNUSED)
{
    struct sv text = SV("\xef\xbb\xbf"
                        "ab\r\n  # c\n\n d");

    assert_int_equal(extent_line_start(text, 4), 3);
    assert_int_equal(extent_line_start(text, 3), 3);
    assert_int_equal(extent_line_end(text, 3), 5);
    assert_int_equal(extent_line_start(text, 10), 7);
    assert_int_equal(extent_line_end(text, text.n), text.n);
    assert_int_equal(extent_skip(text, 5), text.n - 1);
    assert_int_equal(extent_skip(SV("# a"), 0), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_bytes_of_each_node),
        cmocka_unit_test(counts_bytes_far_into_a_text),
        cmocka_unit_test(places_what_follows_joined_escapes),
        cmocka_unit_test(finds_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
