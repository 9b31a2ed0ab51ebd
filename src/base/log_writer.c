/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever holds `pen` takes from the ring and writes: the thread as long as it
 * runs, else the thread that has just put a line. After work the writer takes
 * a short nap before it goes to sleep: while many lines come nobody has to
 * wake it, and it finds several at once.
 */
#include "base/log_writer.h"
#include "base/log_repeat.h"
#include "base/log_ring.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

enum { NAP_MS = 5, PATIENCE_MS = 100, TICK_MS = 1000, LONG_MS = 1 << 30, GRACE_MS = 200, ROUND_MAX = 256 };

static struct log_ring ring;
static atomic_uint_fast64_t lost;

static pthread_mutex_t pen = PTHREAD_MUTEX_INITIALIZER;
static struct { /* of whoever holds the pen */
    char batch[PIPE_BUF];
    size_t from, to;    /* of the batch, what is still to be written */
    size_t lines_begin; /* before it stand bytes that are nobody's line */
    bool is_torn;       /* what was written last is half a line */
    uint64_t told, telling;
    struct log_repeat repeats;
} desk;

static struct {
    pthread_t thread;
    atomic_bool is_running, is_asleep, is_to_stop;
    atomic_uint_fast64_t deadline_ms; /* when it is to stop */
    sem_t wake, has_ended;
} writer;

uint64_t log_writer_lost(void)
{
    return atomic_load(&lost);
}

static uint64_t now_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool wait_for(sem_t *s, uint64_t ms)
{
    uint64_t until = now_ms() + ms;
    struct timespec t = { .tv_sec = (time_t)(until / 1000), .tv_nsec = (long)(until % 1000) * 1000000 };

    while (sem_clockwait(s, CLOCK_MONOTONIC, &t) != 0)
        if (errno != EINTR)
            return false;
    return true;
}

/* Writing. */

static bool is_writable(int patience_ms)
{
    struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

    return poll(&fd, 1, patience_ms) > 0; /* what is wrong with it is for write(2) to tell */
}

/* The rest of the batch, with the line that has begun. */
static void lose_batch(void)
{
    size_t from = desk.from < desk.lines_begin ? desk.lines_begin : desk.from;

    for (size_t i = from; i < desk.to; i++)
        if (desk.batch[i] == '\n')
            atomic_fetch_add(&lost, 1);
    if (desk.from < desk.lines_begin)
        desk.told -= desk.telling;
    desk.from = desk.to;
}

static bool will_pass(int error)
{
    return error == EAGAIN || error == EINTR;
}

/* True: the batch is empty, written or lost. False: not now. */
static bool flush(int patience_ms)
{
    while (desk.from < desk.to) {
        ssize_t n;

        if (!is_writable(patience_ms))
            return false;
        n = write(STDERR_FILENO, desk.batch + desk.from, desk.to - desk.from);
        if (n == 0 || (n < 0 && will_pass(errno)))
            return false;
        if (n < 0) {
            lose_batch();
            break;
        }
        desk.from += (size_t)n;
        desk.is_torn = desk.batch[desk.from - 1] != '\n';
    }
    desk.from = desk.to = desk.lines_begin = 0;
    desk.telling = 0;
    return true;
}

/* Room for a line, which has less than PIPE_BUF bytes, so that there may be a '\n' before it. */
static bool make_room(size_t n, int patience_ms)
{
    if (desk.to + n > sizeof(desk.batch) && !flush(patience_ms))
        return false;
    if (desk.to == 0 && desk.is_torn) {
        desk.batch[desk.to++] = '\n';
        desk.lines_begin = 1;
    }
    return true;
}

static bool add_line(const struct log_line *line, int patience_ms)
{
    if (!make_room(line->n, patience_ms))
        return false;
    memcpy(desk.batch + desk.to, line->p, line->n);
    desk.to += line->n;
    return true;
}

/* Alone at the beginning of a batch, for it must not be counted when it is lost itself. */
static bool tell_lost(int patience_ms)
{
    uint64_t now = log_writer_lost(), count = now - desk.told;
    struct log_field field = LOG_N("lines", count);
    struct log_line line;

    if (!count)
        return true;
    if (!flush(patience_ms))
        return false;
    log_compose(&line, LOG_WARN, SV("log lines were dropped"), &field, 1);
    add_line(&line, patience_ms);
    desk.lines_begin = desk.to;
    desk.telling = count;
    desk.told = now;
    return true;
}

