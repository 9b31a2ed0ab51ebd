/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused, many edits at once, and random edits of random texts: they
 * say what they must, and lose no comment. */
#include "unit/yaml/edit_rows.h"
#include "unit/yaml/wild.h"
#include "yaml/transcode.h"
#include "json/doc.h"
#include "json/pointer.h"

enum { TEXTS = 3000, EDITS = 3 };

static const struct edit_row refused[] = {
    { "a: b\n", EDIT_REPLACE, "/c", "1", "!there is no such place" },
    { "a: b\n", EDIT_MEMBER, "/a/c", "1", "!there is no such place" },
    { "a: b\n", EDIT_MEMBER, "/c/d", "1", "!there is no such place" },
    { "a: [b]\n", EDIT_REPLACE, "/a/1", "1", "!there is no such place" },
    { "a: [b]\n", EDIT_REPLACE, "/a/00", "1", "!there is no such place" },
    { "a: [b]\n", EDIT_MEMBER, "/a/1", "1", "!there is no such place" },
    { "a: {}\n", EDIT_APPEND, "/a", "1", "!it is no list" },
    { "a: b\n", EDIT_APPEND, "/a", "1", "!it is no list" },
    { "x: &x\n  b: c\na: *x\n", EDIT_REPLACE, "/a/b", "1", "!it is reached through the alias on line 3" },
    { "x: &x\n  b: c\na: *x\n", EDIT_REPLACE, "/a", "1", "!it is reached through the alias on line 3" },
    { "x: &x\n  b: c\na: *x\n", EDIT_MEMBER, "/a/d", "1", "!it is reached through the alias on line 3" },
    { "x: &x {b: c}\na:\n  <<: *x\n", EDIT_REPLACE, "/a/b", "1", "!it is reached through `<<` on line 3" },
    { "x: &x {b: {c: d}}\na:\n  <<: *x\n", EDIT_MEMBER, "/a/b/e", "1", "!it is reached through `<<` on line 3" },
    { "x: &x\n  b: c\na: *x\n", EDIT_REPLACE, "/x/b", "1", "!the alias on line 3 refers to what it is part of" },
    { "x: &x\n  b: c\na: *x\n", EDIT_MEMBER, "/x/d", "1", "!the alias on line 3 refers to what it is part of" },
    { "x: &x [b]\na: *x\n", EDIT_APPEND, "/x", "1", "!the alias on line 2 refers to what it is part of" },
    { "x: &x b\na: *x\n", EDIT_REPLACE, "/x", "1", "!the alias on line 2 refers to what it is part of" },
    { "x: {b: &x c}\na: *x\n", EDIT_REPLACE, "/x", "1", "!the alias on line 2 refers to a part of it" },
    { "x: &x {}\na:\n  <<: *x\n", EDIT_MEMBER, "/x/d", "1", "!the alias on line 3 refers to what it is part of" },
    { "a:\n  b: c\n", EDIT_REPLACE, "", "1", "!it is the whole document" },
    { "a:\n  # x\n  b: c\n  # y\n  d: e\n", EDIT_REPLACE, "/a", "1", "!comments stand in it" },
    { "a:\n  # x\n  b\n", EDIT_REPLACE, "/a", "[1]", "!a comment stands before it" },
    { "a:\n  b: c\n  # y\n  d: e\n", EDIT_REPLACE, "/a", "1", "!comments stand in it" },
    { "? a\n", EDIT_REPLACE, "/a", "1", "!its key has no colon" },
    { "{\"a\"\n: 1}\n", EDIT_REPLACE, "/a", "2", "!its text is no YAML, or too large to be edited" },
    { "a: {b: c}\n", EDIT_REPLACE, "/a/b", "1e999", "!the text would not say what is asked for" },
};

static void refuses_what_it_cannot_do(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++)
        check_edit_row(&refused[i], i);
}

static void refuses_documents_that_are_not_there(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct edit edits[] = {
        { .kind = EDIT_MEMBER, .document = 3, .pointer = SV("/a"), .value = SV("1"), .group = 0 },
        { .kind = EDIT_MEMBER, .document = 1, .pointer = SV("/a"), .value = SV("1"), .group = 1 },
        { .kind = EDIT_MEMBER, .document = 2, .pointer = SV("/a"), .value = SV("1"), .group = 2 },
    };
    struct err e = { .code = ERR_NONE };
    struct sv out;

    assert_true(edit_all(SV("f"), SV("b: c\n---\n# nothing\n---\nb: c\n"), edits, 3, &a, &out, &e));
    assert_sv(edits[0].why, "there is no such document");
    assert_int_equal(edits[1].outcome, EDIT_REFUSED);
    assert_sv(out, "b: c\n---\n# nothing\n---\nb: c\na: 1\n");
}

