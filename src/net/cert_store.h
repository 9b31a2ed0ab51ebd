/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificate in use, with its key and the CA of clients, as one SSL_CTX.
 * A handshake takes the context of the moment and keeps it; a reload makes a
 * new one aside and swaps it in. Also what is known about its end of life.
 *
 * Thread-safe: one mutex, held for a few instructions.
 */
#ifndef NET_CERT_STORE_H
#define NET_CERT_STORE_H

#include "base/attr.h"
#include "base/err.h"
#include "net/tls.h"
#include <stdint.h>

struct cert_store;

/* Reads the files; they stay where they are, and `files` stays valid. */
MUST_CHECK struct cert_store *cert_store_new(const struct tls_files *files, struct err *e);
/* Accepts NULL. */
void cert_store_free(struct cert_store *s);

/* A reference of its own: SSL_CTX_free() it. */
SSL_CTX *cert_store_context(struct cert_store *s);

enum cert_store_outcome {
    CERT_STORE_FAILED = 0, /* the old one stays; `e` says why */
    CERT_STORE_SAME,       /* the same certificate, key and CA as before */
    CERT_STORE_REPLACED,
};
/* Reads the files again. */
enum cert_store_outcome cert_store_reload(struct cert_store *s, struct err *e);

/* When the certificate in use begins and ends to count, in seconds since the
 * epoch. */
struct cert_store_life {
    int64_t not_before, not_after;
};
struct cert_store_life cert_store_life(struct cert_store *s);

#endif
