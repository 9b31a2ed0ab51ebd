/* SPDX-License-Identifier: Apache-2.0 */
/* A rule type for a person: what it judges and why, its options, the facts it
 * rests on, an example that can be copied. Made from the tables of the rule. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "base/buf.h"
#include "policy/policy.h"

/* A rule of a policy, or (policy == NULL) a rule type wherever it is in use. */
struct explain_subject {
    const struct rule *rule;
    const struct policy *policy;
    size_t index; /* of the rule in the policy */
};

/* `set` says where the type is in use, and which facts there are. */
MUST_CHECK bool explain_rule(const struct explain_subject *s, const struct policy_set *set, struct arena *a,
                             struct buf *out, struct err *e);

/* A whole policy around the rule's own example. */
void explain_example(const struct rule *r, struct buf *out);

/* Every rule type, a line each. */
void explain_list(struct buf *out);

#endif
