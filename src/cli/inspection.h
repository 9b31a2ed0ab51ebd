/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates as `fipsgate certs inspect` shows them, and what is wrong with them. */
#ifndef CLI_INSPECTION_H
#define CLI_INSPECTION_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/dial.h"

struct inspection {
    int64_t now; /* seconds since the epoch */
    struct arena *arena;
    struct buf *out;
    size_t wrong; /* things that are: in the text each is a line with "wrong" in front */
};

/* Every certificate of a PEM text, under the name of where it stood; one that has ended, or does not count yet, is
 * wrong, and so is a text that holds none. */
void inspection_pem(struct inspection *i, const char *from, struct sv pem);

/* Calls a server; one that does not answer, or that a client would not trust, is wrong. */
void inspection_call(struct inspection *i, const struct dial_config *config);

#endif
