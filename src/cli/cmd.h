/* SPDX-License-Identifier: Apache-2.0 */
/* The command table: lookup, dispatch and `help` are all made from it. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "base/attr.h"
#include "cli/exit.h"
#include "cli/opt.h"

struct cmd {
    const char *name;
    const char *arguments; /* after the options, in the usage line */
    const char *summary;
    const struct opt *options;     /* NULL: none */
    const struct cmd *const *subs; /* sub-commands, by name, the last NULL; then it has no options and no run */
    /* argv[0] is the command's name; --help has been dealt with. */
    enum exit_code (*run)(char *const argv[]);
};

extern const struct cmd cmd_policy, cmd_serve, cmd_version;

/* The whole program: argv[0] is its name. */
enum exit_code cmd_main(char *const argv[]);

/* Writes "fipsgate: message" to stderr. */
void cmd_complain(const char *fmt, ...) PRINTF(1, 2);

/* Writes all of it to stdout; EXIT_FAILED when there is not all of it, or when it cannot be written. */
enum exit_code cmd_show(const struct buf *text);

#endif