static void fails_where_nothing_can_be_read(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct edit edit = { .kind = EDIT_MEMBER, .pointer = SV("/a"), .value = SV("1") };
    struct sv out, why;
    struct err e = { .code = ERR_NONE };

    assert_int_equal(edit_text(SV("f"), SV("a: ["), &edit, &a, &out, &why, &e), EDIT_FAILED);
    assert_err(e, ERR_SYNTAX, "f:2:1");
    edit.value = SV("{");
    assert_int_equal(edit_text(SV("f"), SV("a: b"), &edit, &a, &out, &why, &e), EDIT_FAILED);
    assert_err(e, ERR_SYNTAX, "the new value: ");
    edit.value = SV("1");
    assert_int_equal(edit_text(SV("f"), SV("\xff\xfe-\0"), &edit, &a, &out, &why, &e), EDIT_REFUSED);
    assert_sv(why, "the text is UTF-16");
}

/* As patches are ordered: parents, members, items; two objects of one list. */
static void does_many_at_once(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    static const char before[] = "items:\n- a: {x: 1}\n  b: [] # c\n- a: {x: 1}\n  b: [1]\n";
    static const char *const members[] = { "/a/x", "/m", "/m/p", "/m/q" };
    struct edit edits[12];
    struct err e = { .code = ERR_NONE };
    struct sv out;
    size_t n = 0;

    for (size_t group = 0; group < 2; group++) {
        for (size_t i = 0; i < ARRAY_LEN(members); i++)
            edits[n++] = (struct edit){ .kind = EDIT_MEMBER,
                                        .pointer = arena_printf(&a, "/items/%zu%s", group, members[i]),
                                        .value = i == 1 ? SV("{}") : SV("2"),
                                        .group = group };
        for (size_t i = 3; i < 5; i++)
            edits[n++] = (struct edit){ .kind = EDIT_APPEND,
                                        .pointer = arena_printf(&a, "/items/%zu/b", group),
                                        .value = i == 3 ? SV("3") : SV("4"),
                                        .group = group };
    }
    assert_true(edit_all(SV("f"), sv_from(before), edits, n, &a, &out, &e));
    assert_sv(out, "items:\n- a: {x: 2}\n  b: # c\n  - 3\n  - 4\n  m:\n    p: 2\n    q: 2\n"
                   "- a: {x: 2}\n  b: [1, 3, 4]\n  m:\n    p: 2\n    q: 2\n");
    for (size_t i = 0; i < n; i++)
        assert_int_equal(edits[i].outcome, EDIT_DONE);
}

/* One that cannot be done does not stop the others. */
static void finds_the_one_that_cannot_be_done(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct buf text = BUF_IN(&a), want = BUF_IN(&a);
    struct edit *edits = arena_array(&a, 300, struct edit);
    struct err e = { .code = ERR_NONE };
    struct sv out;

    assert_non_null(edits);
    for (size_t i = 0; i < 300; i++) {
        buf_printf(&text, "- a: %zu\n", i);
        buf_printf(&want, "- a: %zu\n", i == 100 || i == 222 ? i : i + 1);
        edits[i] = (struct edit){ .kind = EDIT_REPLACE, .pointer = arena_printf(&a, "/%zu/a", i), .group = i };
        edits[i].value = i == 100 || i == 222 ? SV("1e999") : arena_printf(&a, "%zu", i + 1);
    }
    assert_true(edit_all(SV("f"), buf_sv(&text), edits, 300, &a, &out, &e));
    assert_true(sv_eq(out, buf_sv(&want)));
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(edits[i].outcome, i == 100 || i == 222 ? EDIT_REFUSED : EDIT_DONE);
}

static void limits_memory(void **state UNUSED)
{
    for (size_t memory = 1; memory < 3000; memory += 100) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);
        struct edit edit = { .kind = EDIT_MEMBER, .pointer = SV("/b"), .value = SV("1") };
        struct sv out, why;
        struct err e = { .code = ERR_NONE };
        enum edit_outcome outcome = edit_text(SV("f"), SV("a: {b: c}\n"), &edit, &a, &out, &why, &e);

        assert_true(outcome != EDIT_FAILED || e.code == ERR_LIMIT || e.code == ERR_NOMEM);
    }
}

