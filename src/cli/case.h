/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case directory, read. What it may hold:
 *
 *     today          the day, 2026-11-22; it makes the directory a case
 *     review.json    an AdmissionReview, byte for byte; or `review`: the path of a shared one
 *     manifest.yaml  or one object, asked about as manifest.h says; then also, one line each,
 *                    `operation` (CREATE), `user`, `namespace`; and old.yaml, what it was before an UPDATE
 *     policy.yaml    FipsPolicy documents; and/or `policies`: one --policies argument a line
 *     facts.yaml     FipsFacts documents; and/or `facts`: one --facts argument a line
 *     max-mode       one line, as --max-mode: enforce (the default), warn or audit
 *     want.json      what must come of it (case_compare.h)
 *
 * Paths in these files are relative to the directory. A case without policies
 * of its own that stands in <set>/cases/<what>/ is about that set: it is judged
 * by the policies in <set>/ and, if it has no facts of its own either, with
 * <set>/cases/site.yaml, else with sample-site.yaml beside <set>/, where there is one.
 */
#ifndef CLI_CASE_H
#define CLI_CASE_H

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
