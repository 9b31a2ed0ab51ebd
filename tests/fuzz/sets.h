/* SPDX-License-Identifier: Apache-2.0 */
/* Policies and reviews that a fuzz target judges with, loaded once. */
#ifndef FUZZ_SETS_H
#define FUZZ_SETS_H

#include "policy/basis.h"
#include "policy/policy.h"

/* builtin:aws-govcloud with the facts of policies/sample-site.yaml. */
const struct policy_set *sets_sample(void);

/* It, or another set, on the day of every test: 2026-11-22. */
struct basis sets_basis(const struct policy_set *set);

/* Some reviews of tests/fixtures/, of all families of kinds. */
size_t sets_review_count(void);
struct sv sets_review(size_t index);

#endif
