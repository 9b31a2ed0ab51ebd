/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A borrowed view of bytes: never owns, never ends in a guaranteed NUL, may
 * hold one. `p == NULL` is "absent", different from the empty string; both
 * have n == 0 and compare equal with sv_eq().
 */
#ifndef BASE_SV_H
#define BASE_SV_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct sv {
    const char *p;
    size_t n;
};

/* A view of a string literal, also in static initialisers: SV_INIT. */
#define SV_INIT(literal)                                                                                               \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }
#define SV(literal) ((struct sv)SV_INIT(literal))

/* For "%.*s": at most 200 bytes, so that no input can flood a message. */
#define SV_ARG(s) (int)((s).n > 200 ? 200 : (s).n), ((s).p ? (s).p : "")

static inline struct sv sv_from(const char *text)
{
    return text ? (struct sv){ text, strlen(text) } : (struct sv){ NULL, 0 };
}

static inline bool sv_eq(struct sv a, struct sv b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Bytewise order: negative, zero, positive. */
static inline int sv_cmp(struct sv a, struct sv b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static inline bool sv_starts_with(struct sv s, struct sv prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool sv_ends_with(struct sv s, struct sv suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* What is left after the first n bytes; empty if there are not so many. */
static inline struct sv sv_skip(struct sv s, size_t n)
{
    return n >= s.n ? (struct sv){ s.p ? s.p + s.n : NULL, 0 } : (struct sv){ s.p + n, s.n - n };
}

/* ASCII letters compared without case; all other bytes exactly. */
bool sv_eq_nocase(struct sv a, struct sv b);

/* Index of the first (last) `c`, or s.n when there is none. */
size_t sv_find(struct sv s, char c);
size_t sv_find_last(struct sv s, char c);

/* Cuts *rest at the first `c`: returns what stood before it and leaves what
 * stood after. Without a `c` all of it is returned and *rest becomes absent. */
struct sv sv_cut(struct sv *rest, char c);

/* Without leading and trailing spaces and tabs. */
struct sv sv_trim(struct sv s);

/* `*` stands for any run of bytes, everything else for itself. Linear. */
bool sv_glob(struct sv pattern, struct sv text);

#endif
