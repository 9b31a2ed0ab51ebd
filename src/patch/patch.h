/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What /mutate changes: RFC 6902 operations, all computed on the object as it
 * was received and put into one order that does not depend on who asked first:
 * replacements, then map members (missing or null parents before them), then
 * array appends, then inserts at index 0; within a class by pointer, inserts
 * the deepest first, because each moves what stands below its array. Items for
 * one array keep the order in which one policy asked for them. Only `add` and
 * `replace`; never `move`, `copy` or `remove`.
 */
#ifndef PATCH_PATCH_H
#define PATCH_PATCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "json/value.h"
#include <stdbool.h>
#include <stddef.h>

enum patch_class {
    PATCH_REPLACE, /* the value at `pointer`, which exists */
    PATCH_MEMBER,  /* sets the member `pointer`; its parents may be missing */
    PATCH_APPEND,  /* to the array `pointer`, which may be missing */
    PATCH_INSERT,  /* first in the array `pointer`, which may be missing */
};

struct patch_op {
    enum patch_class class;
    struct sv pointer; /* RFC 6901, of the value or the array */
    struct sv value;   /* JSON text */
    struct sv owner;   /* the policy, for the message of a conflict */
    struct patch_op *next;
};

/* Collects; zeroed is empty. Operations are linked, not copied. */
struct patch {
    struct patch_op *ops; /* newest first */
    size_t count;
};
void patch_add(struct patch *p, struct patch_op *op);

enum patch_outcome {
    PATCH_FAILED = 0, /* the arena is full */
    PATCH_CONFLICT,   /* *left and *right want different things of one place */
    PATCH_EMPTY,      /* nothing to do: no patch at all */
    PATCH_READY,      /* *text is a JSON array */
};

/* Orders, drops duplicates (same class, pointer and value), adds missing
 * parents, and writes the text. `object` is what the pointers refer to.
 *
 * It is a conflict when two operations give one pointer different values, when
 * one gives a value to a place and another reaches below it, and when two add
 * different items of one `name` (mounts: of one `mountPath`) to one array. */
enum patch_outcome patch_finish(struct patch *p, const struct json *object, struct arena *a, struct sv *text,
                                const struct patch_op **left, const struct patch_op **right);

/* The same for who applies them one by one: *out are the operations in their
 * order, linked, a missing parent among them as a PATCH_MEMBER (PATCH_REPLACE
 * where null stands) that is `{}` or `[]`. */
enum patch_outcome patch_order(struct patch *p, const struct json *object, struct arena *a,
                               const struct patch_op **out);

#endif
