/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One SSL_CTX from a certificate and a key: TLS 1.2 (ECDHE, AES-GCM) and 1.3
 * (AES-GCM), P-256, P-384 and P-521, ALPN http/1.1. The same with and without
 * the FIPS provider, so that development speaks what production speaks.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/attr.h"
#include "base/err.h"
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PEM files. The certificate is followed by its chain. */
struct tls_files {
    const char *cert, *key;
    const char *client_ca;           /* NULL: clients need no certificate */
    const char *const *client_names; /* of whom one must be in the client's certificate: DNS, e-mail, URI
                                      * or IP subject alternative name, or the common name where there are none */
    size_t client_name_count;        /* 0: any that the CA has signed */
};

/* Only RSA of at least 2048 bits and ECDSA on P-256, P-384 or P-521 are taken.
 * `files` must outlive the context. NULL: see `e`. */
MUST_CHECK SSL_CTX *tls_context_new(const struct tls_files *files, struct err *e);

/* When its certificate begins and ends to count, in seconds since the epoch. */
void tls_context_life(const SSL_CTX *ctx, int64_t *not_before, int64_t *not_after);

/* The same offer for a client whose context somebody else made (libcurl): versions,
 * suites, groups, signatures. Whom it trusts is left alone. Also takes away what
 * would write session keys to a file (SSLKEYLOGFILE). */
MUST_CHECK bool tls_restrict_client(SSL_CTX *ctx, struct err *e);

/* After the handshake: TLS 1.3, or TLS 1.2 with extended master secret (FIPS
 * 140-3 IG D.Q: without it the key derivation is not approved). */
bool tls_is_approved(const SSL *ssl);

/* What a client may say beside its requests once the handshake is done: KeyUpdate,
 * or tries to renegotiate. OpenSSL answers these inside SSL_read() and reads on, so
 * that one client who sends nothing else would keep a worker to itself. */
enum { TLS_CHATTER_MAX = 32 };

/* From now on counts it in *count, which outlives the connection. Of who says
 * more nothing more is read, as if that were all: drop it. */
void tls_limit_chatter(SSL *ssl, unsigned *count);

/* SSL_CTX_free() through a pointer; a CLEANUP function. */
void tls_context_freep(SSL_CTX **ctx);

#endif
