/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of a JSON text as they come out of kubectl: 2.0 is 2 and -3e2 is
 * -300, whether a manifest is JSON or YAML. Internal to yaml/.
 */
#ifndef YAML_JSONNUMBER_H
#define YAML_JSONNUMBER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

/* `text` is valid JSON. *out is `text` itself when there is nothing to change. */
MUST_CHECK bool jsonnumber_resolve(struct sv text, struct arena *a, struct sv *out, struct err *e);

#endif
