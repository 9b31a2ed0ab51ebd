/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FipsException: what one named thing may do in spite of one named rule, why,
 * on whose word and until which day. Deliberately narrow: a literal namespace
 * (or `clusterScoped: true`), and names or images; labels may only narrow it
 * further; 366 days at most.
 */
#ifndef POLICY_EXEMPT_H
#define POLICY_EXEMPT_H

#include "policy/policy.h"

/* Compiles the document, of kind FipsException, into *out. The policies and
 * rules it names are resolved later, by exempt_resolve(). */
MUST_CHECK bool exempt_compile(struct policy_set *set, const struct yaml_doc *doc, struct exception *out,
                               struct err *e);

/* Every policy and rule it names must exist. */
MUST_CHECK bool exempt_resolve(const struct policy_set *set, const struct exception *x, struct err *e);

/* It counts on `today`: not past its last day, and that not further away than
 * EXEMPT_MAX_DAYS. */
enum { EXEMPT_MAX_DAYS = 366 };
bool exempt_counts(const struct exception *x, struct date today);

/* The exception that lifts `f`, or NULL. *expired is one that would have, had
 * it not ended; NULL if none. */
const struct exception *exempt_find(const struct policy_set *set, const struct policy *p, const struct compiled_rule *r,
                                    const struct finding *f, const struct target *t, struct arena *a,
                                    const struct exception **expired);

/* The schema of a FipsException document, for `policy schema`. */
extern const struct field exempt_fields[];

#endif
