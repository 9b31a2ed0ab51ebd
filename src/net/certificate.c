/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's view of a certificate, copied into plain fields. */
#include "net/certificate.h"
#include "base/text.h"
#include "net/openssl_error.h"
#include "net/pem.h"
#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum { NAME_TEXT_MAX = 512, GROUP_NAME_MAX = 64 };

static void free_names(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

static struct sv name_text(X509_NAME *name, struct arena *a)
{
    CLEANUP(pem_free_bio) BIO *out = BIO_new(BIO_s_mem());
    struct sv text;

    if (!out || X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253) < 0)
        return (struct sv){ NULL, 0 };
    text = pem_text(out, a);
    return text.p ? text_printable(a, text, NAME_TEXT_MAX) : text;
}

static struct sv address_text(const ASN1_OCTET_STRING *address, struct arena *a)
{
    char text[INET6_ADDRSTRLEN];
    int n = ASN1_STRING_length(address), family = n == 4 ? AF_INET : AF_INET6;

    if ((n != 4 && n != 16) || !inet_ntop(family, ASN1_STRING_get0_data(address), text, sizeof(text)))
        return SV("an address of no kind");
    return arena_copy(a, sv_from(text));
}

static struct sv alternative_text(const GENERAL_NAME *name, struct arena *a)
{
    const ASN1_STRING *dns = name->type == GEN_DNS ? name->d.dNSName : NULL;

    if (name->type == GEN_IPADD)
        return address_text(name->d.iPAddress, a);
    if (!dns)
        return SV("a name of another kind");
    return text_printable(
        a, arena_copy(a, (struct sv){ (const char *)ASN1_STRING_get0_data(dns), (size_t)ASN1_STRING_length(dns) }),
        NAME_TEXT_MAX);
}

static bool read_names(X509 *x, struct arena *a, struct certificate *out)
{
    CLEANUP(free_names) GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
    size_t count = all ? (size_t)sk_GENERAL_NAME_num(all) : 0;
    struct sv *names = arena_array(a, count, struct sv);

    for (size_t i = 0; names && i < count; i++) {
        names[i] = alternative_text(sk_GENERAL_NAME_value(all, (int)i), a);
        if (!names[i].p)
            return false;
    }
    out->names = names;
    out->name_count = count;
    return names != NULL;
}

static struct sv key_text(X509 *x, struct arena *a)
{
    EVP_PKEY *key = X509_get0_pubkey(x);
    const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;
    char group[GROUP_NAME_MAX];
    size_t n = 0;

    if (key && EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof(group), &n) == 1)
        return arena_printf(a, "EC %s", group);
    return arena_printf(a, "%s %d", type ? type : "unknown", key ? EVP_PKEY_get_bits(key) : 0);
}

static bool read_texts(X509 *x, struct arena *a, struct certificate *out)
{
    CLEANUP(pem_free_bio) BIO *pem = BIO_new(BIO_s_mem());

    out->subject = name_text(X509_get_subject_name(x), a);
    out->issuer = name_text(X509_get_issuer_name(x), a);
    out->key = key_text(x, a);
    if (pem && PEM_write_bio_X509(pem, x) == 1)
        out->pem = pem_text(pem, a);
    return out->subject.p && out->issuer.p && out->key.p && out->pem.p && read_names(x, a, out);
}

static bool fingerprint(const X509 *x, char out[CERTIFICATE_ID + 1])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (X509_digest(x, EVP_sha256(), digest, &n) != 1 || n * 2 != CERTIFICATE_ID)
        return false;
    for (unsigned i = 0; i < n; i++)
        snprintf(out + 2 * (size_t)i, 3, "%02x", digest[i]);
    return true;
}

static bool read_one(X509 *x, struct arena *a, struct certificate *out, struct err *e)
{
    *out = (struct certificate){
        .begins = pem_seconds(X509_get0_notBefore(x)),
        .ends = pem_seconds(X509_get0_notAfter(x)),
        .is_ca = X509_check_ca(x) == 1,
    };
    if (!read_texts(x, a, out))
        return arena_error(a, e);
    return fingerprint(x, out->id) || err_set(e, ERR_TLS, "no SHA-256 of a certificate: %s", openssl_error_take());
}

bool certificate_read(struct sv pem, struct arena *a, struct certificates *out, struct err *e)
{
    CLEANUP(pem_free_bio) BIO *in = pem_open(pem);
    struct certificate *items = arena_array(a, CERTIFICATES_MAX, struct certificate);

    *out = (struct certificates){ .items = items };
    if (!items)
        return arena_error(a, e);
    while (in && out->count < CERTIFICATES_MAX) {
        CLEANUP(pem_free_cert) X509 *x = pem_next_cert(in);

        if (!x)
            break;
        if (!read_one(x, a, &items[out->count], e))
            return false;
        out->count++;
    }
    /* At the end of the text there is "no start line", which is no reason. */
    if (out->count > 0 && BIO_pending(in) == 0) {
        openssl_error_take();
        return true;
    }
    return err_set(e, ERR_INPUT, "%s: %s", out->count ? "one of the certificates cannot be read" : "no PEM certificate",
                   openssl_error_take());
}

bool certificate_is_signed_by(const struct certificate *c, const struct certificate *ca)
{
    CLEANUP(pem_free_cert) X509 *one = pem_cert(c->pem), *signer = pem_cert(ca->pem);
    bool is_so =
        one && signer && X509_check_issued(signer, one) == X509_V_OK && X509_verify(one, X509_get0_pubkey(signer)) == 1;

    openssl_error_take();
    return is_so;
}

bool certificate_has_key(const struct certificate *c, struct sv key)
{
    CLEANUP(pem_free_cert) X509 *one = pem_cert(c->pem);
    CLEANUP(pem_free_key) EVP_PKEY *k = pem_key(key);
    bool is_so = one && k && X509_check_private_key(one, k) == 1;

    openssl_error_take();
    return is_so;
}

static bool is_among(struct sv name, const struct sv *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sv_eq_nocase(name, names[i]))
            return true;
    return false;
}

bool certificate_is_for(const struct certificate *c, const struct sv *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_among(names[i], c->names, c->name_count))
            return false;
    for (size_t i = 0; i < c->name_count; i++)
        if (!is_among(c->names[i], names, count))
            return false;
    return true;
}
