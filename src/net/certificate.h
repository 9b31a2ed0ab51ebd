/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What PEM certificates say, for who keeps them (fipsgate certs). Knows nothing
 * of today and nothing of trust: whether one counts is for the caller to judge.
 */
#ifndef NET_CERTIFICATE_H
#define NET_CERTIFICATE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stdint.h>

enum { CERTIFICATE_ID = 64, CERTIFICATE_PEM_MAX = 1 << 20, CERTIFICATES_MAX = 64 };

struct certificate {
    struct sv subject, issuer; /* "CN=fipsgate,O=example"; printable */
    int64_t begins, ends;      /* seconds since the epoch */
    const struct sv *names;    /* subject alternative names: DNS names and addresses */
    size_t name_count;
    struct sv key; /* "EC prime256v1", "RSA 2048" */
    struct sv pem; /* as OpenSSL writes it, so that one certificate has one text */
    bool is_ca;
    char id[CERTIFICATE_ID + 1]; /* its SHA-256 fingerprint, in hexadecimal */
};

struct certificates {
    const struct certificate *items;
    size_t count;
};

/* All certificates of a PEM text, in its order; what stands between them is
 * passed over. ERR_INPUT: there is none, or one of them cannot be read. */
MUST_CHECK bool certificate_read(struct sv pem, struct arena *a, struct certificates *out, struct err *e);

/* By name and by signature. */
bool certificate_is_signed_by(const struct certificate *c, const struct certificate *ca);

/* Whether `key`, PEM, is the private key of it. */
bool certificate_has_key(const struct certificate *c, struct sv key);

/* Whether its names are these, all of them and no others. */
bool certificate_is_for(const struct certificate *c, const struct sv *names, size_t count);

#endif
