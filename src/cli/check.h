/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One object judged as the cluster would: by /mutate first, then what it left
 * by /validate. A finding that the patch takes away is will-mutate, and no
 * violation; what remains is said in the words for the object as it is written,
 * also where the patch has changed the value. Asked with the bytes of an AdmissionReview (manifest.h), so that a
 * file and a request take one way; without an inventory it says exactly what
 * the two webhooks say (tests/agree).
 */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/inventory.h"
#include "policy/basis.h"
#include "policy/verdict.h"

struct check_question {
    const struct basis *basis;
    const struct inventory *inventory; /* NULL: judged alone. Both stages know it: the API server too fills
                                        * in defaults by it before it asks a webhook. */
    bool keep_passes;
};

struct checked_finding {
    const struct judgement *judgement;
    enum result result; /* as report.h has it; the judgement's own is that of one webhook */
    enum mode mode;
    bool is_brought; /* by /mutate: the object as it is written does not have it */
    struct sv path;  /* in the object as it is written; its nearest parent where /mutate made the place */
};

struct checked {
    bool is_denied; /* one of the two webhooks would refuse it */
    struct checked_finding *findings;
    size_t count;
    struct sv refusal; /* refused without a judgement (a field of a wrong type, a conflict of repairs): why */
    struct sv patch;   /* of /mutate, byte for byte; absent: none */
    struct sv stored;  /* the object as it would be stored, JSON text; absent: as it is, or not stored at all */
    const struct patch_op *repairs; /* what --diff and --fix write: those of the patch and those that a template's
                                     * pods would get, without the sidecar; linked, ordered as a patch is, parents
                                     * included */
};

/* False: the bytes are no review that could be judged (a limit, no memory). */
MUST_CHECK bool check_review(const struct check_question *q, struct sv review, struct arena *a, struct checked *out,
                             struct err *e);

#endif
