/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The policy set in use. A review pins the set it begins with and is judged by
 * it to its end, whatever happens meanwhile; a reload compiles a set aside and
 * swaps it in. A set that was swapped out is freed when the last review that
 * pinned it is over.
 *
 * Thread-safe: one mutex, held for a few instructions.
 */
#ifndef POLICY_STORE_H
#define POLICY_STORE_H

#include "base/attr.h"
#include "base/err.h"
#include "policy/policy.h"
#include <stdint.h>

struct store;

/* Takes `first`, on success. */
MUST_CHECK struct store *store_new(struct policy_set *first, struct err *e);
/* Nobody has anything pinned any more. Accepts NULL. */
void store_free(struct store *s);

/* The set in use, and a hold on it; one store_unpin() for each. */
struct store_pin {
    const struct policy_set *policies;
    int64_t since; /* when it was taken into use, in seconds since the epoch */
    struct store_row *row;
};
struct store_pin store_pin(struct store *s);
void store_unpin(struct store *s, struct store_pin *pin);

/* Takes `next`: it is in use from now on. */
MUST_CHECK bool store_replace(struct store *s, struct policy_set *next, struct err *e);

#endif
