/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop: wait, let every ready descriptor do what it can, run the http
 * server if anything was handed over, bury the dead. No step waits.
 */
#include "net/worker.h"
#include "base/bug.h"
#include "http/metrics.h"
#include "http/server.h"
#include "net/listener.h"
#include "net/session.h"
#include "net/watch.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    EVENTS_PER_TURN = 256,
    ACCEPTS_PER_TURN = 64,
    TURN_MS_MAX = 1000, /* also how often sessions are swept */
    EXHAUSTED_PAUSE_MS = 100,
    DRAIN_LOOK_MS = 100,
    AWAY_MS = 3000,    /* a turn that comes so late: the process was stopped, or the machine slept */
    LAST_ACCEPTS = 16, /* times ACCEPTS_PER_TURN, before the listener is closed */
};

struct worker {
    struct worker_config config;
    struct session_desk desk;
    struct watch wake, listener, http;
    struct server *server;
    pthread_t thread;
    bool is_started, is_draining, http_is_ready;
    uint64_t swept_ms;
    uint64_t listen_again_ms;        /* 0: the listener is watched */
    atomic_uint_fast64_t stop_at_ms; /* 0: go on */
    atomic_uint_fast64_t turned_ms;
};

static uint64_t clock_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static struct worker *worker_of(struct watch *w, size_t offset)
{
    return (struct worker *)(void *)((char *)w - offset);
}

static void wake_ready(struct watch *watch, uint32_t events UNUSED)
{
    struct worker *w = worker_of(watch, offsetof(struct worker, wake));
    uint64_t count;

    if (read(w->wake.fd, &count, sizeof(count)) > 0)
        w->http_is_ready = true;
}

static void http_ready(struct watch *watch, uint32_t events UNUSED)
{
    worker_of(watch, offsetof(struct worker, http))->http_is_ready = true;
}

/* At a limit an idle connection of this worker goes, so that nobody keeps all
 * places by connecting first. */
static enum census_answer enter(struct worker *w, const struct sockaddr_storage *peer)
{
    enum census_answer answer = census_enter(w->config.census, peer);

    if (answer != CENSUS_ENTERED && session_make_room(&w->desk, answer == CENSUS_ADDRESS_FULL ? peer : NULL))
        answer = census_enter(w->config.census, peer);
    return answer;
}

static void admit(struct worker *w, int fd, const struct sockaddr_storage *peer)
{
    switch (enter(w, peer)) {
    case CENSUS_ENTERED:
        session_start(&w->desk, fd, peer);
        return;
    case CENSUS_FULL:
        metrics_dropped(METRICS_DROP_CONNECTION_LIMIT);
        break;
    case CENSUS_ADDRESS_FULL:
        metrics_dropped(METRICS_DROP_ADDRESS_LIMIT);
        break;
    }
    close(fd);
}

/* Out of descriptors: leave the queue alone for a moment instead of spinning. */
static void pause_listening(struct worker *w)
{
    if (watch_set(w->desk.epoll_fd, &w->listener, 0))
        w->listen_again_ms = w->desk.now_ms + EXHAUSTED_PAUSE_MS;
}

/* Whether more may wait. */
static bool accept_some(struct worker *w)
{
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_storage peer;
        int fd;

        switch (listener_accept(w->listener.fd, &fd, &peer)) {
        case LISTENER_ACCEPTED:
            admit(w, fd, &peer);
            break;
        case LISTENER_EXHAUSTED:
            pause_listening(w);
            return false;
        case LISTENER_NOTHING:
            return false;
        }
    }
    return true;
}

static void listener_ready(struct watch *watch, uint32_t events UNUSED)
{
    (void)accept_some(worker_of(watch, offsetof(struct worker, listener)));
}

/* Whoever has connected is let in: to close the listener would reset them. */
static void accept_the_last(struct worker *w)
{
    for (int i = 0; i < LAST_ACCEPTS && accept_some(w); i++)
        continue;
}

static void begin_drain(struct worker *w)
{
    w->is_draining = true;
    accept_the_last(w);
    w->listen_again_ms = 0;
    if (watch_set(w->desk.epoll_fd, &w->listener, 0))
        close(w->listener.fd);
    w->listener.fd = -1;
    server_drain(w->server);
}

static int wait_ms(const struct worker *w)
{
    int ms = server_timeout(w->server, w->desk.now_ms);

    if (ms < 0 || ms > TURN_MS_MAX)
        ms = TURN_MS_MAX;
    if (w->is_draining && ms > DRAIN_LOOK_MS)
        ms = DRAIN_LOOK_MS;
    return w->listen_again_ms && ms > EXHAUSTED_PAUSE_MS ? EXHAUSTED_PAUSE_MS : ms;
}

