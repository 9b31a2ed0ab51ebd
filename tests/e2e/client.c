/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets and OpenSSL, and what their return values mean. */
#include "client.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOURCES = 250 };

bool client_target_init(struct client_target *t, const char *address, const char *ca)
{
    const char *colon = strrchr(address, ':');
    char host[INET_ADDRSTRLEN] = "";

    if (!colon || (size_t)(colon - address) >= sizeof(host))
        return false;
    memcpy(host, address, (size_t)(colon - address));
    t->at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)) };
    t->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    t->ctx = SSL_CTX_new(TLS_client_method());
    if (!t->ctx || t->epoll_fd < 0 || inet_pton(AF_INET, host, &t->at.sin_addr) != 1)
        return false;
    SSL_CTX_set_mode(t->ctx,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_options(t->ctx, SSL_OP_NO_TICKET);
    return SSL_CTX_load_verify_file(t->ctx, ca) == 1;
}

static int open_socket(const struct client_target *t, unsigned source)
{
    uint32_t from = (127U << 24) | (1U << 16) | (source % SOURCES / 25 << 8) | (source % 25 + 1);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(from) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (t->receive_buffer)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &t->receive_buffer, sizeof(t->receive_buffer));
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
        return fd;
    close(fd);
    return -1;
}

bool client_connect(struct client *c, const struct client_target *t, unsigned source, void *mark)
{
    struct epoll_event events = { .events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = mark };

    c->fd = open_socket(t, source);
    if (c->fd < 0)
        return false;
    c->ssl = SSL_new(t->ctx);
    if (c->ssl && SSL_set_fd(c->ssl, c->fd) == 1 &&
        (connect(c->fd, (const struct sockaddr *)&t->at, sizeof(t->at)) == 0 || errno == EINPROGRESS) &&
        epoll_ctl(t->epoll_fd, EPOLL_CTL_ADD, c->fd, &events) == 0) {
        SSL_set_connect_state(c->ssl);
        return true;
    }
    client_close(c, false);
    return false;
}

static enum client_result result_of(struct client *c, int result)
{
    int error = SSL_get_error(c->ssl, result);

    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? CLIENT_WAITS : CLIENT_CLOSED;
}

enum client_result client_handshake(struct client *c)
{
    int result;

    ERR_clear_error();
    result = SSL_do_handshake(c->ssl);
    return result == 1 ? CLIENT_DONE : result_of(c, result);
}

enum client_result client_write(struct client *c, const char *bytes, size_t n, size_t *written)
{
    *written = 0;
    while (*written < n) {
        size_t some = 0;
        int result;

        ERR_clear_error();
        result = SSL_write_ex(c->ssl, bytes + *written, n - *written, &some);
        if (result != 1)
            return result_of(c, result);
        *written += some;
    }
    return CLIENT_DONE;
}

enum client_result client_read(struct client *c, char *bytes, size_t n, size_t *got)
{
    int result;

    *got = 0;
    ERR_clear_error();
    result = SSL_read_ex(c->ssl, bytes, n, got);
    return result == 1 ? CLIENT_DONE : result_of(c, result);
}

void client_close(struct client *c, bool politely)
{
    struct linger hard = { .l_onoff = 1 };

    if (c->fd < 0)
        return;
    if (politely && c->ssl)
        SSL_shutdown(c->ssl);
    else
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    SSL_free(c->ssl);
    close(c->fd);
    *c = (struct client){ .fd = -1 };
}

uint64_t client_now_us(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}
