/* SPDX-License-Identifier: Apache-2.0 */
/* xorshift64*: the same numbers from the same seed, everywhere. */
#ifndef DIFFERENTIAL_RANDOM_H
#define DIFFERENTIAL_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* never 0 */
};

/* The stream of one variant of one run. */
static inline struct random random_from(uint64_t seed, uint64_t variant)
{
    uint64_t s = seed + variant * 0x9E3779B97F4A7C15u;

    s = (s ^ s >> 30) * 0xBF58476D1CE4E5B9u;
    s = (s ^ s >> 27) * 0x94D049BB133111EBu;
    return (struct random){ (s ^ s >> 31) | 1 };
}

static inline size_t random_below(struct random *r, size_t n)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (size_t)(r->state * 0x2545F4914F6CDD1Du >> 33) % n;
}

static inline bool random_one_in(struct random *r, size_t n)
{
    return random_below(r, n) == 0;
}

#endif
