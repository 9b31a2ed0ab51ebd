/* SPDX-License-Identifier: Apache-2.0 */
/* What must never be written as a patch is a conflict; everything else has one
 * order, whoever asked first. */
#include "patch/patch.h"

#include "base/attr.h"
#include "patch/apply.h"
#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MAX_OPS 6

struct ask {
    enum patch_class class;
    const char *pointer, *value, *owner;
};

/* Asks in the order of `order`, each index once. */
static enum patch_outcome finish(const struct ask *asks, const size_t *order, size_t count, const char *object,
                                 struct arena *a, struct sv *text, const struct patch_op **left,
                                 const struct patch_op **right)
{
    struct patch p = { 0 };
    struct err e = { 0 };
    const struct json *root = doc_parse(sv_from(object), a, &e);

    if (!root)
        fail_msg("%s: %s", object, e.msg);
    for (size_t i = 0; i < count; i++) {
        const struct ask *ask = &asks[order[i]];
        struct patch_op *op = arena_new(a, struct patch_op);

        assert_non_null(op);
        *op = (struct patch_op){ .class = ask->class,
                                 .pointer = sv_from(ask->pointer),
                                 .value = sv_from(ask->value),
                                 .owner = sv_from(ask->owner) };
        patch_add(&p, op);
    }
    return patch_finish(&p, root, a, text, left, right);
}

static const size_t forwards[MAX_OPS] = { 0, 1, 2, 3, 4, 5 };

static size_t count_asks(const struct ask *asks)
{
    size_t n = 0;

    while (n < MAX_OPS && asks[n].pointer)
        n++;
    return n;
}

static const struct {
    const char *what, *object;
    struct ask asks[MAX_OPS];
} conflicts[] = {
    { "two values for one member", "{}", { { PATCH_MEMBER, "/a", "1", "p" }, { PATCH_MEMBER, "/a", "2", "q" } } },
    { "two values for one place that exists",
      "{\"a\":0}",
      { { PATCH_REPLACE, "/a", "1", "p" }, { PATCH_REPLACE, "/a", "2", "q" } } },
    { "a replacement and a member",
      "{\"a\":0}",
      { { PATCH_REPLACE, "/a", "1", "p" }, { PATCH_MEMBER, "/a", "2", "q" } } },
    { "a value and something below it",
      "{\"a\":{}}",
      { { PATCH_REPLACE, "/a", "1", "p" }, { PATCH_MEMBER, "/a/b", "2", "q" } } },
    { "a value and something far below it",
      "{\"a\":{\"b\":{}}}",
      { { PATCH_MEMBER, "/a", "{}", "p" }, { PATCH_APPEND, "/a/b/c", "2", "q" } } },
    { "a value and something below it, with a neighbour between",
      "{\"a\":{}}",
      { { PATCH_MEMBER, "/a", "{}", "p" }, { PATCH_MEMBER, "/a-b", "1", "p" }, { PATCH_MEMBER, "/a/b", "2", "q" } } },
    { "a value for an array and an item of it",
      "{}",
      { { PATCH_MEMBER, "/a", "[]", "p" }, { PATCH_APPEND, "/a", "2", "q" } } },
    { "an item of an array and a member of it",
      "{}",
      { { PATCH_APPEND, "/a", "1", "p" }, { PATCH_MEMBER, "/a/b", "2", "q" } } },
    { "two items of one name",
      "{}",
      { { PATCH_APPEND, "/a", "{\"name\":\"x\",\"v\":1}", "p" },
        { PATCH_APPEND, "/a", "{\"name\":\"x\",\"v\":2}", "q" } } },
    { "the same item first and last",
      "{}",
      { { PATCH_APPEND, "/a", "{\"name\":\"x\"}", "p" }, { PATCH_INSERT, "/a", "{\"name\":\"x\"}", "q" } } },
    { "two mounts at one path",
      "{}",
      { { PATCH_APPEND, "/a", "{\"name\":\"x\",\"mountPath\":\"/m\"}", "p" },
        { PATCH_APPEND, "/a", "{\"name\":\"w\",\"mountPath\":\"/m\"}", "q" } } },
};

