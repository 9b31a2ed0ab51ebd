/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Read-only view of a parsed JSON value. A value is a pointer into its
 * document; NULL is "absent", and every getter takes it and says absent in its
 * own type, so that look-ups chain without checks:
 *
 *     json_string(json_get(json_get(pod, SV("metadata")), SV("name")))
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

enum json_type { JSON_ABSENT, JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

enum json_type json_type(const struct json *v);
/* "null", "a string", "an object", ...: for messages. */
const char *json_type_name(enum json_type type);

static inline bool json_is(const struct json *v, enum json_type type)
{
    return json_type(v) == type;
}
/* Absent and null say the same to Kubernetes. */
static inline bool json_is_nothing(const struct json *v)
{
    return json_type(v) <= JSON_NULL;
}

/* Member of an object, element of an array; absent for any other value. */
const struct json *json_get(const struct json *object, struct sv key);
const struct json *json_at(const struct json *array, size_t index);
/* Members or elements; 0 for any other value. */
size_t json_size(const struct json *v);

/* The string, decoded; absent (p == NULL) when `v` is no string. */
struct sv json_string(const struct json *v);
/* The number as it was written; absent when `v` is no number. */
struct sv json_number(const struct json *v);
/* True only for the value true. */
bool json_is_true(const struct json *v);
/* A string, number or boolean as text ("8080", "true"); absent otherwise. */
struct sv json_scalar_text(const struct json *v);

/*
 * Both kinds of container in their order:
 *     for (struct json_iter it = json_iter(v); json_next(&it);)
 *         use(it.key, it.index, it.value);
 * `key` is absent in arrays. A value that is no container has no members.
 */
struct json_iter {
    struct sv key;
    size_t index;
    const struct json *value;
    const struct json *next;
    size_t left;
    bool in_object;
};
struct json_iter json_iter(const struct json *container);
bool json_next(struct json_iter *it);

/* Deep equality, numbers by their text. Linear and iterative. The order of
 * members does not matter, but in objects of more than JSON_EQUAL_MAX_SEARCH
 * members they have to stand in the same order to be found equal: whoever
 * writes such an object (Go) sorts it, and looking for each would be quadratic. */
enum { JSON_EQUAL_MAX_SEARCH = 64 };
bool json_equal(const struct json *a, const struct json *b);

/* Compact JSON text of `v` ("null" when absent). */
void json_print(struct buf *out, const struct json *v);
/* A JSON string literal, quotes included. `s` is valid UTF-8. */
void json_print_string(struct buf *out, struct sv s);

#endif
