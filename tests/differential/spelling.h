/* SPDX-License-Identifier: Apache-2.0 */
/* Images that must not run, written in any of the ways a runtime understands. */
#ifndef DIFFERENTIAL_SPELLING_H
#define DIFFERENTIAL_SPELLING_H

#include "base/arena.h"
#include "base/buf.h"
#include "differential/random.h"

struct spelling {
    struct sv written;
    struct sv mirrored; /* where the sample site's policies point it; absent: nowhere */
};

struct spelling spelling_of_bad_image(struct random *r, struct arena *a, struct buf *steps);

#endif
