/* SPDX-License-Identifier: Apache-2.0 */
/* Each name has a thread of its own, so that one dead name server delays
 * nobody else. The threads write `found`, their owner copies it to `address`: a
 * configuration is written from addresses that do not change meanwhile. */
#include "sidecar/upstream.h"
#include "base/text.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <signal.h>

/* A resolver needs a fraction of that stack, a race detector's own state most of it. */
enum { FIRST_SECONDS = 5, PAUSE_SECONDS = 30, STACK_BYTES = 1 << 20 };

static void print_address(const struct addrinfo *info, char text[INET6_ADDRSTRLEN])
{
    const void *bytes = info->ai_family == AF_INET
                            ? (const void *)&((const struct sockaddr_in *)(const void *)info->ai_addr)->sin_addr
                            : (const void *)&((const struct sockaddr_in6 *)(const void *)info->ai_addr)->sin6_addr;

    if (!inet_ntop(info->ai_family, bytes, text, INET6_ADDRSTRLEN))
        text[0] = '\0';
}

static struct addrinfo *ask(const struct upstream *u, int flags)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags };
    struct addrinfo *answers = NULL;

    return getaddrinfo(u->host_text, NULL, &hints, &answers) == 0 ? answers : NULL;
}

/* What is an address already needs no name server. */
static void take_literal(struct upstream *u)
{
    struct addrinfo *answers = ask(u, AI_NUMERICHOST);

    u->is_literal = answers;
    if (!answers)
        return;
    print_address(answers, u->found);
    freeaddrinfo(answers);
}

/* A last label of digits only: an IPv4 address, for no name may end so. */
static bool is_address(struct sv host)
{
    size_t dot = sv_find_last(host, '.'), number = 0;

    return text_to_size(sv_skip(host, dot == host.n ? 0 : dot + 1), &number);
}

bool upstream_parse(const struct settings *s, struct upstreams *all, struct err *e)
{
    struct sv rest = s->upstreams, names = s->upstream_names;

    *all = (struct upstreams){ .lock = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER };
    while (s->upstreams.n > 0 && rest.p) {
        struct upstream *u = &all->list[all->count++];
        struct sv name = sv_cut(&names, ',');

        u->port = sv_cut(&rest, ',');
        u->host = sv_cut(&u->port, ':');
        u->name = name.n > 0 ? name : u->host;
        u->all = all;
        memcpy(u->host_text, u->host.p, u->host.n); /* 253 at most, checked */
        take_literal(u);
        if (is_address(u->name))
            return err_set(e, ERR_INPUT,
                           "upstream `%.*s` of FIPS_PROXY_UPSTREAMS is an address: name it by its DNS name, or say in "
                           "FIPS_PROXY_UPSTREAM_NAMES which name its certificate has",
                           SV_ARG(u->host));
    }
    return true;
}

static bool is_among(const struct addrinfo *answers, const char *address)
{
    char text[INET6_ADDRSTRLEN];

    for (; answers; answers = answers->ai_next) {
        print_address(answers, text);
        if (strcmp(text, address) == 0)
            return true;
    }
    return false;
}

static void look_up(struct upstream *u)
{
    struct addrinfo *answers = ask(u, AI_ADDRCONFIG);

    if (!answers)
        return;
    pthread_mutex_lock(&u->all->lock);
    if (!is_among(answers, u->found))
        print_address(answers, u->found);
    pthread_mutex_unlock(&u->all->lock);
    freeaddrinfo(answers);
}

static void *look_up_always(void *arg)
{
    const struct timespec pause = { .tv_sec = PAUSE_SECONDS };
    struct upstream *u = arg;

    look_up(u);
    pthread_mutex_lock(&u->all->lock);
    u->all->unanswered--;
    pthread_cond_signal(&u->all->answered);
    pthread_mutex_unlock(&u->all->lock);
    for (;;) {
        nanosleep(&pause, NULL);
        look_up(u);
    }
    return NULL;
}

static bool begin_all(struct upstreams *all, const pthread_attr_t *how)
{
    pthread_t thread;

    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].is_literal)
            continue;
        pthread_mutex_lock(&all->lock);
        all->unanswered++;
        pthread_mutex_unlock(&all->lock);
        if (pthread_create(&thread, how, look_up_always, &all->list[i]) != 0)
            return false;
    }
    return true;
}

/* Signals are for the thread that has the handlers' business: these have none. */
static bool begin(struct upstreams *all, struct err *e)
{
    sigset_t every, before;
    pthread_attr_t how;
    bool ok;

    pthread_attr_init(&how);
    pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&how, STACK_BYTES);
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    ok = begin_all(all, &how);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&how);
    return ok || err_set(e, ERR_IO, "no thread for looking up an upstream");
}

bool upstream_watch(struct upstreams *all, struct err *e)
{
    struct timespec until;

    if (!begin(all, e))
        return false;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += FIRST_SECONDS;
    pthread_mutex_lock(&all->lock);
    while (all->unanswered > 0 && pthread_cond_timedwait(&all->answered, &all->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&all->lock);
    (void)upstream_take(all);
    return true;
}

bool upstream_take(struct upstreams *all)
{
    bool changed = false;

    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < all->count; i++) {
        struct upstream *u = &all->list[i];

        if (strcmp(u->address, u->found) == 0)
            continue;
        memcpy(u->address, u->found, sizeof(u->address));
        changed = true;
    }
    pthread_mutex_unlock(&all->lock);
    return changed;
}
