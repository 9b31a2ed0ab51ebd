/* SPDX-License-Identifier: Apache-2.0 */
/* Hands the command line to the command table. */
#include "cli/cmd.h"

int main(int argc, char *argv[])
{
    (void)argc;
    return (int)cmd_main(argv);
}
