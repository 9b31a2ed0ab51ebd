/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON value as YAML that a person reads: block style, two spaces, keys in
 * their order, sequences at the indentation of their key, a string quoted only
 * where it would not read back as itself, with line breaks as a block scalar.
 * yaml_read() of the result gives the value again.
 */
#ifndef YAML_PRINT_H
#define YAML_PRINT_H

#include "base/buf.h"
#include "json/value.h"
#include <stddef.h>

/* At column `indent` (in spaces); ends with a line break. */
void print_block(struct buf *out, const struct json *value, size_t indent);
/* On one line: [a, "no", {b: 1}]. `is_json` quotes every string and key, as in a JSON text. */
void print_flow(struct buf *out, const struct json *value, bool is_json);

/* The parts, for who writes into a text that has a style already (edit.h). */
struct print_style {
    size_t mapping, sequence; /* how much farther than its key each of them stands */
    size_t item;              /* how much farther than its dash an item stands */
    bool quotes_lines;        /* no block scalars: what has line breaks is quoted */
};
extern const struct print_style print_usual;
/* "key: value", "- item", the lines of a collection that is not empty: the first line is not indented, the others
 * are by `indent`. */
void print_member(struct buf *out, struct sv key, const struct json *value, size_t indent, struct print_style style);
void print_item(struct buf *out, const struct json *value, size_t indent, struct print_style style);
void print_lines(struct buf *out, const struct json *value, size_t indent, struct print_style style);

enum print_quotes {
    PRINT_PLAIN,  /* only where it must be */
    PRINT_FLOW,   /* the same, between [] or {} */
    PRINT_SINGLE, /* 'where that can hold it' */
    PRINT_DOUBLE, /* "as JSON" */
};
/* A string, on one line. */
void print_string(struct buf *out, struct sv s, enum print_quotes quotes);
/* Would print_block() write it as a block scalar? */
bool print_is_literal(struct sv s);
/* "|" and its lines, at column `indent`. */
void print_literal(struct buf *out, struct sv s, size_t indent);

struct print_spacing {
    enum print_quotes quotes;
    struct sv colon, comma; /* ": " and ", " */
    struct sv line, step;   /* a line break and the indentation of the line on which it begins; one level more of
                             * it. Without a line: all on one */
};
void print_spaced(struct buf *out, const struct json *value, const struct print_spacing *spacing);
/* "key: value" */
void print_spaced_member(struct buf *out, struct sv key, const struct json *value, const struct print_spacing *spacing);

#endif
