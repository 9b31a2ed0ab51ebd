/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with policies, exceptions and facts that load without a
 * mistake. An error does not do what it says, or opens a hole; a warning is of
 * no use, or getting old. Every finding has a place.
 */
#ifndef CLI_LINT_H
#define CLI_LINT_H

#include "base/buf.h"
#include "policy/policy.h"
#include "json/pointer.h"

enum lint_level { LINT_WARNING, LINT_ERROR };

struct lint {
    const struct policy_set *set;
    struct date today;
    size_t max_age; /* in days: an older fact is stale */
    struct arena *arena;
    struct buf *out; /* "file:line:col: error: message", a line each */
    size_t errors, warnings;
};

/* Everything; the caller has set all but the counts. */
void lint_all(struct lint *l);

/* For the parts: one finding, about the value at `at` in `doc`. */
void lint_say(struct lint *l, enum lint_level level, const struct yaml_doc *doc, const struct pointer *at,
              const char *fmt, ...) PRINTF(5, 6);

/* The rule at `index` of a policy as it was written, and where. */
const struct json *lint_rule_value(const struct policy *p, size_t index);

/* Does a rule look at kinds that live in no namespace (or at those that do)? */
bool lint_looks_at(const struct rule *r, bool cluster_scoped);

#endif
