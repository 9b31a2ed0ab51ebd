/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types of every field the rules read, in one table. The API server has
 * checked built-in kinds already; a custom resource, a direct caller or a
 * manifest may hold a number where a list belongs, and a rule that then sees
 * "absent" would let it pass. Checked once, before any rule runs.
 */
#ifndef KUBE_SHAPE_H
#define KUBE_SHAPE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/kind.h"
#include "json/value.h"

/* False: "`/spec/containers/0/image` is a number, wanted a string" (ERR_INPUT).
 * Absent and null are always fine. `kind` may be NULL: metadata only. */
MUST_CHECK bool shape_check(const struct json *object, const struct kind *kind, struct arena *a, struct err *e);

#endif
