/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Kubernetes admission contract: an AdmissionReview (admission.k8s.io/v1)
 * in, an AdmissionReview out. decode, evaluate, respond; nothing else.
 */
#ifndef ADMISSION_HANDLER_H
#define ADMISSION_HANDLER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "kube/request.h"
#include "policy/basis.h"
#include "policy/verdict.h"
#include <stdint.h>

/* What the log line and the metrics say about a review. Borrows from the arena.
 * Zeroed by the caller, but for `clock`. */
struct admission_record {
    /* What time it is, in nanoseconds, by the caller's clock: this folder has
     * none. NULL: nobody wants to know how long the parts took. */
    uint64_t (*clock)(void);
    struct admission_times {
        uint64_t decode, evaluate, respond; /* 0: did not happen */
    } took;
    struct request request; /* as far as it could be read; .uid at least when answered */
    enum admission_answer { ANSWER_ERROR, ANSWER_DENIED, ANSWER_ALLOWED, ANSWER_PATCHED, ANSWER_COUNT } answer;
    int code;               /* of the denial: 403, 400, 413, 500; 0 when allowed */
    struct verdict verdict; /* empty when the review could not be evaluated */
    struct err problem;     /* why it could not; ERR_NONE when it was */
};
const char *admission_answer_name(enum admission_answer answer); /* "error", "denied", ... */

/*
 * Answers one review body. True: *out holds the response body, to be sent with
 * HTTP 200; a review that cannot be evaluated but whose uid is readable is a
 * denial, never an error, so that `failurePolicy: Ignore` cannot turn our
 * failure into an allow. Where `out` grows from the arena that ran out, that
 * denial still fits: it raises the arena's maximum by a few KiB. False: there is no uid to answer to, and `e` says why
 * (ERR_SYNTAX and ERR_INPUT are HTTP 400, ERR_LIMIT 413, anything else 500).
 */
MUST_CHECK bool admission_handle(const struct basis *b, enum stage stage, struct sv body, struct arena *a,
                                 struct buf *out, struct admission_record *record, struct err *e);

/*
 * The same for a body that was not read whole: `prefix` is its beginning, `why`
 * (ERR_LIMIT) the reason. True when the uid stands where the API server writes
 * it; *out is then a denial with that uid.
 */
MUST_CHECK bool admission_refuse(struct sv prefix, const struct err *why, struct buf *out,
                                 struct admission_record *record);

/* How many bytes of a refused body are worth keeping for admission_refuse(). */
enum { ADMISSION_PREFIX = 512 };

#endif