/* What has to be done because time has passed. */
static void keep_time(struct worker *w)
{
    uint64_t now = w->desk.now_ms;

    if (w->listen_again_ms && now >= w->listen_again_ms && watch_set(w->desk.epoll_fd, &w->listener, EPOLLIN))
        w->listen_again_ms = 0;
    if (w->is_draining)
        session_drain(&w->desk);
    if (now - w->swept_ms < TURN_MS_MAX)
        return;
    w->swept_ms = now;
    session_sweep(&w->desk);
}

/* While we were away nobody could be in time. */
static void keep_clock(struct worker *w)
{
    uint64_t before = w->desk.now_ms, now = clock_ms();

    w->desk.now_ms = now;
    if (now - before >= AWAY_MS)
        session_excuse(&w->desk, now - before);
}

static void turn(struct worker *w)
{
    struct epoll_event events[EVENTS_PER_TURN];
    int n = epoll_wait(w->desk.epoll_fd, events, EVENTS_PER_TURN, wait_ms(w));

    BUG_IF(n < 0 && errno != EINTR);
    keep_clock(w);
    atomic_store_explicit(&w->turned_ms, w->desk.now_ms, memory_order_relaxed);
    for (int i = 0; i < n; i++) {
        struct watch *watch = events[i].data.ptr;

        watch->ready(watch, events[i].events);
    }
    if (atomic_load(&w->stop_at_ms) && !w->is_draining)
        begin_drain(w);
    keep_time(w);
    if (w->http_is_ready || w->desk.has_handed_over || server_timeout(w->server, w->desk.now_ms) == 0) {
        w->http_is_ready = w->desk.has_handed_over = false;
        server_run(w->server, w->desk.now_ms);
        session_after_run(&w->desk);
    }
    session_bury(&w->desk);
}

static bool is_done(const struct worker *w)
{
    return w->is_draining && (!w->desk.first || w->desk.now_ms >= atomic_load(&w->stop_at_ms));
}

static void *run(void *arg)
{
    struct worker *w = arg;

    while (!is_done(w))
        turn(w);
    session_end_all(&w->desk);
    session_bury(&w->desk);
    return NULL;
}

static bool open_descriptors(struct worker *w, struct err *e)
{
    int epoll_fd = epoll_create1(EPOLL_CLOEXEC);

    w->desk.epoll_fd = epoll_fd;
    w->wake.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (epoll_fd < 0 || w->wake.fd < 0)
        return err_set(e, ERR_IO, "cannot start a worker: %s", strerrordesc_np(errno));
    w->server = server_new(w->config.http, w->config.max_connections, w->wake.fd, e);
    if (!w->server)
        return false;
    w->desk.server = w->server;
    w->http.fd = server_fd(w->server);
    return (watch_set(epoll_fd, &w->wake, EPOLLIN) && watch_set(epoll_fd, &w->http, EPOLLIN) &&
            watch_set(epoll_fd, &w->listener, EPOLLIN)) ||
           err_set(e, ERR_IO, "cannot start a worker: %s", strerrordesc_np(errno));
}

struct worker *worker_new(const struct worker_config *config, int listener_fd, struct err *e)
{
    struct worker *w = calloc(1, sizeof(*w));

    if (!w) {
        err_nomem(e);
        return NULL;
    }
    w->config = *config;
    w->desk.certs = config->certs;
    w->desk.census = config->census;
    w->desk.limits = config->limits;
    w->desk.fips = config->fips;
    w->desk.now_ms = w->swept_ms = clock_ms();
    w->turned_ms = w->desk.now_ms;
    w->wake = (struct watch){ .fd = -1, .ready = wake_ready };
    w->http = (struct watch){ .fd = -1, .ready = http_ready };
    w->listener = (struct watch){ .fd = listener_fd, .ready = listener_ready };
    if (open_descriptors(w, e))
        return w;
    w->listener.fd = -1;
    worker_free(w);
    return NULL;
}

bool worker_start(struct worker *w, struct err *e)
{
    int failed = pthread_create(&w->thread, NULL, run, w);

    w->is_started = failed == 0;
    return w->is_started || err_set(e, ERR_IO, "cannot start a worker: %s", strerrordesc_np(failed));
}

void worker_stop(struct worker *w, uint64_t limit_ms)
{
    uint64_t one = 1;

    atomic_store(&w->stop_at_ms, clock_ms() + limit_ms);
    /* An eventfd that is full is as readable as one that is not. */
    if (write(w->wake.fd, &one, sizeof(one)) < 0)
        return;
}

uint64_t worker_age_ms(const struct worker *w)
{
    uint64_t turned = atomic_load_explicit(&w->turned_ms, memory_order_relaxed), now = clock_ms();

    return now > turned ? now - turned : 0;
}

void worker_join(struct worker *w)
{
    if (w->is_started)
        pthread_join(w->thread, NULL);
    w->is_started = false;
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    BUG_IF(w->is_started);
    server_free(w->server);
    if (w->listener.fd >= 0)
        close(w->listener.fd);
    if (w->wake.fd >= 0)
        close(w->wake.fd);
    if (w->desk.epoll_fd >= 0)
        close(w->desk.epoll_fd);
    free(w);
}
