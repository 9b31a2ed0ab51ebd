/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters whose label sets come from the policies in use. They are learnt when
 * policies are read, which takes a lock and memory; counting takes neither. A
 * tally only grows, for whoever scrapes wants its series to last, but never
 * beyond its maximum: what it has not learnt is counted as `other`.
 */
#ifndef HTTP_TALLY_H
#define HTTP_TALLY_H

#include "base/buf.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { TALLY_LABELS = 4, TALLY_SLOTS = 1024, TALLY_MAX = 512 };

struct tally_row;

/* Lives as long as the process. */
struct tally {
    const char *name, *help;
    const char *labels[TALLY_LABELS]; /* NULL: no more */
    size_t max;                       /* label sets beside `other`; at most TALLY_MAX */
    pthread_mutex_t lock;             /* for who learns and prints */
    struct tally_row *first, *last;
    size_t count;
    _Atomic(struct tally_row *) slots[TALLY_SLOTS];
    atomic_uint_fast64_t other;
};
#define TALLY_INIT(the_name, the_help, the_max, ...)                                                                   \
    {                                                                                                                  \
        .name = (the_name), .help = (the_help), .labels = { __VA_ARGS__ }, .max = (the_max),                           \
        .lock = PTHREAD_MUTEX_INITIALIZER                                                                              \
    }

/* One value for each label. Learning what is known already changes nothing. */
void tally_learn(struct tally *t, const struct sv *values);

/* Any thread; waits for nobody. */
void tally_count(struct tally *t, const struct sv *values);

/* The family: every set that was learnt, and `other` when it is not zero. */
void tally_print(struct tally *t, struct buf *out);

#endif
