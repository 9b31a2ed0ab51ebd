/* SPDX-License-Identifier: Apache-2.0 */
/* Repairs of many objects in one text: what is written, what is left and what is counted. */
#include "cli/fix.h"
#include "support/check.h"

static void add(struct fix *fix, size_t document, const char *prefix, const struct patch_op *ops, size_t count,
                struct arena *a)
{
    struct patch_op *linked = arena_array(a, count, struct patch_op);
    struct err e = { .code = ERR_NONE };

    assert_non_null(linked);
    for (size_t i = 0; i < count; i++) {
        linked[i] = ops[i];
        linked[i].next = i + 1 < count ? &linked[i + 1] : NULL;
    }
    assert_true(fix_object(fix, document, sv_from(prefix), count ? linked : NULL, a, &e));
    /* It has copied what it needs. */
    memset(linked, 0, count * sizeof(*linked));
}

static void finish(struct fix *fix, const char *want, size_t done, struct arena *a)
{
    struct err e = { .code = ERR_NONE };

    if (!fix_write(fix, a, &e))
        fail_msg("%s", e.msg);
    assert_sv(fix->text, want);
    assert_int_equal(fix->done, done);
}

#define OP(the_class, the_pointer, the_value)                                                                          \
    {                                                                                                                  \
        .class = (the_class), .pointer = SV_INIT(the_pointer), .value = SV_INIT(the_value)                             \
    }

static const struct patch_op labels[] = {
    OP(PATCH_REPLACE, "/image", "\"b\""),         OP(PATCH_MEMBER, "/metadata", "{}"),
    OP(PATCH_MEMBER, "/metadata/labels", "{}"),   OP(PATCH_MEMBER, "/metadata/labels/x", "\"1\""),
    OP(PATCH_MEMBER, "/metadata/labels/z", "2"),  OP(PATCH_APPEND, "/env", "{\"name\":\"A\"}"),
    OP(PATCH_APPEND, "/env", "{\"name\":\"B\"}"),
};

static void writes_parents_with_what_needs_them(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct fix fix = { .file = SV("f.yaml"), .text = SV("image: a # x\nenv: # none\n---\nimage: c\n") };

    add(&fix, 0, "", labels, ARRAY_LEN(labels), &a);
    finish(&fix,
           "image: b # x\nenv: # none\n- name: A\n- name: B\nmetadata:\n  labels:\n    x: \"1\"\n    z: 2\n"
           "---\nimage: c\n",
           5, &a);
    assert_null(fix.left);
}

static void writes_all_objects_of_a_text(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct fix fix = { .file = SV("f.yaml"), .text = SV("items:\n- image: a\n- image: a\n---\nimage: a\n") };

    add(&fix, 0, "/items/0", labels, 1, &a);
    add(&fix, 1, "", labels, 4, &a);
    add(&fix, 0, "/items/1", labels, 4, &a);
    finish(&fix,
           "items:\n- image: b\n- image: b\n  metadata:\n    labels:\n      x: \"1\"\n---\nimage: b\n"
           "metadata:\n  labels:\n    x: \"1\"\n",
           5, &a);
}

static void says_what_is_left_once(void **state UNUSED)
{
    static const struct patch_op ops[] = {
        OP(PATCH_REPLACE, "/image", "\"b\""),
        OP(PATCH_MEMBER, "/metadata/labels", "{}"),
        OP(PATCH_MEMBER, "/metadata/labels/x", "\"1\""),
        OP(PATCH_MEMBER, "/x", "1"),
    };
    static const char text[] = "base: &m {}\nimage: &i a\nmetadata: *m\nother: *i\n";
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct fix fix = { .file = SV("f.yaml"), .text = sv_from(text) };

    add(&fix, 0, "", ops, ARRAY_LEN(ops), &a);
    finish(&fix, "base: &m {}\nimage: &i a\nmetadata: *m\nother: *i\nx: 1\n", 1, &a);
    assert_non_null(fix.left);
    assert_sv(fix.left->pointer, "/image");
    assert_sv(fix.left->why, "the alias on line 4 refers to what it is part of");
    assert_sv(fix.left->next->pointer, "/metadata/labels");
    assert_sv(fix.left->next->why, "it is reached through the alias on line 3");
    assert_null(fix.left->next->next);
}

static void leaves_a_text_without_repairs(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct fix fix = { .file = SV("f.yaml"), .text = SV("a: [") };

    add(&fix, 0, "", labels, 0, &a);
    finish(&fix, "a: [", 0, &a);
}

static void limits_memory(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(10);
    struct fix fix = { .file = SV("f.yaml"), .text = SV("a: b\n") };
    struct patch_op op = OP(PATCH_MEMBER, "/metadata", "{}");
    struct err e = { .code = ERR_NONE };

    assert_false(fix_object(&fix, 0, SV(""), &op, &a, &e));
    assert_err(e, ERR_LIMIT, "bytes of memory");
}

/* A list as a cluster has it: a few rounds, not one for each of thousands of repairs. */
static void copes_with_long_lists(void **state UNUSED)
{
    enum { PODS = 1500 };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1u << 30);
    struct buf text = BUF_IN(&a), want = BUF_IN(&a);
    struct fix fix = { .file = SV("f.json") };

    for (size_t i = 0; i < PODS; i++) {
        buf_printf(&text, "%s{\"image\":\"a%zu\",\"env\":[]}", i ? "," : "{\"items\":[", i);
        buf_printf(&want,
                   "%s{\"image\":\"b\",\"env\":[{\"name\":\"A\"},{\"name\":\"B\"}],"
                   "\"metadata\":{\"labels\":{\"x\":\"1\",\"z\":2}}}",
                   i ? "," : "{\"items\":[");
    }
    buf_add(&text, SV("]}\n"));
    buf_add(&want, SV("]}\n"));
    fix.text = buf_sv(&text);
    for (size_t i = 0; i < PODS; i++)
        add(&fix, 0, arena_cstr(&a, arena_printf(&a, "/items/%zu", i)), labels, ARRAY_LEN(labels), &a);
    buf_add_char(&want, '\0');
    finish(&fix, want.p, (size_t)PODS * 5, &a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_parents_with_what_needs_them),
        cmocka_unit_test(writes_all_objects_of_a_text),
        cmocka_unit_test(says_what_is_left_once),
        cmocka_unit_test(leaves_a_text_without_repairs),
        cmocka_unit_test(limits_memory),
        cmocka_unit_test(copes_with_long_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
