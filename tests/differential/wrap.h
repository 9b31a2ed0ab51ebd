/* SPDX-License-Identifier: Apache-2.0 */
/* The pod inside an object of any workload kind, and the object in a review. */
#ifndef DIFFERENTIAL_WRAP_H
#define DIFFERENTIAL_WRAP_H

#include "differential/suspect.h"
#include "kube/kind.h"

/* Whether an object of this kind can hold the offence. */
bool wrap_can_hold(const struct kind *k, const struct offence *offence);

/* The object, its pod standing where the row of the kind says. */
struct tree *wrap_pod(struct suspect *s, const struct kind *k, const struct tree *pod);

/* An AdmissionReview of `object`; with `old` it is an UPDATE. */
struct tree *wrap_review(struct suspect *s, const struct kind *k, struct tree *object, struct tree *old);

#endif
