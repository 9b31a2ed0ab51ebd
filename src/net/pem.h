/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM (RFC 7468) and OpenSSL's objects, each the other's text. Nobody is ever
 * asked for a passphrase: a key that is encrypted is one that cannot be read.
 * What went wrong is in OpenSSL's queue (net/openssl_error.h).
 */
#ifndef NET_PEM_H
#define NET_PEM_H

#include "base/arena.h"
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdint.h>

/* For CLEANUP(). */
void pem_free_bio(BIO **b);
void pem_free_cert(X509 **x);
void pem_free_key(EVP_PKEY **key);

/* Reads `text` in place, which must live as long. NULL: it is larger than
 * CERTIFICATE_PEM_MAX, or there is no memory; the readers below accept that. */
BIO *pem_open(struct sv text);
/* The next certificate, the caller's to free. NULL: there is none, or it is none. */
X509 *pem_next_cert(BIO *in);

/* The first of a text, the caller's to free, or NULL. */
X509 *pem_cert(struct sv text);
EVP_PKEY *pem_key(struct sv text);

/* What was written to a memory BIO. Absent without memory. */
struct sv pem_text(BIO *written, struct arena *a);

/* Seconds since 1970, or 0 for what is no time. */
int64_t pem_seconds(const ASN1_TIME *at);

/* A pem_password_cb that gives none: OpenSSL's own asks on the terminal. */
int pem_no_passphrase(char *out, int size, int writing, void *arg);

#endif
