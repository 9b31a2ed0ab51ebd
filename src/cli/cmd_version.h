/* SPDX-License-Identifier: Apache-2.0 */
/* What is running: our version, the libraries in use, the FIPS provider. */
#ifndef CLI_CMD_VERSION_H
#define CLI_CMD_VERSION_H

#include "base/buf.h"
#include "facts/facts.h"
#include "net/fips.h"

/* "0.1.0" */
const char *cmd_version_own(void);

/* One JSON object: what /version says. `facts` (may be NULL) know certificates;
 * `problem` (may be "") is why FIPS is not active. */
void cmd_version_json(struct buf *out, const struct fips_status *fips, const struct facts *facts, const char *problem);

#endif
