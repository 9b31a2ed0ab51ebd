/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine: for each policy that matches, each rule that looks at this kind,
 * collect findings, and turn them into a verdict by mode. Allocates only from
 * the request's arena and makes no system call.
 */
#ifndef POLICY_EVALUATE_H
#define POLICY_EVALUATE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/inventory.h"
#include "policy/basis.h"
#include "policy/verdict.h"

struct evaluation {
    enum stage stage;
    bool keep_passes;                  /* list what passed too */
    const struct inventory *inventory; /* what stands beside the object; NULL: nothing is known, as in serve */
};

/* False: the request cannot be evaluated (a field of a wrong type, the arena
 * is full), which is a denial. */
MUST_CHECK bool evaluate_request(const struct basis *b, const struct evaluation *how, const struct request *r,
                                 struct arena *a, struct verdict *out, struct err *e);

#endif
