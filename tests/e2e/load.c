/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The good client: asks at a steady rate over connections that it keeps, looks
 * at every answer, and counts what is lost, wrong or late (a second after it
 * was due, however long it had to wait for a connection).
 *
 *     load HOST:PORT CA PLAN [-r RATE] [-c CONNECTIONS] [-t SECONDS] [-n REQUESTS] [-k REQUESTS A CONNECTION] [-s]
 *
 * -r 0: as fast as answers come. -s: when nobody listens any more, that is the
 * end. A line of PLAN is a path, the file of a review, and the answers that are
 * right: `true`, `false`, or `true:PATCH` in base64. Prints one JSON object.
 *
 * A request whose connection ends before a byte of its answer is sent again on
 * another one, if the connection had served one before: `resent`. Go's client
 * does so for some requests and not for others, so most tests want none.
 */
#include "load_plan.h"
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 256, ANSWER_MAX = 64 << 10, LATE_US = 1000000, LOST_US = 30000000, RETRY_US = 50000, TRIES = 3 };

struct job {
    const struct load_row *row;
    uint64_t due, number;
    unsigned tries;
};

struct conn {
    struct client c;
    enum { DOWN, COMING, IDLE, BUSY } state;
    struct job job; /* while BUSY */
    uint64_t retry_at;
    size_t answered, in_len, out_len, out_off;
    struct conn *next; /* among the free ones */
    char uid[LOAD_UID + 1];
    char *out;
    char in[ANSWER_MAX];
};

static struct {
    struct client_target target;
    struct load_plan plan;
    double rate, seconds;
    size_t connections, limit, keep;
    bool ends_when_refused;
} options = { .rate = 100, .seconds = 5, .connections = 8, .limit = SIZE_MAX, .keep = SIZE_MAX };

static struct {
    struct conn *conns, *first_free, *last_free;
    struct job *again; /* to be sent once more */
    size_t again_count, busy;
    uint64_t start, now, next;
    bool is_over;
    uint32_t *took;
    size_t took_room;
    size_t answered, lost, wrong, late, resent, unconnected, hung_up, opened;
    char problem[512];
} load;

static void tell(const char *what, const char *text, size_t n)
{
    if (!*load.problem)
        snprintf(load.problem, sizeof(load.problem), "%s: %.*s", what, (int)(n < 300 ? n : 300), text);
}

/* Connections. */

static void free_push(struct conn *c)
{
    c->state = IDLE;
    c->next = NULL;
    *(load.last_free ? &load.last_free->next : &load.first_free) = c;
    load.last_free = c;
}

static void free_remove(struct conn *c)
{
    struct conn *before = NULL;

    for (struct conn *at = load.first_free; at != c; at = at->next)
        before = at;
    *(before ? &before->next : &load.first_free) = c->next;
    if (load.last_free == c)
        load.last_free = before;
}

static void go_down(struct conn *c, bool politely, uint64_t pause)
{
    client_close(&c->c, politely);
    c->state = DOWN;
    c->retry_at = load.now + pause;
}

static void lose(const struct conn *c, const char *why)
{
    load.lost++;
    tell(why, c->in, c->in_len);
}

/* The server ended it. */
static void is_closed(struct conn *c)
{
    switch (c->state) {
    case COMING:
        load.unconnected += !load.is_over;
        load.is_over = load.is_over || options.ends_when_refused;
        break;
    case IDLE:
        load.hung_up++;
        free_remove(c);
        break;
    case BUSY:
        load.busy--;
        if (c->in_len || !c->answered || ++c->job.tries >= TRIES) {
            lose(c, c->in_len ? "ended in an answer" : "ended without an answer");
            break;
        }
        load.resent++;
        load.again[load.again_count++] = c->job;
        break;
    case DOWN:
        return;
    }
    go_down(c, false, RETRY_US);
}

static void come(struct conn *c)
{
    if (!client_connect(&c->c, &options.target, (unsigned)(c - load.conns), c)) {
        load.unconnected++;
        c->retry_at = load.now + RETRY_US;
        return;
    }
    c->state = COMING;
    c->answered = 0;
    load.opened++;
}

