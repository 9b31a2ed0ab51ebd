/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be typed where a usage line says "PATH|builtin:NAME", told from these
 * very words, so that --help and completion cannot say different things:
 *
 *   FILE, PATH      a file              DIR, CHART    a directory
 *   builtin:NAME    a shipped set       RULE          a rule
 *   COMMAND         a command           NAME[=FILE]   a name, a file after its `=`
 *   NAME,...        a list with commas  lower-case    the word itself
 *
 * Other words in capitals are anything at all.
 */
#ifndef CLI_CANDIDATES_H
#define CLI_CANDIDATES_H

#include "cli/cmd.h"

struct candidates {
    bool are_files, are_directories;
    bool is_list;         /* words with commas between them */
    bool may_assign_file; /* after a word, `=` and a file */
    struct opt_values words;
};

/* Of an option's value; a flag has none. False: the arena is full. */
MUST_CHECK bool candidates_of_option(const struct opt *o, struct arena *a, struct candidates *out);

/* Of a command's operands. */
MUST_CHECK bool candidates_of_operands(const struct cmd *c, struct arena *a, struct candidates *out);

/* As the completion scripts have it, words between blanks: "@file", "@dir", ","
 * for a list, "=file", then the words themselves; "+" for anything. */
void candidates_print(struct buf *out, const struct candidates *c);

#endif
