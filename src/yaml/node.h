/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML stream as a tree, just as it is written: nothing resolved, nothing
 * expanded, aliases pointing to the nodes they name. The only file that sees
 * libyaml; transcode.c makes JSON of the tree. Internal to yaml/.
 */
#ifndef YAML_NODE_H
#define YAML_NODE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "yaml/positions.h"
#include <stdbool.h>
#include <stddef.h>

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING, NODE_ALIAS };

enum node_style {
    STYLE_PLAIN,
    STYLE_SINGLE,
    STYLE_DOUBLE,
    STYLE_FLOW,  /* of collections: [] or {}, or one pair as an item of a [] */
    STYLE_BLOCK, /* of collections, and | and > */
};

struct node {
    enum node_kind kind;
    enum node_style style;
    bool is_plain; /* NODE_SCALAR: not quoted, not a block, no tag */
    bool is_open;  /* NODE_SEQUENCE, NODE_MAPPING: while its end has not been read */
    struct sv tag; /* absent if none is written */
    struct sv text;
    const struct node *target; /* NODE_ALIAS; never an alias itself */
    struct node *first, *last; /* children; those of a mapping are key, value, key, ... */
    struct node *next;         /* the sibling, or the next document's root */
    struct place place;
    size_t start, end;   /* as libyaml counts, in characters; extent.h makes bytes of them */
    size_t content;      /* set by extent.h */
    unsigned properties; /* 0 to 2, an anchor and a tag; `start` is theirs then */
    bool is_left_out;    /* set by extent.h: a value whose key has no colon */
};

enum {
    NODE_MAX_ANCHORS = 1000,    /* a document; each alias looks through them */
    NODE_MAX_DIRECTIVES = 1000, /* %TAG, a stream; libyaml compares each with all others */
};

/* The roots of all documents, NULL if there are none. Errors read
 * "file:line:col: message": ERR_SYNTAX for what is not YAML, ERR_INPUT for an
 * alias to nothing or to its own parent, ERR_LIMIT for depth, values, anchors,
 * directives and the arena. */
MUST_CHECK bool node_read(struct sv file, struct sv text, struct arena *a, struct node **roots, struct err *e);
/* The same with as many values as the arena holds. */
MUST_CHECK bool node_read_large(struct sv file, struct sv text, struct arena *a, struct node **roots, struct err *e);

/* Puts "file:line:col" before the message. Always false. */
bool node_error_at(struct sv file, struct place place, struct err *e);

/* The version of libyaml in use: "0.2.5". */
const char *node_library(void);

#endif
