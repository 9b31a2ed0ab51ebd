/* SPDX-License-Identifier: Apache-2.0 */
/* Dates that are none, and how far apart the others are. */
#include "base/attr.h"
#include "base/date.h"
#include "support/check.h"

static const struct sv bad[] = {
    SV_INIT(""),           SV_INIT("2026"),        SV_INIT("2026-1-1"),   SV_INIT("2026-13-01"),  SV_INIT("2026-00-10"),
    SV_INIT("2026-01-00"), SV_INIT("2026-01-32"),  SV_INIT("2026-04-31"), SV_INIT("2026-02-29"),  SV_INIT("1900-02-29"),
    SV_INIT("2026/01/01"), SV_INIT("2026-01-01 "), SV_INIT("-026-01-01"), SV_INIT("+026-01-01"),  SV_INIT("2026-01-0x"),
    SV_INIT("20260-1-01"), SV_INIT("2026-01-01T"), SV_INIT("2026--1-01"), SV_INIT("2026-01-1\0"), { NULL, 0 },
};

static const struct {
    struct sv text;
    long days;
} good[] = {
    { SV_INIT("1970-01-01"), 0 },       { SV_INIT("1969-12-31"), -1 },      { SV_INIT("1970-12-31"), 364 },
    { SV_INIT("1972-02-29"), 789 },     { SV_INIT("2000-02-29"), 11016 },   { SV_INIT("2000-03-01"), 11017 },
    { SV_INIT("2026-11-22"), 20779 },   { SV_INIT("2100-03-01"), 47541 },   { SV_INIT("9999-12-31"), 2932896 },
    { SV_INIT("0001-01-01"), -719162 }, { SV_INIT("0000-01-01"), -719528 },
};

static void refuses_what_is_no_date(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct date d = { 1, 2, 3 };

        if (date_parse(bad[i], &d))
            fail_msg("`%.*s` was taken", SV_ARG(bad[i]));
        assert_int_equal(d.year, 1);
    }
}

static void counts_days_from_the_epoch(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct date d;

        if (!date_parse(good[i].text, &d) || date_days(d) != good[i].days)
            fail_msg("%s: %ld", good[i].text.p, date_days(d));
    }
}

static void follows_the_calendar_day_by_day(void **state UNUSED)
{
    struct date d = { 1896, 1, 1 }, end = { 2104, 12, 31 };
    long days = date_days(d);

    for (; date_compare(d, end) < 0; days++) {
        time_t seconds = days * 86400;
        struct tm utc;

        assert_non_null(gmtime_r(&seconds, &utc));
        d = (struct date){ utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday };
        if (date_days(d) != days)
            fail_msg("%04d-%02d-%02d: %ld, not %ld", d.year, d.month, d.day, date_days(d), days);
        if (days >= 0 && date_compare(date_of_days(days), d) != 0)
            fail_msg("%ld is not %04d-%02d-%02d", days, d.year, d.month, d.day);
    }
}

static void compares_by_year_then_month_then_day(void **state UNUSED)
{
    struct date d = { 2026, 6, 15 };

    assert_int_equal(date_compare(d, d), 0);
    assert_true(date_compare(d, (struct date){ 2027, 1, 1 }) < 0);
    assert_true(date_compare(d, (struct date){ 2025, 12, 31 }) > 0);
    assert_true(date_compare(d, (struct date){ 2026, 7, 1 }) < 0);
    assert_true(date_compare(d, (struct date){ 2026, 5, 31 }) > 0);
    assert_true(date_compare(d, (struct date){ 2026, 6, 16 }) < 0);
    assert_true(date_compare(d, (struct date){ 2026, 6, 14 }) > 0);
}

static void knows_today(void **state UNUSED)
{
    long before = (long)(time(NULL) / 86400), today = date_days(date_today());

    assert_in_range(today, before, (long)(time(NULL) / 86400));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_date),
        cmocka_unit_test(counts_days_from_the_epoch),
        cmocka_unit_test(follows_the_calendar_day_by_day),
        cmocka_unit_test(compares_by_year_then_month_then_day),
        cmocka_unit_test(knows_today),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
