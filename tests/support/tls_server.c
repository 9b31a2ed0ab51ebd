/* SPDX-License-Identifier: Apache-2.0 */
/* One connection after the other, one request on each. */
#include "support/tls_server.h"

#include "support/check.h"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 64 << 10, FLOOD = 32 << 20, CHUNK = 16 << 10 };

struct tls_server {
    SSL_CTX *ctx;
    int listener;
    int stop[2]; /* a pipe; readable: stop */
    pthread_t thread;
    const struct tls_server_answer *answers;
    size_t count;
    _Atomic size_t requests;
    char url[40], port[8];
    char request[REQUEST_MAX];
};

static const char ok_head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

static int read_request(struct tls_server *s, SSL *ssl)
{
    size_t n = 0;

    for (;;) {
        const char *end = strstr(s->request, "\r\n\r\n"), *length = strcasestr(s->request, "\r\nContent-Length:");
        size_t want = end ? (size_t)(end - s->request) + 4 : SIZE_MAX;
        int got;

        if (end && length && length < end)
            want += strtoul(length + 17, NULL, 10);
        if (end && n >= want)
            return 1;
        got = n < REQUEST_MAX - 1 ? SSL_read(ssl, s->request + n, (int)(REQUEST_MAX - 1 - n)) : 0;
        if (got <= 0)
            return 0;
        n += (size_t)got;
        s->request[n] = '\0';
    }
}

static void flood(SSL *ssl)
{
    static char chunk[CHUNK];

    memset(chunk, 'x', sizeof(chunk));
    for (size_t sent = 0; sent < FLOOD && SSL_write(ssl, chunk, sizeof(chunk)) > 0;)
        sent += sizeof(chunk);
}

static void answer(struct tls_server *s, SSL *ssl)
{
    size_t n = s->requests++;
    const struct tls_server_answer *a = &s->answers[n < s->count ? n : s->count - 1];
    const char *body = a->body ? a->body : "";
    char head[1024];

    if (a->what == TLS_SERVER_CLOSES)
        return;
    if (a->what == TLS_SERVER_HANGS) {
        struct pollfd p = { .fd = s->stop[0], .events = POLLIN };

        poll(&p, 1, 10000);
        return;
    }
    snprintf(head, sizeof(head), "%sContent-Length: %zu\r\nConnection: close\r\n\r\n", a->head ? a->head : ok_head,
             a->what == TLS_SERVER_FLOODS ? (size_t)FLOOD
             : a->promised                ? a->promised
                                          : strlen(body));
    SSL_write(ssl, head, (int)strlen(head));
    if (a->what == TLS_SERVER_FLOODS)
        flood(ssl);
    else if (*body)
        SSL_write(ssl, body, (int)strlen(body));
    SSL_shutdown(ssl);
}

static void serve(struct tls_server *s, int fd)
{
    SSL *ssl = SSL_new(s->ctx);

    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        memset(s->request, 0, sizeof(s->request));
        if (read_request(s, ssl))
            answer(s, ssl);
    }
    SSL_free(ssl);
    close(fd);
}

static void *run(void *arg)
{
    struct tls_server *s = arg;
    struct pollfd p[] = { { .fd = s->listener, .events = POLLIN }, { .fd = s->stop[0], .events = POLLIN } };

    while (poll(p, 2, -1) > 0 && !p[1].revents)
        serve(s, accept(s->listener, NULL, NULL));
    return NULL;
}

static void use(SSL_CTX *ctx, const struct issued *pair)
{
    BIO *cert = BIO_new_mem_buf(pair->cert.p, (int)pair->cert.n),
        *secret = BIO_new_mem_buf(pair->key.p, (int)pair->key.n);
    X509 *x = PEM_read_bio_X509(cert, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(secret, NULL, NULL, NULL);

    assert_int_equal(SSL_CTX_use_certificate(ctx, x), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
    X509_free(x);
    EVP_PKEY_free(key);
    BIO_free(cert);
    BIO_free(secret);
}

struct tls_server *tls_server_start(const struct issued *pair, const struct tls_server_answer *answers, size_t count,
                                    const char *suites)
{
    struct tls_server *s = calloc(1, sizeof(*s));
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t n = sizeof(at);

    s->answers = answers;
    s->count = count;
    s->ctx = SSL_CTX_new(TLS_server_method());
    use(s->ctx, pair);
    if (suites) {
        assert_int_equal(SSL_CTX_set_min_proto_version(s->ctx, TLS1_3_VERSION), 1);
        assert_int_equal(SSL_CTX_set_ciphersuites(s->ctx, suites), 1);
    }
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(s->listener, 8), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &n), 0);
    snprintf(s->port, sizeof(s->port), "%d", ntohs(at.sin_port));
    snprintf(s->url, sizeof(s->url), "https://127.0.0.1:%s", s->port);
    assert_int_equal(pipe(s->stop), 0);
    assert_int_equal(pthread_create(&s->thread, NULL, run, s), 0);
    return s;
}

const char *tls_server_url(const struct tls_server *s)
{
    return s->url;
}

const char *tls_server_port(const struct tls_server *s)
{
    return s->port;
}

const char *tls_server_request(const struct tls_server *s)
{
    return s->request;
}

size_t tls_server_requests(const struct tls_server *s)
{
    return s->requests;
}

void tls_server_stop(struct tls_server *s)
{
    assert_int_equal(write(s->stop[1], "x", 1), 1);
    pthread_join(s->thread, NULL);
    close(s->listener);
    close(s->stop[0]);
    close(s->stop[1]);
    SSL_CTX_free(s->ctx);
    free(s);
}

void tls_server_issue(struct arena *a, struct issued *ca, struct issued *leaf)
{
    static const struct sv names[] = { SV_INIT("127.0.0.1"), SV_INIT("localhost") };
    const struct issue_term term = { (int64_t)time(NULL), 3600 };
    struct issue_request r = { .names = names, .name_count = 2, .term = term };
    struct err e = { 0 };

    assert_true(issue_ca(SV("test"), term, a, ca, &e));
    r.ca = *ca;
    assert_true(issue_leaf(&r, a, leaf, &e));
}
