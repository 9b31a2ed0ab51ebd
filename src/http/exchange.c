/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of one request: judge the headers, pay for the body, collect it, pay
 * for the arena, have it answered. What is wrong on the way is refused, and a
 * refusal is the last reply on its connection.
 */
#include "http/exchange.h"
#include "admission/handler.h"
#include "base/date.h"
#include "http/framing.h"
#include "http/journal.h"
#include "http/metrics.h"
#include <microhttpd.h>
#include <unistd.h>

enum {
    OVERSIZE_FACTOR = 4,  /* so many times max_body is read, to be able to answer */
    SPARES_MAX = 32,      /* finished exchanges kept by a worker */
    SHARE_BASE = 1 << 20, /* of an arena, whatever the size of the body */
    SHARE_PER_BYTE = 16,  /* yyjson takes up to 13 bytes a byte */
};

void exchange_desk_init(struct exchange_desk *d, const struct exchange_config *config, int wake_fd)
{
    *d = (struct exchange_desk){ .config = config, .arena = ARENA_INIT(SHARE_BASE), .wake_fd = wake_fd };
}

void exchange_desk_fini(struct exchange_desk *d)
{
    struct exchange *next;

    for (struct exchange *ex = d->spare; ex; ex = next) {
        next = ex->next;
        free(ex);
    }
    d->spare = NULL;
    arena_fini(&d->arena);
}