static void refuses_two_wishes_for_one_place(void **state UNUSED)
{
    static const size_t backwards[][MAX_OPS] = { { 0 }, { 0 }, { 1, 0 }, { 2, 1, 0 } };

    for (size_t i = 0; i < ARRAY_LEN(conflicts); i++) {
        size_t count = count_asks(conflicts[i].asks);

        for (int turn = 0; turn < 2; turn++) {
            CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
            const struct patch_op *left = NULL, *right = NULL;
            struct sv text = { NULL, 0 };

            if (finish(conflicts[i].asks, turn ? backwards[count] : forwards, count, conflicts[i].object, &a, &text,
                       &left, &right) != PATCH_CONFLICT)
                fail_msg("%s: %.*s", conflicts[i].what, SV_ARG(text));
            if (!left || !right || sv_eq(left->owner, right->owner))
                fail_msg("%s: does not name both", conflicts[i].what);
        }
    }
}

static void says_that_the_arena_is_full(void **state UNUSED)
{
    static const struct ask asks[] = { { PATCH_MEMBER, "/a/b", "1", "p" } };
    CLEANUP(arena_fini) struct arena wide = ARENA_INIT(1 << 20);
    CLEANUP(arena_fini) struct arena narrow = ARENA_INIT(1);
    const struct patch_op *left, *right;
    struct patch_op op = { .class = PATCH_MEMBER, .pointer = SV("/a/b"), .value = SV("1"), .owner = SV("p") };
    struct patch p = { 0 };
    struct sv text = { NULL, 0 };

    assert_int_equal(finish(asks, forwards, 1, "{}", &wide, &text, &left, &right), PATCH_READY);
    patch_add(&p, &op);
    assert_int_equal(patch_finish(&p, NULL, &narrow, &text, &left, &right), PATCH_FAILED);
}

static void makes_no_patch_of_nothing(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct patch_op *left, *right;
    struct sv text = { NULL, 0 };

    assert_int_equal(finish(NULL, forwards, 0, "{}", &a, &text, &left, &right), PATCH_EMPTY);
    assert_null(text.p);
}

#define ADD(path, value) "{\"op\":\"add\",\"path\":\"" path "\",\"value\":" value "}"
#define REPLACE(path, value) "{\"op\":\"replace\",\"path\":\"" path "\",\"value\":" value "}"

