/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Secret that fipsgate keeps a certificate in: tls.crt, tls.key and, for the
 * serving one, ca.crt. An annotation says that it is ours and which of the two;
 * what somebody else put into a Secret is never overwritten.
 */
#ifndef CLI_TLS_SECRET_H
#define CLI_TLS_SECRET_H

#include "api/object.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/rotation.h"
#include "net/certificate.h"
#include "net/issue.h"

#define TLS_SECRET_MARK "fipsgate.io/certificate"

struct tls_secret {
    struct object_ref ref;
    const char *role;        /* the annotation's value: "ca", "serving" */
    const struct json *root; /* as the server has it; NULL: there is none */
    enum rotation_content content;
    struct issued pair;        /* of ROTATION_PAIR */
    struct certificates chain; /* of ROTATION_PAIR: of tls.crt */
    struct sv ca;              /* ca.crt; absent: none */
    int64_t date;              /* the server's clock */
};

/* `ref` and `role` are given; reads the rest. No Secret is ROTATION_EMPTY, and OBJECT_DONE. */
MUST_CHECK enum object_outcome tls_secret_read(struct client *c, struct tls_secret *s, struct arena *a, struct err *e);

/* Creates it, or replaces the one that was read, if nobody changed it since:
 * `pair` and `ca` are written, everything else in it stays. */
MUST_CHECK enum object_outcome tls_secret_write(struct client *c, const struct tls_secret *s, struct arena *a,
                                                struct err *e);

#endif
