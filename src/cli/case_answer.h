/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the engine answers to one review at one stage, read back from the bytes
 * it would send, and held against the admission contract.
 */
#ifndef CLI_CASE_ANSWER_H
#define CLI_CASE_ANSWER_H

#include "admission/handler.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "json/value.h"

struct case_answer {
    enum stage stage;
    struct sv bytes; /* absent: no answer, `error` says why */
    struct sv error; /* what the HTTP error would say */
    struct admission_record record;

    bool allowed;
    struct sv code;              /* of status, as text; absent when there is none */
    struct sv message;           /* of status */
    const struct json *warnings; /* absent: none */
    const struct json *patch;    /* the decoded patch; absent: none */
    struct sv patch_text;
};

/* Asks, and reads the answer. What breaks the contract of an AdmissionReview
 * response goes to `problems`, a line each. `uid` is what it must carry. */
void case_answer_get(struct case_answer *out, const struct basis *b, enum stage stage, struct sv body, struct sv uid,
                     struct arena *a, struct buf *problems);

#endif
