/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many clients that all do one wrong thing, at once and for as long as they are
 * let; whoever is sent away comes again.
 *
 *     crowd HOST:PORT CA KIND COUNT SECONDS [REVIEW]
 *
 * Says `all here` when COUNT of them stand where they want to be, and in the
 * end (or on SIGTERM) how many came and how many were sent away, as JSON.
 */
#include "client.h"
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    TICK_MS = 200,
    COMING_MS = 5,
    AT_ONCE = 100,
    EVENTS = 256,
    BURST = 512,
    RECEIVE_MIN = 4096,
    REVIEW_MAX = 64 << 10
};

struct member {
    struct client c;
    enum { AWAY, COMING, HERE } state;
    bool is_blocked; /* nothing more is taken from it for now */
    unsigned number;
    size_t steps;
};

struct kind {
    const char *name;
    bool speaks_tls, is_busy; /* busy: acts whenever it can, not only now and then */
    bool reads;               /* else what comes fills a small buffer */
    int version;              /* of TLS at most; 0: any */
    enum client_result (*act)(struct member *m);
};

static struct {
    struct client_target target;
    const struct kind *kind;
    struct member *members;
    size_t count, here, coming;
    size_t came, sent_away, refused;
    char request[REVIEW_MAX + 512];
    size_t request_len;
    bool is_told;
} crowd;

static volatile sig_atomic_t is_over;

static enum client_result raw(struct member *m, const char *bytes, size_t n)
{
    return send(m->c.fd, bytes, n, MSG_NOSIGNAL) >= 0 || errno == EAGAIN ? CLIENT_DONE : CLIENT_CLOSED;
}

static enum client_result say(struct member *m, const char *bytes, size_t n)
{
    size_t written;

    return client_write(&m->c, bytes, n, &written);
}

/* What they do. */

static enum client_result nothing(struct member *m)
{
    (void)m;
    return CLIENT_DONE;
}

static enum client_result drip_hello(struct member *m)
{
    return m->steps++ ? raw(m, "", 1) : raw(m, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
}

static enum client_result drip_header(struct member *m)
{
    return m->steps++ ? say(m, "x", 1) : say(m, "POST /validate HTTP/1.1\r\nX: ", 28);
}

static const char long_head[] =
    "POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";

static enum client_result drip_body(struct member *m)
{
    return m->steps++ ? say(m, " ", 1) : say(m, long_head, sizeof(long_head) - 1);
}

static enum client_result half_open(struct member *m)
{
    return m->steps++ ? CLIENT_DONE : say(m, long_head, sizeof(long_head) - 1);
}

/* Whole requests, as long as any are taken. */
static enum client_result ask_only(struct member *m)
{
    size_t written;
    enum client_result result = CLIENT_DONE;

    for (int i = 0; i < BURST && result == CLIENT_DONE; i++) {
        size_t off = m->steps % crowd.request_len;

        result = client_write(&m->c, crowd.request + off, crowd.request_len - off, &written);
        m->steps += written;
    }
    return result;
}

static enum client_result garbage(struct member *m)
{
    char bytes[512];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)((m->number + m->steps + i) * 2654435761U >> 13);
    m->steps++;
    return raw(m, bytes, sizeof(bytes));
}

static enum client_result bad_record(struct member *m)
{
    static const char record[5 + 256] = "\x17\x03\x03\x01";

    return raw(m, record, sizeof(record));
}

static enum client_result update_keys(struct member *m)
{
    enum client_result result = CLIENT_DONE;

    for (int i = 0; i < BURST && result == CLIENT_DONE; i++) {
        if (SSL_key_update(m->c.ssl, SSL_KEY_UPDATE_NOT_REQUESTED) != 1)
            return CLIENT_WAITS;
        result = client_handshake(&m->c);
    }
    return result;
}

static enum client_result renegotiate(struct member *m)
{
    if (m->steps++ == 0)
        SSL_renegotiate(m->c.ssl);
    return client_handshake(&m->c);
}

static const struct kind kinds[] = {
    { .name = "silent", .reads = true, .act = nothing },
    { .name = "hello", .reads = true, .act = drip_hello },
    { .name = "garbage", .reads = true, .act = garbage },
    { .name = "idle", .speaks_tls = true, .reads = true, .act = nothing },
    { .name = "header", .speaks_tls = true, .reads = true, .act = drip_header },
    { .name = "body", .speaks_tls = true, .reads = true, .act = drip_body },
    { .name = "half-open", .speaks_tls = true, .act = half_open },
    { .name = "answer", .speaks_tls = true, .is_busy = true, .act = ask_only },
    { .name = "bad-record", .speaks_tls = true, .reads = true, .act = bad_record },
    { .name = "key-update", .speaks_tls = true, .is_busy = true, .version = TLS1_3_VERSION, .act = update_keys },
    { .name = "renegotiate", .speaks_tls = true, .reads = true, .version = TLS1_2_VERSION, .act = renegotiate },
};

/* Coming and going. */

static void leave(struct member *m)
{
    crowd.coming -= m->state == COMING;
    crowd.here -= m->state == HERE;
    crowd.refused += m->state == COMING;
    crowd.sent_away += m->state == HERE;
    m->state = AWAY;
    client_close(&m->c, false);
}

