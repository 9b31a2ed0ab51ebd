/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses are numeric: a webhook must not wait for a name server to start. */
#include "net/listener.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

/* The kernel would keep up to 4 MiB (tcp_wmem) for each client that reads no
 * answers, of memory that counts as ours. */
enum { BACKLOG = 1024, SEND_BUFFER = 128 << 10 };

static socklen_t length_of(const struct sockaddr_storage *at)
{
    return at->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static bool parse_host(struct sv host, uint16_t port, struct sockaddr_storage *out)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(128 << 10);
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
    bool is_v6 = host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']';
    const char *text = arena_cstr(&a, is_v6 ? (struct sv){ host.p + 1, host.n - 2 } : host);

    *out = (struct sockaddr_storage){ 0 };
    if (text && is_v6 && inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        memcpy(out, &v6, sizeof(v6));
    else if (text && !is_v6 && inet_pton(AF_INET, *text ? text : "0.0.0.0", &v4.sin_addr) == 1)
        memcpy(out, &v4, sizeof(v4));
    return out->ss_family != 0;
}

bool listener_parse(const char *text, struct sockaddr_storage *out, struct err *e)
{
    struct sv whole = sv_from(text);
    size_t colon = sv_find_last(whole, ':'), port;

    if (colon < whole.n && text_to_size(sv_skip(whole, colon + 1), &port) && port <= UINT16_MAX &&
        parse_host((struct sv){ whole.p, colon }, (uint16_t)port, out))
        return true;
    return err_set(e, ERR_INPUT,
                   "`%.*s` is not an address; write HOST:PORT in numbers, such as 0.0.0.0:8443 or [::]:8443",
                   SV_ARG(whole));
}

static bool set(int fd, int option)
{
    int one = 1;

    return setsockopt(fd, SOL_SOCKET, option, &one, sizeof(one)) == 0;
}

static bool bind_to(int fd, const struct sockaddr_storage *at)
{
    return set(fd, SO_REUSEADDR) && bind(fd, (const struct sockaddr *)at, length_of(at)) == 0;
}

/* False: closes `fd`, which may not even have been opened. */
static bool fail(int fd, const struct sockaddr_storage *at, struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(128 << 10);
    int saved = errno;
    struct sv where = listener_print(at, &a);

    if (fd >= 0)
        close(fd);
    return err_set(e, ERR_IO, "cannot listen on %.*s: %s", SV_ARG(where), strerrordesc_np(saved));
}

bool listener_open(const struct sockaddr_storage *at, int *fd, struct err *e)
{
    *fd = socket(at->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd >= 0 && set(*fd, SO_REUSEPORT) && bind_to(*fd, at) && listen(*fd, BACKLOG) == 0)
        return true;
    fail(*fd, at, e);
    *fd = -1;
    return false;
}

bool listener_is_free(const struct sockaddr_storage *at, struct err *e)
{
    int fd = socket(at->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || !bind_to(fd, at))
        return fail(fd, at, e);
    close(fd);
    return true;
}

bool listener_address(int fd, struct sockaddr_storage *out, struct err *e)
{
    socklen_t n = sizeof(*out);

    *out = (struct sockaddr_storage){ 0 };
    return getsockname(fd, (struct sockaddr *)out, &n) == 0 ||
           err_set(e, ERR_IO, "cannot tell where a socket is bound: %s", strerrordesc_np(errno));
}

struct sv listener_print(const struct sockaddr_storage *at, struct arena *a)
{
    enum { HOST = 64, PORT = 16 };
    char *host = arena_alloc(a, HOST), *port = arena_alloc(a, PORT);

    if (!host || !port ||
        getnameinfo((const struct sockaddr *)at, length_of(at), host, HOST, port, PORT,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return SV("unknown");
    return arena_printf(a, at->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

enum listener_event listener_accept(int listener, int *fd, struct sockaddr_storage *peer)
{
    socklen_t n = sizeof(*peer);
    int one = 1, send_buffer = SEND_BUFFER;

    *peer = (struct sockaddr_storage){ 0 };
    *fd = accept4(listener, (struct sockaddr *)peer, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (*fd >= 0) {
        setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        setsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
        setsockopt(*fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof(send_buffer));
        return LISTENER_ACCEPTED;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        return LISTENER_EXHAUSTED;
    return LISTENER_NOTHING;
}
