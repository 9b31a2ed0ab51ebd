/* SPDX-License-Identifier: Apache-2.0 */
/* What can be reloaded is a table of two: policies with their facts, and the
 * certificate with its key and the clients' CA. */
#include "cli/reload.h"
#include "base/changes.h"
#include "base/log.h"
#include "http/metrics.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 1000 };

struct reload {
    struct reload_config config;
    struct changes *changes;
    pthread_t thread;
    int wake_fd;
    atomic_bool is_stopping, is_told;
    pthread_mutex_t lock; /* for `last` */
    struct last {
        int64_t at;                                   /* seconds since the epoch; 0: since the start nothing was read */
        char problem[sizeof(((struct err *)0)->msg)]; /* "": none */
    } last[METRICS_RELOADS];
};

static uint64_t clock_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static enum metrics_outcome reload_policies(struct reload *r, struct err *e)
{
    struct policy_set *next = policy_set_load(r->config.sources, e);
    struct store_pin now = store_pin(r->config.store);
    bool is_same = next && strcmp(next->hash, now.policies->hash) == 0;

    store_unpin(r->config.store, &now);
    if (next && !is_same)
        metrics_learn(next);
    if (next && !is_same && store_replace(r->config.store, next, e))
        return METRICS_REPLACED;
    policy_set_free(next);
    return is_same ? METRICS_SAME : METRICS_FAILED;
}

static enum metrics_outcome reload_certificate(struct reload *r, struct err *e)
{
    static const enum metrics_outcome outcomes[] = {
        [CERT_STORE_FAILED] = METRICS_FAILED,
        [CERT_STORE_SAME] = METRICS_SAME,
        [CERT_STORE_REPLACED] = METRICS_REPLACED,
    };

    return outcomes[cert_store_reload(r->config.certs, e)];
}

static const struct {
    const char *what;
    enum metrics_outcome (*read)(struct reload *r, struct err *e);
} kinds[METRICS_RELOADS] = {
    [METRICS_RELOAD_POLICIES] = { "policies", reload_policies },
    [METRICS_RELOAD_CERTIFICATE] = { "certificate", reload_certificate },
};

static void remember(struct reload *r, enum metrics_reload kind, const struct err *e)
{
    struct last *l = &r->last[kind];

    pthread_mutex_lock(&r->lock);
    l->at = (int64_t)time(NULL);
    memcpy(l->problem, e->msg, sizeof(l->problem));
    pthread_mutex_unlock(&r->lock);
}

static void tell(struct reload *r, enum metrics_reload kind, enum metrics_outcome outcome, const struct err *e)
{
    struct store_pin now = store_pin(r->config.store);
    const struct log_field fields[] = {
        LOG_S("what", sv_from(kinds[kind].what)),
        LOG_S("policyHash", sv_from(now.policies->hash)),
        LOG_S("problem", sv_from(e->msg)),
    };

    if (outcome == METRICS_FAILED)
        log_line(LOG_ERROR, SV("reload failed, keeping what is in use"), fields, 3);
    else if (outcome == METRICS_REPLACED)
        log_line(LOG_INFO, SV("reloaded"), fields, 2);
    store_unpin(r->config.store, &now);
}

/* Waits for something to happen, at most `ms`; whether it did. */
static bool wait_for_change(struct reload *r, uint64_t ms)
{
    struct pollfd fds[] = { { .fd = changes_fd(r->changes), .events = POLLIN },
                            { .fd = r->wake_fd, .events = POLLIN } };
    uint64_t count;

    if (poll(fds, 2, (int)ms) < 0 && errno != EINTR)
        return false;
    if ((fds[1].revents & POLLIN) && read(r->wake_fd, &count, sizeof(count)) < 0)
        return false;
    return changes_happened(r->changes);
}

/* An editor, a `kubectl cp` or the kubelet write several files: until they are
 * quiet the set is half of one thing and half of another. */
static void let_settle(struct reload *r)
{
    uint64_t latest = clock_ms() + RELOAD_LATEST_MS;

    while (!atomic_load(&r->is_stopping) && clock_ms() < latest && wait_for_change(r, RELOAD_QUIET_MS))
        continue;
}

/* What changes while it is read may be half of one version and half of the next:
 * that is no failure yet. The change may be one of the other kind, too, so that
 * everything is read once more. */
