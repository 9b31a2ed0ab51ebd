/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handshake -> open -> linger -> dead. While open, the pump carries bytes both
 * ways; here it is decided what its results mean, and how long anything may
 * take. What ends is only buried after the events at hand, which may still
 * name it.
 */
#include "net/session.h"
#include "base/attr.h"
#include "base/log.h"
#include "http/metrics.h"
#include "http/reply.h"
#include "net/listener.h"
#include "net/openssl_error.h"
#include "net/pump.h"
#include "net/tls.h"
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINGER_READS = 16, PAIR_BUFFER = 64 << 10, ROOM_IDLE_MS = 1000, QUIET_MS = 1000 };

struct session {
    struct session_desk *desk;
    struct session *prev, *next;
    enum { HANDSHAKE, OPEN, LINGER, DEAD } state;
    struct watch tcp, pair;
    SSL *ssl;
    struct pump pump;         /* while OPEN */
    struct server_link *link; /* while OPEN */
    bool client_told;         /* http/ knows that the client sends no more */
    unsigned chatter;         /* while OPEN: what tls_limit_chatter() counts */
    uint64_t since_ms;        /* in HANDSHAKE and LINGER */
    struct sockaddr_storage peer;
};

static struct session *session_of(struct watch *w, size_t offset)
{
    return (struct session *)(void *)((char *)w - offset);
}

/* The end of a session. */

static void close_watch(struct session *s, struct watch *w)
{
    if (w->fd < 0)
        return;
    if (!watch_set(s->desk->epoll_fd, w, 0))
        w->interest = 0; /* close(2) takes it out of the set as well */
    close(w->fd);
    w->fd = -1;
}

/* http/ sees its end close and gives up what it has of the connection. */
static void let_go_of_http(struct session *s)
{
    close_watch(s, &s->pair);
    if (s->link)
        server_release(s->link);
    s->link = NULL;
    s->desk->has_handed_over = true;
}

static void end(struct session *s)
{
    struct session_desk *d = s->desk;

    let_go_of_http(s);
    SSL_free(s->ssl);
    s->ssl = NULL;
    close_watch(s, &s->tcp);
    pump_fini(&s->pump);
    census_leave(d->census, &s->peer);
    metrics_move(METRICS_OPEN_CONNECTIONS, -1);
    *(s->prev ? &s->prev->next : &d->first) = s->next;
    if (s->next)
        s->next->prev = s->prev;
    s->state = DEAD;
    s->next = d->dead;
    d->dead = s;
}

/* Always false: `return drop(...)` out of what says whether the session lives. */
static bool drop(struct session *s, enum metrics_drop reason)
{
    metrics_dropped(reason);
    end(s);
    return false;
}

/* The reply is out, or there will be none: say so in TLS and in TCP, then wait
 * a little for the client to close, for closing over unread bytes would throw
 * away our last ones. */
static bool say_goodbye(struct session *s)
{
    ERR_clear_error();
    SSL_shutdown(s->ssl);
    ERR_clear_error();
    let_go_of_http(s);
    if (s->pump.client_done || shutdown(s->tcp.fd, SHUT_WR) < 0 || !watch_set(s->desk->epoll_fd, &s->tcp, EPOLLIN)) {
        end(s);
        return false;
    }
    SSL_free(s->ssl);
    s->ssl = NULL;
    s->state = LINGER;
    s->since_ms = s->desk->now_ms;
    return false;
}

static void linger(struct session *s)
{
    for (int i = 0; i < LINGER_READS; i++) {
        ssize_t n = recv(s->tcp.fd, s->desk->scratch, sizeof(s->desk->scratch), 0);

        if (n > 0)
            continue;
        if (n == 0 || errno != EAGAIN)
            end(s);
        return;
    }
}

/* Open. */

/* libmicrohttpd may take the end of the client's bytes for the end of the
 * client, so it hears of it only when all whole requests are answered. */
static void tell_client_done(struct session *s)
{
    bool is_over = s->pump.client_done || s->pump.refused != REFUSAL_NONE;

    if (!is_over || s->client_told)
        return;
    if (s->link->answered < s->pump.screen.requests) {
        s->desk->is_to_tell = true;
        return;
    }
    s->client_told = true;
    s->desk->has_handed_over = true;
    shutdown(s->pair.fd, SHUT_WR);
}

static bool settle(struct session *s)
{
    int epoll_fd = s->desk->epoll_fd;

    tell_client_done(s);
    return (watch_set(epoll_fd, &s->tcp, pump_tcp_interest(&s->pump)) &&
            watch_set(epoll_fd, &s->pair, pump_pair_interest(&s->pump))) ||
           drop(s, METRICS_DROP_NO_MEMORY);
}

static void note_handed_over(struct session *s)
{
    if (!s->pump.has_handed_over)
        return;
    s->pump.has_handed_over = false;
    s->desk->has_handed_over = true;
    if (s->link->phase != SERVER_IDLE)
        return;
    s->link->phase = SERVER_HEADER;
    s->link->since_ms = s->desk->now_ms;
}

