/* SPDX-License-Identifier: Apache-2.0 */
/* Which certificates may serve. What may be negotiated is tests/e2e/tls.sh's. */
#include "net/tls.h"

#include "net/fips.h"
#include "support/check.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

struct files {
    char dir[32], cert[64], key[64];
};

static int set_up(void **state)
{
    struct files *f = calloc(1, sizeof(*f));

    memcpy(f->dir, "/tmp/fipsgate-tls-XXXXXX", sizeof("/tmp/fipsgate-tls-XXXXXX"));
    *state = f;
    if (!mkdtemp(f->dir))
        return -1;
    snprintf(f->cert, sizeof(f->cert), "%s/tls.crt", f->dir);
    snprintf(f->key, sizeof(f->key), "%s/tls.key", f->dir);
    return 0;
}

static int tear_down(void **state)
{
    struct files *f = *state;

    unlink(f->cert);
    unlink(f->key);
    rmdir(f->dir);
    free(f);
    return 0;
}

static void write_cert(const char *path, EVP_PKEY *key)
{
    X509 *cert = X509_new();
    FILE *out = fopen(path, "w");
    bool plain = EVP_PKEY_is_a(key, "ED25519") || EVP_PKEY_is_a(key, "ED448");

    assert_non_null(out);
    X509_set_version(cert, 2);
    X509_gmtime_adj(X509_getm_notBefore(cert), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC, (const unsigned char *)"x", -1, -1, 0);
    X509_set_issuer_name(cert, X509_get_subject_name(cert));
    X509_set_pubkey(cert, key);
    assert_true(X509_sign(cert, key, plain ? NULL : EVP_sha256()) > 0);
    assert_int_equal(PEM_write_X509(out, cert), 1);
    fclose(out);
    X509_free(cert);
}

static void write_key(const char *path, EVP_PKEY *key, const char *passphrase)
{
    FILE *out = fopen(path, "w");
    const EVP_CIPHER *cipher = passphrase ? EVP_aes_256_cbc() : NULL;

    assert_non_null(out);
    assert_int_equal(
        PEM_write_PKCS8PrivateKey(out, key, cipher, passphrase, passphrase ? (int)strlen(passphrase) : 0, NULL, NULL),
        1);
    fclose(out);
}

static EVP_PKEY *make_key(const char *type, const char *detail)
{
    EVP_PKEY *key = strcmp(type, "RSA") == 0  ? EVP_RSA_gen(strtoul(detail, NULL, 10))
                    : strcmp(type, "EC") == 0 ? EVP_EC_gen(detail)
                                              : EVP_PKEY_Q_keygen(NULL, NULL, type);

    assert_non_null(key);
    return key;
}

static const struct {
    const char *type, *detail;
    bool serves;
} keys[] = {
    { "RSA", "1024", false },
    { "RSA", "2040", false },
    { "ED25519", "", false },
    { "ED448", "", false },
    { "EC", "secp224r1", false },
    { "EC", "secp256k1", false },
    { "EC", "brainpoolP256r1", false },
    { "RSA", "2048", true },
    { "RSA", "3072", true },
    { "EC", "P-256", true },
    { "EC", "P-384", true },
    { "EC", "P-521", true },
};

static SSL_CTX *context_of(const char *cert, const char *key, struct err *e)
{
    const struct tls_files files = { .cert = cert, .key = key };

    return tls_context_new(&files, e);
}

static void serves_with_approved_keys_only(void **state)
{
    const struct files *f = *state;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        CLEANUP(tls_context_freep) SSL_CTX *ctx = NULL;
        EVP_PKEY *key = make_key(keys[i].type, keys[i].detail);
        struct err e = { 0 };

        write_cert(f->cert, key);
        write_key(f->key, key, NULL);
        EVP_PKEY_free(key);
        ctx = context_of(f->cert, f->key, &e);
        if ((ctx != NULL) != keys[i].serves)
            fail_msg("%s %s: %s", keys[i].type, keys[i].detail, e.msg);
        if (!ctx)
            assert_err(e, ERR_INPUT, "RSA of at least 2048 bits, or ECDSA on P-256, P-384 or P-521");
    }
}

static void says_which_file_is_wrong(void **state)
{
    const struct files *f = *state;
    EVP_PKEY *one = make_key("EC", "P-256"), *other = make_key("EC", "P-256");
    struct err e = { 0 };

    write_cert(f->cert, one);
    write_key(f->key, other, NULL);
    assert_null(context_of(f->cert, f->key, &e));
    assert_err(e, ERR_INPUT, "belong to the certificate");

    e = (struct err){ 0 };
    write_key(f->key, one, "secret");
    assert_null(context_of(f->cert, f->key, &e));
    assert_err(e, ERR_INPUT, "without a passphrase");

    e = (struct err){ 0 };
    unlink(f->key);
    assert_null(context_of(f->cert, f->key, &e));
    assert_err(e, ERR_INPUT, f->key);

    e = (struct err){ 0 };
    write_key(f->cert, one, NULL);
    assert_null(context_of(f->cert, f->cert, &e));
    assert_err(e, ERR_INPUT, "cannot use the certificate");
    EVP_PKEY_free(one);
    EVP_PKEY_free(other);
}

static void a_failure_leaves_no_error_behind(void **state)
{
    struct err e = { 0 };

    (void)state;
    assert_null(context_of("/nowhere/tls.crt", "/nowhere/tls.key", &e));
    assert_int_equal(ERR_peek_error(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(serves_with_approved_keys_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_which_file_is_wrong, set_up, tear_down),
        cmocka_unit_test(a_failure_leaves_no_error_behind),
    };
    struct fips_status status;
    struct err e = { 0 };

    if (!fips_off(&status, &e))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
