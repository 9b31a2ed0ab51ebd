/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648 section 4, with padding; reading is as strict as the text allows
 * (no line breaks, no bits left over), so that one value has one spelling. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

void base64_add(struct buf *out, struct sv bytes);

/* ERR_INPUT: it is no base64. The message holds nothing of the text, which may be a key. */
MUST_CHECK bool base64_read(struct sv text, struct arena *a, struct sv *out, struct err *e);

#endif