/* What an edit makes of a value, by another way than the code under test. */
static void apply(struct buf *out, const struct json *v, struct sv rest, const struct edit *edit, struct arena *a)
{
    struct sv token = { NULL, 0 };
    bool is_array = value_is(v, VALUE_ARRAY) || (rest.n == 0 && edit->kind >= EDIT_APPEND), seen = false;
    const char *comma = "";

    if (!pointer_token(&rest, a, &token) && edit->kind < EDIT_APPEND) {
        buf_add(out, edit->value);
        return;
    }
    buf_add_char(out, is_array ? '[' : '{');
    if (!token.p && edit->kind == EDIT_INSERT) {
        buf_add(out, edit->value);
        comma = ",";
    }
    for (struct value_iter it = value_iter(v); value_next(&it); comma = ",") {
        bool is_way = token.p && sv_eq(token, it.key.p ? it.key : arena_printf(a, "%zu", it.index));

        buf_add(out, sv_from(comma));
        seen = seen || is_way;
        if (it.key.p) {
            value_print_string(out, it.key);
            buf_add_char(out, ':');
        }
        if (is_way)
            apply(out, it.value, rest, edit, a);
        else
            value_print(out, it.value);
    }
    if (!is_array && token.p && !seen) {
        buf_add(out, sv_from(comma));
        value_print_string(out, token);
        buf_add_char(out, ':');
        buf_add(out, edit->value);
    }
    if (!token.p && edit->kind == EDIT_APPEND) {
        buf_add(out, sv_from(comma));
        buf_add(out, edit->value);
    }
    buf_add_char(out, is_array ? ']' : '}');
}

/* A random way down from `v`. */
static const struct json *walk_down(struct random *r, const struct json *v, struct buf *pointer)
{
    while (value_size(v) > 0 && !random_one_in(r, 4)) {
        size_t left = random_below(r, value_size(v));

        for (struct value_iter it = value_iter(v); value_next(&it);) {
            if (left-- > 0)
                continue;
            buf_add_char(pointer, '/');
            if (it.key.p)
                pointer_escape(pointer, it.key);
            else
                buf_printf(pointer, "%zu", it.index);
            v = it.value;
            break;
        }
    }
    return v;
}

static struct edit random_edit(struct random *r, const struct yaml_doc *docs, struct arena *a)
{
    struct buf pointer = BUF_IN(a), value = BUF_IN(a);
    struct edit edit = { .kind = EDIT_REPLACE };
    const struct json *at;

    while (docs->next && random_one_in(r, 2))
        docs = docs->next;
    edit.document = docs->index;
    at = walk_down(r, docs->root, &pointer);
    if (value_is(at, VALUE_ARRAY) && !random_one_in(r, 6))
        edit.kind = random_one_in(r, 2) ? EDIT_APPEND : EDIT_INSERT;
    if (value_is(at, VALUE_OBJECT) && !random_one_in(r, 6)) {
        edit.kind = EDIT_MEMBER;
        buf_add(&pointer, random_one_in(r, 3) ? SV("/k1") : random_one_in(r, 2) ? SV("/new~1one") : SV("/no"));
    }
    if (value_is(at, VALUE_NULL) && pointer.len > 0 && random_one_in(r, 2))
        edit.kind = EDIT_APPEND;
    wild_value(r, &value, 0);
    edit.pointer = buf_sv(&pointer);
    edit.value = buf_sv(&value);
    return edit;
}

static struct yaml_doc *read_back(struct sv text, struct arena *a)
{
    struct yaml_doc *docs = NULL;
    struct err e = { .code = ERR_NONE };

    if (!yaml_read(SV("f"), text, a, &docs, &e))
        fail_msg("%s in\n%.*s", e.msg, (int)text.n, text.p);
    return docs;
}

static void check_meaning(const struct yaml_doc *before, const struct yaml_doc *after, const struct edit *edit,
                          struct arena *a)
{
    for (; before && after; before = before->next, after = after->next) {
        struct buf want = BUF_IN(a);
        struct err e = { .code = ERR_NONE };
        const struct json *expected = before->root;

        if (before->index == edit->document) {
            apply(&want, before->root, edit->pointer, edit, a);
            expected = doc_parse(buf_sv(&want), a, &e);
        }
        if (!expected || !value_equal(expected, after->root))
            fail_msg("it says something else");
    }
    assert_true(!before && !after);
}

