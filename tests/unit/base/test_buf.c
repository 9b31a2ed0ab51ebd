/* SPDX-License-Identifier: Apache-2.0 */
/* The maximum, the sticky failure, and both owners of the memory. */
#include "base/buf.h"
#include "support/check.h"

static void fails_beyond_the_maximum_and_stays_failed(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(5);

    buf_add(&b, SV("abc"));
    buf_add(&b, SV("def"));
    assert_false(buf_ok(&b));
    buf_add(&b, SV("g"));
    buf_add_char(&b, 'h');
    buf_printf(&b, "%d", 1);
    assert_null(buf_room(&b, 0));
    assert_sv(buf_sv(&b), "abc");
}

static void has_no_room_when_zeroed(void **state UNUSED)
{
    struct buf b = { 0 };

    buf_add(&b, SV(""));
    assert_true(buf_ok(&b));
    buf_add_char(&b, 'x');
    assert_false(buf_ok(&b));
    buf_fini(&b);
}

static void refuses_sizes_that_overflow(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(SIZE_MAX);

    buf_add(&b, SV("abc"));
    assert_null(buf_room(&b, SIZE_MAX));
    buf_reset(&b);
    buf_add(&b, SV("abc"));
    assert_null(buf_room(&b, SIZE_MAX - 3));
    assert_false(buf_ok(&b));
}

static void fails_when_its_arena_is_full(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4096);
    struct buf b = BUF_IN(&a);

    for (size_t i = 0; i < 5000; i++)
        buf_add_char(&b, 'x');
    assert_false(buf_ok(&b));
    assert_true(a.is_full);
    assert_int_equal(b.p[b.len - 1], 'x');
}

static void formats_to_the_last_byte(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(8);

    buf_printf(&b, "%s", "1234");
    buf_printf(&b, "%d", 5678);
    assert_true(buf_ok(&b));
    assert_sv(buf_sv(&b), "12345678");
    buf_printf(&b, "%s", "");
    assert_true(buf_ok(&b));
    buf_printf(&b, "%d", 9);
    assert_false(buf_ok(&b));
    assert_sv(buf_sv(&b), "12345678");
}

static void grows_and_keeps_what_it_holds(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 24);
    CLEANUP(buf_fini) struct buf heap = BUF_INIT(1 << 24);
    struct buf in_arena = BUF_IN(&a);

    for (size_t i = 0; i < 100000; i++) {
        buf_printf(&heap, "%zu,", i % 10);
        buf_printf(&in_arena, "%zu,", i % 10);
    }
    assert_true(buf_ok(&heap) && buf_ok(&in_arena));
    assert_int_equal(heap.len, 200000);
    for (size_t i = 0; i < heap.len; i += 2)
        assert_int_equal(heap.p[i], '0' + (int)(i / 2 % 10));
    assert_memory_equal(heap.p, in_arena.p, heap.len);
}

static void lends_room_that_the_caller_fills(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(10);
    char *p = buf_room(&b, 10);

    memcpy(p, "0123456789", 10);
    assert_sv(buf_sv(&b), "");
    b.len += 10;
    assert_sv(buf_sv(&b), "0123456789");
}

static void reset_empties_and_forgives(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf b = BUF_INIT(3);

    buf_add(&b, SV("abcd"));
    buf_reset(&b);
    assert_true(buf_ok(&b));
    buf_add(&b, SV("xyz"));
    assert_sv(buf_sv(&b), "xyz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fails_beyond_the_maximum_and_stays_failed),
        cmocka_unit_test(has_no_room_when_zeroed),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(fails_when_its_arena_is_full),
        cmocka_unit_test(formats_to_the_last_byte),
        cmocka_unit_test(grows_and_keeps_what_it_holds),
        cmocka_unit_test(lends_room_that_the_caller_fills),
        cmocka_unit_test(reset_empties_and_forgives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
