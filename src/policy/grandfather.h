/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which findings an UPDATE did not bring: the same policy and rule said the
 * same of the old object, about the same container, volume or port, the same
 * field and the same value. Those warn; anything else acts in full. What the
 * old object had once excuses one finding: the second copy of a bad template
 * is new.
 */
#ifndef POLICY_GRANDFATHER_H
#define POLICY_GRANDFATHER_H

#include "base/arena.h"
#include "base/attr.h"
#include "rules/finding.h"

/* The findings of one rule on the old object, ready for look-ups. */
struct grandfather {
    const struct finding **sorted;
    size_t *taken; /* of each run of equal ones, at its first: how many were given away */
    size_t count;
};

/* False: the arena is full. */
MUST_CHECK bool grandfather_init(struct grandfather *g, const struct findings *old, struct arena *a);

/* Whether the old object had `f`; each of its findings is given away once. */
bool grandfather_take(struct grandfather *g, const struct finding *f);

#endif
