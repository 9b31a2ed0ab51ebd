/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls a TLS server as an API server would, and looks: what it serves, and
 * what a client that trusts these CAs would say. Nothing is sent but the
 * handshake, so a server that is not to be trusted can be looked at.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdint.h>

struct dial_config {
    const char *host, *port;
    const char *name; /* that the certificate must be for, a DNS name or an address */
    struct sv ca;     /* PEM; absent: the system's */
    uint64_t timeout_ms;
};

struct dial_answer {
    struct sv chain;           /* PEM, its own certificate first */
    struct sv protocol, suite; /* "TLSv1.3", "TLS_AES_256_GCM_SHA384" */
    const char *why, *remedy;  /* what a client would have against it; NULL: nothing */
};

/* ERR_IO: nobody answers. ERR_TLS: who answers does not speak our TLS. The message has a remedy. */
MUST_CHECK bool dial(const struct dial_config *config, struct arena *a, struct dial_answer *out, struct err *e);

#endif
