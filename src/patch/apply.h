/* SPDX-License-Identifier: Apache-2.0 */
/* Applies a patch that patch_finish() wrote to an object: the preview of
 * `check`, and the tests' "applied once, /validate is content". */
#ifndef PATCH_APPLY_H
#define PATCH_APPLY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "json/value.h"

/* The patched object as JSON text. Understands `add` and `replace`; an
 * operation that does not fit (missing parent, index out of range) is
 * ERR_INPUT naming the operation and its pointer. */
MUST_CHECK bool apply_patch(const struct json *object, struct sv patch, struct arena *a, struct sv *text,
                            struct err *e);

#endif
