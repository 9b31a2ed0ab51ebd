/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion scripts for shells, made from the tables that --help is made from
 * (cmd.h, opt.h): every command, every option, and what may stand for a value
 * (candidates.h). Each script is a table and, after it, a few functions that
 * read it; it never runs fipsgate.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "base/buf.h"

/* For bash 3.2 and later, zsh 5 and fish 3. What does not fit makes `out` fail. */
void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);

#endif
