/* SPDX-License-Identifier: Apache-2.0 */
/* One call of one server, with a deadline, by a program that has nothing else to do meanwhile. */
#include "net/dial.h"
#include "net/openssl_error.h"
#include "net/pem.h"
#include "net/tls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What clients say, and what helps. */
static const struct {
    long code;
    const char *remedy;
} complaints[] = {
    { X509_V_ERR_CERT_HAS_EXPIRED, "renew it: `fipsgate certs rotate`, and see why its job did not" },
    { X509_V_ERR_CERT_NOT_YET_VALID, "compare the clocks of this machine and of the one that made it" },
    { X509_V_ERR_HOSTNAME_MISMATCH, "it must be for the name that is called: SERVICE.NAMESPACE.svc" },
    { X509_V_ERR_IP_ADDRESS_MISMATCH, "it must be for the address that is called: make it with --dns ADDRESS" },
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      "caBundle does not hold its CA: `fipsgate certs rotate` puts it there" },
    { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
      "the chain ends before a CA that is trusted: serve the intermediate CA too" },
    { X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
      "caBundle does not hold its CA: `fipsgate certs rotate` puts it there" },
    { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "it signed itself: put it into caBundle, or serve one of a CA" },
    { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "its CA is another one than those of caBundle: `fipsgate certs rotate`" },
    { X509_V_ERR_CERT_SIGNATURE_FAILURE,
      "its CA has the same name as one of caBundle, and another key: `fipsgate certs rotate`" },
    { X509_V_ERR_INVALID_CA, "caBundle holds a certificate that is no CA's: it needs basicConstraints CA:TRUE" },
    { X509_V_ERR_INVALID_PURPOSE, "it is not for servers: it needs the extended key usage serverAuth" },
    { X509_V_ERR_PATH_LENGTH_EXCEEDED, "there are more CAs in the chain than the first allows" },
    { X509_V_ERR_EE_KEY_TOO_SMALL, "its key is too small for FIPS: RSA of at least 2048 bits, or P-256" },
    { X509_V_ERR_CA_KEY_TOO_SMALL, "its CA's key is too small for FIPS: RSA of at least 2048 bits, or P-256" },
    { X509_V_ERR_CA_MD_TOO_WEAK, "it is signed with a digest that FIPS does not take: SHA-256 or larger" },
    { X509_V_ERR_PERMITTED_VIOLATION, "the name constraints of its CA do not allow its name" },
};

struct call {
    const struct dial_config *config;
    struct arena *arena;
    int64_t deadline_ms;
    int fd; /* never blocks */
    SSL_CTX *ctx;
    SSL *ssl;
};

static void hang_up(struct call *c)
{
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    if (c->fd >= 0)
        close(c->fd);
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* False: the time is up. */
static bool wait_for(const struct call *c, short events)
{
    struct pollfd p = { .fd = c->fd, .events = events };
    int64_t left = c->deadline_ms - now_ms();

    return left > 0 && poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left) == 1;
}

/* 0, or why not. */
static int connect_to(struct call *c, const struct addrinfo *at)
{
    int error = 0;
    socklen_t n = sizeof(error);

    c->fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (c->fd < 0)
        return errno;
    if (connect(c->fd, at->ai_addr, at->ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    if (!wait_for(c, POLLOUT))
        return ETIMEDOUT;
    return getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 ? error : errno;
}

static const char *remedy_of_connect(int error)
{
    switch (error) {
    case ECONNREFUSED:
        return "nothing listens there: are its pods ready, and is the port right?";
    case ETIMEDOUT:
        return "something drops what is sent there: a firewall, a NetworkPolicy, or a Service without endpoints";
    case EHOSTUNREACH:
    case ENETUNREACH:
        return "there is no way to it from here";
    default:
        return "see the network of this machine";
    }
}

static bool connect_any(struct call *c, struct err *e)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    struct addrinfo *all = NULL;
    int status = getaddrinfo(c->config->host, c->config->port, &hints, &all), error = EHOSTUNREACH;

    if (status != 0)
        return err_set(e, ERR_IO, "no address: %s; a Service's name is known only inside the cluster",
                       gai_strerror(status));
    for (const struct addrinfo *at = all; at; at = at->ai_next) {
        error = connect_to(c, at);
        if (!error)
            break;
        if (c->fd >= 0)
            close(c->fd);
        c->fd = -1;
    }
    freeaddrinfo(all);
    return !error || err_set(e, ERR_IO, "%s; %s", strerror(error), remedy_of_connect(error));
}

/* What is wrong with the chain is asked for after the handshake. */
static int look_on(int is_verified, X509_STORE_CTX *store)
{
    (void)is_verified;
    (void)store;
    return 1;
}

static bool trust(SSL_CTX *ctx, struct sv ca, struct err *e)
{
    CLEANUP(pem_free_bio) BIO *in = pem_open(ca);
    X509 *x;

    if (!ca.p)
        return SSL_CTX_set_default_verify_paths(ctx) == 1 || err_set(e, ERR_TLS, "%s", openssl_error_take());
    while ((x = pem_next_cert(in)) != NULL) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), x);
        X509_free(x);
    }
    openssl_error_take();
    return true;
}