static bool tell_repeats(uint64_t now, int patience_ms)
{
    struct log_line line;

    /* Asked only when there is room for the answer, which is given once. */
    while (desk.repeats.is_open) {
        if (!make_room(sizeof(line.p), patience_ms))
            return false;
        if (!log_repeat_due(&desk.repeats, now, &line))
            return true;
        add_line(&line, patience_ms);
    }
    return true;
}

/* The batch has room for it. */
static void take_line(size_t n, uint64_t now)
{
    char *p = desk.batch + desk.to;
    uint32_t tag = log_ring_take(&ring, p);

    if (log_repeat_admit(&desk.repeats, tag, (struct sv){ p, n }, now))
        desk.to += n;
}

enum round { IDLE, WROTE, MORE, BLOCKED };

/* The last time what repeats is told before its second is over, when all lines are taken. */
static enum round write_lines(int patience_ms, bool is_last)
{
    uint64_t now = now_ms();
    size_t taken = 0, n;

    is_last = is_last && !log_ring_next(&ring);
    if (!tell_lost(patience_ms) || !tell_repeats(is_last ? now + LOG_REPEAT_MS : now, patience_ms))
        return BLOCKED;
    for (; taken < ROUND_MAX && (n = log_ring_next(&ring)); taken++) {
        if (!make_room(n, patience_ms))
            return BLOCKED;
        take_line(n, now);
    }
    if (!flush(patience_ms))
        return BLOCKED;
    return taken == ROUND_MAX ? MORE : taken ? WROTE : IDLE;
}

/* The thread. */

static bool is_to_stop(void)
{
    return atomic_load(&writer.is_to_stop);
}

/* Says that it sleeps before it looks once more: who puts a line looks the other way round. */
static void sleep_until_woken(void)
{
    bool has_more_to_say = desk.repeats.is_open || desk.told != log_writer_lost();

    atomic_store(&writer.is_asleep, true);
    if (!log_ring_next(&ring) && !is_to_stop())
        wait_for(&writer.wake, has_more_to_say ? TICK_MS : LONG_MS);
    atomic_store(&writer.is_asleep, false);
}

static void nap(void)
{
    struct timespec t = { .tv_nsec = NAP_MS * 1000000 };

    nanosleep(&t, NULL);
}

static void *run(void *arg UNUSED)
{
    pthread_mutex_lock(&pen);
    for (;;) {
        bool is_last = is_to_stop();
        enum round round = write_lines(PATIENCE_MS, is_last);

        if (is_last && (round == IDLE || now_ms() >= atomic_load(&writer.deadline_ms)))
            break;
        if (round == IDLE)
            sleep_until_woken();
        else if (round != MORE)
            nap();
    }
    pthread_mutex_unlock(&pen);
    sem_post(&writer.has_ended);
    return NULL;
}

static void wake(void)
{
    if (atomic_load(&writer.is_asleep) && atomic_exchange(&writer.is_asleep, false))
        sem_post(&writer.wake);
}

/* Looks again after giving the pen away: somebody may have put a line and found it taken. */
static void write_without_thread(void)
{
    enum round round = IDLE;

    while (round != BLOCKED && log_ring_next(&ring) && pthread_mutex_trylock(&pen) == 0) {
        round = write_lines(0, false);
        pthread_mutex_unlock(&pen);
    }
}

void log_writer_put(struct sv line, uint32_t tag)
{
    bool has_thread = atomic_load(&writer.is_running), is_put = log_ring_put(&ring, line, tag);

    if (has_thread) {
        wake();
    } else {
        write_without_thread();
        is_put = is_put || log_ring_put(&ring, line, tag);
        write_without_thread();
    }
    if (!is_put)
        atomic_fetch_add(&lost, 1);
}

/* No signal is for this thread; SIGPIPE and SIGXFSZ stay what write(2) says. */
bool log_writer_start(struct err *e)
{
    sigset_t all, before;
    int failed;

    sem_init(&writer.wake, 0, 0);
    sem_init(&writer.has_ended, 0, 0);
    atomic_store(&writer.is_to_stop, false);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&writer.thread, NULL, run, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed)
        return err_set(e, ERR_IO, "cannot start the thread that writes the log");
    atomic_store(&writer.is_running, true);
    return true;
}

/* A write(2) that does not come back (a disk that hangs) is left to itself. */
void log_writer_stop(uint64_t limit_ms)
{
    if (!atomic_exchange(&writer.is_running, false))
        return;
    atomic_store(&writer.deadline_ms, now_ms() + limit_ms);
    atomic_store(&writer.is_to_stop, true);
    sem_post(&writer.wake);
    if (!wait_for(&writer.has_ended, limit_ms + GRACE_MS)) {
        pthread_detach(writer.thread);
        return;
    }
    pthread_join(writer.thread, NULL);
    write_without_thread();
}
