/* SPDX-License-Identifier: Apache-2.0 */
/* What we offer is the same list that FIPS facts hold for load balancers:
 * forward secrecy, AES-GCM, NIST curves. */
#include "net/tls.h"
#include "base/attr.h"
#include "net/client_name.h"
#include "net/openssl_error.h"
#include "net/pem.h"
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

static const char suites_1_2[] = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                                 "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
static const char suites_1_3[] = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256";
static const char groups[] = "P-256:P-384:P-521";
static const char signatures[] = "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:"
                                 "RSA+SHA256:RSA+SHA384:RSA+SHA512";

enum { RSA_BITS_MIN = 2048, GROUP_NAME_MAX = 64 };

void tls_context_freep(SSL_CTX **ctx)
{
    SSL_CTX_free(*ctx);
}

/* http/1.1 or, where the client offers a list without it, nothing at all. */
static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *offered,
                       unsigned offered_len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;

    (void)ssl;
    (void)arg;
    if (SSL_select_next_proto(&chosen, out_len, ours, sizeof(ours) - 1, offered, offered_len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* Two macros of OpenSSL cast constness away; this is the place where it may go. */
static char *lent(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* What both sides offer. */
static bool restrict_offer(SSL_CTX *ctx, struct err *e)
{
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_security_level(ctx, 2);
    return (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
            SSL_CTX_set_max_proto_version(ctx, TLS1_3_VERSION) == 1 && SSL_CTX_set_cipher_list(ctx, suites_1_2) == 1 &&
            SSL_CTX_set_ciphersuites(ctx, suites_1_3) == 1 && SSL_CTX_set1_groups_list(ctx, lent(groups)) == 1 &&
            SSL_CTX_set1_sigalgs_list(ctx, lent(signatures)) == 1) ||
           err_set(e, ERR_TLS, "OpenSSL refuses our TLS settings: %s", openssl_error_take());
}

bool tls_restrict_client(SSL_CTX *ctx, struct err *e)
{
    SSL_CTX_set_keylog_callback(ctx, NULL);
    return restrict_offer(ctx, e);
}

static bool offer(SSL_CTX *ctx, struct err *e)
{
    SSL_CTX_set_options(ctx, SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ctx,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(ctx, 1);
    SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, NULL);
    SSL_CTX_set_default_passwd_cb(ctx, pem_no_passphrase);
    return restrict_offer(ctx, e) &&
           (SSL_CTX_set_num_tickets(ctx, 0) == 1 ||
            err_set(e, ERR_TLS, "OpenSSL refuses our TLS settings: %s", openssl_error_take()));
}

static bool key_is_approved(EVP_PKEY *key)
{
    static const char *const curves[] = { "prime256v1", "secp384r1", "secp521r1", "P-256", "P-384", "P-521" };
    char group[GROUP_NAME_MAX];
    size_t n = 0;

    if (EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS"))
        return EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
    if (!EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_group_name(key, group, sizeof(group), &n) != 1)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(curves); i++)
        if (strcmp(group, curves[i]) == 0)
            return true;
    return false;
}

/* The leaf: what signs our handshakes. What signed the leaf is for clients to judge. */
static bool check_key(SSL_CTX *ctx, const char *cert_path, struct err *e)
{
    X509 *cert = SSL_CTX_get0_certificate(ctx);
    EVP_PKEY *key = cert ? X509_get0_pubkey(cert) : NULL;
    const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;

    if (key && key_is_approved(key))
        return true;
    return err_set(e, ERR_INPUT,
                   "the certificate `%s` has a key that FIPS does not take (%s, %d bits); use RSA of at least 2048 "
                   "bits, or ECDSA on P-256, P-384 or P-521",
                   cert_path, type ? type : "unknown type", key ? EVP_PKEY_get_bits(key) : 0);
}

/* A key type that the FIPS provider does not know cannot even be read: say what may be used. */
static bool use_files(SSL_CTX *ctx, const char *cert_path, const char *key_path, struct err *e)
{
    /* Our own check comes before the security level's, whose words help nobody. */
    SSL_CTX_set_security_level(ctx, 0);
    if (SSL_CTX_use_certificate_chain_file(ctx, cert_path) != 1)
        return err_set(e, ERR_INPUT,
                       "cannot use the certificate `%s`: %s; it must be PEM, with a key of RSA of at least 2048 bits, "
                       "or ECDSA on P-256, P-384 or P-521",
                       cert_path, openssl_error_take());
    if (!check_key(ctx, cert_path, e))
        return false;
    if (SSL_CTX_use_PrivateKey_file(ctx, key_path, SSL_FILETYPE_PEM) != 1)
        return err_set(e, ERR_INPUT,
                       "cannot use the private key `%s`: %s; it must be PEM, without a passphrase, and "
                       "belong to the certificate",
                       key_path, openssl_error_take());
    SSL_CTX_set_security_level(ctx, 2);
    return SSL_CTX_check_private_key(ctx) == 1 ||
           err_set(e, ERR_INPUT, "the private key `%s` does not belong to the certificate `%s`: %s", key_path,
                   cert_path, openssl_error_take());
}

/* Behind the chain's own verification: the leaf must be one of those asked for. */
static int verify_client(int is_verified, X509_STORE_CTX *store)
{
    const SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    const struct tls_files *files = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

    if (!is_verified || X509_STORE_CTX_get_error_depth(store) > 0 || !files->client_name_count)
        return is_verified;
    if (client_name_is_among(X509_STORE_CTX_get_current_cert(store), files->client_names, files->client_name_count))
        return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH);
    return 0;
}

static bool use_client_ca(SSL_CTX *ctx, const struct tls_files *files, struct err *e)
{
    STACK_OF(X509_NAME) * names;

    if (!files->client_ca)
        return true;
    names = SSL_load_client_CA_file(files->client_ca);
    if (!names || SSL_CTX_load_verify_file(ctx, files->client_ca) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return err_set(e, ERR_INPUT, "cannot use the clients' CA `%s`: %s; it must be PEM", files->client_ca,
                       openssl_error_take());
    }
    SSL_CTX_set_client_CA_list(ctx, names);
    SSL_CTX_set_app_data(ctx, (void *)(uintptr_t)files);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, verify_client);
    return true;
}

SSL_CTX *tls_context_new(const struct tls_files *files, struct err *e)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (!ctx) {
        err_set(e, ERR_TLS, "no TLS context: %s", openssl_error_take());
        return NULL;
    }
    if (offer(ctx, e) && use_files(ctx, files->cert, files->key, e) && use_client_ca(ctx, files, e))
        return ctx;
    openssl_error_take();
    SSL_CTX_free(ctx);
    return NULL;
}

