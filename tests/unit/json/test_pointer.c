/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6901: what refers to nothing, and section 5 in both directions. */
#include "base/attr.h"
#include "support/check.h"
#include "json/doc.h"
#include "json/pointer.h"

static const char text[] = "{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,\"i\\\\j\":5,"
                           "\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9,\"/\":{\"~\":10},\"o\":{\"0\":11}}";

static const struct {
    struct sv pointer;
    const char *number;
} rows[] = {
    { SV_INIT("foo"), NULL },
    { SV_INIT("/nothing"), NULL },
    { SV_INIT("/foo/2"), NULL },
    { SV_INIT("/foo/-"), NULL },
    { SV_INIT("/foo/00"), NULL },
    { SV_INIT("/foo/01"), NULL },
    { SV_INIT("/foo/-1"), NULL },
    { SV_INIT("/foo/ 0"), NULL },
    { SV_INIT("/foo/"), NULL },
    { SV_INIT("/foo/0/x"), NULL },
    { SV_INIT("/foo/4294967296"), NULL },
    { SV_INIT("/foo/18446744073709551616"), NULL },
    { SV_INIT("//"), NULL },
    { SV_INIT("/Foo"), NULL },
    { SV_INIT("/m~n"), NULL },
    { SV_INIT("/m~"), NULL },
    { SV_INIT("/m~2n"), NULL },
    { SV_INIT("/a/b"), NULL },
    { SV_INIT("/foo\0"), NULL },
    { SV_INIT("/"), "0" },
    { SV_INIT("/a~1b"), "1" },
    { SV_INIT("/c%d"), "2" },
    { SV_INIT("/e^f"), "3" },
    { SV_INIT("/g|h"), "4" },
    { SV_INIT("/i\\j"), "5" },
    { SV_INIT("/k\"l"), "6" },
    { SV_INIT("/ "), "7" },
    { SV_INIT("/m~0n"), "8" },
    { SV_INIT("/~01"), "9" },
    { SV_INIT("/~1/~0"), "10" },
    { SV_INIT("/o/0"), "11" },
};

static void gets_only_what_is_there(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { 0 };
    const struct json *root = doc_parse(sv_from(text), &a, &e);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sv number = value_number(pointer_get(root, rows[i].pointer));

        if (rows[i].number ? !sv_eq(number, sv_from(rows[i].number)) : number.p != NULL)
            fail_msg("%s", rows[i].pointer.p);
        assert_true(rows[i].number || !pointer_get(root, rows[i].pointer));
    }
    assert_ptr_equal(pointer_get(root, SV("")), root);
    assert_sv(value_string(pointer_get(root, SV("/foo/1"))), "baz");
    assert_null(pointer_get(NULL, SV("/foo")));
    assert_null(pointer_get(NULL, SV("")));
}

static void prints_the_way_to_each_value(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { 0 };
    const struct json *root = doc_parse(sv_from(text), &a, &e);
    const struct pointer top = POINTER_ROOT;

    assert_sv(pointer_print(&top, &a), "");
    for (struct value_iter it = value_iter(root); value_next(&it);) {
        struct pointer member = pointer_key(&top, it.key);

        assert_ptr_equal(pointer_get(root, pointer_print(&member, &a)), it.value);
        for (struct value_iter sub = value_iter(it.value); value_next(&sub);) {
            struct pointer below = sub.in_object ? pointer_key(&member, sub.key) : pointer_index(&member, sub.index);

            assert_ptr_equal(pointer_get(root, pointer_print(&below, &a)), sub.value);
        }
    }
}

static void prints_steps_that_are_pointers_themselves(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct pointer top = POINTER_ROOT;
    struct pointer spec = pointer_text(&top, SV("/spec/a~1b")), same = pointer_text(&spec, (struct sv){ NULL, 0 });
    struct pointer list = pointer_key(&same, SV("x~y/z")), item = pointer_index(&list, 12);
    struct pointer empty = pointer_key(&item, SV(""));

    assert_sv(pointer_print(&empty, &a), "/spec/a~1b/x~0y~1z/12/");
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    struct arena none = { 0 };
    const struct pointer top = POINTER_ROOT;
    struct pointer member = pointer_key(&top, SV("a"));
    struct sv rest = SV("/a~0"), token;

    assert_null(pointer_print(&member, &none).p);
    assert_true(pointer_token(&rest, &none, &token));
    assert_null(token.p);
}

static void takes_a_pointer_apart(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct sv rest = SV("/a//b~1c~01~0~2~"), token = SV("untouched"), wrong = SV("a/b");

    assert_false(pointer_token(&wrong, &a, &token));
    assert_sv(token, "untouched");
    assert_true(pointer_token(&rest, &a, &token));
    assert_sv(token, "a");
    assert_true(pointer_token(&rest, &a, &token));
    assert_sv(token, "");
    assert_true(pointer_token(&rest, &a, &token));
    assert_sv(token, "b/c~1~~2~");
    assert_false(pointer_token(&rest, &a, &token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gets_only_what_is_there),
        cmocka_unit_test(prints_the_way_to_each_value),
        cmocka_unit_test(prints_steps_that_are_pointers_themselves),
        cmocka_unit_test(says_when_the_arena_is_full),
        cmocka_unit_test(takes_a_pointer_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
