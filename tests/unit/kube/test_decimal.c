/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers are compared exactly, whatever their spelling; what is none is none. */
#include "kube/decimal.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TEN "0123456789"
#define SIXTY "1234567891" TEN TEN TEN TEN TEN

static void refuses_what_is_no_number(void **state UNUSED)
{
    static const char *const texts[] = {
        "",     "-",     "+",     ".",   "-.",  "k",       "Ki",       "1 ",    " 1",  "1kk",
        "1ki",  "1KI",   "1K",    "1e",  "1e+", "1e-",     "1e1k",     "1.2.3", "1,5", "0x10",
        "--1",  "+-1",   "1e1.5", "NaN", "inf", "1e10000", "1E-10000", "1\n",   "١",   "1e99999999999999999999",
        "1Eii", "1_000",
    };
    int order = 0;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (decimal_is_number(sv_from(texts[i])))
            fail_msg("`%s` is a number", texts[i]);
        assert_false(decimal_compare(sv_from(texts[i]), SV("1"), &order));
        assert_false(decimal_compare(SV("1"), sv_from(texts[i]), &order));
    }
    assert_false(decimal_is_number((struct sv){ NULL, 0 }));
    assert_false(decimal_is_number((struct sv){ "1\0", 2 }));
}

static void refuses_more_digits_than_it_can_keep(void **state UNUSED)
{
    assert_true(decimal_is_number(SV(SIXTY "1234")));
    assert_false(decimal_is_number(SV(SIXTY "12345")));
    assert_false(decimal_is_number(SV("0." SIXTY "12345")));
    assert_true(decimal_is_number(SV(SIXTY "1234Ei")));
    assert_true(decimal_is_number(SV(SIXTY "0000000000000000000")));
    assert_true(decimal_is_number(SV("000000000000000000000000000000000000" SIXTY)));
    assert_false(
        decimal_is_number(SV("1000000000000000000000000000000000000000000000000000000000000000000000000000001")));
}

static void orders_numbers_by_their_size(void **state UNUSED)
{
    /* Each less than the next. */
    static const char *const rising[] = {
        "-1Ei", "-1E",       "-1.5k", "-1499.999", "-1",         "-0.5",         "-1n",    "0",     "1n",    "1.5n",
        "1u",   "0.0000015", "1m",    "0.05",      "499.9m",     "0.5",          "0.51",   "1",     "1.024", "9",
        "10",   "99",        "100",   "999",       "1k",         "1001",         "1Ki",    "1.03k", "1M",    "1Mi",
        "1G",   "1Gi",       "1T",    "1Ti",       "1P",         "1Pi",          "1E",     "1.1E",  "1Ei",   "8Ei",
        "1e19", "1e20",      "1E21",  SIXTY,       SIXTY "1234", SIXTY "1234Ki", "1e9999",
    };

    for (size_t i = 0; i < ARRAY_LEN(rising); i++)
        for (size_t k = 0; k < ARRAY_LEN(rising); k++) {
            int order = 7;

            if (!decimal_compare(sv_from(rising[i]), sv_from(rising[k]), &order))
                fail_msg("`%s` or `%s` is none", rising[i], rising[k]);
            if ((order > 0) - (order < 0) != (i > k) - (i < k))
                fail_msg("%s and %s: %d", rising[i], rising[k], order);
        }
}

static void equal_numbers_have_many_spellings(void **state UNUSED)
{
    static const char *const pairs[][2] = {
        { "0", "-0" },
        { "0", "0.000" },
        { "0", "0e5" },
        { "0", "-0Gi" },
        { "1", "1.0" },
        { "1", "+1" },
        { "1", "01" },
        { "1", "1." },
        { ".5", "0.5" },
        { "100", "1e2" },
        { "100", "1E2" },
        { "100", "1e+2" },
        { "0.01", "1e-2" },
        { "1", "1000m" },
        { "1.5", "1500m" },
        { "1k", "1000" },
        { "1Ki", "1024" },
        { "1.5Ki", "1536" },
        { "1Mi", "1048576" },
        { "1E", "1e18" },
        { "1Ei", "1152921504606846976" },
        { "0.5Gi", "512Mi" },
        { "3Ti", "3072Gi" },
        { "10.10", "10.1" },
        { "1000000000000000000000000000000", "1e30" },
        { "9Pi", "9.0Pi" },
        { "-2k", "-2000" },
        { "0.125Ki", "128" },
    };

    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        int order = 7;

        if (!decimal_compare(sv_from(pairs[i][0]), sv_from(pairs[i][1]), &order) || order != 0)
            fail_msg("%s and %s: %d", pairs[i][0], pairs[i][1], order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(refuses_more_digits_than_it_can_keep),
        cmocka_unit_test(orders_numbers_by_their_size),
        cmocka_unit_test(equal_numbers_have_many_spellings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
