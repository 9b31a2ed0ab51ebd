/* SPDX-License-Identifier: Apache-2.0 */
/* The one log line of a review: who asked what, the answer and why, how long
 * it took. Names and paths only, never the content of an object. */
#ifndef HTTP_JOURNAL_H
#define HTTP_JOURNAL_H

#include "admission/handler.h"
#include <stdint.h>

/* What is known of a review beside its record. */
struct journal_circumstances {
    enum stage stage;
    uint64_t microseconds;
    struct sv traceparent; /* the header, as it arrived; absent: there was none */
};

/* A review that was answered. The arena holds what the line needs. */
void journal_review(const struct admission_record *record, const struct journal_circumstances *how, struct arena *a);

/* The trace id in a `traceparent` of W3C Trace Context level 1; absent if the
 * header is not what it should be. */
struct sv journal_trace_id(struct sv traceparent);

/* A request that never became a review. */
void journal_refusal(unsigned status, struct sv message);

#endif
