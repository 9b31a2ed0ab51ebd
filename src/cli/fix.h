/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes repairs into the text they are about. Those of all objects of a file
 * are collected first and then written together, so that a list of thousands
 * of pods is read a few times and not thousands of times. What cannot be
 * edited where it stands is left, and said.
 */
#ifndef CLI_FIX_H
#define CLI_FIX_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "patch/patch.h"
#include "yaml/edit.h"

/* A repair that was not written. */
struct fix_left {
    size_t document;
    struct sv pointer; /* in the document */
    struct sv why;
    struct fix_left *next;
};

/* Zeroed but for `file` and `text`. */
struct fix {
    struct sv file, text;  /* fix_write() makes `text` the new one */
    size_t done;           /* repairs written; a parent that one needs is part of it */
    struct fix_left *left; /* in the order in which they were asked for */

    struct edit *edits; /* collected so far */
    size_t *repairs;    /* how many each of them is */
    size_t count, cap, objects;
};

/* Adds what mends one object: document `document` of the stream, the object at `prefix` in it ("" or
 * "/items/3"). Everything is copied into the arena. False: the arena is full. */
MUST_CHECK bool fix_object(struct fix *fix, size_t document, struct sv prefix, const struct patch_op *repairs,
                           struct arena *a, struct err *e);

/* Writes all of it into `text`, once, after the last object. False: the arena
 * is full, or the text is not YAML. */
MUST_CHECK bool fix_write(struct fix *fix, struct arena *a, struct err *e);

#endif
