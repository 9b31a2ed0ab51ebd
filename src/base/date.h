/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendar dates, UTC. `today` is read once per review at the edge and handed
 * down, so that every verdict can be repeated.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/sv.h"

struct date {
    int year, month, day; /* 0, 0, 0: no date */
};

/* RFC 3339 full-date, "2026-11-22", and a day that exists. */
bool date_parse(struct sv text, struct date *out);

/* Negative, zero, positive. */
int date_compare(struct date a, struct date b);

/* Days from the epoch; for differences. */
long date_days(struct date d);
/* The other way round; from 1970-01-01 (0) on. */
struct date date_of_days(long days);

struct date date_today(void);

#endif
