/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as kubectl reads it, turned into JSON text, with the place of every
 * value. Scalars resolve as sigs.k8s.io/yaml (go-yaml v2, YAML 1.1) resolves
 * them: plain `n`, `yes`, `on` are booleans, `017` and `0o17` are octal, `1e3`
 * is a float, `~` is null, `2026-01-01` a string, quoted scalars are strings,
 * `!!str`, `!!int`, `!!float`, `!!bool`, `!!null` are honoured and other tags
 * ignored as kubectl ignores them; `<<` merges maps, and a key beside it wins.
 * Keys that are not strings become strings. A text that is one JSON value is
 * read as JSON; what only looks like it, as YAML.
 *
 * Errors where kubectl goes on: duplicate keys, a key before `<<` that it
 * brings again, `!!binary`, and .inf or .nan as a key. Nesting, the number of
 * values and what aliases may expand to are limited: a YAML bomb or an alias to
 * its own parent is one clear error.
 */
#ifndef YAML_TRANSCODE_H
#define YAML_TRANSCODE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "yaml/positions.h"
#include "json/value.h"

enum {
    YAML_MAX_DEPTH = 100,
    YAML_MAX_VALUES = 1 << 20, /* written and expanded together */
    YAML_MAX_BYTES = 16 << 20,
    YAML_LARGE_BYTES = 256 << 20,
};

/* One document of a stream. Empty documents (nothing but comments) are left out. */
struct yaml_doc {
    struct sv file;      /* for messages, as it was given */
    struct sv json_text; /* what it says */
    const struct json *root;
    const struct positions *positions;
    size_t index; /* 0-based, in the stream */
    struct yaml_doc *next;
};

/* All documents of `text`, or NULL with *out == NULL and true when there is
 * none. Errors read "file:line:col: message". Everything lives in the arena. */
MUST_CHECK bool yaml_read(struct sv file, struct sv text, struct arena *a, struct yaml_doc **out, struct err *e);

/* The same for what somebody chose to read, such as a list of all that a cluster
 * holds: up to YAML_LARGE_BYTES and as many values as are written; aliases may
 * add YAML_MAX_VALUES. The arena is the bound; `a` takes some times the text. */
MUST_CHECK bool yaml_read_large(struct sv file, struct sv text, struct arena *a, struct yaml_doc **out, struct err *e);

#endif
