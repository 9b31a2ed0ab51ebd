/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A verdict into the bytes of an AdmissionReview response. The only file on
 * the request path that sees jansson: it writes what leaves.
 *
 * Bounds: a denial's message at most 4 KiB, worst finding first, then "and N
 * more"; warnings at most 120 bytes each and 10 in all (the API server cuts at
 * 256 and 4,096); audit annotations at most 1 KiB each.
 */
#ifndef ADMISSION_RESPOND_H
#define ADMISSION_RESPOND_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "policy/basis.h"
#include "policy/verdict.h"

/* The answer to a request that was evaluated. */
MUST_CHECK bool respond_encode(const struct basis *b, const struct request *r, const struct verdict *v, struct arena *a,
                               struct buf *out, struct err *e);

/* The denial of a review that was not: `code` is 400, 413 or 500. */
MUST_CHECK bool respond_refuse(struct sv uid, int code, struct sv message, struct buf *out, struct err *e);

#endif
