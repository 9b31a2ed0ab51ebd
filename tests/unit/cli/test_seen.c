/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/seen.h"
#include "support/check.h"

static void knows_what_it_has_seen(void **state UNUSED)
{
    CLEANUP(seen_fini) struct seen s = { 0 };

    assert_int_equal(seen_add(&s, 1, 7), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 7), SEEN_BEFORE);
    assert_int_equal(seen_add(&s, 2, 7), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 8), SEEN_FIRST);
}

static void never_takes_a_file_without_number_for_another(void **state UNUSED)
{
    CLEANUP(seen_fini) struct seen s = { 0 };

    assert_int_equal(seen_add(&s, 1, 0), SEEN_FIRST);
    assert_int_equal(seen_add(&s, 1, 0), SEEN_FIRST);
}

static void grows(void **state UNUSED)
{
    CLEANUP(seen_fini) struct seen s = { 0 };

    for (ino_t i = 1; i <= 10000; i++)
        assert_int_equal(seen_add(&s, i % 3, i * 4096), SEEN_FIRST);
    for (ino_t i = 1; i <= 10000; i++)
        assert_int_equal(seen_add(&s, i % 3, i * 4096), SEEN_BEFORE);
    assert_int_equal(s.count, 10000);
    assert_true(s.size <= 4 * s.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_it_has_seen),
        cmocka_unit_test(never_takes_a_file_without_number_for_another),
        cmocka_unit_test(grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
