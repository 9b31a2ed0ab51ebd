/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the set `cmvp-certificates` says of one provider of OpenSSL, by the name
 * and version it gives of itself. That a row names a version does not make a
 * build valid: it must be made and run as its security policy says.
 */
#ifndef FACTS_CMVP_H
#define FACTS_CMVP_H

#include "base/buf.h"
#include "facts/facts.h"

struct cmvp_standing {
    const struct fact *row;  /* NULL: no row is about this version */
    enum cmvp_status status; /* on the day; CMVP_NONE without a row */
    struct date as_of;       /* when the row was read; without one, the newest of the set; no date: no set */
};

/* `f` may be NULL: no facts. */
struct cmvp_standing cmvp_look_up(const struct facts *f, struct sv provider, struct sv version, struct date today);

/* A certificate that counts. */
bool cmvp_is_active(const struct cmvp_standing *s);

/* "4985"; "none" where there is none. */
struct sv cmvp_number(const struct cmvp_standing *s);
const char *cmvp_status_name(enum cmvp_status status); /* "in-review", ... */

/* All of it in one sentence, without a full stop. */
void cmvp_print(struct buf *out, const struct cmvp_standing *s, struct sv provider, struct sv version);

#endif