/* libmicrohttpd has answered what was right; the rest is answered here. */
static void say_refusal(struct session *s, enum refusal refusal)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(PUMP_RECORD);

    reply_print(&text, refusal);
    if (buf_ok(&text) && pump_say(&s->pump, text.p, text.len))
        metrics_response(reply_status(refusal));
}

static bool move(struct session *s)
{
    enum pump_result result = pump_move(&s->pump, s->desk->scratch);

    note_handed_over(s);
    if (s->chatter > TLS_CHATTER_MAX)
        return drop(s, METRICS_DROP_PROTOCOL);
    switch (result) {
    case PUMP_GOING:
        return settle(s);
    case PUMP_SERVER_DONE:
        if (s->pump.refused != REFUSAL_NONE)
            say_refusal(s, s->pump.refused);
        return say_goodbye(s);
    case PUMP_NO_MEMORY:
        return drop(s, METRICS_DROP_NO_MEMORY);
    case PUMP_CLIENT_GONE:
        break;
    }
    /* Between requests many clients just hang up. */
    if (s->link->phase != SERVER_IDLE)
        return drop(s, METRICS_DROP_ABORTED);
    end(s);
    return false;
}

static void pair_ready(struct watch *w, uint32_t events UNUSED)
{
    struct session *s = session_of(w, offsetof(struct session, pair));

    if (s->state == OPEN)
        move(s);
}

/* Handshake. */

static void log_refused(struct session *s, const char *why)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(128 << 10);
    const struct log_field fields[] = { LOG_S("peer", listener_print(&s->peer, &a)), LOG_S("reason", sv_from(why)) };

    log_line(LOG_WARN, SV("tls handshake refused"), fields, ARRAY_LEN(fields));
}

static bool refuse_handshake(struct session *s, enum metrics_drop reason, const char *why)
{
    log_refused(s, why);
    return drop(s, reason);
}

/* The other end goes to http/, which closes it. */
static bool open_pair(struct session *s, int *other)
{
    int fds[2], size = PAIR_BUFFER;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
        return false;
    setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    s->pair.fd = fds[0];
    s->pump = (struct pump){ .ssl = s->ssl, .fd = fds[0], .screen.head_max = s->desk->limits->max_head };
    *other = fds[1];
    return true;
}

static bool establish(struct session *s)
{
    struct session_desk *d = s->desk;
    struct err e = { 0 };
    int other;

    if (!tls_is_approved(s->ssl))
        return refuse_handshake(s, METRICS_DROP_NO_EMS, "TLS 1.2 without extended master secret");
    if (!open_pair(s, &other))
        return drop(s, METRICS_DROP_NO_MEMORY);
    s->link = server_adopt(d->server, other, &s->peer, &e);
    if (!s->link)
        return drop(s, METRICS_DROP_NO_MEMORY);
    s->link->since_ms = d->now_ms;
    tls_limit_chatter(s->ssl, &s->chatter);
    metrics_add(METRICS_HANDSHAKES, 1);
    s->state = OPEN;
    return move(s);
}

