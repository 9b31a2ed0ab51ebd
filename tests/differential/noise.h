/* SPDX-License-Identifier: Apache-2.0 */
/* A tree as JSON text, in one of the many ways that mean the same. */
#ifndef DIFFERENTIAL_NOISE_H
#define DIFFERENTIAL_NOISE_H

#include "base/buf.h"
#include "differential/random.h"
#include "differential/tree.h"

/* One in how many; 0 is never. */
struct noise {
    size_t spaces, escapes, shuffles, numbers;
};

/* How this text will be written; what is not plain goes to `steps`. */
struct noise noise_choose(struct random *r, struct buf *steps);

void noise_write(struct buf *out, const struct tree *t, const struct noise *n, struct random *r);

#endif