/* All numbers of comments, in their order. */
static size_t count_comments(struct sv text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.n; i++) {
        struct sv want = text.p[i] == '#' ? sv_skip(text, i + 1) : (struct sv){ NULL, 0 };
        size_t number = 0, k = 0;

        for (; k < want.n && want.p[k] >= '0' && want.p[k] <= '9'; k++)
            number = number * 10 + (size_t)(want.p[k] - '0');
        if (k > 0 && k < want.n && want.p[k] == ';' && number == count)
            count++;
    }
    return count;
}

/* How many lines of `before` stand neither before nor after the change. */
static size_t lines_touched(struct sv before, struct sv after)
{
    size_t head = 0, tail = 0, lines = 0, most = before.n < after.n ? before.n : after.n;

    while (head < most && before.p[head] == after.p[head])
        head++;
    while (tail < most - head && before.p[before.n - 1 - tail] == after.p[after.n - 1 - tail])
        tail++;
    for (size_t i = head; i < before.n - tail; i++)
        lines += before.p[i] == '\n';
    return lines;
}

static const char *const reasons[] = {
    "comments stand in it",
    "a comment stands before it",
    "it is the whole document",
    "it has no braces",
};

/* Of the reasons not to do it, is it one of those that a text as ours may give? */
static bool is_good_reason(struct sv why)
{
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (sv_eq(why, sv_from(reasons[i])))
            return true;
    return memmem(why.p, why.n, "the alias on line ", 18);
}

/* What is new, and what replaces a single line, leaves all lines but one. */
static void check_lines(struct sv before, struct sv after, const struct yaml_doc *docs, const struct edit *edit)
{
    const struct json *old;

    while (docs->index != edit->document)
        docs = docs->next;
    old = pointer_get(docs->root, edit->pointer);
    if (!old || (value_size(old) > 0 && edit->kind >= EDIT_APPEND))
        assert_in_range(lines_touched(before, after), 0, 1);
}

static bool edit_once(struct sv text, const struct edit *edit, size_t comments, struct arena *a, struct sv *out)
{
    struct yaml_doc *docs = read_back(text, a);
    struct sv why = { NULL, 0 };
    struct err e = { .code = ERR_NONE };
    enum edit_outcome outcome = edit_text(SV("f"), text, edit, a, out, &why, &e);

    if (outcome == EDIT_FAILED)
        fail_msg("%s", e.msg);
    if (outcome == EDIT_REFUSED && !is_good_reason(why))
        fail_msg("%.*s: %d %.*s in\n%.*s", SV_ARG(why), (int)edit->kind, SV_ARG(edit->pointer), (int)text.n, text.p);
    if (outcome == EDIT_REFUSED)
        return false;
    check_meaning(docs, read_back(*out, a), edit, a);
    check_lines(text, *out, docs, edit);
    if (count_comments(*out) != comments)
        fail_msg("comments are lost, %zu of %zu are left: %d %.*s makes of\n%.*s\nthis\n%.*s", count_comments(*out),
                 comments, (int)edit->kind, SV_ARG(edit->pointer), (int)text.n, text.p, (int)out->n, out->p);
    return true;
}

static void edits_whatever_people_write(void **state UNUSED)
{
    size_t done = 0;

    for (size_t i = 0; i < TEXTS; i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(16 << 20);
        struct random r = random_from(5, i);
        struct buf text = BUF_IN(&a);
        struct wild wild = { .random = &r, .out = &text };
        struct sv now;

        wild_stream(&wild);
        now = buf_sv(&text);
        assert_int_equal(count_comments(now), wild.comments);
        for (size_t k = 0; k < EDITS && read_back(now, &a); k++) {
            struct edit edit = random_edit(&r, read_back(now, &a), &a);
            struct sv out;

            if (!edit_once(now, &edit, wild.comments, &a, &out))
                continue;
            now = out;
            done++;
        }
    }
    /* Most can be done. */
    assert_in_range(done, TEXTS * EDITS * 3 / 4, TEXTS * EDITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_it_cannot_do),         cmocka_unit_test(refuses_documents_that_are_not_there),
        cmocka_unit_test(fails_where_nothing_can_be_read),   cmocka_unit_test(does_many_at_once),
        cmocka_unit_test(finds_the_one_that_cannot_be_done), cmocka_unit_test(limits_memory),
        cmocka_unit_test(edits_whatever_people_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
