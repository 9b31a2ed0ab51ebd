/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators on a field's value. Values keep their types: the string "true" is
 * not the boolean, and 1 is 1.0 but not "1". Linear in the value; nothing is
 * allocated.
 */
#ifndef RULES_FIELD_OPERATOR_H
#define RULES_FIELD_OPERATOR_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "json/value.h"

enum field_operator {
    OPERATOR_EQUALS,
    OPERATOR_IN,
    OPERATOR_NOT_IN,
    OPERATOR_EXISTS,
    OPERATOR_DOES_NOT_EXIST,
    OPERATOR_MATCHES, /* a string, by globs in which `*` is any run of characters */
    OPERATOR_GREATER_OR_EQUAL,
    OPERATOR_LESS_OR_EQUAL,
};
extern const char *const field_operator_names[]; /* for FIELD_ENUM */

/* Whether `values` (an array, or absent) is what the operator takes; if not,
 * the error says what it takes, without a place, and *index which value it is
 * about (as many as there are: the whole list). */
MUST_CHECK bool field_operator_check(enum field_operator op, const struct json *values, size_t *index, struct err *e);

/* `value` is there and not null. OPERATOR_DOES_NOT_EXIST holds for none. */
bool field_operator_holds(enum field_operator op, const struct json *value, const struct json *values);

/* "one of "AES256", "aws:kms"": for a person. Absent when the arena is full. */
struct sv field_operator_describe(enum field_operator op, const struct json *values, struct arena *a);
const char *field_operator_fix(enum field_operator op);

#endif
