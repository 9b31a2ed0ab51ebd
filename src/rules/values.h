/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values a rule's option allows: literals and references to fact sets
 * ("@elb-policies"), resolved once. A literal is an operator's own word: it
 * passes at every level (a storage driver named so counts as encrypting). Of
 * two rows with one value the better is kept. A site set nobody supplied is recorded
 * as missing and holds no values; any other unknown set is an error.
 */
#ifndef RULES_VALUES_H
#define RULES_VALUES_H

#include "facts/facts.h"
#include "rules/rule.h"

struct values {
    const struct fact **rows; /* sorted by value, for look-up */
    size_t count;
    bool is_incomplete; /* a site set is missing: "not in the list" proves nothing */
    struct sv wanted;   /* what the option names, for a person: "@ecr-fips, @site-registries" */
    struct sv missing;  /* the site sets that are missing: "site-registries"; else empty */
};

/* `at` is where `list` stands, for errors. */
MUST_CHECK bool values_compile(const struct rule_build *b, const struct pointer *at, const struct strings *list,
                               struct values *out, struct err *e);

/* NULL: no row. Exact. */
const struct fact *values_find(const struct values *v, struct sv value);

/* What a row (or none) means at a level. */
enum opinion {
    OPINION_DENY = 0,
    OPINION_WARN, /* denied, but the fact carries no more than a warning */
    OPINION_PASS,
};
/* No row: OPINION_DENY. standard: strict and allow pass, warn warns; strict:
 * only strict passes, warn warns and allow denies. `sure: C` never denies. */
enum opinion values_opinion(const struct fact *row, enum level level);

/* What a policy makes of a thing that no fact can settle (a hostPath, TLS left
 * to the pod): the values of such options, "unknown" where none is given. */
enum outcome { OUTCOME_UNKNOWN, OUTCOME_PASS, OUTCOME_WARN, OUTCOME_VIOLATION };
extern const char *const values_outcomes[]; /* for FIELD_ENUM: unknown, pass, warn, violation */

/* Appends the finding an outcome means: a pass, an unknown, a violation, or a
 * violation that only warns. NULL for a pass. */
struct finding *values_outcome(struct findings *out, enum outcome outcome, const struct pointer *at, struct sv subject);

/* The one value a repair option names: a literal, or the first row of a site
 * set; absent when that set is missing. */
MUST_CHECK bool values_single(const struct rule_build *b, const struct pointer *at, struct sv text, struct sv *out,
                              struct err *e);

#endif
