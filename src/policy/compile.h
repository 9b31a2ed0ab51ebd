/* SPDX-License-Identifier: Apache-2.0 */
/* FipsPolicy documents into compiled policies; every error reads
 * file:line:col: message. */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "policy/policy.h"

/* Compiles the document, of kind FipsPolicy, into *out. */
MUST_CHECK bool compile_policy(struct policy_set *set, const struct yaml_doc *doc, struct policy *out, struct err *e);

/* "FipsPolicy", "FipsFacts": the kinds there are, and their API version. */
#define FIPSGATE_API_VERSION "fipsgate.io/v1alpha1"

/* The schema of a FipsPolicy document, for `policy schema`. */
extern const struct field compile_fields[];

#endif
