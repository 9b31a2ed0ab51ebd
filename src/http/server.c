/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libmicrohttpd's callbacks, and nothing else: each finds the connection's link
 * and the request's exchange, and passes the event on.
 */
#include "http/server.h"
#include "base/log.h"
#include <microhttpd.h>
#include <stdarg.h>
#include <sys/socket.h>

enum {
    POOL_PER_HEAD = 2, /* of a connection, in heads: the fields as read and as kept, and a read buffer */
    POOL_INCREMENT = 2 << 10,
    SECOND_FENCE_S = 300, /* longer than any limit of net/ */
};

struct server {
    struct MHD_Daemon *daemon;
    struct exchange_desk desk;
    struct server_link *adopting; /* while MHD_add_connection() runs */
    int epoll_fd;
};

static void enter(struct server *s, struct server_link *link, enum server_phase phase)
{
    link->phase = phase;
    link->since_ms = s->desk.now_ms;
}

static struct server_link *link_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void link_free_unused(struct server_link *link)
{
    if (!link->is_open_here && !link->is_held)
        free(link);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_size, void **con_cls)
{
    struct server *s = cls;
    struct exchange *ex = *con_cls;
    struct sv piece = { data, *data_size };
    size_t taken = 0;
    bool ok;

    (void)version;
    if (!ex) {
        enter(s, link_of(connection), SERVER_BODY);
        *con_cls = exchange_begin(&s->desk, connection, sv_from(method), sv_from(url));
        return *con_cls ? MHD_YES : MHD_NO;
    }
    if (piece.n) {
        ok = exchange_data(ex, piece, &taken);
        *data_size = piece.n - taken;
    } else if (ex->step == STEP_CLAIM_BODY) {
        ok = exchange_claim_body(ex);
    } else {
        enter(s, link_of(connection), SERVER_ANSWER);
        ex->is_last = link_of(connection)->answered + 1 >= s->desk.config->max_requests;
        ok = exchange_end(ex);
    }
    return ok ? MHD_YES : MHD_NO;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
                         enum MHD_RequestTerminationCode why)
{
    struct server_link *link = link_of(connection);

    (void)why;
    if (*con_cls)
        exchange_finish(*con_cls);
    *con_cls = NULL;
    if (!link)
        return;
    link->answered++;
    enter(cls, link, SERVER_IDLE);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *s = cls;
    struct server_link *link;

    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        s->adopting->is_open_here = true;
        *socket_context = s->adopting;
        return;
    }
    link = *socket_context;
    *socket_context = NULL;
    link->is_open_here = false;
    link_free_unused(link);
}

/* Two lines for every connection complain that a UNIX socket knows no TCP
 * options; the rest is about clients, and of use only to who debugs them. */
PRINTF(2, 0) static void on_log(void *cls, const char *fmt, va_list args)
{
    char *text = NULL;

    (void)cls;
    if (!log_is_on(LOG_DEBUG) || vasprintf(&text, fmt, args) < 0)
        return;
    if (!strstr(text, "TCP_") && !strstr(text, "orking"))
        log_at(LOG_DEBUG, "libmicrohttpd: %s", text);
    free(text);
}

static bool start_daemon(struct server *s, unsigned max_connections, struct err *e)
{
    const union MHD_DaemonInfo *info;

    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_CONNECTION_LIMIT, max_connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SECOND_FENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        POOL_PER_HEAD * s->desk.config->max_head, MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)POOL_INCREMENT,
        MHD_OPTION_END);
    if (!s->daemon)
        return err_set(e, ERR_IO, "cannot start the http server: out of memory or descriptors");
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    s->epoll_fd = info ? info->epoll_fd : -1;
    return s->epoll_fd >= 0 || err_set(e, ERR_IO, "libmicrohttpd was built without epoll");
}

struct server *server_new(const struct exchange_config *config, unsigned max_connections, int wake_fd, struct err *e)
{
    struct server *s = calloc(1, sizeof(*s));

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    exchange_desk_init(&s->desk, config, wake_fd);
    if (start_daemon(s, max_connections, e))
        return s;
    server_free(s);
    return NULL;
}

static void resume(struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
}

void server_free(struct server *s)
{
    if (!s)
        return;
    if (s->daemon) {
        exchange_resume_ready(&s->desk, true, resume);
        MHD_run(s->daemon);
        MHD_stop_daemon(s->daemon);
    }
    exchange_desk_fini(&s->desk);
    free(s);
}

struct server_link *server_adopt(struct server *s, int fd, const struct sockaddr_storage *peer, struct err *e)
{
    struct server_link *link = calloc(1, sizeof(*link));

    if (!link) {
        err_nomem(e);
        return NULL;
    }
    link->is_held = true;
    enter(s, link, SERVER_IDLE);
    s->adopting = link;
    if (MHD_add_connection(s->daemon, fd, (const struct sockaddr *)peer, sizeof(*peer)) != MHD_YES) {
        free(link);
        err_set(e, ERR_IO, "the http server takes no more connections");
        return NULL;
    }
    /* libmicrohttpd 1.0 only queues it, and calls on_connection() when it is
     * run: now, for the next to be adopted is another one. */
    if (!link->is_open_here)
        MHD_run(s->daemon);
    return link;
}

void server_release(struct server_link *link)
{
    link->is_held = false;
    link_free_unused(link);
}

int server_fd(const struct server *s)
{
    return s->epoll_fd;
}

static uint64_t min64(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

int server_timeout(const struct server *s, uint64_t now_ms)
{
    enum { LONGEST = 60000 };
    MHD_UNSIGNED_LONG_LONG own = 0;
    const struct exchange *ex = s->desk.first_waiting;
    uint64_t least = UINT64_MAX;

    if (atomic_load(&s->desk.is_woken))
        return 0;
    if (MHD_get_timeout(s->daemon, &own) == MHD_YES)
        least = own;
    if (ex)
        least = min64(least, ex->deadline_ms > now_ms ? ex->deadline_ms - now_ms : 0);
    return least == UINT64_MAX ? -1 : (int)min64(least, LONGEST);
}

void server_run(struct server *s, uint64_t now_ms)
{
    s->desk.now_ms = now_ms;
    exchange_resume_ready(&s->desk, false, resume);
    MHD_run(s->daemon);
}

void server_drain(struct server *s)
{
    s->desk.is_draining = true;
}

const char *server_library(void)
{
    return MHD_get_version();
}
