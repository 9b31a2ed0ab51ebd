/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sub-commands; one file each. */
#include "cli/cmd_policy.h"

static const struct cmd *const subs[] = {
    /* by name */
    &cmd_policy_explain, &cmd_policy_lint, &cmd_policy_list, &cmd_policy_schema, &cmd_policy_test, NULL,
};

const struct cmd cmd_policy = {
    .name = "policy",
    .arguments = " COMMAND",
    .summary = "check, test, list and explain policies",
    .about = "For whoever writes policies: looks them through, runs cases, explains rules.",
    .subs = subs,
};
