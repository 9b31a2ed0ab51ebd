/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes quantities as exact integers of bytes: "16Mi", "500k", "1G",
 * "1048576". Fractions, exponents and milli-units are refused: nothing here
 * needs them. */
#ifndef KUBE_QUANTITY_H
#define KUBE_QUANTITY_H

#include "base/attr.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stddef.h>

MUST_CHECK bool quantity_parse(struct sv text, size_t *bytes);

#endif
