/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors by value. A function that can fail takes a `struct err *` last,
 * returns true (or a pointer) on success and then leaves it alone; on failure
 * it returns false (or NULL) and has set it exactly once. A function that
 * takes none cannot fail. The caller owns the storage; nothing is freed.
 *
 * Messages: lower case, no full stop, names in backticks; whoever passes an
 * error outward may add "while ..." or a place in front with err_wrap().
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"
#include <stdbool.h>

/* Whose fault it was. http/ and admission/ map this to a status in one table. */
enum err_code {
    ERR_NONE,
    ERR_SYNTAX, /* what we were given is not JSON, not YAML, not HTTP at all */
    ERR_INPUT,  /* it can be read, but what it says is wrong */
    ERR_LIMIT,  /* it may be right, but exceeds a limit of ours */
    ERR_IO,     /* the operating system refused */
    ERR_TLS,    /* OpenSSL refused */
    ERR_NOMEM,
};

struct err {
    enum err_code code;
    char msg[480];
};

/* Both always return false: `return err_set(e, ERR_IO, "open `%s`", path);` */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...) PRINTF(3, 4);

/* Puts the formatted text and ": " before the message; the code stays. */
bool err_wrap(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* err_set(ERR_NOMEM) with the one wording for it. */
bool err_nomem(struct err *e);

#endif
