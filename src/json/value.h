/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read-only view of a parsed JSON value. A value is a pointer into its
 * document; NULL is "absent", and every getter takes it and says absent in its
 * own type, so that look-ups chain without checks:
 *
 *     value_string(value_get(value_get(pod, SV("metadata")), SV("name")))
 *
 * Keys match exactly, by case and by length. Objects hold no duplicate keys
 * (json/doc.h refuses them).
 */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include "base/buf.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stddef.h>

struct json; /* one value; never complete outside json/ */

enum value_type { VALUE_ABSENT, VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_STRING, VALUE_ARRAY, VALUE_OBJECT };

enum value_type value_type(const struct json *v);
/* "null", "a string", "an object", ...: for messages. */
const char *value_type_name(enum value_type type);

static inline bool value_is(const struct json *v, enum value_type type)
{
    return value_type(v) == type;
}
/* Absent and null say the same to Kubernetes. */
static inline bool value_is_nothing(const struct json *v)
{
    return value_type(v) <= VALUE_NULL;
}

/* Member of an object, element of an array; absent for any other value. */
const struct json *value_get(const struct json *object, struct sv key);
const struct json *value_at(const struct json *array, size_t index);
/* Members or elements; 0 for any other value. */
size_t value_size(const struct json *v);

/* The string, decoded; absent (p == NULL) when `v` is no string. */
struct sv value_string(const struct json *v);
/* The number as it was written; absent when `v` is no number. */
struct sv value_number(const struct json *v);
/* True only for the value true. */
bool value_is_true(const struct json *v);
/* A string, number or boolean as text ("8080", "true"); absent otherwise. */
struct sv value_scalar_text(const struct json *v);

/*
 * Both kinds of container in their order:
 *     for (struct value_iter it = value_iter(v); value_next(&it);)
 *         use(it.key, it.index, it.value);
 * `key` is absent in arrays. A value that is no container has no members.
 */
struct value_iter {
    struct sv key;
    size_t index;
    const struct json *value;
    const struct json *next;
    size_t left;
    bool in_object;
};
struct value_iter value_iter(const struct json *container);
bool value_next(struct value_iter *it);

/* Deep equality, numbers by their text. Linear and iterative. The order of
 * members does not matter, but in objects of more than VALUE_EQUAL_MAX_SEARCH
 * members they have to stand in the same order to be found equal: whoever
 * writes such an object (Go) sorts it, and looking for each would be quadratic. */
enum { VALUE_EQUAL_MAX_SEARCH = 64 };
bool value_equal(const struct json *a, const struct json *b);

/* Compact JSON text of `v` ("null" when absent). */
void value_print(struct buf *out, const struct json *v);
/* A JSON string literal, quotes included. `s` is valid UTF-8. */
void value_print_string(struct buf *out, struct sv s);

#endif
