/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to say of the FIPS provider, the same wherever it is said: in
 * the log, in /readyz?verbose and /version, and by `version`. */
#ifndef CLI_FIPS_NOTE_H
#define CLI_FIPS_NOTE_H

#include "base/buf.h"
#include "base/date.h"
#include "facts/cmvp.h"
#include "net/fips.h"

/* What facts (may be NULL) say of this provider today. */
struct cmvp_standing fips_note_standing(const struct fips_status *fips, const struct facts *facts);

/* One sentence: that FIPS is off, that the provider is in its error state, or
 * else what certificate it has. */
void fips_note_print(struct buf *out, const struct fips_status *fips, const struct facts *facts);

#endif
