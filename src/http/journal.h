/* SPDX-License-Identifier: Apache-2.0 */
/* The one log line of a review: who asked what, the answer and why, how long
 * it took. Names and paths only, never the content of an object. */
#ifndef HTTP_JOURNAL_H
#define HTTP_JOURNAL_H

#include "admission/handler.h"
#include <stdint.h>

/* A review that was answered. The arena holds what the line needs. */
void journal_review(const struct admission_record *record, enum stage stage, uint64_t microseconds, struct arena *a);

/* A request that never became a review. */
void journal_refusal(unsigned status, struct sv message);

#endif