void tls_context_life(const SSL_CTX *ctx, int64_t *not_before, int64_t *not_after)
{
    const X509 *cert = SSL_CTX_get0_certificate(ctx);

    *not_before = cert ? pem_seconds(X509_get0_notBefore(cert)) : 0;
    *not_after = cert ? pem_seconds(X509_get0_notAfter(cert)) : 0;
}

/* A ClientHello that is not wanted is no message to OpenSSL; the alert that refuses it is. */
static void count_chatter(int is_ours, int version UNUSED, int type, const void *bytes UNUSED, size_t n UNUSED,
                          SSL *ssl, void *arg)
{
    unsigned *count = arg;

    if (type != (is_ours ? SSL3_RT_ALERT : SSL3_RT_HANDSHAKE))
        return;
    (*count)++;
    if (*count > TLS_CHATTER_MAX)
        SSL_set_shutdown(ssl, SSL_RECEIVED_SHUTDOWN);
}

void tls_limit_chatter(SSL *ssl, unsigned *count)
{
    *count = 0;
    SSL_set_msg_callback(ssl, count_chatter);
    SSL_set_msg_callback_arg(ssl, count);
}

bool tls_is_approved(const SSL *ssl)
{
    /* The macro takes no const pointer. */
    SSL *s = (SSL *)(uintptr_t)ssl;

    return SSL_version(s) == TLS1_3_VERSION || SSL_get_extms_support(s) == 1;
}
