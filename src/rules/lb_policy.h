/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Security policies of AWS load balancers, which Services, Ingresses and
 * IngressClassParams name in the same way: options `allow` and `set`.
 */
#ifndef RULES_LB_POLICY_H
#define RULES_LB_POLICY_H

#include "rules/values.h"

struct lb_policy {
    struct values allowed;
    struct sv repair; /* absent: nothing is repaired */
};

/* From the options `allow` and `set`, whose text is given. What `set` says has
 * to be something that `allow` passes. */
MUST_CHECK bool lb_policy_compile(const struct rule_build *b, const struct strings *allow, struct sv set,
                                  struct lb_policy *out, struct err *e);

/* Appends what the name at `at` means; absent or empty is a violation. NULL
 * where it passes. */
struct finding *lb_policy_judge(const struct lb_policy *p, const struct target *t, const struct pointer *at,
                                struct sv name, struct findings *out);

/* Adds the repair to a violation that denies, where there is one that would pass. */
void lb_policy_repair(const struct lb_policy *p, const struct target *t, const struct pointer *at, struct finding *f,
                      struct findings *out);

#endif
