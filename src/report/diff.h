/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two texts as a unified diff with three lines of context, as `patch -p1` and
 * `git apply` take it: "--- a/NAME", "+++ b/NAME", hunks, and
 * "\ No newline at end of file" where it is so. Nothing for equal texts.
 */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

/* `name` without a leading slash. Lines keep their ends, CRLF too. False: the arena is full. */
MUST_CHECK bool diff_unified(struct buf *out, struct sv name, struct sv before, struct sv after, struct arena *a,
                             struct err *e);

#endif
