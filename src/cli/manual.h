/* SPDX-License-Identifier: Apache-2.0 */
/* Manual pages, section 1, one for each command: made from the tables that
 * --help is made from (cmd.h, opt.h), in the man(7) macros of roff. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/cmd.h"

void manual_print(struct buf *out, const struct cmd_path *path);

/* "fipsgate-policy-lint": what the page is called; its file adds ".1". */
void manual_name(struct buf *out, const struct cmd_path *path);

#endif
