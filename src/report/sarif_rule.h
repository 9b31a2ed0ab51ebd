/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a policy set as SARIF knows them (reportingDescriptor, 3.49):
 * each rule of each policy is one, in the set's order, with the help that a
 * person gets beside an alert; behind them one of our own.
 */
#ifndef REPORT_SARIF_RULE_H
#define REPORT_SARIF_RULE_H

#include "base/arena.h"
#include "policy/policy.h"
#include <stdio.h>

/* The last one, at index rule_count: an object that is refused without a judgement. */
#define SARIF_RULE_REFUSED "refused"

/* All of them, with commas between. */
void sarif_rule_print(FILE *out, const struct policy_set *set, struct arena *a);

/* "policy/rule" as a JSON string. */
void sarif_rule_id(FILE *out, struct sv policy, struct sv rule, struct arena *a);
/* Of the rule that judged, among those printed; behind the last: it is not there. */
size_t sarif_rule_index(const struct policy_set *set, const struct judgement *j);
/* The mode of its policy, whatever became of the finding. */
enum mode sarif_rule_mode(const struct policy_set *set, const struct judgement *j);
/* "error", "warning", "note", "none" */
const char *sarif_rule_level(enum mode mode);

#endif
