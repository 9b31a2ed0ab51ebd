/* SPDX-License-Identifier: Apache-2.0 */
/* Policy sets from text, for tests: written to a file of its own in a fresh
 * directory, loaded as an operator's file is, and removed again. */
#ifndef SUPPORT_POLICIES_H
#define SUPPORT_POLICIES_H

#include "base/err.h"
#include "policy/policy.h"

/* NULL on failure; the path in messages is cut to "policy.yaml". */
struct policy_set *policies_load(const char *yaml, struct err *e);

/* The same, failing the test with the message. */
struct policy_set *policies_from(const char *yaml);

#endif
