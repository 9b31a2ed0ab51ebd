/* SPDX-License-Identifier: Apache-2.0 */
/* A quota is rounded up; what cannot be read is no quota. */
#include "net/cpus.h"

#include "support/check.h"

static const struct {
    const char *text;
    size_t online, cpus;
} rows[] = {
    { "", 4, 4 },
    { "max 100000\n", 4, 4 },
    { "100000\n", 4, 4 },
    { "100000 0\n", 4, 4 },
    { "-1 100000\n", 4, 4 },
    { "100000 100000 x\n", 4, 4 },
    { "1000 100000\n", 4, 1 },
    { "0 100000\n", 4, 1 },
    { "100000 100000\n", 4, 1 },
    { "150000 100000\n", 4, 2 },
    { "200000 100000", 4, 2 },
    { "900000 100000\n", 4, 4 },
    { "50000 10000\n", 8, 5 },
};

static void reads_every_quota(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (cpus_of_quota(sv_from(rows[i].text), rows[i].online) != rows[i].cpus)
            fail_msg("%s: %zu", rows[i].text, cpus_of_quota(sv_from(rows[i].text), rows[i].online));
}

static void there_is_always_one(void **state)
{
    (void)state;
    assert_in_range(cpus_available(), 1, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_quota),
        cmocka_unit_test(there_is_always_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