static enum metrics_outcome read_whole(struct reload *r, enum metrics_reload kind, struct err *e)
{
    uint64_t latest = clock_ms() + RELOAD_LATEST_MS;
    enum metrics_outcome outcome = kinds[kind].read(r, e);

    while (outcome == METRICS_FAILED && !atomic_load(&r->is_stopping) && clock_ms() < latest &&
           wait_for_change(r, RELOAD_QUIET_MS)) {
        *e = (struct err){ 0 };
        outcome = kinds[kind].read(r, e);
        reload_now(r);
    }
    return outcome;
}

static void reload_all(struct reload *r)
{
    for (size_t i = 0; i < METRICS_RELOADS; i++) {
        struct err e = { 0 };
        enum metrics_reload kind = (enum metrics_reload)i;
        enum metrics_outcome outcome = read_whole(r, kind, &e);

        metrics_reloaded(kind, outcome);
        remember(r, kind, &e);
        tell(r, kind, outcome, &e);
    }
}

static void *run(void *arg)
{
    struct reload *r = arg;

    while (!atomic_load(&r->is_stopping)) {
        bool happened = wait_for_change(r, LOOK_MS), is_told = atomic_exchange(&r->is_told, false);

        if (happened && !is_told)
            let_settle(r);
        if ((happened || is_told) && !atomic_load(&r->is_stopping))
            reload_all(r);
    }
    return NULL;
}

static bool watch_all(struct reload *r, struct err *e)
{
    const struct policy_sources *s = r->config.sources;
    const struct tls_files *f = r->config.files;
    const char *const files[] = { f->cert, f->key, f->client_ca };

    for (size_t i = 0; i < s->policy_count; i++)
        if (!sv_starts_with(sv_from(s->policies[i]), SV("builtin:")) && !changes_watch(r->changes, s->policies[i], e))
            return false;
    for (size_t i = 0; i < s->fact_count; i++)
        if (!changes_watch(r->changes, s->facts[i], e))
            return false;
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (files[i] && !changes_watch(r->changes, files[i], e))
            return false;
    return true;
}

static bool set_up(struct reload *r, struct err *e)
{
    int failed;

    r->changes = changes_new(e);
    if (!r->changes || !watch_all(r, e))
        return false;
    r->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (r->wake_fd < 0)
        return err_set(e, ERR_IO, "cannot watch for changes: %s", strerrordesc_np(errno));
    failed = pthread_create(&r->thread, NULL, run, r);
    return !failed || err_set(e, ERR_IO, "cannot watch for changes: %s", strerrordesc_np(failed));
}

static void free_all(struct reload *r)
{
    changes_free(r->changes);
    if (r->wake_fd >= 0)
        close(r->wake_fd);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

struct reload *reload_start(const struct reload_config *config, struct err *e)
{
    struct reload *r = calloc(1, sizeof(*r));

    if (!r) {
        err_nomem(e);
        return NULL;
    }
    r->config = *config;
    r->wake_fd = -1;
    pthread_mutex_init(&r->lock, NULL);
    if (set_up(r, e))
        return r;
    free_all(r);
    return NULL;
}

static void wake(struct reload *r)
{
    uint64_t one = 1;

    /* A full eventfd is readable, which is all that matters. */
    if (write(r->wake_fd, &one, sizeof(one)) < 0)
        return;
}

void reload_stop(struct reload *r)
{
    if (!r)
        return;
    atomic_store(&r->is_stopping, true);
    wake(r);
    pthread_join(r->thread, NULL);
    free_all(r);
}

void reload_now(struct reload *r)
{
    atomic_store(&r->is_told, true);
    wake(r);
}

static void print_one(struct buf *out, const char *what, const struct last *l)
{
    struct tm utc = { 0 };
    time_t at = (time_t)l->at;

    buf_printf(out, "%s: ", what);
    if (!l->at) {
        buf_add(out, SV("as at the start"));
        return;
    }
    gmtime_r(&at, &utc);
    buf_printf(out, "%s %04d-%02d-%02dT%02d:%02d:%02dZ", *l->problem ? "kept, could not be read" : "read",
               utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (*l->problem)
        buf_printf(out, " (%s)", l->problem);
}

void reload_print(struct reload *r, struct buf *out)
{
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < METRICS_RELOADS; i++) {
        buf_add(out, i ? SV("; ") : SV(""));
        print_one(out, kinds[i].what, &r->last[i]);
    }
    pthread_mutex_unlock(&r->lock);
}
