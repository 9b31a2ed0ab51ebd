/* SPDX-License-Identifier: Apache-2.0 */
/* As many connections as descriptors allow, and no time without an end. */
#include "net/limits.h"

#include "support/check.h"

static void connections_fit_into_the_descriptors(void **state)
{
    static const size_t descriptors[] = { 256, 1024, 4096, 20000 };

    (void)state;
    for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++) {
        struct limits l = limits_default(descriptors[i]);

        assert_true(l.connections * LIMITS_FDS_PER_CONNECTION + LIMITS_FDS_RESERVED <= descriptors[i]);
        assert_true(l.connections > 0 && l.connections_per_address < l.connections);
    }
    assert_int_equal(limits_default(20000).connections, (20000 - 64) / 3);
    assert_true(limits_default(0).connections > 0);
    assert_true(limits_default(SIZE_MAX).connections <= 16384);
}

static void every_phase_has_an_end(void **state)
{
    struct limits l = limits_default(1024);

    (void)state;
    assert_true(l.handshake_ms > 0 && l.linger_ms > 0);
    for (int i = 0; i < SERVER_PHASES; i++)
        assert_true(l.phase_ms[i] > 0);
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
        cmocka_unit_test(every_phase_has_an_end),
        cmocka_unit_test(raises_to_what_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
