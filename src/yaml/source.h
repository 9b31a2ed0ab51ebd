/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libyaml is given instead of a text, and where that stood in it. JSON is
 * YAML but for this: it writes what lies beyond U+FFFF as two escapes, which
 * YAML refuses. They become the character itself. Internal to yaml/.
 */
#ifndef YAML_SOURCE_H
#define YAML_SOURCE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"

struct source {
    struct sv text;
    size_t *joined; /* which characters of it were two escapes, in order */
    size_t count;
};

/* False: the arena is full. */
MUST_CHECK bool source_prepare(struct sv text, struct arena *a, struct source *out);

/* How many characters more than [from, to) of `text` were written for it. */
size_t source_hidden(const struct source *s, size_t from, size_t to);

#endif
