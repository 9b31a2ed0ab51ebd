/* SPDX-License-Identifier: Apache-2.0 */
/* A row counts who holds it; the store itself is one of them. */
#include "policy/store.h"
#include "base/bug.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct store_row {
    struct policy_set *set;
    int64_t since;
    size_t holders;
};

struct store {
    pthread_mutex_t lock;
    struct store_row *current;
};

static struct store_row *row_new(struct policy_set *set, struct err *e)
{
    struct store_row *row = malloc(sizeof(*row));

    if (row)
        *row = (struct store_row){ set, (int64_t)time(NULL), 1 };
    else
        err_nomem(e);
    return row;
}

/* Outside the lock: freeing a set takes longer than anybody should wait. */
static void row_free(struct store_row *row)
{
    if (!row)
        return;
    policy_set_free(row->set);
    free(row);
}

/* The row, if nobody holds it any more. */
static struct store_row *let_go(struct store *s, struct store_row *row)
{
    size_t left;

    pthread_mutex_lock(&s->lock);
    left = --row->holders;
    pthread_mutex_unlock(&s->lock);
    return left ? NULL : row;
}

struct store *store_new(struct policy_set *first, struct err *e)
{
    struct store *s = calloc(1, sizeof(*s));
    struct store_row *row = row_new(first, e);

    if (!s || !row) {
        free(s);
        free(row);
        err_nomem(e);
        return NULL;
    }
    pthread_mutex_init(&s->lock, NULL);
    s->current = row;
    return s;
}

void store_free(struct store *s)
{
    if (!s)
        return;
    BUG_IF(s->current->holders != 1);
    row_free(s->current);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

struct store_pin store_pin(struct store *s)
{
    struct store_row *row;

    pthread_mutex_lock(&s->lock);
    row = s->current;
    row->holders++;
    pthread_mutex_unlock(&s->lock);
    return (struct store_pin){ row->set, row->since, row };
}

void store_unpin(struct store *s, struct store_pin *pin)
{
    if (pin->row)
        row_free(let_go(s, pin->row));
    *pin = (struct store_pin){ 0 };
}

bool store_replace(struct store *s, struct policy_set *next, struct err *e)
{
    struct store_row *row = row_new(next, e), *old;

    if (!row)
        return false;
    pthread_mutex_lock(&s->lock);
    old = s->current;
    s->current = row;
    pthread_mutex_unlock(&s->lock);
    row_free(let_go(s, old));
    return true;
}
