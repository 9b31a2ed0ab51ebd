/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes values in a YAML or JSON text and leaves every other byte as it
 * stands: comments, order, quoting, indentation, line ends.
 *
 * A new value is written in the style of its surroundings: in a block mapping
 * at the indentation of its siblings, in a flow collection ({}, [], and all of
 * JSON) in flow style, one member a line where the siblings have a line each;
 * a replaced scalar keeps its quotes if the new one can stand in them. The
 * result is read again and must say exactly what was asked for; if it does
 * not, or if the place is reached through an alias or `<<`, or lies in what an
 * alias refers to, or if comments would be lost, the text is not touched and
 * *why says so.
 */
#ifndef YAML_EDIT_H
#define YAML_EDIT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stddef.h>

/* A null is an empty mapping or an empty sequence to all but EDIT_REPLACE. */
enum edit_kind {
    EDIT_REPLACE, /* the value at `pointer`, which exists */
    EDIT_MEMBER,  /* the member `pointer` of a mapping that exists: set, or replaced */
    EDIT_APPEND,  /* an item at the end of the sequence `pointer`, which exists */
    EDIT_INSERT,  /* before its first item */
};

enum edit_outcome {
    EDIT_FAILED = 0, /* no memory, the text is not YAML, or the value no JSON: `e` says which */
    EDIT_REFUSED,    /* `why`: "it is reached through the alias on line 12" */
    EDIT_DONE,
};

struct edit {
    enum edit_kind kind;
    size_t document;   /* 0-based, in the stream, counting as yaml_read() does */
    struct sv pointer; /* RFC 6901 in the document */
    struct sv value;   /* JSON text */
    size_t group;      /* edit_all(): of one object */

    enum edit_outcome outcome; /* set by edit_all() */
    struct sv why;
};

/* One edit. *out is the new text, or *why it was refused. */
enum edit_outcome edit_text(struct sv file, struct sv text, const struct edit *edit, struct arena *a, struct sv *out,
                            struct sv *why, struct err *e);

/* Many. Those of one group come one after the other in `edits`; each is an edit
 * of what those before it made. Groups are about places of which none lies in
 * another. As many at once as do not touch: the text is read a few times, not
 * once an edit. False as for EDIT_FAILED. */
MUST_CHECK bool edit_all(struct sv file, struct sv text, struct edit *edits, size_t count, struct arena *a,
                         struct sv *out, struct err *e);

#endif
