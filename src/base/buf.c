/* SPDX-License-Identifier: Apache-2.0 */
/* Doubles when it grows. One byte more than asked for is always kept, for the
 * NUL that vsnprintf() insists on; it never counts against `max`. */
#include "base/buf.h"
#include <stdarg.h>

enum { SMALLEST = 256, PRINT_FIRST = 256 };

static bool grow_to(struct buf *b, size_t need)
{
    size_t cap = b->cap < SMALLEST / 2 ? SMALLEST : b->cap * 2;
    char *p;

    if (cap < need)
        cap = need;
    p = b->arena ? arena_realloc(b->arena, b->p, b->cap, cap) : realloc(b->p, cap);
    if (!p)
        return false;
    b->p = p;
    b->cap = cap;
    return true;
}

char *buf_room(struct buf *b, size_t n)
{
    if (b->failed || n > b->max - b->len || n > SIZE_MAX / 4 - b->len ||
        (b->len + n + 1 > b->cap && !grow_to(b, b->len + n + 1))) {
        b->failed = true;
        return NULL;
    }
    return b->p + b->len;
}

void buf_add(struct buf *b, struct sv s)
{
    char *p = buf_room(b, s.n);

    if (!p || s.n == 0)
        return;
    memcpy(p, s.p, s.n);
    b->len += s.n;
}

void buf_add_char(struct buf *b, char c)
{
    char *p = buf_room(b, 1);

    if (!p)
        return;
    *p = c;
    b->len++;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    char first[PRINT_FIRST]; /* most texts are short: one pass will do */
    va_list args;
    char *p;
    int n;

    va_start(args, fmt);
    n = vsnprintf(first, sizeof(first), fmt, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    p = buf_room(b, (size_t)n);
    if (!p)
        return;
    b->len += (size_t)n;
    if ((size_t)n < sizeof(first)) {
        memcpy(p, first, (size_t)n + 1);
        return;
    }
    va_start(args, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, args);
    va_end(args);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

void buf_fini(struct buf *b)
{
    if (!b->arena)
        free(b->p);
    b->p = NULL;
    b->len = b->cap = 0;
    b->failed = false;
}
