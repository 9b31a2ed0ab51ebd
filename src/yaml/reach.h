/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way from a document's root to the value a JSON pointer names, as it is
 * written, for who wants to change it there; or why it must not be changed
 * there. Internal to yaml/.
 */
#ifndef YAML_REACH_H
#define YAML_REACH_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "yaml/mapping.h"
#include "yaml/node.h"

/* A document, its extents resolved. */
struct reach_document {
    struct sv file, text;
    const struct node *root;
    const struct node **aliases;
    size_t alias_count;
};
/* False: the arena is full. */
MUST_CHECK bool reach_open(struct sv file, struct sv text, const struct node *root, struct arena *a,
                           struct reach_document *out, struct err *e);

struct reach_step {
    const struct node *node;
    const struct node *key; /* NULL: the root, or an item of a sequence */
};

struct reach {
    struct reach_step *steps; /* the root first */
    size_t count;
    struct sv missing; /* the name of the member that the last of them has not; absent: it is all there */
    struct sv why;     /* nothing of this: the reason */
};

/* Only the last token of `pointer` may name what is not there, and only in a
 * mapping or null, and only if `may_miss`. False: the arena is full. */
MUST_CHECK bool reach_value(const struct reach_document *doc, struct sv pointer, bool may_miss, struct arena *a,
                            struct reach *out, struct err *e);

/* Null, written or not. */
bool reach_is_null(const struct node *n);

/* Why bytes of `n` must not change: an alias elsewhere refers to it, to what
 * it is part of, or (`replaces` it) to a part of it. Absent: none does. */
struct sv reach_referred(const struct reach_document *doc, const struct node *n, bool replaces, struct arena *a);

#endif