static uint64_t nanoseconds(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static bool send_reply(struct exchange *ex, struct reply r)
{
    bool sent;

    r.close = r.close || ex->desk->is_draining || ex->is_last;
    ex->step = STEP_ANSWERED;
    sent = reply_send(ex->connection, &r);
    metrics_response(r.status);
    arena_reset(&ex->desk->arena);
    return sent;
}

static bool refuse(struct exchange *ex, enum refusal refusal, struct sv detail)
{
    struct reply r = reply_refusal(refusal, detail, &ex->desk->arena);

    journal_refusal(r.status, r.message);
    return send_reply(ex, r);
}

/* Waiting: the line at the desk is in the order of deadlines, for all wait equally long. */

static void wake(void *wake_arg)
{
    struct exchange_desk *d = wake_arg;
    uint64_t one = 1;

    /* A full eventfd is readable, which is all that matters. */
    if (!atomic_exchange(&d->is_woken, true) && write(d->wake_fd, &one, sizeof(one)) < 0)
        return;
}

static void stand_in_line(struct exchange *ex, struct budget_claim *c)
{
    struct exchange_desk *d = ex->desk;

    ex->waits_for = c;
    ex->deadline_ms = d->now_ms + d->config->queue_ms;
    ex->next = NULL;
    ex->prev = d->last_waiting;
    *(d->last_waiting ? &d->last_waiting->next : &d->first_waiting) = ex;
    d->last_waiting = ex;
    metrics_add(METRICS_QUEUED, 1);
    MHD_suspend_connection(ex->connection);
}

static void leave_line(struct exchange *ex)
{
    struct exchange_desk *d = ex->desk;

    *(ex->prev ? &ex->prev->next : &d->first_waiting) = ex->next;
    *(ex->next ? &ex->next->prev : &d->last_waiting) = ex->prev;
    ex->prev = ex->next = NULL;
    ex->waits_for = NULL;
}

static void free_body(struct exchange *ex)
{
    struct budget *b = ex->desk->config->budget;

    budget_release(b, &ex->more_claim);
    budget_release(b, &ex->body_claim);
    if (ex->body != ex->small)
        free(ex->body);
    ex->body = ex->small;
}

/* No reply can be sent while the body arrives: what is left of it is let by. */
static void starve(struct exchange *ex)
{
    free_body(ex);
    ex->step = STEP_STARVED;
}

/* It has waited long enough. What a body holds is given back at once: somebody
 * behind it in the line may go on with that. */
static void give_up(struct exchange *ex)
{
    if (ex->waits_for == &ex->more_claim) {
        starve(ex);
        return;
    }
    budget_release(ex->desk->config->budget, ex->waits_for);
    ex->has_expired = true;
}

void exchange_resume_ready(struct exchange_desk *d, bool everybody, void (*resume)(struct MHD_Connection *connection))
{
    bool is_woken = atomic_exchange(&d->is_woken, false);
    struct exchange *next;

    for (struct exchange *ex = d->first_waiting; ex; ex = next) {
        bool expired = everybody || d->now_ms >= ex->deadline_ms;

        if (!expired && !is_woken)
            return;
        next = ex->next;
        if (!budget_is_granted(d->config->budget, ex->waits_for)) {
            if (!expired)
                continue;
            give_up(ex);
        }
        leave_line(ex);
        resume(ex->connection);
    }
}

enum claim_outcome { OBTAINED, IN_LINE, EXPIRED };

static enum claim_outcome obtain(struct exchange *ex, struct budget_claim *c, enum budget_kind kind, size_t bytes)
{
    struct budget *b = ex->desk->config->budget;

    if (ex->waits_for)
        return IN_LINE;
    if (ex->has_expired)
        return EXPIRED;
    if (budget_is_granted(b, c))
        return OBTAINED;
    *c = (struct budget_claim){ .kind = kind, .bytes = bytes, .wake = wake, .wake_arg = ex->desk };
    if (budget_claim(b, c))
        return OBTAINED;
    stand_in_line(ex, c);
    return IN_LINE;
}

/* Headers. */

static enum MHD_Result add_field(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    framing_add(cls, sv_from(name), value ? sv_from(value) : SV(""));
    return MHD_YES;
}

static bool judge_headers(struct exchange *ex, struct sv method, struct sv path)
{
    struct framing f = { 0 };
    enum refusal refusal;
    size_t most = ex->desk->config->max_body;

    ex->route = route_find(path);
    if (!ex->route)
        return refuse(ex, REFUSAL_PATH, path);
    if (!sv_eq(method, ex->route->method))
        return refuse(ex, REFUSAL_METHOD, method);
    MHD_get_connection_values(ex->connection, MHD_HEADER_KIND, add_field, &f);
    refusal = framing_judge(&f);
    if (refusal == REFUSAL_NONE && !route_takes(ex->route, f.content_type))
        refusal = REFUSAL_TYPE;
    if (refusal != REFUSAL_NONE)
        return refuse(ex, refusal, (struct sv){ NULL, 0 });
    if (f.length / OVERSIZE_FACTOR > most)
        return refuse(ex, REFUSAL_TOO_LARGE,
                      arena_printf(&ex->desk->arena, "%zu bytes, of at most %zu", f.length, most));
    ex->length = f.length;
    return exchange_claim_body(ex);
}

static struct exchange *take_spare(struct exchange_desk *d)
{
    struct exchange *ex = d->spare;

    if (!ex)
        return malloc(sizeof(*ex));
    d->spare = ex->next;
    d->spare_count--;
    return ex;
}

struct exchange *exchange_begin(struct exchange_desk *d, struct MHD_Connection *connection, struct sv method,
                                struct sv path)
{
    struct exchange *ex = take_spare(d);

    if (!ex)
        return NULL;
    memset(ex, 0, offsetof(struct exchange, small));
    ex->desk = d;
    ex->connection = connection;
    metrics_move(METRICS_REQUESTS, 1);
    if (judge_headers(ex, method, path))
        return ex;
    exchange_finish(ex);
    return NULL;
}

/* Body. */

bool exchange_claim_body(struct exchange *ex)
{
    size_t first;

    if (ex->length > ex->desk->config->max_body) {
        ex->step = STEP_DISCARD;
        ex->body = ex->small;
        return true;
    }
    first = ex->length < EXCHANGE_FIRST ? ex->length : EXCHANGE_FIRST;
    switch (obtain(ex, &ex->body_claim, BUDGET_FIRST, first)) {
    case IN_LINE:
        return true;
    case EXPIRED:
        return refuse(ex, REFUSAL_BUSY, (struct sv){ NULL, 0 });
    case OBTAINED:
        break;
    }
    ex->step = STEP_READ;
    ex->room = first;
    ex->body = first <= sizeof(ex->small) ? ex->small : malloc(first);
    return ex->body || refuse(ex, REFUSAL_BUSY, (struct sv){ NULL, 0 });
}

/* Room for `needed` bytes, doubled so that a large body is copied a few times only. */
static enum claim_outcome grow(struct exchange *ex, size_t needed)
{
    struct exchange_desk *d = ex->desk;
    size_t room = needed > 2 * ex->room ? needed : 2 * ex->room;
    enum claim_outcome outcome;
    char *body;

    room = room < ex->length ? room : ex->length;
    outcome = obtain(ex, &ex->more_claim, BUDGET_MORE, room - ex->room);
    if (outcome != OBTAINED)
        return outcome;
    body = realloc(ex->body == ex->small ? NULL : ex->body, ex->room + ex->more_claim.bytes);
    if (!body)
        return EXPIRED;
    ex->body = body;
    ex->room += ex->more_claim.bytes;
    budget_merge(d->config->budget, &ex->body_claim, &ex->more_claim);
    return OBTAINED;
}

bool exchange_data(struct exchange *ex, struct sv piece, size_t *taken)
{
    size_t keep = ex->step == STEP_READ ? ex->length : ex->step == STEP_DISCARD ? ADMISSION_PREFIX : 0;

    *taken = piece.n;
    if (ex->step == STEP_ANSWERED)
        return true;
    if (ex->step == STEP_CLAIM_BODY || piece.n > ex->length - ex->got)
        return false;
    if (ex->step == STEP_READ && ex->got + piece.n > ex->room) {
        enum claim_outcome outcome = grow(ex, ex->got + piece.n);

        if (outcome == IN_LINE) {
            *taken = 0;
            return true;
        }
        if (outcome == EXPIRED) {
            starve(ex);
            keep = 0;
        }
    }
    if (ex->got < keep)
        memcpy(ex->body + ex->got, piece.p, piece.n < keep - ex->got ? piece.n : keep - ex->got);
    ex->got += piece.n;
    return true;
}

/* Answer. */

static size_t share_of(const struct exchange *ex)
{
    size_t length = ex->step == STEP_DISCARD ? 0 : ex->length, most = ex->desk->config->max_arena;

    if (length > (most - SHARE_BASE) / SHARE_PER_BYTE)
        return most;
    return SHARE_BASE + SHARE_PER_BYTE * length;
}

static bool run_review(struct exchange *ex, const struct policy_set *policies, struct buf *out,
                       struct admission_record *record, struct err *e)
{
    struct exchange_desk *d = ex->desk;
    struct basis basis = d->config->basis;

    if (ex->step == STEP_DISCARD) {
        struct sv prefix = { ex->body, ex->got < ADMISSION_PREFIX ? ex->got : ADMISSION_PREFIX };

        err_set(e, ERR_LIMIT, "the body has %zu bytes, of at most %zu (--max-body)", ex->length, d->config->max_body);
        return admission_refuse(prefix, e, out, record);
    }
    basis.policies = policies;
    basis.today = date_today();
    return admission_handle(&basis, ex->route->stage, (struct sv){ ex->body, ex->got }, &d->arena, out, record, e);
}

static void log_review(struct exchange *ex, const struct admission_record *record, uint64_t took)
{
    const char *trace = MHD_lookup_connection_value(ex->connection, MHD_HEADER_KIND, "traceparent");
    struct journal_circumstances how = { ex->route->stage, took / 1000, sv_from(trace) };

    journal_review(record, &how, &ex->desk->arena);
}

static bool answer_by(struct exchange *ex, const struct policy_set *policies)
{
    struct exchange_desk *d = ex->desk;
    struct admission_record record = { .clock = nanoseconds };
    struct buf out = BUF_IN(&d->arena);
    struct err e = { 0 };
    uint64_t start = nanoseconds(), took;
    bool done = run_review(ex, policies, &out, &record, &e);

    if (d->arena.is_full && ex->share < d->config->max_arena)
        return false;
    took = nanoseconds() - start;
    if (!done) {
        ex->is_sent = refuse(ex, reply_refusal_for(e.code), sv_from(e.msg));
        return true;
    }
    metrics_review(&record, ex->route->stage, took);
    log_review(ex, &record, took);
    ex->is_sent = send_reply(ex, reply_review(buf_sv(&out)));
    return true;
}

/* First with the share that such a body ordinarily needs; where that was too
 * little, once more with the most a review may have. The policies stay the
 * same from the first look at the review to its last log line. */
static bool answer(struct exchange *ex)
{
    struct exchange_desk *d = ex->desk;
    struct store_pin pin = store_pin(d->config->store);
    bool was_enough;

    d->arena.max = ex->share;
    was_enough = answer_by(ex, pin.policies);
    store_unpin(d->config->store, &pin);
    if (was_enough)
        return ex->is_sent;
    arena_reset(&d->arena);
    budget_release(d->config->budget, &ex->arena_claim);
    ex->share = d->config->max_arena;
    return exchange_end(ex);
}

bool exchange_end(struct exchange *ex)
{
    bool sent;

    if (ex->step == STEP_ANSWERED)
        return true;
    if (ex->step == STEP_STARVED)
        return refuse(ex, REFUSAL_BUSY, (struct sv){ NULL, 0 });
    if (!ex->share)
        ex->share = share_of(ex);
    switch (obtain(ex, &ex->arena_claim, BUDGET_ARENA, ex->share)) {
    case IN_LINE:
        return true;
    case EXPIRED:
        return refuse(ex, REFUSAL_BUSY, (struct sv){ NULL, 0 });
    case OBTAINED:
        break;
    }
    sent = answer(ex);
    if (!ex->waits_for)
        budget_release(ex->desk->config->budget, &ex->arena_claim);
    return sent;
}

void exchange_finish(struct exchange *ex)
{
    struct exchange_desk *d = ex->desk;

    metrics_move(METRICS_REQUESTS, -1);
    if (ex->waits_for)
        leave_line(ex);
    budget_release(d->config->budget, &ex->arena_claim);
    free_body(ex);
    if (d->spare_count >= SPARES_MAX) {
        free(ex);
        return;
    }
    ex->next = d->spare;
    d->spare = ex;
    d->spare_count++;
}
