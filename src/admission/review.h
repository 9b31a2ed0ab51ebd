/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AdmissionReview (admission.k8s.io/v1) -> struct request. Strict about every
 * field we rely on; fields we do not know are left alone.
 */
#ifndef ADMISSION_REVIEW_H
#define ADMISSION_REVIEW_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/request.h"

/*
 * Decodes `body`. On failure r->uid tells whether there is somebody to answer:
 * it is set when the uid could be read, from the document or, when that could
 * not be parsed for a reason other than its syntax, from its first bytes.
 */
MUST_CHECK bool review_decode(struct request *r, struct sv body, struct arena *a, struct err *e);

/*
 * The uid, where the API server writes it: read from the exact bytes that every
 * AdmissionReview of a kube-apiserver begins with, and only if it holds nothing
 * but letters, digits and hyphens. Absent otherwise. Borrows from `prefix`.
 */
struct sv review_uid_of_prefix(struct sv prefix);

#endif
