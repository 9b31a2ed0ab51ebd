/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of texts that takes the same memory for ten and for a million of them:
 * what is beyond NAMES_IN_MEMORY bytes goes on in a temporary file, or stays in
 * memory where none can be made. Read from the start as often as one likes.
 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include <stdio.h>

enum { NAMES_IN_MEMORY = 64 << 10 };

struct names {
    size_t count;
    struct buf first; /* each with its mark in front and a NUL at its end */
    FILE *rest;
    bool was_read; /* `rest` is no longer at its end */
};

#define NAMES_INIT                                                                                                     \
    {                                                                                                                  \
        .first = BUF_INIT(SIZE_MAX)                                                                                    \
    }

/* `mark` is a byte that the caller chooses. */
MUST_CHECK bool names_add(struct names *n, char mark, const char *text, struct err *e);

/* One place in the list; of the readers of one list only one at a time goes on. */
struct names_reader {
    struct names *names;
    size_t at;
    char *line; /* of `rest` */
    size_t size;
};

/* Also back to the start. Takes a zeroed one. */
MUST_CHECK bool names_start(struct names_reader *r, struct names *n, struct err *e);
/* The next one, good until the one after it; *text is NULL at the end. */
MUST_CHECK bool names_next(struct names_reader *r, char *mark, const char **text, struct err *e);

/* Free; CLEANUP functions. */
void names_end(struct names_reader *r);
void names_fini(struct names *n);

#endif
