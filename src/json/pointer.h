/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON pointers (RFC 6901). While walking, a position is a chain of steps on
 * the stack that costs nothing; it becomes text only when somebody has
 * something to say about it.
 */
#ifndef JSON_POINTER_H
#define JSON_POINTER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include "json/value.h"

/* One step. `up == NULL` is the root of the document, whose own key is unused.
 * A step with `text` set stands for a whole escaped pointer ("/spec/template"). */
struct pointer {
    const struct pointer *up;
    struct sv key; /* absent: use index */
    size_t index;
    struct sv text;
};

#define POINTER_ROOT ((struct pointer){ .up = NULL })
static inline struct pointer pointer_key(const struct pointer *up, struct sv key)
{
    return (struct pointer){ .up = up, .key = key };
}
static inline struct pointer pointer_index(const struct pointer *up, size_t index)
{
    return (struct pointer){ .up = up, .index = index };
}
/* `text` is an RFC 6901 pointer, "" or "/...". */
static inline struct pointer pointer_text(const struct pointer *up, struct sv text)
{
    return (struct pointer){ .up = up, .text = text.p ? text : (struct sv){ "", 0 } };
}

/* "/spec/containers/0/image"; `~` and `/` in keys escaped. Absent only when the
 * arena is full. */
struct sv pointer_print(const struct pointer *p, struct arena *a);
void pointer_add(struct buf *out, const struct pointer *p);
/* Appends `key` escaped (RFC 6901 section 3), without a slash. */
void pointer_escape(struct buf *out, struct sv key);

/* The next reference token of *rest (which begins with '/'), unescaped into
 * the arena where it needs it; false at the end. A tilde that escapes nothing
 * stays; the token is absent if the arena is full. */
bool pointer_token(struct sv *rest, struct arena *a, struct sv *token);

/* What `pointer` refers to in `root`; absent when it does not exist or when
 * `pointer` is none. */
const struct json *pointer_get(const struct json *root, struct sv pointer);

#endif
