/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing bytes with a maximum and a sticky failure: appending never needs a
 * check, buf_ok() tells the truth once, at the end. Heap-owned, unless it was
 * given an arena, from which it then grows and with which it dies.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *p;
    size_t len, cap, max;
    bool failed;
    struct arena *arena; /* NULL: malloc */
};

#define BUF_INIT(maximum)                                                                                              \
    {                                                                                                                  \
        .max = (maximum)                                                                                               \
    }
#define BUF_IN(the_arena)                                                                                              \
    {                                                                                                                  \
        .max = SIZE_MAX, .arena = (the_arena)                                                                          \
    }

void buf_add(struct buf *b, struct sv s);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

/* Room for n more bytes at b->p + b->len, which the caller fills and counts;
 * NULL and a sticky failure if there is none. */
char *buf_room(struct buf *b, size_t n);

static inline bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

static inline struct sv buf_sv(const struct buf *b)
{
    return (struct sv){ b->p ? b->p : "", b->len };
}

/* Empties it and clears the failure; keeps the memory. */
void buf_reset(struct buf *b);

/* Frees; accepts a zeroed one; a CLEANUP function. */
void buf_fini(struct buf *b);

#endif
