/* SPDX-License-Identifier: Apache-2.0 */
/* As many connections as descriptors allow. */
#include "net/limits.h"

#include "support/check.h"

static void connections_fit_into_the_descriptors(void **state)
{
    static const size_t descriptors[] = { 256, 1024, 4096, 20000 };

    (void)state;
    for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++)
        assert_true(limits_connections(descriptors[i]) * LIMITS_FDS_PER_CONNECTION + LIMITS_FDS_RESERVED <=
                    descriptors[i]);
    assert_int_equal(limits_connections(20000), (20000 - 64) / 3);
    assert_true(limits_connections(0) > 0);
    assert_true(limits_connections(SIZE_MAX) <= 16384);
}

static void raises_to_what_is_allowed(void **state)
{
    size_t now = limits_raise_descriptors();

    (void)state;
    assert_true(now > 0);
    assert_int_equal(limits_raise_descriptors(), now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_fit_into_the_descriptors),
        cmocka_unit_test(raises_to_what_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
