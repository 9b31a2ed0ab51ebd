/* SPDX-License-Identifier: Apache-2.0 */
/* Quantities of bytes: what is not an exact whole number is refused. */
#include "kube/quantity.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const refused[] = {
    "",
    " ",
    "Mi",
    "1.5Gi",
    "-1",
    "+1",
    "1e3",
    "500m",
    "1KI",
    "1kI",
    "1 Mi",
    " 1Mi",
    "1Mi ",
    "1MM",
    "1Bi",
    "0x10",
    "1K",
    "16Ei",
    "99E",
    "Ei",
    "18446744073709551616",
    "99999999999999999999Mi",
};

static void refuses_what_is_not_a_whole_number_of_bytes(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        size_t bytes = 7;

        if (quantity_parse(sv_from(refused[i]), &bytes))
            fail_msg("`%s` was read as %zu", refused[i], bytes);
        assert_int_equal(bytes, 7);
    }
}

static const struct {
    const char *text;
    size_t bytes;
} accepted[] = {
    { "0", 0 },
    { "1048576", 1048576 },
    { "1k", 1000 },
    { "1Ki", 1024 },
    { "16Mi", 16u << 20 },
    { "500k", 500000 },
    { "1G", 1000000000 },
    { "2Gi", 2147483648 },
    { "15Ei", 15ull << 60 },
    { "18E", 18000000000000000000ull },
    { "18446744073709551615", SIZE_MAX },
};

static void reads_the_suffixes_of_kubernetes(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        size_t bytes = 7;

        if (!quantity_parse(sv_from(accepted[i].text), &bytes) || bytes != accepted[i].bytes)
            fail_msg("`%s` was read as %zu", accepted[i].text, bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_not_a_whole_number_of_bytes),
        cmocka_unit_test(reads_the_suffixes_of_kubernetes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
