/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS 1.2 client with one thing switched off on request, which `openssl
 * s_client` cannot: extended master secret (RFC 7627). Sends one GET and
 * prints what comes back.
 *
 *     no_ems_client PORT ems|no-ems     exit 0: an HTTP answer came; 1: none
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char request[] = "GET /validate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

static int connect_to(const char *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };
    struct timeval patience = { .tv_sec = 10 };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
}

/* Bytes of an answer. */
static size_t ask(SSL *ssl)
{
    char text[2048];
    size_t n = 0, all = 0;

    if (SSL_connect(ssl) != 1)
        return 0;
    printf("%s, extended master secret: %s\n", SSL_get_version(ssl), SSL_get_extms_support(ssl) == 1 ? "yes" : "no");
    if (SSL_write_ex(ssl, request, sizeof(request) - 1, &n) != 1)
        return 0;
    while (SSL_read_ex(ssl, text, sizeof(text), &n) == 1) {
        fwrite(text, 1, n, stdout);
        all += n;
    }
    return all;
}

int main(int argc, char *argv[])
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = NULL;
    size_t answered = 0;
    int fd = argc == 3 ? connect_to(argv[1]) : -1;

    if (ctx && fd >= 0) {
        SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
        if (strcmp(argv[2], "no-ems") == 0)
            SSL_CTX_set_options(ctx, SSL_OP_NO_EXTENDED_MASTER_SECRET);
        ssl = SSL_new(ctx);
        if (ssl && SSL_set_fd(ssl, fd) == 1)
            answered = ask(ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    if (fd >= 0)
        close(fd);
    return answered ? 0 : 1;
}
