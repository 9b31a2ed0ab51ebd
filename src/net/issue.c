/* SPDX-License-Identifier: Apache-2.0 */
/*
 * RFC 5280 with as few extensions as verifiers want. The key identifier is the
 * leftmost 160 bits of a SHA-256 (RFC 7093, method 1), so that nothing here
 * asks for SHA-1.
 */
#include "net/issue.h"
#include "base/text.h"
#include "net/openssl_error.h"
#include "net/pem.h"
#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum { SERIAL_BYTES = 16, KEY_ID_BYTES = 20, COMMON_NAME_MAX = 64, DNS_NAME_MAX = 253, LABEL_MAX = 63 };

static void free_names(GENERAL_NAMES **names)
{
    GENERAL_NAMES_free(*names);
}

static bool fails(struct err *e, const char *what)
{
    return err_set(e, ERR_TLS, "cannot make a certificate: %s: %s", what, openssl_error_take());
}

/* Positive, and not zero in front. */
static bool set_serial(X509 *x)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *number;
    bool ok;

    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        return false;
    bytes[0] = (unsigned char)((bytes[0] & 0x7F) | 0x40);
    number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x));
    BN_free(number);
    return ok;
}

static bool set_term(X509 *x, int64_t begins, int64_t ends)
{
    return ASN1_TIME_set(X509_getm_notBefore(x), (time_t)begins) && ASN1_TIME_set(X509_getm_notAfter(x), (time_t)ends);
}

static bool set_subject(X509 *x, struct sv name)
{
    return X509_NAME_add_entry_by_NID(X509_get_subject_name(x), NID_commonName, MBSTRING_UTF8,
                                      (const unsigned char *)name.p, (int)name.n, -1, 0) == 1;
}

/* A value as openssl.cnf would have it. */
static bool add_extension(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool ok = extension && X509_add_ext(x, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return ok;
}

static bool add_key_id(X509 *x)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x);
    bool ok =
        id && key &&
        EVP_Digest(ASN1_STRING_get0_data(key), (size_t)ASN1_STRING_length(key), digest, &n, EVP_sha256(), NULL) == 1 &&
        ASN1_OCTET_STRING_set(id, digest, KEY_ID_BYTES) == 1 &&
        X509_add1_ext_i2d(x, NID_subject_key_identifier, id, 0, X509V3_ADD_DEFAULT) == 1;

    ASN1_OCTET_STRING_free(id);
    return ok;
}

static bool add_issuer_id(X509 *x, const X509 *ca)
{
    AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();
    /* OpenSSL computes what it caches, and therefore takes no const pointer. */
    const ASN1_OCTET_STRING *of_ca = X509_get0_subject_key_id((X509 *)(uintptr_t)ca);
    bool ok = false;

    if (id && of_ca) {
        id->keyid = ASN1_OCTET_STRING_dup(of_ca);
        ok = id->keyid && X509_add1_ext_i2d(x, NID_authority_key_identifier, id, 0, X509V3_ADD_DEFAULT) == 1;
    }
    AUTHORITY_KEYID_free(id);
    return ok;
}

/* Only when it is an address. */
static GENERAL_NAME *address_name(const char *text)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    int n = inet_pton(AF_INET, text, bytes) == 1 ? 4 : inet_pton(AF_INET6, text, bytes) == 1 ? 16 : 0;
    ASN1_OCTET_STRING *value = n ? ASN1_OCTET_STRING_new() : NULL;
    GENERAL_NAME *name = value ? GENERAL_NAME_new() : NULL;

    if (name && ASN1_OCTET_STRING_set(value, bytes, n) == 1) {
        GENERAL_NAME_set0_value(name, GEN_IPADD, value);
        return name;
    }
    ASN1_OCTET_STRING_free(value);
    GENERAL_NAME_free(name);
    return NULL;
}

static GENERAL_NAME *dns_name(struct sv text)
{
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    GENERAL_NAME *name = GENERAL_NAME_new();

    if (name && value && ASN1_STRING_set(value, text.p, (int)text.n) == 1) {
        GENERAL_NAME_set0_value(name, GEN_DNS, value);
        return name;
    }
    ASN1_IA5STRING_free(value);
    GENERAL_NAME_free(name);
    return NULL;
}

static bool is_label(struct sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_inside = i > 0 && i + 1 < s.n;

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !(c == '-' && is_inside))
            return false;
    }
    return s.n > 0 && s.n <= LABEL_MAX;
}

/* A whole wildcard label may stand in front. */
static bool is_dns_name(struct sv s)
{
    struct sv rest = sv_starts_with(s, SV("*.")) ? sv_skip(s, 2) : s;

    if (s.n > DNS_NAME_MAX)
        return false;
    while (rest.p)
        if (!is_label(sv_cut(&rest, '.')))
            return false;
    return true;
}

