/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blocks in a list, newest first; an allocation is a bump of the newest one.
 * What does not fit in a block of ordinary size gets a block of its own, and
 * when that alone has to grow the system moves the block, so that a large
 * document is not held twice while its values are being read.
 */
#include "base/arena.h"
#include "base/bug.h"
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>

enum { BLOCK_SIZE = 64 << 10, PRINT_FIRST = 256, ALIGNMENT = alignof(max_align_t) };

struct arena_block {
    struct arena_block *next;
    size_t size; /* the whole block, as taken from the system */
    size_t len;  /* of bytes[] */
    alignas(max_align_t) char bytes[];
};

static size_t room_in(const struct arena_block *b)
{
    return b ? b->size - sizeof(*b) - b->len : 0;
}

/* An empty allocation still takes a step, so that no two share an address. */
static bool round_up(size_t size, size_t *rounded)
{
    if (size > SIZE_MAX / 2)
        return false;
    *rounded = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    return true;
}

static void *refuse(struct arena *a)
{
    a->is_full = true;
    return NULL;
}

/* The first kept block that is large enough, out of their list. */
static struct arena_block *take_spare(struct arena *a, size_t size)
{
    for (struct arena_block **at = &a->spare; *at; at = &(*at)->next) {
        struct arena_block *b = *at;

        if (b->size < size)
            continue;
        *at = b->next;
        return b;
    }
    return NULL;
}

static void free_list(struct arena *a, struct arena_block **list)
{
    struct arena_block *next;

    for (struct arena_block *b = *list; b; b = next) {
        next = b->next;
        a->used -= b->size;
        free(b);
    }
    *list = NULL;
}

static size_t room_left(const struct arena *a)
{
    return a->max > a->used ? a->max - a->used : 0;
}

/* From the system; blocks that were kept but are too small make room first. */
static struct arena_block *new_block(struct arena *a, size_t size)
{
    struct arena_block *b;
    size_t left;

    if (size > room_left(a))
        free_list(a, &a->spare);
    left = room_left(a);
    if (size > left)
        return refuse(a);
    if (size < BLOCK_SIZE)
        size = left < BLOCK_SIZE ? left : BLOCK_SIZE;
    b = malloc(size);
    if (!b)
        return NULL;
    b->size = size;
    a->used += size;
    return b;
}

static bool add_block(struct arena *a, size_t need)
{
    size_t size = need + sizeof(struct arena_block);
    struct arena_block *b = take_spare(a, size);

    if (!b)
        b = new_block(a, size);
    if (!b)
        return false;
    b->next = a->blocks;
    b->len = 0;
    a->blocks = b;
    return true;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t step;
    char *p;

    if (!round_up(size, &step))
        return refuse(a);
    if (room_in(a->blocks) < step && !add_block(a, step))
        return NULL;
    p = a->blocks->bytes + a->blocks->len;
    a->blocks->len += step;
    return p;
}

void *arena_zalloc(struct arena *a, size_t count, size_t size)
{
    size_t total;
    void *p;

    if (__builtin_mul_overflow(count, size, &total))
        return refuse(a);
    p = arena_alloc(a, total);
    return p ? memset(p, 0, total) : NULL;
}

/* The newest block holds nothing but one allocation, which becomes `step`. */
static void *grow_block(struct arena *a, size_t step)
{
    struct arena_block *b = a->blocks;
    size_t size = step + sizeof(*b);

    if (size - b->size > room_left(a))
        free_list(a, &a->spare);
    if (size - b->size > room_left(a))
        return refuse(a);
    b = realloc(b, size);
    if (!b)
        return NULL;
    a->used += size - b->size;
    b->size = size;
    b->len = step;
    a->blocks = b;
    return b->bytes;
}

void *arena_realloc(struct arena *a, void *old, size_t old_size, size_t size)
{
    struct arena_block *b = a->blocks;
    size_t old_step, step;
    void *p;

    if (!old)
        return arena_alloc(a, size);
    BUG_IF(!round_up(old_size, &old_step));
    if (!round_up(size, &step))
        return refuse(a);
    if (step <= old_step)
        return old;
    if ((char *)old + old_step == b->bytes + b->len) {
        if (step - old_step <= room_in(b)) {
            b->len += step - old_step;
            return old;
        }
        if ((char *)old == b->bytes)
            return grow_block(a, step);
    }
    p = arena_alloc(a, size);
    return p ? memcpy(p, old, old_size) : NULL;
}

struct sv arena_copy(struct arena *a, struct sv s)
{
    char *p = arena_alloc(a, s.n);

    if (!p)
        return (struct sv){ NULL, 0 };
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct sv){ p, s.n };
}

char *arena_cstr(struct arena *a, struct sv s)
{
    char *p;

    if (s.n && memchr(s.p, '\0', s.n))
        return NULL;
    p = arena_alloc(a, s.n + 1);
    if (!p)
        return NULL;
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

struct sv arena_printf(struct arena *a, const char *fmt, ...)
{
    char first[PRINT_FIRST]; /* most texts are short: one pass will do */
    va_list args;
    char *p;
    int n;

    va_start(args, fmt);
    n = vsnprintf(first, sizeof(first), fmt, args);
    va_end(args);
    p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (!p)
        return (struct sv){ NULL, 0 };
    if ((size_t)n < sizeof(first))
        return (struct sv){ memcpy(p, first, (size_t)n + 1), (size_t)n };
    va_start(args, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, args);
    va_end(args);
    return (struct sv){ p, (size_t)n };
}

bool arena_error(const struct arena *a, struct err *e)
{
    if (!a->is_full)
        return err_nomem(e);
    return err_set(e, ERR_LIMIT, "needs more than the %zu bytes of memory it may take", a->max);
}

void arena_reset(struct arena *a)
{
    struct arena_block *kept = a->spare, *next;
    size_t size = 0;

    for (struct arena_block *b = kept; b; b = b->next)
        size += b->size;
    for (struct arena_block *b = a->blocks; b; b = next) {
        next = b->next;
        if (size + b->size > ARENA_KEEPS) {
            a->used -= b->size;
            free(b);
            continue;
        }
        size += b->size;
        b->next = kept;
        kept = b;
    }
    a->blocks = NULL;
    a->spare = kept;
    a->is_full = false;
}

void arena_fini(struct arena *a)
{
    free_list(a, &a->blocks);
    free_list(a, &a->spare);
    a->is_full = false;
}

static void wipe_list(struct arena_block *list)
{
    for (struct arena_block *b = list; b; b = b->next)
        explicit_bzero(b->bytes, b->size - sizeof(*b));
}

void arena_wipe(struct arena *a)
{
    wipe_list(a->blocks);
    wipe_list(a->spare);
    arena_fini(a);
}
