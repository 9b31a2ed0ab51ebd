/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case directory, read: what is asked (review.json, or `review` with the
 * path of a shared one), by which policies and facts (policy.yaml, facts.yaml,
 * or `policies` and `facts` with one source a line), on which day (`today`),
 * and what must come of it (want.json).
 */
#ifndef CASES_CASE_H
#define CASES_CASE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "policy/basis.h"
#include "policy/policy.h"
#include "json/value.h"

struct test_case {
    const char *dir;
    struct sv body;            /* the review's bytes */
    const struct json *review; /* absent: the bytes are no JSON, or hold a key twice */
    const struct json *want;   /* absent: want.json is yet to be recorded */
    struct policy_set *set;
    struct basis basis;
};

MUST_CHECK bool case_load(struct test_case *c, const char *dir, struct arena *a, struct err *e);
void case_free(struct test_case *c); /* accepts a zeroed one */

#endif
