/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What we hold to be true: named sets of rows, each with a verdict, how sure it
 * is, where it comes from and the day it was read there. Shipped sets are
 * embedded (policies/facts/); an operator's documents add sets (`site-...`) or
 * replace shipped ones by name:
 *
 *     apiVersion: fipsgate.io/v1alpha1
 *     kind: FipsFacts
 *     metadata: { name: elb-policies }
 *     spec:
 *       layer: load-balancer
 *       rows:
 *         - { value: ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04, verdict: strict, sure: A,
 *             source: aws-elb-policies, asOf: 2026-11-22 }
 *       sources:
 *         aws-elb-policies: https://docs.aws.amazon.com/...
 */
#ifndef FACTS_FACTS_H
#define FACTS_FACTS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/date.h"
#include "base/err.h"
#include "base/sv.h"
#include "yaml/record.h"
#include <stdbool.h>

/* Zero is the one that never passes. */
enum fact_verdict { FACT_DENY, FACT_WARN, FACT_ALLOW, FACT_STRICT };
/* How sure (FIPS facts are data): A read in a primary source, B in a secondary
 * one, C background knowledge, which never makes more than a warning. */
enum fact_sure { SURE_C, SURE_B, SURE_A };

/* How a volume of a storage driver comes to be encrypted; set `storage-drivers`. */
enum encryption {
    ENCRYPTION_NOT_VISIBLE,   /* nothing in the object tells */
    ENCRYPTION_BY_PARAMETERS, /* exactly when all of `parameters` hold */
    ENCRYPTION_ALWAYS,
    ENCRYPTION_NEVER,
};
/* What a certificate of the CMVP was on the day of `as_of`; set `cmvp-certificates`. */
enum cmvp_standard { CMVP_NO_STANDARD, CMVP_140_2, CMVP_140_3 };
enum cmvp_status { CMVP_UNKNOWN, CMVP_NONE, CMVP_IN_REVIEW, CMVP_ACTIVE, CMVP_HISTORICAL, CMVP_REVOKED };

struct fact_parameter {
    struct sv name;
    struct strings values; /* one of these, letter case ignored; empty: any non-empty value */
    struct sv token;       /* or: this word stands in the space- or comma-separated value */
};

struct fact {
    struct sv value; /* what is looked up: exact, unless the set's rule says otherwise */
    enum fact_verdict verdict;
    enum fact_sure sure;
    struct sv source; /* a key of the set's sources, or text */
    struct date as_of;
    struct sv note;

    /* storage-drivers only */
    enum encryption encryption;
    struct records parameters; /* struct fact_parameter: needed */
    struct records forbidden;  /* struct fact_parameter: any of these makes it unencrypted */
    bool ignore_case;          /* names of parameters are compared without case; node-labels: values are */
    bool any_prefix;           /* `value` may follow "<namespace>." (Rook) */

    /* cmvp-certificates only; `value` is the number of the certificate */
    struct sv module;
    enum cmvp_standard standard;
    enum cmvp_status status;
    struct date sunset;      /* the first day it no longer counts; no date: none was read */
    struct sv provider;      /* the name a provider of OpenSSL gives that is this module; absent: `versions` suffice */
    struct strings versions; /* and exactly these versions */
};

struct fact_set {
    struct sv name, layer, file;
    const struct fact *rows;
    size_t count;
    struct string_map sources;
    int origin;      /* as facts_add() was told */
    size_t replaced; /* rows of the shipped set that this one stands in place of; 0: of none */
    const struct yaml_doc *doc;
};

/* All sets in use; lives in the arena of the policies compiled against it. */
struct facts;
struct facts *facts_new(struct arena *a); /* NULL: arena full */

/* Adds the set of one FipsFacts document, or replaces the set of that name. A
 * name given twice by documents with the same `origin` (0 shipped, 1 operator)
 * is an error naming both places. Duplicate values in a set are errors too. */
MUST_CHECK bool facts_add(struct facts *f, const struct yaml_doc *doc, int origin, struct arena *a, struct err *e);

/* NULL: no such set. */
const struct fact_set *facts_find(const struct facts *f, struct sv name);
size_t facts_count(const struct facts *f);
const struct fact_set *facts_at(const struct facts *f, size_t index);

/* The schema of a FipsFacts document, for `policy schema`. */
extern const struct field facts_fields[];

#endif