static const struct {
    const char *what, *object;
    struct ask asks[MAX_OPS];
    const char *patch, *result;
} rows[] = {
    { "a missing map and its parents, once each",
      "{}",
      { { PATCH_MEMBER, "/metadata/annotations/b", "\"2\"", "p" },
        { PATCH_MEMBER, "/metadata/annotations/a", "\"1\"", "q" } },
      "[" ADD("/metadata", "{}") "," ADD("/metadata/annotations", "{}") "," ADD(
          "/metadata/annotations/a", "\"1\"") "," ADD("/metadata/annotations/b", "\"2\"") "]",
      "{\"metadata\":{\"annotations\":{\"a\":\"1\",\"b\":\"2\"}}}" },
    { "a parent that is null",
      "{\"metadata\":{\"annotations\":null}}",
      { { PATCH_MEMBER, "/metadata/annotations/a", "\"1\"", "p" } },
      "[" REPLACE("/metadata/annotations", "{}") "," ADD("/metadata/annotations/a", "\"1\"") "]",
      "{\"metadata\":{\"annotations\":{\"a\":\"1\"}}}" },
    { "a null that stands in an array",
      "{\"c\":[null,{}]}",
      { { PATCH_MEMBER, "/c/0/a", "1", "p" } },
      "[" REPLACE("/c/0", "{}") "," ADD("/c/0/a", "1") "]",
      "{\"c\":[{\"a\":1},{}]}" },
    { "a missing array, for the first item only",
      "{\"spec\":{}}",
      { { PATCH_APPEND, "/spec/volumes", "{\"name\":\"x\"}", "p" },
        { PATCH_APPEND, "/spec/volumes", "{\"name\":\"w\"}", "p" } },
      "[" ADD("/spec/volumes", "[]") "," ADD("/spec/volumes/-", "{\"name\":\"x\"}") "," ADD("/spec/volumes/-",
                                                                                            "{\"name\":\"w\"}") "]",
      "{\"spec\":{\"volumes\":[{\"name\":\"x\"},{\"name\":\"w\"}]}}" },
    { "an array that is null",
      "{\"a\":null}",
      { { PATCH_INSERT, "/a", "1", "p" } },
      "[" REPLACE("/a", "[]") "," ADD("/a/0", "1") "]",
      "{\"a\":[1]}" },
    { "an array that both appends and inserts need",
      "{}",
      { { PATCH_INSERT, "/a", "1", "p" }, { PATCH_APPEND, "/a", "2", "p" } },
      "[" ADD("/a", "[]") "," ADD("/a/-", "2") "," ADD("/a/0", "1") "]",
      "{\"a\":[1,2]}" },
    { "the classes in their order",
      "{\"a\":[0],\"r\":0,\"m\":{}}",
      { { PATCH_INSERT, "/a", "1", "p" },
        { PATCH_APPEND, "/a", "2", "p" },
        { PATCH_MEMBER, "/m/x", "3", "p" },
        { PATCH_REPLACE, "/r", "4", "p" } },
      "[" REPLACE("/r", "4") "," ADD("/m/x", "3") "," ADD("/a/-", "2") "," ADD("/a/0", "1") "]",
      "{\"a\":[1,0,2],\"r\":4,\"m\":{\"x\":3}}" },
    { "the same wish of two policies",
      "{\"i\":\"a\",\"l\":[]}",
      { { PATCH_REPLACE, "/i", "\"b\"", "p" },
        { PATCH_REPLACE, "/i", "\"b\"", "q" },
        { PATCH_APPEND, "/l", "{\"name\":\"x\"}", "q" },
        { PATCH_APPEND, "/l", "{\"name\":\"x\"}", "p" },
        { PATCH_MEMBER, "/i", "\"b\"", "q" } },
      "[" REPLACE("/i", "\"b\"") "," ADD("/l/-", "{\"name\":\"x\"}") "]",
      "{\"i\":\"b\",\"l\":[{\"name\":\"x\"}]}" },
    { "keys with a slash and a tilde",
      "{\"m\":{\"a/b\":{}}}",
      { { PATCH_MEMBER, "/m/a~1b/c~0d", "1", "p" }, { PATCH_MEMBER, "/m/e~1f/g", "2", "p" } },
      "[" ADD("/m/e~1f", "{}") "," ADD("/m/a~1b/c~0d", "1") "," ADD("/m/e~1f/g", "2") "]",
      "{\"m\":{\"a/b\":{\"c~d\":1},\"e/f\":{\"g\":2}}}" },
    { "a key with a quote and a control character",
      "{\"m\":{}}",
      { { PATCH_MEMBER, "/m/a\"\n", "1", "p" } },
      "[{\"op\":\"add\",\"path\":\"/m/a\\\"\\n\",\"value\":1}]",
      "{\"m\":{\"a\\\"\\n\":1}}" },
    { "inserts below an array into which is inserted too",
      "{\"c\":[{\"env\":[1]},{}]}",
      { { PATCH_INSERT, "/c", "{}", "p" },
        { PATCH_INSERT, "/c/0/env", "2", "p" },
        { PATCH_INSERT, "/c/1/env", "3", "p" } },
      "[" ADD("/c/1/env", "[]") "," ADD("/c/1/env/0", "3") "," ADD("/c/0/env/0", "2") "," ADD("/c/0", "{}") "]",
      "{\"c\":[{},{\"env\":[2,1]},{\"env\":[3]}]}" },
    { "items of two policies: by policy, then as asked",
      "{\"a\":[]}",
      { { PATCH_APPEND, "/a", "3", "q" }, { PATCH_APPEND, "/a", "9", "p" }, { PATCH_APPEND, "/a", "1", "p" } },
      "[" ADD("/a/-", "9") "," ADD("/a/-", "1") "," ADD("/a/-", "3") "]",
      "{\"a\":[9,1,3]}" },
    { "one volume mounted twice",
      "{\"a\":[]}",
      { { PATCH_APPEND, "/a", "{\"name\":\"x\",\"mountPath\":\"/m\"}", "p" },
        { PATCH_APPEND, "/a", "{\"name\":\"x\",\"mountPath\":\"/n\"}", "p" } },
      "[" ADD("/a/-", "{\"name\":\"x\",\"mountPath\":\"/m\"}") "," ADD("/a/-",
                                                                       "{\"name\":\"x\",\"mountPath\":\"/n\"}") "]",
      "{\"a\":[{\"name\":\"x\",\"mountPath\":\"/m\"},{\"name\":\"x\",\"mountPath\":\"/n\"}]}" },
    { "names that begin alike",
      "{}",
      { { PATCH_MEMBER, "/a", "1", "p" }, { PATCH_MEMBER, "/ab", "2", "q" }, { PATCH_MEMBER, "/abc/d", "3", "q" } },
      "[" ADD("/abc", "{}") "," ADD("/a", "1") "," ADD("/ab", "2") "," ADD("/abc/d", "3") "]",
      "{\"abc\":{\"d\":3},\"a\":1,\"ab\":2}" },
    { "numbers in their order, past ten",
      "{\"c\":[{},{},{},{},{},{},{},{},{},{},{}]}",
      { { PATCH_MEMBER, "/c/10/a/b", "1", "p" }, { PATCH_MEMBER, "/c/9/a/b", "2", "p" } },
      "[" ADD("/c/9/a", "{}") "," ADD("/c/10/a", "{}") "," ADD("/c/9/a/b", "2") "," ADD("/c/10/a/b", "1") "]",
      "{\"c\":[{},{},{},{},{},{},{},{},{},{\"a\":{\"b\":2}},{\"a\":{\"b\":1}}]}" },
};

