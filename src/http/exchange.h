/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request: its body so far, its share of the memory budget, what it waits
 * for. libmicrohttpd calls for a request several times (headers, pieces of the
 * body, end); each call moves the exchange one step on. It may be suspended
 * for the memory of its body, which is claimed in pieces that double, and for
 * that of the arena; server.c resumes it when the budget wakes it or its time
 * in the queue is over.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "base/arena.h"
#include "http/budget.h"
#include "http/reply.h"
#include "http/route.h"
#include "policy/basis.h"
#include "policy/store.h"
#include <stdatomic.h>
#include <stdint.h>

enum {
    EXCHANGE_ARENA_MAX = 48 << 20, /* the most that --max-arena may be */
    EXCHANGE_ARENA_MIN = 2 << 20,
    EXCHANGE_FIRST = 64 << 10, /* of a body is claimed as it begins, the rest as it arrives */
};

/* What all workers share; set up once, then only read. */
struct exchange_config {
    struct basis basis; /* .policies and .today are taken anew for each review */
    struct store *store;
    size_t max_body;
    size_t max_arena;    /* of one review; over it the answer is a denial */
    size_t max_requests; /* on one connection; the last is answered with `Connection: close` */
    size_t max_head;     /* of one request: its line and fields, with their ends */
    uint64_t queue_ms;
    struct budget *budget;
};

/* What the exchanges of one worker share. */
struct exchange_desk {
    const struct exchange_config *config;
    struct arena arena;     /* of the review being evaluated */
    struct exchange *spare; /* finished ones, to be used again */
    size_t spare_count;
    struct exchange *first_waiting, *last_waiting; /* suspended, by deadline */
    atomic_bool is_woken;                          /* set from any thread: somebody who waited may go on */
    uint64_t now_ms;                               /* monotonic; kept by the worker's loop */
    bool is_draining;                              /* replies end their connection */
    int wake_fd;                                   /* an eventfd: makes the worker run */
};

void exchange_desk_init(struct exchange_desk *d, const struct exchange_config *config, int wake_fd);
/* All exchanges are finished. */
void exchange_desk_fini(struct exchange_desk *d);

struct exchange {
    struct exchange_desk *desk;
    struct MHD_Connection *connection;
    const struct route *route;
    enum exchange_step {
        STEP_CLAIM_BODY, /* headers judged, body not yet paid for */
        STEP_READ,       /* collecting the body */
        STEP_DISCARD,    /* too large: kept is only its beginning */
        STEP_STARVED,    /* there was no memory for the rest of it: nothing is kept */
        STEP_ANSWERED,
    } step;
    size_t length, got, room; /* of the body: declared, arrived, paid for */
    char *body;               /* `small`, or from the heap */
    size_t share;             /* of the budget, for the arena */
    struct budget_claim body_claim, more_claim, arena_claim;
    struct budget_claim *waits_for; /* one of them, while suspended */
    bool has_expired;               /* it waited in vain */
    bool is_last;                   /* the connection has had as many as it may */
    bool is_sent;                   /* libmicrohttpd took the reply */
    uint64_t deadline_ms;           /* while waiting */
    struct exchange *prev, *next;   /* among the waiting; next: among the spare */
    char small[16 << 10];
};

/* The first call: judges method, path and headers. NULL: out of memory. The
 * exchange may be answered already. */
struct exchange *exchange_begin(struct exchange_desk *d, struct MHD_Connection *connection, struct sv method,
                                struct sv path);

/* Later calls. False: the connection is to be closed. */
bool exchange_claim_body(struct exchange *ex);
/* *taken is all of the piece, or nothing while the exchange waits. */
bool exchange_data(struct exchange *ex, struct sv piece, size_t *taken);
bool exchange_end(struct exchange *ex);

/* Calls `resume` for those that were granted what they waited for, or waited
 * too long (all of them, if `everybody`). */
void exchange_resume_ready(struct exchange_desk *d, bool everybody, void (*resume)(struct MHD_Connection *connection));

/* The request is over, answered or not. Gives back what it holds. */
void exchange_finish(struct exchange *ex);

#endif
