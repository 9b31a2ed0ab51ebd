/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `tail` gives out room, a mark says that what stands there is whole. Who takes
 * clears the mark before it gives the room back, so that a mark is never older
 * than its line.
 */
#include "base/log_ring.h"

static uint64_t units_of(size_t n)
{
    return (n + LOG_RING_UNIT - 1) / LOG_RING_UNIT;
}

/* From unit `at` on there are so many bytes before the ring begins anew. */
static size_t first_part(uint64_t at, size_t n)
{
    size_t room = (LOG_RING_UNITS - at % LOG_RING_UNITS) * LOG_RING_UNIT;

    return n < room ? n : room;
}

static char *place(struct log_ring *r, uint64_t at)
{
    return r->bytes + at % LOG_RING_UNITS * LOG_RING_UNIT;
}

/* `head` is read first: it only grows, and an old one only makes the ring seem fuller. */
static bool reserve(struct log_ring *r, uint64_t units, uint64_t *at)
{
    uint64_t head, tail;

    do {
        head = atomic_load(&r->head);
        tail = atomic_load(&r->tail);
        if (tail + units - head > LOG_RING_UNITS)
            return false;
    } while (!atomic_compare_exchange_weak(&r->tail, &tail, tail + units));
    *at = tail;
    return true;
}

bool log_ring_put(struct log_ring *r, struct sv line, uint32_t tag)
{
    uint64_t at;
    size_t first;

    if (!reserve(r, units_of(line.n), &at))
        return false;
    first = first_part(at, line.n);
    memcpy(place(r, at), line.p, first);
    memcpy(r->bytes, line.p + first, line.n - first);
    atomic_store(&r->marks[at % LOG_RING_UNITS], (uint64_t)tag << 32 | line.n);
    return true;
}

static uint64_t mark_of(struct log_ring *r, uint64_t at)
{
    return atomic_load(&r->marks[at % LOG_RING_UNITS]);
}

size_t log_ring_next(struct log_ring *r)
{
    return (uint32_t)mark_of(r, atomic_load(&r->head));
}

uint32_t log_ring_take(struct log_ring *r, char *out)
{
    uint64_t at = atomic_load(&r->head), mark = mark_of(r, at);
    size_t n = (uint32_t)mark, first = first_part(at, n);

    memcpy(out, place(r, at), first);
    memcpy(out + first, r->bytes, n - first);
    atomic_store(&r->marks[at % LOG_RING_UNITS], 0);
    atomic_store(&r->head, at + units_of(n));
    return (uint32_t)(mark >> 32);
}