static bool set_up(struct call *c, struct err *e)
{
    const char *name = c->config->name;
    struct in6_addr bytes;
    bool is_address = inet_pton(AF_INET, name, &bytes) == 1 || inet_pton(AF_INET6, name, &bytes) == 1;

    c->ctx = SSL_CTX_new(TLS_client_method());
    if (!c->ctx)
        return err_set(e, ERR_TLS, "no TLS context: %s", openssl_error_take());
    if (!tls_restrict_client(c->ctx, e) || !trust(c->ctx, c->config->ca, e))
        return false;
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER, look_on);
    c->ssl = SSL_new(c->ctx);
    if (!c->ssl || SSL_set_fd(c->ssl, c->fd) != 1 ||
        (is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(c->ssl), name) != 1
                    : SSL_set1_host(c->ssl, name) != 1) ||
        (!is_address &&
         SSL_ctrl(c->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)name) != 1))
        return err_set(e, ERR_TLS, "`%s` cannot be called: %s", name, openssl_error_take());
    return true;
}

static bool shake_hands(struct call *c, struct err *e)
{
    for (;;) {
        int result = SSL_connect(c->ssl), why = SSL_get_error(c->ssl, result);
        short events = why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;

        if (result == 1)
            return true;
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            break;
        if (!wait_for(c, events))
            return err_set(e, ERR_TLS, "connected, and then no TLS in time; is it busy, or no TLS server at all?");
    }
    return err_set(e, ERR_TLS,
                   "no TLS: %s; it must be a TLS server (not plain HTTP), with TLS 1.2 or 1.3, AES-GCM and P-256, "
                   "P-384 or P-521",
                   openssl_error_take());
}

static bool keep_chain(const struct call *c, struct dial_answer *out, struct err *e)
{
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(c->ssl);
    CLEANUP(pem_free_bio) BIO *text = BIO_new(BIO_s_mem());

    for (int i = 0; text && chain && i < sk_X509_num(chain); i++)
        PEM_write_bio_X509(text, sk_X509_value(chain, i));
    if (!text)
        return err_nomem(e);
    out->chain = pem_text(text, c->arena);
    return out->chain.p || arena_error(c->arena, e);
}

static bool look(const struct call *c, struct dial_answer *out, struct err *e)
{
    long verdict = SSL_get_verify_result(c->ssl);

    if (!keep_chain(c, out, e))
        return false;
    out->protocol = sv_from(SSL_get_version(c->ssl));
    out->suite = sv_from(SSL_CIPHER_get_name(SSL_get_current_cipher(c->ssl)));
    if (!tls_is_approved(c->ssl)) {
        out->why = "TLS 1.2 without extended master secret";
        out->remedy = "FIPS 140-3 does not take it: the server must speak TLS 1.3 or extended master secret";
    }
    if (verdict == X509_V_OK)
        return true;
    out->why = X509_verify_cert_error_string(verdict);
    out->remedy = "see what it serves";
    for (size_t i = 0; i < ARRAY_LEN(complaints); i++)
        if (complaints[i].code == verdict)
            out->remedy = complaints[i].remedy;
    return true;
}

bool dial(const struct dial_config *config, struct arena *a, struct dial_answer *out, struct err *e)
{
    CLEANUP(hang_up)
    struct call c = { .config = config, .arena = a, .fd = -1, .deadline_ms = now_ms() + (int64_t)config->timeout_ms };

    *out = (struct dial_answer){ 0 };
    return connect_any(&c, e) && set_up(&c, e) && shake_hands(&c, e) && look(&c, out, e);
}
