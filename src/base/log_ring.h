/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines on their way from many threads to one: 1 MiB, never more. Who puts
 * takes no lock, makes no system call and waits for nobody; a line for which
 * there is no room is refused whole. Lines leave in the order in which they
 * were given a place.
 */
#ifndef BASE_LOG_RING_H
#define BASE_LOG_RING_H

#include "base/sv.h"
#include <stdatomic.h>
#include <stdint.h>

enum { LOG_RING_UNIT = 128, LOG_RING_UNITS = 8192 };

/* A zeroed one is empty. */
struct log_ring {
    _Alignas(64) atomic_uint_fast64_t tail; /* counted in units, never wrapped: given to who puts */
    _Alignas(64) atomic_uint_fast64_t head; /* taken */
    /* Of the first unit of a line: its length, and its tag above 32 bits. 0: not there yet. */
    _Alignas(64) atomic_uint_fast64_t marks[LOG_RING_UNITS];
    char bytes[LOG_RING_UNITS * LOG_RING_UNIT];
};

/* Any thread. The line is not empty; the tag is for who takes. */
bool log_ring_put(struct log_ring *r, struct sv line, uint32_t tag);

/* The rest is for one thread at a time. Length of the next line; 0: none yet. */
size_t log_ring_next(struct log_ring *r);
/* Takes it, of the length that log_ring_next() said. */
uint32_t log_ring_take(struct log_ring *r, char *out);

#endif