static bool add_name(GENERAL_NAMES *all, struct sv text, struct arena *a, struct err *e)
{
    const char *plain = arena_cstr(a, text);
    GENERAL_NAME *name = plain ? address_name(plain) : NULL;

    if (!name && !is_dns_name(text)) {
        struct sv shown = text_printable(a, text, COMMON_NAME_MAX);

        return err_set(e, ERR_INPUT, "`%.*s` is neither a DNS name in lower case nor an address", SV_ARG(shown));
    }
    name = name ? name : dns_name(text);
    if (name && sk_GENERAL_NAME_push(all, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return err_nomem(e);
}

static bool add_names(X509 *x, const struct issue_request *r, struct arena *a, struct err *e)
{
    CLEANUP(free_names) GENERAL_NAMES *all = GENERAL_NAMES_new();

    if (!all)
        return err_nomem(e);
    if (!r->name_count)
        return err_set(e, ERR_INPUT, "a certificate needs a name");
    for (size_t i = 0; i < r->name_count; i++)
        if (!add_name(all, r->names[i], a, e))
            return false;
    return X509_add1_ext_i2d(x, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT) == 1 || fails(e, "its names");
}

/* The BIO is one that wipes what it held. */
static bool print(X509 *x, EVP_PKEY *key, struct arena *a, struct issued *out, struct err *e)
{
    CLEANUP(pem_free_bio) BIO *cert = BIO_new(BIO_s_mem());
    CLEANUP(pem_free_bio) BIO *secret = BIO_new(BIO_s_secmem());

    if (!cert || !secret || PEM_write_bio_X509(cert, x) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) != 1)
        return fails(e, "its text");
    out->cert = pem_text(cert, a);
    out->key = pem_text(secret, a);
    return (out->cert.p && out->key.p) || arena_error(a, e);
}

/* A certificate for `key` that lacks its issuer, its extensions and a signature. */
static X509 *begin(EVP_PKEY *key, struct sv name, int64_t begins, int64_t ends)
{
    X509 *x = X509_new();

    if (x && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) && set_term(x, begins, ends) &&
        X509_set_pubkey(x, key) == 1 && set_subject(x, name))
        return x;
    X509_free(x);
    return NULL;
}

static bool check_term(struct issue_term term, struct err *e)
{
    return term.life > 0 ||
           err_set(e, ERR_INPUT, "a certificate that never counts: its life must be more than nothing");
}

bool issue_ca(struct sv name, struct issue_term term, struct arena *a, struct issued *out, struct err *e)
{
    CLEANUP(pem_free_key) EVP_PKEY *key = EVP_EC_gen("P-256");
    CLEANUP(pem_free_cert) X509 *x = NULL;
    struct sv whole = arena_printf(a, "%.*s %lld", SV_ARG(name), (long long)term.now);

    if (!whole.p)
        return arena_error(a, e);
    if (!check_term(term, e))
        return false;
    if (whole.n > COMMON_NAME_MAX)
        return err_set(e, ERR_INPUT, "`%.*s` is too long for the name of a CA", SV_ARG(whole));
    x = key ? begin(key, whole, term.now - ISSUE_BACKDATE, term.now + term.life) : NULL;
    if (!x || X509_set_issuer_name(x, X509_get_subject_name(x)) != 1 ||
        !add_extension(x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !add_extension(x, NID_key_usage, "critical,keyCertSign,cRLSign") || !add_key_id(x))
        return fails(e, "a CA");
    if (X509_sign(x, key, EVP_sha256()) <= 0)
        return fails(e, "its signature");
    return print(x, key, a, out, e);
}

static bool read_ca(struct issued ca, X509 **x, EVP_PKEY **key, struct err *e)
{
    *x = pem_cert(ca.cert);
    *key = pem_key(ca.key);
    if (!*x || !*key || X509_check_private_key(*x, *key) != 1)
        return err_set(e, ERR_INPUT, "the CA cannot sign: its certificate and its key are not PEM, or no pair: %s",
                       openssl_error_take());
    return X509_check_ca(*x) == 1 || err_set(e, ERR_INPUT, "the CA cannot sign: its certificate is not that of a CA");
}

/* The first name, where it fits: nobody looks at it, but people like to see one. */
static struct sv common_name(const struct issue_request *r)
{
    return r->name_count && r->names[0].n > 0 && r->names[0].n <= COMMON_NAME_MAX ? r->names[0] : SV("fipsgate");
}

bool issue_leaf(const struct issue_request *r, struct arena *a, struct issued *out, struct err *e)
{
    CLEANUP(pem_free_key) EVP_PKEY *key = EVP_EC_gen("P-256");
    CLEANUP(pem_free_key) EVP_PKEY *ca_key = NULL;
    CLEANUP(pem_free_cert) X509 *ca = NULL;
    CLEANUP(pem_free_cert) X509 *x = NULL;
    int64_t ends = r->term.now + r->term.life, ends_of_ca;

    if (!check_term(r->term, e) || !read_ca(r->ca, &ca, &ca_key, e))
        return false;
    ends_of_ca = pem_seconds(X509_get0_notAfter(ca));
    ends = ends < ends_of_ca ? ends : ends_of_ca;
    if (ends <= r->term.now)
        return err_set(e, ERR_INPUT, "the CA cannot sign: it has ended");
    x = key ? begin(key, common_name(r), r->term.now - ISSUE_BACKDATE, ends) : NULL;
    if (!x || X509_set_issuer_name(x, X509_get_subject_name(ca)) != 1 ||
        !add_extension(x, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(x, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(x, NID_ext_key_usage, "serverAuth") || !add_key_id(x) || !add_issuer_id(x, ca))
        return fails(e, "a server's");
    if (!add_names(x, r, a, e))
        return false;
    if (X509_sign(x, ca_key, EVP_sha256()) <= 0)
        return fails(e, "its signature");
    return print(x, key, a, out, e);
}
