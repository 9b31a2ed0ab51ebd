/* SPDX-License-Identifier: Apache-2.0 */
/* Does a request fall under a policy: namespace, labels, operation, user. */
#ifndef POLICY_MATCH_H
#define POLICY_MATCH_H

#include "policy/policy.h"

/* By operation and namespace alone: what can be said before the object was
 * looked at. */
bool match_reaches(const struct match *m, const struct request *r, const struct kind *kind);

/* By all of it; implies match_reaches(). */
bool match_request(const struct match *m, const struct target *t);

#endif