static void writes_one_order_with_the_missing_parents(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct patch_op *left, *right;
        struct sv text = { NULL, 0 };

        if (finish(rows[i].asks, forwards, count_asks(rows[i].asks), rows[i].object, &a, &text, &left, &right) !=
                PATCH_READY ||
            !sv_eq(text, sv_from(rows[i].patch)))
            fail_msg("%s: %.*s", rows[i].what, SV_ARG(text));
    }
}

static void what_it_writes_applies(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct patch_op *left, *right;
        struct err e = { 0 };
        struct sv text, result = { NULL, 0 };

        assert_int_equal(
            finish(rows[i].asks, forwards, count_asks(rows[i].asks), rows[i].object, &a, &text, &left, &right),
            PATCH_READY);
        if (!apply_patch(doc_parse(sv_from(rows[i].object), &a, &e), text, &a, &result, &e))
            fail_msg("%s: %s", rows[i].what, e.msg);
        if (!sv_eq(result, sv_from(rows[i].result)))
            fail_msg("%s: %.*s", rows[i].what, SV_ARG(result));
    }
}

static void does_not_depend_on_which_policy_asked_first(void **state UNUSED)
{
    static const struct ask asks[] = {
        { PATCH_APPEND, "/a", "1", "p" },   { PATCH_APPEND, "/a", "2", "q" }, { PATCH_MEMBER, "/m/x", "3", "p" },
        { PATCH_MEMBER, "/m/y", "4", "q" }, { PATCH_INSERT, "/a", "5", "q" }, { PATCH_APPEND, "/a", "1", "r" },
    };
    static const size_t orders[][MAX_OPS] = { { 0, 1, 2, 3, 4, 5 }, { 5, 4, 3, 2, 1, 0 }, { 3, 1, 5, 0, 4, 2 } };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct patch_op *left, *right;
    struct sv first = { NULL, 0 };

    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct sv text = { NULL, 0 };

        assert_int_equal(finish(asks, orders[i], MAX_OPS, "{}", &a, &text, &left, &right), PATCH_READY);
        if (i == 0)
            first = text;
        if (!sv_eq(text, first))
            fail_msg("%.*s", SV_ARG(text));
    }
}

