/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a finding to what it does: one table of result and mode. The engine
 * (evaluate.h) says what it found and in which circumstances; this says what
 * becomes of it.
 */
#ifndef POLICY_JUDGE_H
#define POLICY_JUDGE_H

#include "policy/policy.h"

struct circumstances {
    enum mode mode;        /* of the policy, after namespaces that are never denied */
    bool grandfathered;    /* the old object had the same finding */
    bool may_repair;       /* the policy repairs, and this object may be changed */
    bool template_repairs; /* the policy repairs, and what the template makes may be changed */
    bool excepted;         /* an exception lifts the finding */
};

/* Result and mode of `f` under `p`. */
struct judgement judge_finding(const struct policy *p, const struct compiled_rule *r, const struct finding *f,
                               const struct circumstances *c);

/* Whether /mutate applies the finding's repairs. */
bool judge_repairs(const struct finding *f, const struct circumstances *c);

#endif
