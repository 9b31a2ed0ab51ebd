/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one case directory (case.h). Beside want.json these hold for every case:
 * the answer is an AdmissionReview with the request's uid; a patch comes at
 * /mutate only, applies, and leaves nothing to do or to complain about; the
 * same review twice gives the same bytes; dryRun changes nothing;
 * /validate/enforce denies exactly what /validate denies, /validate/audit
 * nothing.
 */
#ifndef CLI_CASE_RUN_H
#define CLI_CASE_RUN_H

#include "base/buf.h"
#include <stdbool.h>

enum case_result { CASE_FAILED = 0, CASE_UNREADABLE, CASE_PASSED };

/* What is wrong goes to `problems`, in lines for a person. `recording` writes
 * want.json from the answers instead of comparing with it. */
enum case_result case_run(const char *dir, bool recording, struct buf *problems);

#endif