/* For who applies them one by one: the text, operation by operation. */
static void lists_what_it_would_write(void **state UNUSED)
{
    static const struct patch_op want[] = {
        { .class = PATCH_REPLACE, .pointer = SV_INIT("/z"), .value = SV_INIT("0") },
        { .class = PATCH_REPLACE, .pointer = SV_INIT("/n"), .value = SV_INIT("{}") },
        { .class = PATCH_MEMBER, .pointer = SV_INIT("/n/x"), .value = SV_INIT("1") },
        { .class = PATCH_MEMBER, .pointer = SV_INIT("/a"), .value = SV_INIT("[]") },
        { .class = PATCH_APPEND, .pointer = SV_INIT("/a"), .value = SV_INIT("2") },
        { .class = PATCH_INSERT, .pointer = SV_INIT("/b"), .value = SV_INIT("3") },
    };
    static const size_t asked[] = { 5, 4, 2, 0 };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct patch_op ops[ARRAY_LEN(asked)];
    const struct patch_op *op = NULL;
    struct patch p = { 0 };
    struct err e = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        ops[i] = want[asked[i]];
        patch_add(&p, &ops[i]);
    }
    assert_int_equal(patch_order(&p, doc_parse(SV("{\"z\":1,\"n\":null,\"b\":[1]}"), &a, &e), &a, &op), PATCH_READY);
    for (size_t i = 0; i < ARRAY_LEN(want); i++, op = op->next) {
        assert_non_null(op);
        assert_int_equal(op->class, want[i].class);
        assert_true(sv_eq(op->pointer, want[i].pointer));
        assert_true(sv_eq(op->value, want[i].value));
    }
    assert_null(op);
    p = (struct patch){ 0 };
    assert_int_equal(patch_order(&p, NULL, &a, &op), PATCH_EMPTY);
    assert_null(op);
}

/* A pod of the largest size: looking every index up from the start, or every
 * parent among all others, would take minutes. */
static void stays_linear_for_a_pod_of_many_containers(void **state UNUSED)
{
    enum { CONTAINERS = 100000 };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT((size_t)1 << 30);
    struct buf object = BUF_IN(&a);
    struct patch p = { 0 };
    struct err e = { 0 };
    const struct patch_op *left, *right;
    struct sv text = { NULL, 0 };

    buf_add(&object, SV("{\"c\":[{}"));
    for (size_t i = 1; i < CONTAINERS; i++)
        buf_add(&object, SV(",{}"));
    buf_add(&object, SV("]}"));
    for (size_t i = 0; i < CONTAINERS; i++) {
        struct patch_op *op = arena_new(&a, struct patch_op);

        *op = (struct patch_op){ .class = PATCH_APPEND, .value = SV("1"), .owner = SV("p") };
        op->pointer = arena_printf(&a, "/c/%zu/env", i);
        patch_add(&p, op);
    }
    assert_int_equal(patch_finish(&p, doc_parse(buf_sv(&object), &a, &e), &a, &text, &left, &right), PATCH_READY);
    assert_true(sv_ends_with(text, SV(ADD("/c/99999/env/-", "1") "]")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_two_wishes_for_one_place),
        cmocka_unit_test(says_that_the_arena_is_full),
        cmocka_unit_test(makes_no_patch_of_nothing),
        cmocka_unit_test(writes_one_order_with_the_missing_parents),
        cmocka_unit_test(what_it_writes_applies),
        cmocka_unit_test(does_not_depend_on_which_policy_asked_first),
        cmocka_unit_test(lists_what_it_would_write),
        cmocka_unit_test(stays_linear_for_a_pod_of_many_containers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
