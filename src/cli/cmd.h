/* SPDX-License-Identifier: Apache-2.0 */
/* The command table: lookup, dispatch and `help` are all made from it. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "base/attr.h"
#include "cli/exit.h"
#include "cli/opt.h"

struct cmd_example {
    const char *line, *what; /* "fipsgate check deploy/", "judges all manifests below deploy/" */
};

struct cmd {
    const char *name;
    const char *arguments; /* after the options, in the usage line; completed by its words (candidates.h) */
    const char *summary;
    const char *about;                  /* more than the summary, for the manual page: sentences; NULL: no more */
    const char *denied;                 /* when it exits with 1; NULL: it never does */
    const struct cmd_example *examples; /* for the manual page; the last without a line; NULL: none */
    const struct opt *options;          /* NULL: none */
    const struct cmd *const *subs;      /* sub-commands, by name, the last NULL; then it has no options and no run */
    /* argv[0] is the command's name; --help has been dealt with. */
    enum exit_code (*run)(char *const argv[]);
};

extern const struct cmd cmd_ask, cmd_certs, cmd_check, cmd_completion, cmd_man, cmd_policy, cmd_serve, cmd_version;

/* fipsgate itself, the command whose sub-commands are all the others. */
extern const struct cmd cmd_program;

/* Where a command stands: "fipsgate policy lint" is lint, up policy, up fipsgate. */
struct cmd_path {
    const struct cmd_path *up; /* NULL: the program */
    const struct cmd *cmd;
};

/* The names from the program down, with `between` between them. */
void cmd_path_print(struct buf *out, const struct cmd_path *path, const char *between);

/* Every command, sub-commands after the one they belong to, in the order of the tables. */
typedef void cmd_visit_fn(const struct cmd_path *path, void *context);
void cmd_each(cmd_visit_fn *visit, void *context);

/* The sub-command of that name; NULL: there is none. */
const struct cmd *cmd_find(const struct cmd *cmd, const char *name);

/* The whole program: argv[0] is its name. */
enum exit_code cmd_main(char *const argv[]);

/* Writes "fipsgate: message" to stderr: one line, after all that was written to stdout. */
void cmd_complain(const char *fmt, ...) PRINTF(1, 2);
/* The same without "fipsgate: ". */
void cmd_note(const char *fmt, ...) PRINTF(1, 2);

/* Writes all of it to stdout; EXIT_FAILED when there is not all of it, or when it cannot be written. */
enum exit_code cmd_show(const struct buf *text);

#endif
