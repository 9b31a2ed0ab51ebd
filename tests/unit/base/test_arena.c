/* SPDX-License-Identifier: Apache-2.0 */
/* What an arena refuses, what it keeps and where it grows. */
#include "base/arena.h"
#include "support/check.h"
#include <stdalign.h>

enum { ORDINARY = 64 << 10 };

static void refuses_what_exceeds_the_maximum(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1000);
    struct err e = { 0 };

    assert_null(arena_alloc(&a, 1000));
    assert_true(a.is_full);
    assert_int_equal(a.used, 0);
    assert_false(arena_error(&a, &e));
    assert_err(e, ERR_LIMIT, "1000 bytes");
}

static void stays_full_until_reset(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1000);

    assert_null(arena_alloc(&a, 2000));
    assert_non_null(arena_alloc(&a, 10));
    assert_true(a.is_full);
    arena_reset(&a);
    assert_false(a.is_full);
}

static void refuses_sizes_that_overflow(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(SIZE_MAX);

    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX - 8));
    assert_null(arena_zalloc(&a, SIZE_MAX / 2, 3));
    assert_null(arena_zalloc(&a, (size_t)1 << 33, (size_t)1 << 33));
    assert_true(a.is_full);
}

static void never_takes_more_than_the_maximum(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(200000);
    size_t got = 0;

    while (arena_alloc(&a, 100))
        got++;
    assert_true(a.used <= a.max);
    assert_in_range(got, 1500, 2000);
}

static void says_memory_when_the_system_has_none(void **state UNUSED)
{
    struct arena a = ARENA_INIT(1000);
    struct err e = { 0 };

    assert_false(arena_error(&a, &e));
    assert_err(e, ERR_NOMEM, "memory");
}

static void gives_empty_allocations_their_own_address(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(ORDINARY);
    void *one = arena_alloc(&a, 0), *two = arena_alloc(&a, 0);

    assert_non_null(one);
    assert_non_null(two);
    assert_ptr_not_equal(one, two);
}

static void aligns_for_any_type(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t n = 0; n < 100; n++)
        assert_int_equal((uintptr_t)arena_alloc(&a, n) % alignof(max_align_t), 0);
    assert_int_equal((uintptr_t)arena_alloc(&a, ORDINARY + 1) % alignof(max_align_t), 0);
}

static void zeroes_memory_that_was_used_before(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char *p = arena_alloc(&a, 4000);

    memset(p, 'x', 4000);
    arena_reset(&a);
    p = arena_array(&a, 4000, char);
    for (size_t i = 0; i < 4000; i++)
        assert_int_equal(p[i], 0);
}

static void grows_the_newest_in_place(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char *p = arena_alloc(&a, 10);

    memcpy(p, "0123456789", 10);
    assert_ptr_equal(arena_realloc(&a, p, 10, 5000), p);
    assert_memory_equal(p, "0123456789", 10);
    assert_ptr_equal(arena_realloc(&a, p, 5000, 20), p);
}

static void copies_what_is_not_the_newest(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char *p = arena_alloc(&a, 10), *other, *moved;

    memcpy(p, "0123456789", 10);
    other = arena_alloc(&a, 10);
    memset(other, 'x', 10);
    moved = arena_realloc(&a, p, 10, 100);
    assert_ptr_not_equal(moved, p);
    assert_memory_equal(moved, "0123456789", 10);
    memset(moved, 'y', 100);
    assert_memory_equal(other, "xxxxxxxxxx", 10);
}

static void grows_a_large_block_without_holding_it_twice(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(3 << 20);
    size_t size = 200000;
    char *p = arena_alloc(&a, size);

    memset(p, 'x', size);
    for (; size < 1 << 20; size *= 2) {
        p = arena_realloc(&a, p, size, size * 2);
        assert_non_null(p);
        assert_int_equal(p[size - 1], 'x');
        memset(p, 'x', size * 2);
    }
    assert_true(a.used < size + 1000);
    assert_null(arena_realloc(&a, p, size, 4 << 20));
    assert_true(a.is_full);
    assert_int_equal(p[size - 1], 'x');
}

