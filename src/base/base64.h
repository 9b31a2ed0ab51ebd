/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648 section 4, with padding. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"
#include "base/sv.h"

void base64_add(struct buf *out, struct sv bytes);

#endif
