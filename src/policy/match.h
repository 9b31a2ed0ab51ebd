/* SPDX-License-Identifier: Apache-2.0 */
/* Does a request fall under a policy: namespace, labels, operation, user. */
#ifndef POLICY_MATCH_H
#define POLICY_MATCH_H

#include "policy/policy.h"

/* By operation and namespace alone: what can be said before the object was
 * looked at. */
bool match_reaches(const struct match *m, const struct request *r, const struct kind *kind);

/* By user too; implies match_reaches(). */
bool match_request(const struct match *m, const struct target *t);

/* By labels: those of t->pod where there is one, else of the object. */
bool match_labels(const struct match *m, const struct target *t);

#endif
