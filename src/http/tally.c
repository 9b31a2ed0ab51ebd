/* SPDX-License-Identifier: Apache-2.0 */
/* An open-addressed table of pointers to rows that never move and never go, at
 * most half full, so that a look-up ends at an empty slot soon. */
#include "http/tally.h"
#include "base/attr.h"
#include "base/bug.h"
#include "http/exposition.h"

struct tally_row {
    uint64_t hash;
    struct sv values[TALLY_LABELS];
    atomic_uint_fast64_t count;
    struct tally_row *next;
    char text[]; /* what the values view */
};

static size_t label_count(const struct tally *t)
{
    size_t n = 0;

    while (n < TALLY_LABELS && t->labels[n])
        n++;
    return n;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* Word by word: it is done for every finding. No request chooses these names. */
static uint64_t hash_of(const struct sv *values, size_t count)
{
    uint64_t hash = count;

    for (size_t i = 0; i < count; i++) {
        struct sv rest = values[i];

        hash = mix(hash, rest.n);
        while (rest.n) {
            uint64_t word = 0;

            memcpy(&word, rest.p, rest.n < sizeof(word) ? rest.n : sizeof(word));
            hash = mix(hash, word);
            rest = sv_skip(rest, sizeof(word));
        }
    }
    return hash;
}

static bool is_row(const struct tally_row *row, uint64_t hash, const struct sv *values, size_t count)
{
    if (row->hash != hash)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!sv_eq(row->values[i], values[i]))
            return false;
    return true;
}

/* The slot that has it, or the empty one where it would be. */
static size_t find_slot(struct tally *t, uint64_t hash, const struct sv *values, size_t count)
{
    size_t i = hash % TALLY_SLOTS;

    for (;;) {
        const struct tally_row *row = atomic_load_explicit(&t->slots[i], memory_order_acquire);

        if (!row || is_row(row, hash, values, count))
            return i;
        i = (i + 1) % TALLY_SLOTS;
    }
}

static struct tally_row *row_new(uint64_t hash, const struct sv *values, size_t count)
{
    struct tally_row *row;
    size_t size = 0;
    char *p;

    for (size_t i = 0; i < count; i++)
        size += values[i].n;
    row = calloc(1, sizeof(*row) + size);
    if (!row)
        return NULL;
    row->hash = hash;
    p = row->text;
    for (size_t i = 0; i < count; i++) {
        row->values[i] = (struct sv){ p, values[i].n };
        if (values[i].n)
            memcpy(p, values[i].p, values[i].n);
        p += values[i].n;
    }
    return row;
}

void tally_learn(struct tally *t, const struct sv *values)
{
    size_t labels = label_count(t), slot;
    uint64_t hash = hash_of(values, labels);
    struct tally_row *row;

    BUG_IF(t->max > TALLY_MAX);
    pthread_mutex_lock(&t->lock);
    slot = find_slot(t, hash, values, labels);
    if (t->count < t->max && !atomic_load_explicit(&t->slots[slot], memory_order_relaxed)) {
        row = row_new(hash, values, labels);
        if (row) {
            *(t->last ? &t->last->next : &t->first) = row;
            t->last = row;
            t->count++;
            atomic_store_explicit(&t->slots[slot], row, memory_order_release);
        }
    }
    pthread_mutex_unlock(&t->lock);
}

void tally_count(struct tally *t, const struct sv *values)
{
    size_t labels = label_count(t);
    size_t slot = find_slot(t, hash_of(values, labels), values, labels);
    struct tally_row *row = atomic_load_explicit(&t->slots[slot], memory_order_acquire);

    atomic_fetch_add_explicit(row ? &row->count : &t->other, 1, memory_order_relaxed);
}

static void print_row(const struct tally *t, struct buf *out, const struct sv *values, uint64_t count)
{
    struct exposition_label labels[TALLY_LABELS];
    size_t n = label_count(t);

    for (size_t i = 0; i < n; i++)
        labels[i] = (struct exposition_label){ t->labels[i], values ? values[i] : SV("other") };
    exposition_sample(out, t->name, labels, n, count);
}

void tally_print(struct tally *t, struct buf *out)
{
    uint64_t other = atomic_load_explicit(&t->other, memory_order_relaxed);

    exposition_family(out, t->name, "counter", t->help);
    pthread_mutex_lock(&t->lock);
    for (struct tally_row *row = t->first; row; row = row->next)
        print_row(t, out, row->values, atomic_load_explicit(&row->count, memory_order_relaxed));
    pthread_mutex_unlock(&t->lock);
    if (other)
        print_row(t, out, NULL, other);
}