static void reset_keeps_what_an_ordinary_round_needs(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(8 << 20);
    size_t kept;

    for (size_t i = 0; i < 100; i++)
        assert_non_null(arena_alloc(&a, 5000));
    assert_non_null(arena_alloc(&a, 300000));
    kept = a.used;
    arena_reset(&a);
    for (size_t round = 0; round < 3; round++) {
        assert_int_equal(a.used, kept);
        assert_non_null(arena_alloc(&a, 300000));
        for (size_t i = 0; i < 100; i++)
            assert_non_null(arena_alloc(&a, 5000));
        assert_int_equal(a.used, kept);
        arena_reset(&a);
    }
}

static void reset_gives_back_what_is_beyond(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(8 << 20);

    for (size_t i = 0; i < 40; i++)
        assert_non_null(arena_alloc(&a, 60000));
    assert_non_null(arena_alloc(&a, 2 << 20));
    arena_reset(&a);
    assert_true(a.used <= ARENA_KEEPS);
    assert_true(a.used > ARENA_KEEPS / 2);
}

static void what_was_kept_makes_room_where_it_is_too_small(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < 10; i++)
        assert_non_null(arena_alloc(&a, 60000));
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 900000));
    assert_true(a.used <= a.max);
    assert_null(arena_alloc(&a, 200000));
    assert_true(a.is_full);
}

static void reset_of_nothing_is_nothing(void **state UNUSED)
{
    struct arena a = { 0 };

    arena_reset(&a);
    arena_fini(&a);
    assert_null(arena_alloc(&a, 1));
}

static void makes_strings(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(ORDINARY);

    assert_null(arena_cstr(&a, (struct sv){ "a\0b", 3 }));
    assert_string_equal(arena_cstr(&a, (struct sv){ "abc", 2 }), "ab");
    assert_string_equal(arena_cstr(&a, (struct sv){ NULL, 0 }), "");
    assert_sv(arena_copy(&a, SV("abc")), "abc");
    assert_sv(arena_copy(&a, (struct sv){ NULL, 0 }), "");
    assert_sv(arena_printf(&a, "%s-%d", "x", 7), "x-7");
    assert_sv(arena_printf(&a, "%*s", 70000, "x"), NULL);
}

/* What stands there when its block is given back (the linker's --wrap=free). */
static const char *watched;
static char last_seen[8];

void __real_free(void *p);
void __wrap_free(void *p);
void __wrap_free(void *p)
{
    if (watched && (const char *)p < watched && watched - (const char *)p < ORDINARY)
        memcpy(last_seen, watched, sizeof(last_seen));
    __real_free(p);
}

static void wipes_what_is_in_use_and_what_was_kept(void **state UNUSED)
{
    struct arena a = ARENA_INIT(1 << 20);

    watched = arena_cstr(&a, SV("secret"));
    arena_fini(&a);
    assert_string_equal(last_seen, "secret");

    watched = arena_cstr(&a, SV("secret"));
    arena_wipe(&a);
    assert_string_equal(last_seen, "");

    memcpy(last_seen, "unseen", sizeof("unseen"));
    watched = arena_cstr(&a, SV("secret"));
    arena_reset(&a);
    assert_string_equal(last_seen, "unseen");
    arena_wipe(&a);
    assert_string_equal(last_seen, "");
    assert_int_equal(a.used, 0);
    watched = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_exceeds_the_maximum),
        cmocka_unit_test(stays_full_until_reset),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(never_takes_more_than_the_maximum),
        cmocka_unit_test(says_memory_when_the_system_has_none),
        cmocka_unit_test(gives_empty_allocations_their_own_address),
        cmocka_unit_test(aligns_for_any_type),
        cmocka_unit_test(zeroes_memory_that_was_used_before),
        cmocka_unit_test(grows_the_newest_in_place),
        cmocka_unit_test(copies_what_is_not_the_newest),
        cmocka_unit_test(grows_a_large_block_without_holding_it_twice),
        cmocka_unit_test(reset_keeps_what_an_ordinary_round_needs),
        cmocka_unit_test(reset_gives_back_what_is_beyond),
        cmocka_unit_test(what_was_kept_makes_room_where_it_is_too_small),
        cmocka_unit_test(reset_of_nothing_is_nothing),
        cmocka_unit_test(makes_strings),
        cmocka_unit_test(wipes_what_is_in_use_and_what_was_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
