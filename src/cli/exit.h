/* SPDX-License-Identifier: Apache-2.0 */
/* The exit codes and what each one promises. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

enum exit_code {
    EXIT_CLEAN = 0,  /* done, nothing to say against it */
    EXIT_DENIED = 1, /* something the webhook would deny; a case that differs, an error of the lint */
    EXIT_USAGE = 2,  /* wrong usage or unreadable input, policies included */
    EXIT_FAILED = 3, /* the system refused: port taken, no FIPS provider, ... */
};

#endif