static void act(struct member *m)
{
    enum client_result result = crowd.kind->act(m);

    m->is_blocked = result == CLIENT_WAITS;
    if (result == CLIENT_CLOSED)
        leave(m);
}

static void arrive(struct member *m)
{
    crowd.coming--;
    crowd.here++;
    crowd.came++;
    m->state = HERE;
    m->steps = 0;
    m->is_blocked = false;
    if (crowd.here == crowd.count && !crowd.is_told) {
        crowd.is_told = true;
        puts("all here");
        fflush(stdout);
    }
    act(m);
}

static void come(struct member *m)
{
    if (!client_connect(&m->c, &crowd.target, m->number, m))
        return;
    if (crowd.kind->version)
        SSL_set_max_proto_version(m->c.ssl, crowd.kind->version);
    m->state = COMING;
    crowd.coming++;
}

static void shake_hands(struct member *m, uint32_t events)
{
    enum client_result result = CLIENT_DONE;

    if (crowd.kind->speaks_tls)
        result = client_handshake(&m->c);
    else if (events & (EPOLLERR | EPOLLHUP))
        result = CLIENT_CLOSED;
    if (result == CLIENT_DONE)
        arrive(m);
    else if (result == CLIENT_CLOSED)
        leave(m);
}

/* Whatever the server says is not looked at. */
static bool is_sent_away(struct member *m, uint32_t events)
{
    char bytes[4096];
    size_t got;
    enum client_result result = CLIENT_DONE;

    if (events & (EPOLLERR | EPOLLHUP))
        return true;
    if (!crowd.kind->reads)
        return false;
    if (!crowd.kind->speaks_tls)
        return (events & EPOLLIN) && recv(m->c.fd, bytes, sizeof(bytes), 0) == 0;
    while (result == CLIENT_DONE)
        result = client_read(&m->c, bytes, sizeof(bytes), &got);
    return result == CLIENT_CLOSED;
}

static void on_event(struct member *m, uint32_t events)
{
    m->is_blocked = false;
    if (m->state == COMING)
        shake_hands(m, events);
    else if (m->state == HERE && is_sent_away(m, events))
        leave(m);
}

static void all_come(void)
{
    for (size_t i = 0; i < crowd.count && crowd.coming < AT_ONCE; i++)
        if (crowd.members[i].state == AWAY)
            come(&crowd.members[i]);
}

static void all_act(void)
{
    for (size_t i = 0; i < crowd.count; i++)
        if (crowd.members[i].state == HERE && !crowd.members[i].is_blocked)
            act(&crowd.members[i]);
}

static void run(double seconds)
{
    uint64_t now = client_now_us(), end = now + (uint64_t)(seconds * 1e6), act_at = now, come_at = now;
    struct epoll_event events[EVENTS];

    while (!is_over && now < end) {
        uint64_t pause_ms = crowd.is_told ? TICK_MS : COMING_MS;
        int n = epoll_wait(crowd.target.epoll_fd, events, EVENTS, crowd.kind->is_busy ? 1 : (int)pause_ms);

        for (int i = 0; i < n; i++)
            on_event(events[i].data.ptr, events[i].events);
        now = client_now_us();
        if (now >= act_at || crowd.kind->is_busy) {
            act_at = now + TICK_MS * 1000;
            all_act();
        }
        if (now >= come_at) {
            come_at = now + pause_ms * 1000;
            all_come();
        }
    }
}

static void stop(int number)
{
    (void)number;
    is_over = 1;
}

static bool read_review(const char *path)
{
    static char body[REVIEW_MAX];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(body, 1, sizeof(body), f) : 0;
    int head;

    if (!f)
        return false;
    fclose(f);
    head = snprintf(
        crowd.request, sizeof(crowd.request),
        "POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", n);
    memcpy(crowd.request + head, body, n);
    crowd.request_len = (size_t)head + n;
    return n < sizeof(body);
}

int main(int argc, char *argv[])
{
    for (size_t i = 0; argc >= 6 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, argv[3]) == 0)
            crowd.kind = &kinds[i];
    crowd.count = argc >= 6 ? strtoul(argv[4], NULL, 10) : 0;
    crowd.members = calloc(crowd.count + 1, sizeof(*crowd.members));
    if (!crowd.kind || !crowd.members || !client_target_init(&crowd.target, argv[1], argv[2]) ||
        (crowd.kind->act == ask_only && (argc < 7 || !read_review(argv[6])))) {
        fputs("usage: crowd HOST:PORT CA KIND COUNT SECONDS [REVIEW]\n", stderr);
        return 2;
    }
    crowd.target.receive_buffer = crowd.kind->reads ? 0 : RECEIVE_MIN;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, stop);
    for (size_t i = 0; i < crowd.count; i++)
        crowd.members[i] = (struct member){ .c.fd = -1, .number = (unsigned)i };
    run(strtod(argv[5], NULL));
    printf("{\"kind\":\"%s\",\"here\":%zu,\"came\":%zu,\"sentAway\":%zu,\"refused\":%zu}\n", crowd.kind->name,
           crowd.here, crowd.came, crowd.sent_away, crowd.refused);
    for (size_t i = 0; i < crowd.count; i++)
        client_close(&crowd.members[i].c, false);
    free(crowd.members);
    SSL_CTX_free(crowd.target.ctx);
    close(crowd.target.epoll_fd);
    return 0;
}
