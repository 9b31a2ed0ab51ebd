/* SPDX-License-Identifier: Apache-2.0 */
/* The Gregorian calendar, proleptic; no time zones, no times of day. */
#include "base/date.h"

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* -1 unless all are digits. */
static int digits(const char *p, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -1;
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

bool date_parse(struct sv text, struct date *out)
{
    struct date d;

    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-')
        return false;
    d.year = digits(text.p, 4);
    d.month = digits(text.p + 5, 2);
    d.day = digits(text.p + 8, 2);
    if (d.year < 0 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > days_in(d.year, d.month))
        return false;
    *out = d;
    return true;
}

int date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return (a.day > b.day) - (a.day < b.day);
}

/* Days before the first of January of `year`, counted from year 0. */
static long days_before_year(long year)
{
    long full = year - 1;

    return year == 0 ? 0 : 366 + full * 365 + full / 4 - full / 100 + full / 400;
}

long date_days(struct date d)
{
    long days = days_before_year(d.year) - days_before_year(1970) + d.day - 1;

    for (int month = 1; month < d.month; month++)
        days += days_in(d.year, month);
    return days;
}

struct date date_of_days(long days)
{
    long year = 1970 + days / 366;
    struct date d = { .month = 1 };

    /* Never too late, and at most a year too early in each of three and a half centuries. */
    while (date_days((struct date){ (int)year + 1, 1, 1 }) <= days)
        year++;
    d.year = (int)year;
    days -= date_days((struct date){ d.year, 1, 1 });
    for (; days >= days_in(d.year, d.month); d.month++)
        days -= days_in(d.year, d.month);
    d.day = (int)days + 1;
    return d;
}

/* Not by gmtime_r(3): it takes a lock of the whole process, for each review. */
struct date date_today(void)
{
    enum { SECONDS_A_DAY = 86400 };

    return date_of_days((long)time(NULL) / SECONDS_A_DAY);
}
