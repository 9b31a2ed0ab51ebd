/* SPDX-License-Identifier: Apache-2.0 */
/* The table of sub-commands; one file each. */
#include "cli/cmd_certs.h"

static const struct cmd *const subs[] = {
    /* by name */
    &cmd_certs_inspect, &cmd_certs_make, &cmd_certs_remove, &cmd_certs_rotate, &cmd_certs_wait, NULL,
};

const struct cmd cmd_certs = {
    .name = "certs",
    .arguments = " COMMAND",
    .summary = "make, rotate and inspect the webhook's certificates",
    .about = "The certificate that the webhook serves with, the CA that signed it, and the caBundle by which API "
             "servers know it. Keys are made inside the FIPS provider.",
    .subs = subs,
};
