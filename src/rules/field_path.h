/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a field stands: a JSON pointer in which `*` is every element of a list
 * and every value of a map. A walk visits what the path leads to, in the
 * object's order, and also says where it leads nowhere: nothing to see must
 * never look like nothing wrong.
 */
#ifndef RULES_FIELD_PATH_H
#define RULES_FIELD_PATH_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "json/pointer.h"
#include "json/value.h"

enum { FIELD_PATH_MAX = 16 }; /* tokens */

struct field_path {
    struct sv tokens[FIELD_PATH_MAX];
    size_t count;
    bool is_many; /* holds a `*` */
};

/* "" is the object itself. Tokens borrow from `text`, or live in the arena
 * where they were escaped. */
MUST_CHECK bool field_path_parse(struct sv text, struct arena *a, struct field_path *out, struct err *e);

enum walk_end {
    WALK_BLOCKED = 0, /* something that holds no fields is in the way */
    WALK_NONE,        /* a `*` has no elements, or no list */
    WALK_ABSENT,      /* the member is not there, or null */
    WALK_FOUND,
};

/*
 *     struct field_walk w;
 *     for (field_walk_init(&w, &path, root, &root_at); field_walk_next(&w);)
 *         use(w.end, w.value, w.at);
 * `at` is where the value stands, or where it is missing: the member; the list
 * without elements; what is in the way. It refers into the walk, which must not
 * be moved.
 */
struct field_walk {
    enum walk_end end;
    const struct json *value; /* WALK_FOUND: it; WALK_BLOCKED: what is in the way */
    const struct pointer *at;
    bool has_parent; /* what would hold the member or list is there */

    const struct field_path *path;
    const struct json *root;
    bool has_begun;
    struct pointer steps[FIELD_PATH_MAX + 1];
    struct value_iter items[FIELD_PATH_MAX]; /* by token, where it is a `*` */
};
void field_walk_init(struct field_walk *w, const struct field_path *path, const struct json *root,
                     const struct pointer *root_at);
bool field_walk_next(struct field_walk *w);

#endif
