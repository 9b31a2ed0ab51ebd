/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that lives as long as one request (or one compiled policy set).
 * Grows in blocks up to a maximum, so one review cannot take the process down;
 * freed at once. A request arena belongs to a worker and is reset between
 * reviews: it keeps up to ARENA_KEEPS bytes of blocks, so that an ordinary
 * review allocates nothing, and what is beyond goes back to the system.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    struct arena_block *spare;  /* kept by a reset for the next round */
    size_t used;                /* bytes taken from the system, of max */
    size_t max;
    bool is_full; /* an allocation was refused for `max`; sticky until reset */
};

#define ARENA_INIT(maximum)                                                                                            \
    {                                                                                                                  \
        .max = (maximum)                                                                                               \
    }

/* Zero-filled? No: arena_alloc() gives raw memory, arena_new() zeroed objects.
 * Aligned for any type. NULL when the maximum or the system's memory is
 * reached; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t count, size_t size);
#define arena_new(a, type) ((type *)arena_zalloc((a), 1, sizeof(type)))
#define arena_array(a, count, type) ((type *)arena_zalloc((a), (count), sizeof(type)))

/* Grows in place when `old` is the newest allocation, else copies. */
void *arena_realloc(struct arena *a, void *old, size_t old_size, size_t size);

/* Copies. On failure the result is absent (p == NULL). */
struct sv arena_copy(struct arena *a, struct sv s);

/* NUL-terminated copy; NULL on failure or if `s` holds a NUL byte. */
char *arena_cstr(struct arena *a, struct sv s);

/* Formats into the arena; absent on failure. */
struct sv arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Says why an allocation came back absent: ERR_LIMIT if the arena is full,
 * ERR_NOMEM if the system is. Always false. */
bool arena_error(const struct arena *a, struct err *e);

/* Forgets everything; keeps at most ARENA_KEEPS bytes for the next round. */
enum { ARENA_KEEPS = 1 << 20 };
void arena_reset(struct arena *a);

/* Frees everything. Accepts a zeroed arena, and is a CLEANUP function. */
void arena_fini(struct arena *a);

/* The same, and overwrites it first: for an arena that held keys. What grew
 * beyond a block of ordinary size may have left a copy where it was: reserve. */
void arena_wipe(struct arena *a);

#endif
