/* SPDX-License-Identifier: Apache-2.0 */
/* Two lines of waiting claims, one per kind, served from the front whenever
 * something was given back. */
#include "http/budget.h"
#include "base/bug.h"
#include <pthread.h>

struct line {
    struct budget_claim *first, *last;
};

struct budget {
    pthread_mutex_t lock;
    size_t max, reserve;
    size_t used[BUDGET_KINDS];
    struct line lines[BUDGET_KINDS];
};

struct budget *budget_new(size_t max, size_t reserve, struct err *e)
{
    struct budget *b = calloc(1, sizeof(*b));

    if (!b) {
        err_nomem(e);
        return NULL;
    }
    BUG_IF(reserve >= max);
    pthread_mutex_init(&b->lock, NULL);
    b->max = max;
    b->reserve = reserve;
    return b;
}

void budget_free(struct budget *b)
{
    if (!b)
        return;
    BUG_IF(b->used[BUDGET_ARENA] || b->used[BUDGET_BODY]);
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

static bool fits(const struct budget *b, const struct budget_claim *c)
{
    size_t all = b->used[BUDGET_ARENA] + b->used[BUDGET_BODY];

    if (c->bytes > b->max - all)
        return false;
    return c->kind == BUDGET_ARENA || c->bytes + b->used[BUDGET_BODY] <= b->max - b->reserve;
}

static void grant(struct budget *b, struct budget_claim *c)
{
    c->state = CLAIM_GRANTED;
    b->used[c->kind] += c->bytes;
}

/* A body never overtakes an arena: finishing a review gives back both. */
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
    BUG_IF(claim->bytes > (claim->kind == BUDGET_ARENA ? b->reserve : b->max - b->reserve));
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

void budget_release(struct budget *b, struct budget_claim *claim)
{
    pthread_mutex_lock(&b->lock);
    if (claim->state == CLAIM_WAITING)
        unlink_claim(&b->lines[claim->kind], claim);
    if (claim->state == CLAIM_GRANTED)
        b->used[claim->kind] -= claim->bytes;
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
    used = b->used[BUDGET_ARENA] + b->used[BUDGET_BODY];
    pthread_mutex_unlock(&b->lock);
    return used;
}
