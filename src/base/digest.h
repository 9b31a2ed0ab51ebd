/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4) through OpenSSL's default property query, so that it
 * comes from the FIPS provider where that is loaded. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

enum { DIGEST_HEX = 64 };

/* Of the pieces one after the other, each preceded by its length, so that no
 * two lists of pieces give the same digest. `out` is a NUL-terminated string. */
MUST_CHECK bool digest_hex(const struct sv *pieces, size_t count, char out[DIGEST_HEX + 1], struct err *e);

#endif
