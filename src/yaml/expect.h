/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a document must say after its edits: computed from what it said before,
 * without looking at how it is written. Internal to yaml/.
 */
#ifndef YAML_EXPECT_H
#define YAML_EXPECT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "yaml/edit.h"
#include "json/value.h"

/* JSON text with one spelling of each number, whatever it is in `before`. Of
 * the edits none is about a place that another makes or moves. False: the arena
 * is full, or a value is no JSON. */
MUST_CHECK bool expect_text(const struct json *before, const struct edit *const *edits, size_t count, struct arena *a,
                            struct buf *out, struct err *e);

#endif