/* TCP health checks connect and hang up, all day. */
static bool hung_up(int result, const SSL *ssl)
{
    return SSL_get_error(ssl, result) == SSL_ERROR_SYSCALL ||
           ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

static enum metrics_drop reason_for(const SSL *ssl, const struct fips_status *fips)
{
    bool is_about_client = SSL_get_verify_result(ssl) != X509_V_OK ||
                           ERR_GET_REASON(ERR_peek_error()) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE;

    if (!fips_is_running(fips))
        return METRICS_DROP_FIPS;
    return is_about_client ? METRICS_DROP_CLIENT_CERTIFICATE : METRICS_DROP_PROTOCOL;
}

static bool shake_hands(struct session *s)
{
    enum metrics_drop reason;
    int result;

    ERR_clear_error();
    result = SSL_accept(s->ssl);
    if (result == 1)
        return establish(s);
    switch (SSL_get_error(s->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return watch_set(s->desk->epoll_fd, &s->tcp, EPOLLIN) || drop(s, METRICS_DROP_NO_MEMORY);
    case SSL_ERROR_WANT_WRITE:
        return watch_set(s->desk->epoll_fd, &s->tcp, EPOLLOUT) || drop(s, METRICS_DROP_NO_MEMORY);
    default:
        if (hung_up(result, s->ssl))
            return drop(s, METRICS_DROP_ABORTED);
        reason = reason_for(s->ssl, s->desk->fips);
        return refuse_handshake(
            s, reason, reason == METRICS_DROP_FIPS ? "the FIPS provider is in its error state" : openssl_error_take());
    }
}

static void tcp_ready(struct watch *w, uint32_t events)
{
    struct session *s = session_of(w, offsetof(struct session, tcp));

    switch (s->state) {
    case HANDSHAKE:
        shake_hands(s);
        return;
    case OPEN:
        if ((events & (EPOLLERR | EPOLLHUP)) && !(events & EPOLLIN))
            drop(s, METRICS_DROP_ABORTED);
        else
            move(s);
        return;
    case LINGER:
        linger(s);
        return;
    case DEAD:
        return;
    }
}

void session_start(struct session_desk *d, int fd, const struct sockaddr_storage *peer)
{
    SSL_CTX *ctx = cert_store_context(d->certs);
    struct session *s = calloc(1, sizeof(*s));
    SSL *ssl = s ? SSL_new(ctx) : NULL;

    SSL_CTX_free(ctx);
    if (!ssl || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        free(s);
        close(fd);
        census_leave(d->census, peer);
        metrics_dropped(fips_is_running(d->fips) ? METRICS_DROP_NO_MEMORY : METRICS_DROP_FIPS);
        return;
    }
    *s = (struct session){ .desk = d, .ssl = ssl, .since_ms = d->now_ms, .peer = *peer, .next = d->first };
    s->tcp = (struct watch){ .fd = fd, .ready = tcp_ready };
    s->pair = (struct watch){ .fd = -1, .ready = pair_ready };
    if (d->first)
        d->first->prev = s;
    d->first = s;
    metrics_add(METRICS_CONNECTIONS, 1);
    metrics_move(METRICS_OPEN_CONNECTIONS, 1);
    /* The client's first bytes are rarely here already. */
    if (!watch_set(d->epoll_fd, &s->tcp, EPOLLIN))
        drop(s, METRICS_DROP_NO_MEMORY);
}

/* Time. */

static void request_timed_out(struct session *s)
{
    metrics_dropped(METRICS_DROP_REQUEST_TIMEOUT);
    if (s->link->phase != SERVER_ANSWER)
        say_refusal(s, REFUSAL_TIMEOUT);
    say_goodbye(s);
}

static void time_out(struct session *s)
{
    switch (s->state) {
    case HANDSHAKE:
        drop(s, METRICS_DROP_HANDSHAKE_TIMEOUT);
        return;
    case OPEN:
        if (s->link->phase != SERVER_IDLE) {
            request_timed_out(s);
            return;
        }
        metrics_dropped(METRICS_DROP_IDLE_TIMEOUT);
        say_goodbye(s);
        return;
    case LINGER:
    case DEAD:
        end(s);
        return;
    }
}

static bool is_overdue(const struct session *s)
{
    const struct limits *l = s->desk->limits;
    uint64_t since = s->state == OPEN ? s->link->since_ms : s->since_ms;
    uint64_t limit = s->state == OPEN     ? l->phase_ms[s->link->phase]
                     : s->state == LINGER ? l->linger_ms
                                          : l->handshake_ms;

    return s->desk->now_ms - since >= limit;
}

void session_sweep(struct session_desk *d)
{
    struct session *next;

    for (struct session *s = d->first; s; s = next) {
        next = s->next;
        if (is_overdue(s))
            time_out(s);
    }
}

bool session_make_room(struct session_desk *d, const struct sockaddr_storage *peer)
{
    struct session *oldest = NULL;

    for (struct session *s = d->first; s; s = s->next) {
        if (s->state != OPEN || s->link->phase != SERVER_IDLE || d->now_ms - s->link->since_ms < ROOM_IDLE_MS)
            continue;
        if ((!oldest || s->link->since_ms < oldest->link->since_ms) && (!peer || census_is_same(peer, &s->peer)))
            oldest = s;
    }
    if (!oldest)
        return false;
    ERR_clear_error();
    SSL_shutdown(oldest->ssl);
    ERR_clear_error();
    return !drop(oldest, METRICS_DROP_MADE_ROOM);
}

void session_after_run(struct session_desk *d)
{
    if (!d->is_to_tell)
        return;
    d->is_to_tell = false;
    for (struct session *s = d->first; s; s = s->next)
        if (s->state == OPEN)
            tell_client_done(s);
}

static bool is_quiet(const struct session *s)
{
    bool is_idle = s->state == OPEN && s->link->phase == SERVER_IDLE && !s->pump.to_tls.len;
    uint64_t since = s->state == OPEN ? s->link->since_ms : s->since_ms;

    return (is_idle || s->state == HANDSHAKE) && s->desk->now_ms - since >= QUIET_MS;
}

/* A last look: what has arrived by now is a request, and is answered. */
static void end_quiet(struct session *s)
{
    if (s->state == HANDSHAKE)
        end(s);
    else if (move(s) && is_quiet(s))
        say_goodbye(s);
}

void session_drain(struct session_desk *d)
{
    struct session *next;

    for (struct session *s = d->first; s; s = next) {
        next = s->next;
        if (is_quiet(s))
            end_quiet(s);
    }
}

void session_excuse(struct session_desk *d, uint64_t ms)
{
    for (struct session *s = d->first; s; s = s->next) {
        s->since_ms += ms;
        if (s->state == OPEN)
            s->link->since_ms += ms;
    }
}

void session_end_all(struct session_desk *d)
{
    while (d->first)
        end(d->first);
}

void session_bury(struct session_desk *d)
{
    struct session *next;

    for (struct session *s = d->dead; s; s = next) {
        next = s->next;
        free(s);
    }
    d->dead = NULL;
}
