/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of the answers to any review whatever. */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "admission/handler.h"
#include "fuzz/fuzz.h"

/* One answer, held against the admission contract; `bytes` is absent when there
 * was nobody to answer. */
struct judge_answer {
    struct sv bytes;
    struct admission_record record;
};
void judge_ask(struct judge_answer *out, const struct basis *b, enum stage stage, struct sv body, struct arena *a);

/* Any policies: the answers are answers, the same each time, and the patch fits. */
void judge_review(const struct basis *b, struct sv body, struct arena *a);

/* Policies that are all in mode enforce and mend what they say they mend, as
 * shipped ones do: the stages agree too, and the patch leaves nothing to do. */
void judge_shipped(const struct basis *b, struct sv body, struct arena *a);

#endif
