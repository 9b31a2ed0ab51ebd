/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as a table: each row is a field of a struct, its default, its help
 * and (by its name) its environment variable. `--name value`, `--name=value`,
 * FIPSGATE_NAME=value; the command line wins over the environment, that over
 * the default. Flags take no value. `--` ends the options.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

/* A repeatable option, or the operands. */
struct opt_values {
    const char **items;
    size_t count;
};

enum opt_type {
    OPT_TEXT,     /* const char * */
    OPT_TEXTS,    /* struct opt_values; repeatable, in the environment separated by commas */
    OPT_LIST,     /* struct opt_values; separated by commas, and repeatable */
    OPT_NAMES,    /* OPT_LIST of namespaces by name: no pattern, none empty; an empty list is one */
    OPT_COUNT,    /* size_t */
    OPT_SIZE,     /* size_t: bytes, with Ki, Mi, Gi */
    OPT_DURATION, /* uint64_t, in milliseconds: "500ms", "10s", "2m", "720h" */
    OPT_ENUM,     /* an enum (as int), by `names` in its order, the last NULL */
    OPT_FLAG,     /* bool */
};

struct opt {
    const char *name; /* "max-body" */
    enum opt_type type;
    size_t offset;
    const char *value;        /* what --help calls the value; completed by its words (candidates.h) */
    const char *standard;     /* the default, in the words of the command line; NULL: zero */
    const char *const *names; /* the values of OPT_ENUM; of other types, those that completion offers, or NULL */
    const char *help;
};

#define OPT(type_name, member, the_name, the_type, ...)                                                                \
    {                                                                                                                  \
        .name = (the_name), .type = (the_type), .offset = offsetof(type_name, member), __VA_ARGS__                     \
    }
#define OPT_END                                                                                                        \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }

/* Fills *out from defaults, environment and argv[1..]. `operands` NULL: none
 * are taken. Values borrow from argv and the environment, lists are in the
 * arena. The error names the option (`--max-body: ...`) or the variable that gave
 * the value, with "did you mean". */
MUST_CHECK bool opt_parse(const struct opt *options, char *const argv[], struct arena *a, void *out,
                          struct opt_values *operands, struct err *e);

/* Whether it may be given more than once. */
static inline bool opt_repeats(const struct opt *o)
{
    return o->type == OPT_TEXTS || o->type == OPT_LIST || o->type == OPT_NAMES;
}

/* "FIPSGATE_MAX_BODY"; NULL: the arena is full. */
const char *opt_environment(const struct opt *o, struct arena *a);

/* Whether --help or -h stands among the options of argv[1..]. */
bool opt_asks_help(char *const argv[]);

/* The options as --help shows them: two lines each. */
void opt_print(struct buf *out, const struct opt *options);

#endif
