/* SPDX-License-Identifier: Apache-2.0 */
/* Two loops, one for each direction, that stop where a side stops. */
#include "net/pump.h"
#include "http/metrics.h"
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

static bool rest_keep(struct pump_rest *r, const char *p, size_t n)
{
    if (!n)
        return true;
    r->p = malloc(n);
    if (!r->p)
        return false;
    memcpy(r->p, p, n);
    r->off = 0;
    r->len = n;
    return true;
}

static void rest_take(struct pump_rest *r, size_t n)
{
    r->off += n;
    r->len -= n;
    if (r->len)
        return;
    free(r->p);
    *r = (struct pump_rest){ 0 };
}

/* Client to http. */

static bool wants_client(const struct pump *p)
{
    return !p->client_done && p->refused == REFUSAL_NONE && !p->server_deaf && !p->to_http.len;
}

static size_t send_to_http(struct pump *p, const char *bytes, size_t n)
{
    ssize_t sent = send(p->fd, bytes, n, MSG_NOSIGNAL);

    p->has_handed_over = true;
    if (sent >= 0)
        return (size_t)sent;
    if (errno == EAGAIN || errno == EINTR)
        return 0;
    /* It has closed its end: what is left of the request interests nobody. */
    p->server_deaf = true;
    return n;
}

static enum pump_result read_stopped(struct pump *p, int result)
{
    switch (SSL_get_error(p->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return PUMP_GOING;
    case SSL_ERROR_WANT_WRITE:
        p->read_wants_out = true;
        return PUMP_GOING;
    case SSL_ERROR_ZERO_RETURN:
        p->client_done = true;
        return PUMP_GOING;
    default:
        return PUMP_CLIENT_GONE;
    }
}

static enum pump_result take_in(struct pump *p, char *scratch)
{
    if (p->to_http.len)
        rest_take(&p->to_http, send_to_http(p, p->to_http.p + p->to_http.off, p->to_http.len));
    while (wants_client(p)) {
        size_t n = 0, sent;
        int result;

        p->read_wants_out = false;
        ERR_clear_error();
        result = SSL_read_ex(p->ssl, scratch, PUMP_RECORD, &n);
        if (result != 1)
            return read_stopped(p, result);
        metrics_add(METRICS_BYTES_IN, n);
        p->refused = screen_bytes(&p->screen, (struct sv){ scratch, n }, &n);
        sent = n ? send_to_http(p, scratch, n) : 0;
        if (!rest_keep(&p->to_http, scratch + sent, n - sent))
            return PUMP_NO_MEMORY;
        if (!SSL_has_pending(p->ssl))
            break;
    }
    return PUMP_GOING;
}

/* http to client. */

/* False: the client is gone. */
static bool write_tls(struct pump *p, const char *bytes, size_t n, size_t *written)
{
    bool is_stuck = false;

    *written = 0;
    while (*written < n && !is_stuck) {
        size_t some = 0;
        int result;

        ERR_clear_error();
        result = SSL_write_ex(p->ssl, bytes + *written, n - *written, &some);
        if (result != 1 && SSL_get_error(p->ssl, result) != SSL_ERROR_WANT_WRITE)
            return false;
        is_stuck = result != 1;
        *written += some;
    }
    metrics_add(METRICS_BYTES_OUT, *written);
    return true;
}

static enum pump_result give_out(struct pump *p, char *scratch)
{
    size_t written;

    if (p->to_tls.len) {
        if (!write_tls(p, p->to_tls.p + p->to_tls.off, p->to_tls.len, &written))
            return PUMP_CLIENT_GONE;
        rest_take(&p->to_tls, written);
    }
    while (!p->server_done && !p->to_tls.len) {
        ssize_t n = recv(p->fd, scratch, PUMP_RECORD, 0);

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        p->server_done = n <= 0;
        if (p->server_done)
            break;
        if (!write_tls(p, scratch, (size_t)n, &written))
            return PUMP_CLIENT_GONE;
        if (!rest_keep(&p->to_tls, scratch + written, (size_t)n - written))
            return PUMP_NO_MEMORY;
        if (n < PUMP_RECORD)
            break;
    }
    return p->server_done && !p->to_tls.len ? PUMP_SERVER_DONE : PUMP_GOING;
}

enum pump_result pump_move(struct pump *p, char *scratch)
{
    enum pump_result in = take_in(p, scratch);

    return in == PUMP_GOING ? give_out(p, scratch) : in;
}

bool pump_say(struct pump *p, const char *text, size_t n)
{
    size_t written;

    return !p->to_tls.len && write_tls(p, text, n, &written) && written == n;
}

uint32_t pump_tcp_interest(const struct pump *p)
{
    uint32_t in = wants_client(p) ? EPOLLIN : 0;

    return in | (p->to_tls.len || p->read_wants_out ? EPOLLOUT : 0);
}

uint32_t pump_pair_interest(const struct pump *p)
{
    uint32_t in = !p->server_done && !p->to_tls.len ? EPOLLIN : 0;

    return in | (p->to_http.len ? EPOLLOUT : 0);
}

void pump_fini(struct pump *p)
{
    rest_take(&p->to_http, p->to_http.len);
    rest_take(&p->to_tls, p->to_tls.len);
    screen_fini(&p->screen);
}
