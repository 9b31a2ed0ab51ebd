/* SPDX-License-Identifier: Apache-2.0 */
/* Does a request fall under a policy: namespace, labels, operation, user. */
#ifndef POLICY_MATCH_H
#define POLICY_MATCH_H

#include "policy/policy.h"

bool match_request(const struct match *m, const struct target *t);

#endif
