/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where each value of a document stands in its text: a table from JSON pointer
 * to line and column, both 1-based, columns in characters. Built in one pass
 * (an alias's values stand where the alias stands), asked rarely.
 */
#ifndef YAML_POSITIONS_H
#define YAML_POSITIONS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "json/pointer.h"
#include <stdint.h>

struct place {
    uint32_t line, column;
};

struct positions;

/* Of the value at `pointer`, or of its nearest parent that exists. */
struct place positions_value(const struct positions *p, struct sv pointer);
/* Of the key that names it; the value's place where it has none (arrays, root). */
struct place positions_key(const struct positions *p, struct sv pointer);

struct positions *positions_new(struct arena *a); /* NULL: arena full */
/* Of a text that is valid JSON, and stays: nothing is added, it is searched when
 * somebody asks (jsonwalk.h). */
struct positions *positions_of_json(struct sv text, struct arena *a);
/* In document order, parents before children, the root ("") first. A `key` on
 * line 0 means that there is none. False: arena full. */
MUST_CHECK bool positions_add(struct positions *p, struct sv pointer, struct place key, struct place value);

#endif
