/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bytes of a text each node of its tree is: what node.h counts in
 * characters becomes offsets of bytes, and ends are where a reader sees them.
 * Internal to yaml/.
 */
#ifndef YAML_EXTENT_H
#define YAML_EXTENT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include "yaml/node.h"

/* For all documents, once. False: the arena is full. From then on
 *
 *     &anchor !tag value   start: &   content: v   end: after e
 *
 * A block collection or scalar ends with its last line, before the line break;
 * blank lines that follow belong to a scalar only if it keeps them ("|+"). A
 * value that is not written is where it would begin: content == end. */
MUST_CHECK bool extent_resolve(struct sv text, struct node *roots, struct arena *a);

/* The first byte at or after `i` that is neither white space nor in a comment. */
size_t extent_skip(struct sv text, size_t i);

bool extent_is_break(char c);
/* Where the line of byte `i` begins, and its line break (or the text's end). */
size_t extent_line_start(struct sv text, size_t i);
size_t extent_line_end(struct sv text, size_t i);

#endif
