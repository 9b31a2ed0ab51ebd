/* SPDX-License-Identifier: Apache-2.0 */
/* A line of waiting claims for each kind, served from the front whenever
 * something was given back. */
#include "http/budget.h"
#include "base/bug.h"
#include <pthread.h>

struct line {
    struct budget_claim *first, *last;
};

struct budget {
    pthread_mutex_t lock;
    size_t most[BUDGET_KINDS]; /* that may be in use when one of the kind is granted */
    size_t used, bodies;       /* in all; of which for bodies */
    struct line lines[BUDGET_KINDS];
};

struct budget *budget_new(size_t max, struct budget_reserves reserves, struct err *e)
{
    struct budget *b = calloc(1, sizeof(*b));

    if (!b) {
        err_nomem(e);
        return NULL;
    }
    BUG_IF(reserves.arenas >= max || reserves.first >= max - reserves.arenas);
    pthread_mutex_init(&b->lock, NULL);
    b->most[BUDGET_ARENA] = max;
    b->most[BUDGET_FIRST] = max - reserves.arenas;
    b->most[BUDGET_MORE] = max - reserves.arenas - reserves.first;
    return b;
}

void budget_free(struct budget *b)
{
    if (!b)
        return;
    BUG_IF(b->used);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

static void append(struct line *l, struct budget_claim *c)
{
    c->next = NULL;
    c->prev = l->last;
    *(l->last ? &l->last->next : &l->first) = c;
    l->last = c;
}

static void unlink_claim(struct line *l, struct budget_claim *c)
{
    *(c->prev ? &c->prev->next : &l->first) = c->next;
    *(c->next ? &c->next->prev : &l->last) = c->prev;
    c->prev = c->next = NULL;
}

/* Bodies together stay below their share, whatever arenas leave of theirs. */
static bool fits(const struct budget *b, const struct budget_claim *c)
{
    if (c->bytes > b->most[BUDGET_ARENA] - b->used)
        return false;
    return c->kind == BUDGET_ARENA || c->bytes + b->bodies <= b->most[c->kind];
}

static void grant(struct budget *b, struct budget_claim *c)
{
    c->state = CLAIM_GRANTED;
    b->used += c->bytes;
    b->bodies += c->kind == BUDGET_ARENA ? 0 : c->bytes;
}

/* No line is served past one that waits before it: finishing what has begun
 * gives the most back. */
static void serve_lines(struct budget *b)
{
    for (size_t kind = 0; kind < BUDGET_KINDS; kind++) {
        struct line *l = &b->lines[kind];

        while (l->first && fits(b, l->first)) {
            struct budget_claim *c = l->first;

            unlink_claim(l, c);
            grant(b, c);
            c->wake(c->wake_arg);
        }
        if (l->first)
            return;
    }
}

bool budget_claim(struct budget *b, struct budget_claim *claim)
{
    bool granted, is_first = true;

    BUG_IF(claim->state != CLAIM_NONE);
    BUG_IF(claim->bytes > b->most[claim->kind]);
    pthread_mutex_lock(&b->lock);
    for (size_t kind = 0; kind <= (size_t)claim->kind; kind++)
        is_first = is_first && !b->lines[kind].first;
    granted = is_first && fits(b, claim);
    if (granted) {
        grant(b, claim);
    } else {
        claim->state = CLAIM_WAITING;
        append(&b->lines[claim->kind], claim);
    }
    pthread_mutex_unlock(&b->lock);
    return granted;
}

bool budget_is_granted(struct budget *b, const struct budget_claim *claim)
{
    bool granted;

    pthread_mutex_lock(&b->lock);
    granted = claim->state == CLAIM_GRANTED;
    pthread_mutex_unlock(&b->lock);
    return granted;
}

void budget_merge(struct budget *b, struct budget_claim *into, struct budget_claim *from)
{
    pthread_mutex_lock(&b->lock);
    BUG_IF(into->state != CLAIM_GRANTED || from->state != CLAIM_GRANTED);
    BUG_IF(into->kind == BUDGET_ARENA || from->kind == BUDGET_ARENA);
    into->bytes += from->bytes;
    from->state = CLAIM_NONE;
    pthread_mutex_unlock(&b->lock);
}

void budget_release(struct budget *b, struct budget_claim *claim)
{
    pthread_mutex_lock(&b->lock);
    if (claim->state == CLAIM_WAITING)
        unlink_claim(&b->lines[claim->kind], claim);
    if (claim->state == CLAIM_GRANTED) {
        b->used -= claim->bytes;
        b->bodies -= claim->kind == BUDGET_ARENA ? 0 : claim->bytes;
    }
    if (claim->state != CLAIM_NONE) {
        claim->state = CLAIM_NONE;
        serve_lines(b);
    }
    pthread_mutex_unlock(&b->lock);
}

size_t budget_used(struct budget *b)
{
    size_t used;

    pthread_mutex_lock(&b->lock);
    used = b->used;
    pthread_mutex_unlock(&b->lock);
    return used;
}
