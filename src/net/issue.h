/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes certificates: a CA and what it signs for a server. ECDSA on P-256 with
 * SHA-256, keys and serial numbers from the random generator of the provider in
 * use, so from the FIPS provider where fips_require() was called. Nothing is
 * written anywhere: certificate and key are PEM in an arena, which whoever has
 * it wipes (arena_wipe). The hour is an argument.
 */
#ifndef NET_ISSUE_H
#define NET_ISSUE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdint.h>

struct issued {
    struct sv cert, key; /* the key is PKCS #8, without a passphrase */
};

/* Clocks differ: what is made now counts since ISSUE_BACKDATE seconds ago. */
enum { ISSUE_BACKDATE = 300 };
struct issue_term {
    int64_t now, life; /* seconds; it ends at now + life */
};

/* May sign servers' certificates and no other CA's. `name` becomes its common
 * name (at most 64 bytes), to which the hour is added: two of them never have
 * the same name, or whoever looks for the signer of a certificate by name might
 * find the wrong one. */
MUST_CHECK bool issue_ca(struct sv name, struct issue_term term, struct arena *a, struct issued *out, struct err *e);

/* For a server of these names: DNS names, or addresses as numbers. Does not
 * outlive its CA. */
struct issue_request {
    const struct sv *names;
    size_t name_count;
    struct issue_term term;
    struct issued ca;
};
MUST_CHECK bool issue_leaf(const struct issue_request *r, struct arena *a, struct issued *out, struct err *e);

#endif
