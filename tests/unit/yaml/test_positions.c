/* SPDX-License-Identifier: Apache-2.0 */
/* Places of what is there, and of what is nearest to what is not. */
#include "support/check.h"
#include "yaml/positions.h"

static const struct place none = { 0, 0 };

static void check_place(struct place got, uint32_t line, uint32_t column)
{
    assert_int_equal(got.line, line);
    assert_int_equal(got.column, column);
}

static struct positions *sample(struct arena *a)
{
    struct positions *p = positions_new(a);

    assert_true(positions_add(p, SV(""), none, (struct place){ 1, 1 }));
    assert_true(positions_add(p, SV("/a~1b"), (struct place){ 2, 1 }, (struct place){ 2, 6 }));
    assert_true(positions_add(p, SV("/a~1b/0"), none, (struct place){ 3, 3 }));
    assert_true(positions_add(p, SV("/a~1b/0/x"), (struct place){ 3, 4 }, (struct place){ 3, 7 }));
    assert_true(positions_add(p, SV("/a~1b/1"), none, (struct place){ 4, 3 }));
    assert_true(positions_add(p, SV("/"), (struct place){ 5, 1 }, (struct place){ 5, 5 }));
    assert_true(positions_add(p, SV("//x"), (struct place){ 6, 1 }, (struct place){ 6, 5 }));
    return p;
}

static void falls_back_to_the_nearest_parent(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct positions *p = sample(&a);

    check_place(positions_value(p, SV("/nothing")), 1, 1);
    check_place(positions_value(p, SV("/a")), 1, 1);
    check_place(positions_value(p, SV("/a~1b/2")), 2, 6);
    check_place(positions_value(p, SV("/a~1b/0/y/z/0")), 3, 3);
    check_place(positions_value(p, SV("/a~1b/0/x/y")), 3, 7);
    check_place(positions_value(p, SV("/x")), 1, 1);
    check_place(positions_key(p, SV("/a~1b/0/x/y")), 3, 4);
}

static void says_the_start_when_empty(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct positions *p = positions_new(&a);

    check_place(positions_value(p, SV("")), 1, 1);
    check_place(positions_key(p, SV("/a")), 1, 1);
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1000);
    struct positions *p = positions_new(&a);
    struct arena zero = { 0 };

    assert_null(positions_new(&zero));
    assert_non_null(p);
    assert_false(positions_add(p, SV(""), none, (struct place){ 1, 1 }));
}

static void knows_values_and_keys(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct positions *p = sample(&a);

    check_place(positions_value(p, SV("")), 1, 1);
    check_place(positions_value(p, SV("/a~1b")), 2, 6);
    check_place(positions_key(p, SV("/a~1b")), 2, 1);
    check_place(positions_value(p, SV("/a~1b/0")), 3, 3);
    check_place(positions_key(p, SV("/a~1b/0")), 3, 3);
    check_place(positions_value(p, SV("/a~1b/1")), 4, 3);
    check_place(positions_value(p, SV("/")), 5, 5);
    check_place(positions_key(p, SV("//x")), 6, 1);
}

static void finds_each_of_many(void **state UNUSED)
{
    enum { LISTS = 200, ITEMS = 100 };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(32 << 20);
    struct positions *p = positions_new(&a);

    assert_true(positions_add(p, SV(""), none, (struct place){ 1, 1 }));
    for (uint32_t i = 0; i < LISTS; i++) {
        assert_true(positions_add(p, arena_printf(&a, "/%u", i), none, (struct place){ i + 2, 1 }));
        for (uint32_t j = 0; j < ITEMS; j++)
            assert_true(positions_add(p, arena_printf(&a, "/%u/%u", i, j), none, (struct place){ i + 2, j + 2 }));
    }
    for (uint32_t i = 0; i < LISTS; i++)
        for (uint32_t j = 0; j < ITEMS; j++)
            check_place(positions_value(p, arena_printf(&a, "/%u/%u", i, j)), i + 2, j + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(falls_back_to_the_nearest_parent),
        cmocka_unit_test(says_the_start_when_empty),
        cmocka_unit_test(says_when_the_arena_is_full),
        cmocka_unit_test(knows_values_and_keys),
        cmocka_unit_test(finds_each_of_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
