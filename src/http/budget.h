/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory that reviews in flight may take (`--max-inflight`), shared by all
 * workers: bodies as they arrive, and the arena of a review while it is
 * evaluated. A claim that does not fit waits in line; who waits decides how
 * long. There is a line for each kind, in this order: arenas, so that a review
 * that has its body is finished; the beginnings of bodies, which is all there is
 * of most; what large bodies need beyond. Each kind leaves to those before it
 * what they need, so that who announces much and sends little, or slowly,
 * keeps nobody else out.
 *
 * Thread-safe: one mutex, held for a few list operations.
 */
#ifndef HTTP_BUDGET_H
#define HTTP_BUDGET_H

#include "base/attr.h"
#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct budget;

enum budget_kind { BUDGET_ARENA, BUDGET_FIRST, BUDGET_MORE, BUDGET_KINDS };

/* Embedded in whatever needs the memory. Zeroed: claims nothing. */
struct budget_claim {
    enum budget_claim_state { CLAIM_NONE, CLAIM_WAITING, CLAIM_GRANTED } state; /* under the budget's lock */
    enum budget_kind kind;
    size_t bytes;
    /* Called, with the lock held and from any thread, when a waiting claim is
     * granted; it must only wake somebody up. */
    void (*wake)(void *wake_arg);
    void *wake_arg;
    struct budget_claim *prev, *next;
};

/* `max` bytes in all, of which `reserves.arenas` are for arenas only, and
 * another `reserves.first` not for BUDGET_MORE. */
struct budget_reserves {
    size_t arenas, first;
};
MUST_CHECK struct budget *budget_new(size_t max, struct budget_reserves reserves, struct err *e);
/* Accepts NULL. Nothing may be claimed or waiting any more. */
void budget_free(struct budget *b);

/* True: granted. False: `claim` (kind, bytes and wake are set, its address is
 * stable) waits in line until it is granted or released. A claim larger than
 * the budget could ever grant is a bug of the caller. */
MUST_CHECK bool budget_claim(struct budget *b, struct budget_claim *claim);

/* Whether a claim that waited has been granted meanwhile. */
bool budget_is_granted(struct budget *b, const struct budget_claim *claim);

/* What `from` was granted belongs to `into`, of the same kind or another that is a body's. */
void budget_merge(struct budget *b, struct budget_claim *into, struct budget_claim *from);

/* Gives back, or leaves the line; nothing to do for a claim of nothing. */
void budget_release(struct budget *b, struct budget_claim *claim);

/* Bytes granted now: for the metrics. */
size_t budget_used(struct budget *b);

#endif
