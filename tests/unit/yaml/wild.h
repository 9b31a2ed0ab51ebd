/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML and JSON as people write it, at random: every indentation, quotes,
 * blocks and brackets, comments, blank lines, line ends, anchors. Each comment
 * holds a number of its own, "#7;", in ascending order.
 */
#ifndef UNIT_YAML_WILD_H
#define UNIT_YAML_WILD_H

#include "base/buf.h"
#include "differential/random.h"

struct wild {
    struct random *random;
    struct buf *out;
    const char *eol;
    size_t comments;                      /* written so far */
    size_t anchors, first_anchor, usable; /* written so far; the first of this document; those that are complete */
    size_t block_end;                     /* where the last block scalar ended */
    bool is_json;
};

/* A stream of one to three documents, or one JSON value. */
void wild_stream(struct wild *w);
/* A JSON text of a value. */
void wild_value(struct random *r, struct buf *out, size_t depth);

#endif
