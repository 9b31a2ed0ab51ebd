/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL copies a text only when it is written: what is read stays where it is. */
#include "net/pem.h"
#include "base/attr.h"
#include "net/certificate.h"
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <time.h>

void pem_free_bio(BIO **b)
{
    BIO_free(*b);
}

void pem_free_cert(X509 **x)
{
    X509_free(*x);
}

void pem_free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

int pem_no_passphrase(char *out UNUSED, int size UNUSED, int writing UNUSED, void *arg UNUSED)
{
    return -1;
}

BIO *pem_open(struct sv text)
{
    return text.n <= CERTIFICATE_PEM_MAX ? BIO_new_mem_buf(text.n ? text.p : "", (int)text.n) : NULL;
}

X509 *pem_next_cert(BIO *in)
{
    return in ? PEM_read_bio_X509(in, NULL, pem_no_passphrase, NULL) : NULL;
}

X509 *pem_cert(struct sv text)
{
    CLEANUP(pem_free_bio) BIO *in = pem_open(text);

    return pem_next_cert(in);
}

EVP_PKEY *pem_key(struct sv text)
{
    CLEANUP(pem_free_bio) BIO *in = pem_open(text);

    return in ? PEM_read_bio_PrivateKey(in, NULL, pem_no_passphrase, NULL) : NULL;
}

struct sv pem_text(BIO *written, struct arena *a)
{
    char *p = NULL;
    long n = BIO_get_mem_data(written, &p);

    return arena_copy(a, (struct sv){ p, n > 0 ? (size_t)n : 0 });
}

int64_t pem_seconds(const ASN1_TIME *at)
{
    struct tm utc = { 0 };

    return at && ASN1_TIME_to_tm(at, &utc) == 1 ? (int64_t)timegm(&utc) : 0;
}
