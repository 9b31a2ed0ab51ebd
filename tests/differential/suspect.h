/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pod that aws-govcloud with the sample site has nothing against, and the
 * same pod with one thing in it that must be refused, dressed up in what must
 * not matter.
 */
#ifndef DIFFERENTIAL_SUSPECT_H
#define DIFFERENTIAL_SUSPECT_H

#include "base/arena.h"
#include "base/buf.h"
#include "differential/random.h"
#include "differential/tree.h"
#include <stdbool.h>

/* One way to be refused. */
struct offence {
    const char *name;   /* "image in initContainers" */
    const char *policy; /* who must object */
    const char *list;   /* the list that holds it; NULL: the pod as a whole */
    const char *part;   /* of what is in the list: "image"; "" any */
    bool on_create;     /* a pod is judged by it only when it is made */
};
size_t suspect_offence_count(void);
const struct offence *suspect_offence(size_t index);

struct suspect {
    struct random *random;
    struct arena *arena;
    struct buf *steps; /* what was done, a line each */
    const struct offence *offence;
    struct tree *innocent, *guilty; /* pods: metadata and spec */
    size_t index;                   /* in the list */
    struct sv mirrored;             /* where the image belongs; absent: nowhere */
};

void suspect_make(struct suspect *s, const struct offence *offence);

#endif