/* Requests. */

static void note_time(uint64_t took)
{
    load.late += took > LATE_US;
    if (load.answered >= load.took_room) {
        load.took_room = load.took_room ? 2 * load.took_room : 1 << 16;
        load.took = realloc(load.took, load.took_room * sizeof(*load.took));
        if (!load.took)
            abort();
    }
    load.took[load.answered++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
}

static void is_answered(struct conn *c, const struct load_answer *a)
{
    note_time(load.now - c->job.due);
    if (!load_is_right(c->job.row, c->uid, a)) {
        load.wrong++;
        tell("wrong", c->in, c->in_len);
    }
    load.busy--;
    c->in_len = 0;
    c->answered++;
    if (a->is_last || c->answered >= options.keep)
        go_down(c, true, 0);
    else
        free_push(c);
}

static void send_rest(struct conn *c)
{
    size_t written;
    enum client_result result = client_write(&c->c, c->out + c->out_off, c->out_len - c->out_off, &written);

    c->out_off += written;
    if (result == CLIENT_CLOSED)
        is_closed(c);
}

static void read_answer(struct conn *c)
{
    for (;;) {
        struct load_answer a;
        size_t got;
        enum client_result result = client_read(&c->c, c->in + c->in_len, sizeof(c->in) - 1 - c->in_len, &got);

        if (result == CLIENT_CLOSED)
            is_closed(c);
        if (result != CLIENT_DONE)
            return;
        c->in_len += got;
        c->in[c->in_len] = '\0';
        if (c->state == IDLE) {
            tell("an answer that nobody asked for", c->in, c->in_len);
            load.wrong++;
            is_closed(c);
            return;
        }
        if (load_parse(c->in, c->in_len, &a)) {
            is_answered(c, &a);
            return;
        }
        if (c->in_len + 1 == sizeof(c->in)) {
            is_closed(c);
            return;
        }
    }
}

static void on_event(struct conn *c)
{
    enum client_result result;

    if (c->state == COMING) {
        result = client_handshake(&c->c);
        if (result == CLIENT_DONE)
            free_push(c);
        else if (result == CLIENT_CLOSED)
            is_closed(c);
        return;
    }
    if (c->state == BUSY && c->out_off < c->out_len)
        send_rest(c);
    if (c->state == IDLE || c->state == BUSY)
        read_answer(c);
}

static void ask(const struct job *job)
{
    struct conn *c = load.first_free;

    load.first_free = c->next;
    if (!load.first_free)
        load.last_free = NULL;
    c->state = BUSY;
    c->job = *job;
    c->in_len = c->out_off = 0;
    c->out_len = load_request(job->row, job->number, c->uid, c->out);
    load.busy++;
    send_rest(c);
}

static bool is_exhausted(void)
{
    return load.is_over || load.next >= options.limit ||
           (options.seconds > 0 && (double)(load.now - load.start) >= options.seconds * 1e6);
}

static uint64_t due(uint64_t number)
{
    return options.rate > 0 ? load.start + (uint64_t)((double)number * 1e6 / options.rate) : load.now;
}

static void ask_what_is_due(void)
{
    while (load.first_free && load.again_count) {
        struct job job = load.again[--load.again_count];

        ask(&job);
    }
    while (load.first_free && !is_exhausted() && due(load.next) <= load.now) {
        struct job job = { .row = &options.plan.rows[load.next % options.plan.count], .due = due(load.next) };

        job.number = load.next++;
        ask(&job);
    }
}

/* Once in a while: who is down comes again, who waits for ever is lost. */
static void look_around(void)
{
    for (size_t i = 0; i < options.connections; i++) {
        struct conn *c = &load.conns[i];

        if (c->state == DOWN && load.now >= c->retry_at && (!is_exhausted() || load.again_count))
            come(c);
        if (c->state == BUSY && load.now > c->job.due + LOST_US) {
            load.busy--;
            lose(c, "no answer in 30 s");
            go_down(c, false, 0);
        }
    }
}

static void wait_for_events(void)
{
    struct epoll_event events[EVENTS];
    uint64_t until = due(load.next), most = 5000;
    uint64_t us = until > load.now && until - load.now < most ? until - load.now : most;
    struct timespec timeout = { .tv_nsec = (long)us * 1000 };
    int n = epoll_pwait2(options.target.epoll_fd, events, EVENTS, &timeout, NULL);

    load.now = client_now_us();
    for (int i = 0; i < n; i++)
        on_event(events[i].data.ptr);
}

static void run(void)
{
    uint64_t look_at = 0, over_at = 0;

    load.start = load.now = client_now_us();
    while (!is_exhausted() || load.busy || load.again_count) {
        if (load.now >= look_at) {
            look_at = load.now + 2000;
            look_around();
        }
        ask_what_is_due();
        wait_for_events();
        if (is_exhausted() && !over_at)
            over_at = load.now;
        if (load.again_count && (load.is_over || (over_at && load.now > over_at + LOST_US)) && !load.busy)
            break;
    }
    load.lost += load.again_count;
}

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

static uint32_t quantile(double q)
{
    return load.answered ? load.took[(size_t)(q * (double)(load.answered - 1))] : 0;
}

static void report(void)
{
    double seconds = (double)(load.now - load.start) / 1e6;

    if (load.answered)
        qsort(load.took, load.answered, sizeof(*load.took), compare);
    for (char *p = load.problem; *p; p++)
        if (*p < ' ' || *p == '"' || *p == '\\' || *p > '~')
            *p = '\'';
    printf("{\"sent\":%llu,\"answered\":%zu,\"lost\":%zu,\"wrong\":%zu,\"late\":%zu,\"resent\":%zu,\"unconnected\":%zu,"
           "\"hungUp\":%zu,\"opened\":%zu,\"seconds\":%.2f,\"rate\":%.1f,\"p50us\":%u,\"p99us\":%u,\"maxus\":%u,"
           "\"problem\":\"%s\"}\n",
           (unsigned long long)load.next, load.answered, load.lost, load.wrong, load.late, load.resent,
           load.unconnected, load.hung_up, load.opened, seconds, (double)load.answered / seconds, quantile(0.5),
           quantile(0.99), quantile(1), load.problem);
}

static bool read_options(int argc, char *argv[])
{
    int letter;

    while ((letter = getopt(argc, argv, "r:c:t:n:k:s")) != -1) {
        switch (letter) {
        case 'r':
            options.rate = strtod(optarg, NULL);
            break;
        case 'c':
            options.connections = strtoul(optarg, NULL, 10);
            break;
        case 't':
            options.seconds = strtod(optarg, NULL);
            break;
        case 'n':
            options.limit = strtoul(optarg, NULL, 10);
            break;
        case 'k':
            options.keep = strtoul(optarg, NULL, 10);
            break;
        case 's':
            options.ends_when_refused = true;
            break;
        default:
            return false;
        }
    }
    return argc - optind == 3 && options.connections &&
           client_target_init(&options.target, argv[optind], argv[optind + 1]) &&
           load_plan_read(&options.plan, argv[optind + 2]);
}

static bool set_up(void)
{
    load.conns = calloc(options.connections, sizeof(*load.conns));
    load.again = calloc(options.connections, sizeof(*load.again));
    for (size_t i = 0; load.conns && i < options.connections; i++) {
        load.conns[i].c.fd = -1;
        load.conns[i].out = malloc(options.plan.request_max);
        if (!load.conns[i].out)
            return false;
    }
    return load.conns && load.again;
}

int main(int argc, char *argv[])
{
    if (!read_options(argc, argv) || !set_up()) {
        fputs("usage: load HOST:PORT CA PLAN [-r RATE] [-c CONNECTIONS] [-t SECONDS] [-n REQUESTS] [-k KEEP] [-s]\n",
              stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    run();
    report();
    for (size_t i = 0; i < options.connections; i++) {
        client_close(&load.conns[i].c, true);
        free(load.conns[i].out);
    }
    free(load.conns);
    free(load.again);
    free(load.took);
    load_plan_fini(&options.plan);
    SSL_CTX_free(options.target.ctx);
    close(options.target.epoll_fd);
    return 0;
}
