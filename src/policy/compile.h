/* SPDX-License-Identifier: Apache-2.0 */
/* FipsPolicy documents into compiled policies; every error reads
 * file:line:col: message. */
#ifndef POLICY_COMPILE_H
#define POLICY_COMPILE_H

#include "policy/policy.h"

/* Compiles the document, of kind FipsPolicy, into *out; its mode is lowered to the set's `max_mode`. */
MUST_CHECK bool compile_policy(struct policy_set *set, const struct yaml_doc *doc, struct policy *out, struct err *e);

/* Of all documents of ours: FipsPolicy, FipsException, FipsFacts. */
#define FIPSGATE_API_VERSION "fipsgate.io/v1alpha1"

/* What FipsException documents share with policies. */
struct compile_meta {
    struct sv name;
    struct string_map labels, annotations;
};
extern const struct field compile_meta_fields[];

/* metadata.name goes into messages, logs and annotations as it is. */
MUST_CHECK bool compile_name(const struct yaml_doc *doc, struct sv name, struct err *e);

/* `list` stands at `up`/`key`; only `*` means anything in a glob. */
MUST_CHECK bool compile_globs(const struct yaml_doc *doc, const struct pointer *up, struct sv key,
                              const struct strings *list, struct err *e);

/* The schema of a FipsPolicy document, for `policy schema`. */
extern const struct field compile_fields[];

#endif
