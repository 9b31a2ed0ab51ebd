/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS settings of custom resources, read by tables: one row for each kind (or
 * each part of it that is judged by itself: a server, a listener), one row for
 * each of its settings. What a row cannot say is the policy's to choose, by the
 * outcome of a meaning.
 */
#ifndef RULES_TLS_KIND_H
#define RULES_TLS_KIND_H

#include "rules/values.h"

/* What a word, or the lack of a setting, means. */
enum tls_meaning {
    TLS_DEFAULT = 0, /* left to what the proxy, mesh or cloud does by itself */
    TLS_SILENT,      /* another setting says it */
    TLS_FINE,
    TLS_WRONG,
    TLS_PLAINTEXT,
    TLS_PASSTHROUGH, /* TLS, if any, ends behind it */
    TLS_BACKEND,     /* plaintext on the way to the pods */
    TLS_MEANINGS,
};

/* How a text that is none of the row's words is read: against which values. */
enum tls_reading {
    TLS_WORDS, /* not at all: it cannot be told */
    TLS_FLOOR, /* the least version */
    TLS_CEILING,
    TLS_SUITES,
    TLS_GROUPS,
    TLS_POLICY,  /* a security policy of an AWS load balancer */
    TLS_PROFILE, /* settings that a vendor has given a name */
    TLS_NAME,    /* a name that only the operator can vouch for */
    TLS_READINGS,
};

struct tls_word {
    struct sv word;
    enum tls_meaning means;
    const char *message; /* NULL: that of a lack */
};

struct tls_setting {
    struct sv path; /* below the unit; `*` as in rules/field_path.h */
    enum tls_reading reading;
    const struct tls_word *words; /* ends with an absent word; NULL: none */
    enum tls_meaning absent;      /* its parent is there, it is not */
    enum tls_meaning orphan;      /* nor is its parent */
    enum tls_meaning none;        /* a `*` of the path has no elements */
    const char *lack;             /* the message for these three */
    const char *bare;             /* the message for `absent` alone; NULL: `lack` */
    const char *wanted, *fix;
};

/* Where TLS ends, as the unit says; *at: a pointer below the unit to what says
 * so. TLS_FINE: here, so that its settings count. */
typedef enum tls_meaning tls_end_fn(const struct json *unit, struct sv *at);

struct tls_kind {
    struct sv group, kind;
    struct sv each;                     /* path of the units; "": the object is one */
    struct sv name;                     /* pointer below a unit to what tells it from others */
    enum tls_meaning none;              /* there is no unit */
    const char *lack;                   /* the message for that */
    tls_end_fn *end;                    /* NULL: TLS ends here */
    const struct tls_setting *settings; /* ends with an absent path; NULL: being there is enough */
    bool by_class;                      /* the settings depend on the object's class: the rule fills them in */
};

struct tls_options {
    struct values sets[TLS_READINGS];
    enum outcome outcomes[TLS_MEANINGS];
};

/* What holds by itself: fine passes, wrong is a violation, plaintext warns. */
void tls_kind_defaults(struct tls_options *o);

/* Judges every unit of the object by the row. */
void tls_kind_check(const struct tls_kind *row, const struct tls_options *o, const struct target *t,
                    struct findings *out);

/* The next row for the target's kind, from *index on, which goes behind it;
 * NULL: no more. */
const struct tls_kind *tls_kind_next(const struct tls_kind *rows, size_t count, const struct target *t, size_t *index);

#endif
