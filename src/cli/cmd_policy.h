/* SPDX-License-Identifier: Apache-2.0 */
/* The toolkit for whoever writes policies: the sub-commands of `fipsgate policy`. */
#ifndef CLI_CMD_POLICY_H
#define CLI_CMD_POLICY_H

#include "cli/cmd.h"

extern const struct cmd cmd_policy_explain, cmd_policy_lint, cmd_policy_list, cmd_policy_schema, cmd_policy_test;

#endif
