/* SPDX-License-Identifier: Apache-2.0 */
/* The webhook's certificates: the sub-commands of `fipsgate certs`. */
#ifndef CLI_CMD_CERTS_H
#define CLI_CMD_CERTS_H

#include "cli/cmd.h"

extern const struct cmd cmd_certs_inspect, cmd_certs_make, cmd_certs_remove, cmd_certs_rotate, cmd_certs_wait;

#endif
