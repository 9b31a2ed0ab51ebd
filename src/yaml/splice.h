/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one edit is in bytes: a stretch of the text and what comes in its
 * place, in the style of what stands around it. Nothing is changed here and
 * nothing proved; edit.c does both. Internal to yaml/.
 */
#ifndef YAML_SPLICE_H
#define YAML_SPLICE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include "yaml/edit.h"
#include "yaml/print.h"
#include "yaml/reach.h"
#include "json/value.h"

struct splice_document {
    struct reach_document reach;
    bool is_json;             /* and has to stay JSON */
    struct sv eol;            /* how its lines end */
    struct print_style style; /* how far it indents, where the place itself does not show it */
};
/* False: the arena is full. */
MUST_CHECK bool splice_open(struct sv file, struct sv text, const struct node *root, struct arena *a,
                            struct splice_document *out, struct err *e);

struct splice {
    const struct splice_document *doc;
    struct reach at;
    const struct node *node; /* to be replaced, or that gets a new entry */
    struct arena *arena;

    size_t start, end; /* these bytes become */
    struct buf text;
    struct sv why; /* nothing of it: the reason */
};

/* False: the arena is full, or the value is no JSON. */
MUST_CHECK bool splice_plan(const struct splice_document *doc, const struct edit *edit, struct arena *a,
                            struct splice *out, struct err *e);

/* For block.c and flow.c. A stretch of the document: */
struct sv splice_bytes(const struct splice *s, size_t start, size_t end);
/* Does a comment stand in it? Says so also for what only looks like one in a quoted string. */
bool splice_has_comment(const struct splice *s, size_t start, size_t end);
/* What holds `node`; NULL: it is the root. */
const struct node *splice_parent(const struct splice *s);
/* Where the replacement of `node` begins and the anchor it keeps; its tag goes. */
size_t splice_content(const struct splice *s, struct sv *anchor);
/* Text as print.h makes it, in the document's line ends, without the last. */
void splice_add_lines(struct splice *s, const struct buf *lines);
/* A scalar, or an empty collection, as `node` is quoted. */
void splice_add_scalar(struct splice *s, const struct json *value, bool in_flow);

#endif
