/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as JSON and Kubernetes write them, compared exactly: "0.5", "500m",
 * "1e3", "-1.50", "1Gi". No floating point, so that no two different numbers
 * are equal. quantity.h reads whole bytes for our own options; this compares
 * what stands in an object.
 */
#ifndef KUBE_DECIMAL_H
#define KUBE_DECIMAL_H

#include "base/attr.h"
#include "base/sv.h"
#include <stdbool.h>

enum {
    DECIMAL_MAX_DIGITS = 64,     /* that count, without leading and trailing zeros */
    DECIMAL_MAX_EXPONENT = 9999, /* of ten, either way */
};

/* *order: negative, zero, positive. False: one of them is no number, or one
 * beyond the limits. */
MUST_CHECK bool decimal_compare(struct sv left, struct sv right, int *order);

bool decimal_is_number(struct sv text);

#endif
