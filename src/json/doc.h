/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text to values, within a request's arena. Strict RFC 8259 (valid UTF-8,
 * one value, nothing after it but white space), and then walked once,
 * iteratively: at most DOC_MAX_DEPTH levels and DOC_MAX_VALUES values (keys are
 * counted too), no duplicate keys. Go keeps the last of two equal keys and
 * yyjson's getter finds the first, so whoever accepts both judges another
 * object than the one stored. Numbers stay text.
 */
#ifndef JSON_DOC_H
#define JSON_DOC_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "json/value.h"

enum { DOC_MAX_DEPTH = 128, DOC_MAX_VALUES = 1 << 20 };

/* NULL on failure: ERR_SYNTAX with "byte N: why", ERR_INPUT with the pointer of
 * a duplicate key, ERR_LIMIT when depth, values or the arena are exceeded. The
 * values borrow from the arena only, not from `text`. */
MUST_CHECK const struct json *doc_parse(struct sv text, struct arena *a, struct err *e);

/* The same for what somebody chose to read: as many values as the arena holds. */
MUST_CHECK const struct json *doc_parse_large(struct sv text, struct arena *a, struct err *e);

/* The version of yyjson this was compiled with: "0.10.0". */
const char *doc_library(void);

#endif
