/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; deletion closes the gap, so that no row
 * is ever lost behind an empty one. */
#include "net/census.h"
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/random.h>

/* An address as it is counted; all zero: an empty row. */
struct row {
    uint64_t key; /* IPv4 address, or upper half of an IPv6 one; never 0 */
    size_t count;
};

struct census {
    pthread_mutex_t lock;
    size_t total, max, max_per_address;
    uint64_t secret;  /* so that nobody can choose addresses that collide */
    size_t row_count; /* a power of two */
    struct row *rows;
};

struct census *census_new(size_t max, size_t max_per_address, struct err *e)
{
    struct census *c = calloc(1, sizeof(*c));
    size_t rows = 16;

    while (rows < 2 * max)
        rows *= 2;
    if (c)
        c->rows = calloc(rows, sizeof(*c->rows));
    if (!c || !c->rows) {
        free(c);
        err_nomem(e);
        return NULL;
    }
    if (getrandom(&c->secret, sizeof(c->secret), 0) < 0)
        c->secret = (uint64_t)(uintptr_t)c;
    pthread_mutex_init(&c->lock, NULL);
    c->row_count = rows;
    c->max = max;
    c->max_per_address = max_per_address;
    return c;
}

void census_free(struct census *c)
{
    if (!c)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c->rows);
    free(c);
}

/* IPv4 keys have their upper half zero and bit 32 set; the documented IPv6
 * unicast space never begins so. */
static uint64_t key_of_v4(uint32_t address)
{
    return UINT64_C(1) << 32 | address;
}

static uint64_t key_of(const struct sockaddr_storage *peer)
{
    uint64_t key = 0;
    uint32_t v4;

    if (peer->ss_family == AF_INET)
        return key_of_v4(((const struct sockaddr_in *)peer)->sin_addr.s_addr);
    if (peer->ss_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)peer)->sin6_addr;

        if (IN6_IS_ADDR_V4MAPPED(a)) {
            memcpy(&v4, &a->s6_addr[12], sizeof(v4));
            return key_of_v4(v4);
        }
        memcpy(&key, a->s6_addr, sizeof(key));
    }
    return key ? key : 1;
}

bool census_is_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
    return key_of(a) == key_of(b);
}

static size_t home(const struct census *c, uint64_t key)
{
    uint64_t x = (key ^ c->secret) * UINT64_C(0x9e3779b97f4a7c15);

    return (size_t)(x >> 32) & (c->row_count - 1);
}

/* The row of `key`, or the empty one where it belongs. There are always empty ones. */
static size_t find(const struct census *c, uint64_t key)
{
    size_t i = home(c, key);

    while (c->rows[i].count && c->rows[i].key != key)
        i = (i + 1) & (c->row_count - 1);
    return i;
}

static enum census_answer enter(struct census *c, uint64_t key)
{
    struct row *r = &c->rows[find(c, key)];

    if (c->total >= c->max)
        return CENSUS_FULL;
    if (r->count >= c->max_per_address)
        return CENSUS_ADDRESS_FULL;
    r->key = key;
    r->count++;
    c->total++;
    return CENSUS_ENTERED;
}

/* Moves up the rows behind an emptied one that could not be found any more. */
static void close_gap(struct census *c, size_t gap)
{
    size_t mask = c->row_count - 1;

    for (size_t i = (gap + 1) & mask; c->rows[i].count; i = (i + 1) & mask) {
        size_t wanted = home(c, c->rows[i].key);

        if (((i - wanted) & mask) < ((i - gap) & mask))
            continue;
        c->rows[gap] = c->rows[i];
        c->rows[i] = (struct row){ 0 };
        gap = i;
    }
}

enum census_answer census_enter(struct census *c, const struct sockaddr_storage *peer)
{
    enum census_answer answer;

    pthread_mutex_lock(&c->lock);
    answer = enter(c, key_of(peer));
    pthread_mutex_unlock(&c->lock);
    return answer;
}

void census_leave(struct census *c, const struct sockaddr_storage *peer)
{
    size_t i;

    pthread_mutex_lock(&c->lock);
    i = find(c, key_of(peer));
    if (c->rows[i].count) {
        c->total--;
        if (--c->rows[i].count == 0)
            close_gap(c, i);
    }
    pthread_mutex_unlock(&c->lock);
}
