/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML mapping read into a struct by a table of its keys. Policies, facts and
 * rule options are all read through this, so each of their keys stands in
 * exactly one table, and every mistake reads
 *
 *     policy.yaml:7:5: unknown key `rulse`, did you mean `rules`?
 *
 *     static const struct field fields[] = {
 *         FIELD(struct lb_config, passthrough, "passthrough", FIELD_ENUM, .names = outcomes,
 *               .help = "what a Service that leaves TLS to the pod is"),
 *         ...
 *     };
 */
#ifndef YAML_RECORD_H
#define YAML_RECORD_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/err.h"
#include "yaml/transcode.h"
#include "json/pointer.h"
#include "json/value.h"
#include <stdbool.h>
#include <stddef.h>

struct strings {
    const struct sv *items;
    size_t count;
};

struct string_pair {
    struct sv key, value;
};
struct string_map {
    const struct string_pair *items;
    size_t count;
};

/* An array of structs, read from a list of mappings. */
struct records {
    void *items;
    size_t count;
};

enum field_type {
    FIELD_STRING,  /* struct sv */
    FIELD_BOOL,    /* bool */
    FIELD_ENUM,    /* an enum (stored as int); `names` in the enum's order, the last NULL. A plain
                      on or off, a boolean to YAML, reads as that word */
    FIELD_DATE,    /* struct date */
    FIELD_STRINGS, /* struct strings; a list of strings */
    FIELD_MAP,     /* struct string_map; a mapping of strings */
    FIELD_RAW,     /* const struct json *; anything, read later */
    FIELD_RECORD,  /* a nested struct, `fields` */
    FIELD_RECORDS, /* struct records; a list of mappings, `fields` and `item_size` */
};

struct field {
    const char *key;
    enum field_type type;
    size_t offset;
    bool required;
    bool not_empty;             /* an empty string, list or map is an error */
    const char *const *names;   /* FIELD_ENUM; for strings: what whoever compiles them accepts, for the schema */
    const struct field *fields; /* FIELD_RECORD(S): ends with a row whose key is NULL */
    size_t item_size;           /* FIELD_RECORDS */
    const char *help;           /* one line, for `policy schema` and `policy explain` */
};

#define FIELD(type_name, member, the_key, the_type, ...)                                                               \
    {                                                                                                                  \
        .key = (the_key), .type = (the_type), .offset = offsetof(type_name, member), __VA_ARGS__                       \
    }
#define FIELD_END                                                                                                      \
    {                                                                                                                  \
        .key = NULL                                                                                                    \
    }

/* Reads the mapping `v`, which stands at `at` in `doc`, into *out. Keys that
 * are absent leave *out as it was (so the caller sets defaults first); unknown
 * keys, wrong types, missing required keys and unknown enum names are errors.
 * Absent or null `v` reads as an empty mapping. Strings borrow from `doc`. */
MUST_CHECK bool record_read(const struct yaml_doc *doc, const struct pointer *at, const struct json *v,
                            const struct field *fields, struct arena *a, void *out, struct err *e);

/* Sets "file:line:col: message" for the value (or the key) at `at`; false. */
bool record_error(const struct yaml_doc *doc, const struct pointer *at, struct err *e, const char *fmt, ...)
    PRINTF(4, 5);
bool record_key_error(const struct yaml_doc *doc, const struct pointer *at, struct err *e, const char *fmt, ...)
    PRINTF(4, 5);

/* "did you mean" over a list of names: ", did you mean `x`?" or "". */
struct sv record_hint(struct sv word, const struct sv *names, size_t count, struct arena *a);

#endif
