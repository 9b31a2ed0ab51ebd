/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses are numeric: a webhook must not wait for a name server to start. */
#include "net/listener.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static socklen_t length_of(const struct sockaddr_storage *at)
{
    return at->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static bool resolve(const char *host, const char *port, struct sockaddr_storage *out)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;

    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    memcpy(out, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

bool listener_parse(const char *text, struct sockaddr_storage *out, struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(128 << 10);
    struct sv whole = sv_from(text), host;
    size_t colon = sv_find_last(whole, ':');
    const char *name;

    *out = (struct sockaddr_storage){ 0 };
    if (colon == whole.n || colon + 1 == whole.n)
        return err_set(e, ERR_INPUT, "`%s` is not an address; write HOST:PORT, such as 0.0.0.0:8443 or [::]:8443",
                       text);
    host = (struct sv){ whole.p, colon };
    if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = (struct sv){ host.p + 1, host.n - 2 };
    else if (sv_find(host, ':') < host.n)
        return err_set(e, ERR_INPUT, "`%s` is not an address; write an IPv6 one in brackets, such as [::1]:8443", text);
    name = arena_cstr(&a, host);
    if (!name)
        return err_nomem(e);
    return resolve(host.n ? name : "0.0.0.0", text + colon + 1, out) ||
           err_set(e, ERR_INPUT, "`%s` is not an address; the host must be a numeric address, the port a number", text);
}

static bool set_up(int fd, const struct sockaddr_storage *at)
{
    int one = 1;

    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) == 0 &&
           bind(fd, (const struct sockaddr *)at, length_of(at)) == 0 && listen(fd, BACKLOG) == 0;
}

bool listener_open(const struct sockaddr_storage *at, int *fd, struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(128 << 10);
    int saved;

    *fd = socket(at->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd >= 0 && set_up(*fd, at))
        return true;
    saved = errno;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return err_set(e, ERR_IO, "cannot listen on %.*s: %s", SV_ARG(listener_print(at, &a)), strerrordesc_np(saved));
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
    int one = 1;

    *peer = (struct sockaddr_storage){ 0 };
    *fd = accept4(listener, (struct sockaddr *)peer, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (*fd >= 0) {
        setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
        setsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
        return LISTENER_ACCEPTED;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        return LISTENER_EXHAUSTED;
    return LISTENER_NOTHING;
}
