/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands in all inputs of `check` together, read before any object is
 * judged: the order of files says nothing. A text that cannot hold any such
 * object is not parsed (kube/inventory.h).
 */
#ifndef CLI_GATHER_H
#define CLI_GATHER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/input.h"
#include "kube/inventory.h"

/* An inventory in `a`. An input that cannot be read or is no YAML adds nothing:
 * whoever judges it says so. `scratch` is reset after each input. False: `a` is full. */
MUST_CHECK bool gather_inventory(struct inputs *inputs, struct arena *scratch, struct arena *a, struct inventory **out,
                                 struct err *e);

#endif
