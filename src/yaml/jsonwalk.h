/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the values of a JSON text stand, found when somebody asks: a table of
 * all of them would take many times the text. Who asks in ascending order, item
 * by item of a long list, has the text walked once. Internal to yaml/.
 */
#ifndef YAML_JSONWALK_H
#define YAML_JSONWALK_H

#include "base/arena.h"
#include "base/sv.h"
#include "yaml/positions.h"

struct jsonwalk;

/* `text` is valid JSON and stays; a line ends with LF, CRLF or CR. NULL: arena full. */
struct jsonwalk *jsonwalk_new(struct sv text, struct arena *a);

/* Of the value at `pointer`, or of its nearest parent that exists; and of its
 * key, if it has one. */
struct jsonwalk_place {
    struct place key, value;
};
struct jsonwalk_place jsonwalk_find(struct jsonwalk *p, struct sv pointer);

#endif
