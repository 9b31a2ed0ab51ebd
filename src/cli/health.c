/* SPDX-License-Identifier: Apache-2.0 */
/* The checks themselves. */
#include "cli/health.h"
#include "base/attr.h"
#include "cli/fips_note.h"
#include "policy/exempt.h"
#include <time.h>

enum {
    WORKER_STUCK_MS = 10000, /* a worker's loop turns at least once a second */
    DAY_S = 24 * 60 * 60,
};

static bool fips_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    const struct fips_status *fips = h->fips;
    struct store_pin pin = store_pin(h->store);

    if (fips->is_active)
        buf_printf(text, "%s %s, build %s, self test %s; ", fips->name, fips->version, fips->build, fips->self_test);
    fips_note_print(text, fips, pin.policies->facts);
    store_unpin(h->store, &pin);
    return fips_is_running(fips);
}

static bool policies_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    struct store_pin pin = store_pin(h->store);
    const struct policy_set *p = pin.policies;

    buf_printf(text, "%zu policies, %zu rules of ", p->policy_count, p->rule_count);
    buf_add(text, p->name);
    buf_printf(text, ", hash %s", p->hash);
    if (p->max_mode != MODE_ENFORCE)
        buf_printf(text, "; NOTHING IS DENIED OR REPAIRED: --max-mode %s", verdict_mode_name(p->max_mode));
    store_unpin(h->store, &pin);
    return true;
}

static bool exceptions_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    struct store_pin pin = store_pin(h->store);
    const struct exception *first;
    size_t count = health_exceptions(pin.policies, &first), given = pin.policies->exception_count;

    buf_printf(text, "%zu count", count);
    if (first)
        buf_printf(text, ", the first ends in %ld days (%.*s, last day %04d-%02d-%02d)",
                   date_days(first->expires) + 1 - date_days(date_today()), SV_ARG(first->name), first->expires.year,
                   first->expires.month, first->expires.day);
    if (given > count)
        buf_printf(text, "; %zu do not count", given - count);
    store_unpin(h->store, &pin);
    return true;
}

/* Not an error: such rules judge, they only cannot repair. */
static bool site_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    struct store_pin pin = store_pin(h->store);

    buf_add(text, SV("missing: "));
    health_print_missing(text, &pin.policies->missing);
    store_unpin(h->store, &pin);
    return true;
}

/* Nor is this: what is in use goes on. */
static bool reload_ok(const void *arg, struct buf *text)
{
    reload_print(((const struct health *)arg)->reload, text);
    return true;
}

/* An expired one is told, but is no reason to be unready: all replicas have the
 * same, and where it is this node's clock that is wrong, clients are content. */
static bool certificate_ok(const void *arg, struct buf *text)
{
    struct cert_store_life life = cert_store_life(((const struct health *)arg)->certs);
    int64_t now = (int64_t)time(NULL), left = life.not_after - now;
    struct tm utc = { 0 };
    time_t end = (time_t)life.not_after;

    gmtime_r(&end, &utc);
    buf_printf(text, "%s %04d-%02d-%02dT%02d:%02d:%02dZ", left > 0 ? "until" : "EXPIRED", utc.tm_year + 1900,
               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (now < life.not_before)
        buf_add(text, SV(", but it does not count yet"));
    return true;
}

static bool workers_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    uint64_t oldest = 0;

    for (size_t i = 0; i < h->worker_count; i++) {
        uint64_t age = worker_age_ms(h->workers[i]);

        oldest = age > oldest ? age : oldest;
    }
    if (oldest < WORKER_STUCK_MS)
        buf_printf(text, "%zu turning", h->worker_count);
    else
        buf_printf(text, "one has not turned for %llu ms", (unsigned long long)oldest);
    return oldest < WORKER_STUCK_MS;
}

static bool accepting_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    bool stopping = atomic_load(&h->is_stopping);

    buf_add(text, stopping ? SV("stopping") : SV("yes"));
    return !stopping;
}

void health_init(struct health *h)
{
    static const struct probe_check checks[HEALTH_CHECKS] = {
        { .name = "fips", .ok = fips_ok },
        { .name = "policies", .ok = policies_ok },
        { .name = "exceptions", .ok = exceptions_ok },
        { .name = "site-rows", .ok = site_ok },
        { .name = "reload", .ok = reload_ok },
        { .name = "certificate", .ok = certificate_ok },
        { .name = "workers", .ok = workers_ok, .for_live = true },
        { .name = "accepting", .ok = accepting_ok },
    };

    memcpy(h->checks, checks, sizeof(checks));
    for (size_t i = 0; i < HEALTH_CHECKS; i++)
        h->checks[i].arg = h;
}

size_t health_exceptions(const struct policy_set *set, const struct exception **first)
{
    struct date today = date_today();
    size_t count = 0;

    *first = NULL;
    for (size_t i = 0; i < set->exception_count; i++) {
        const struct exception *x = &set->exceptions[i];

        if (!exempt_counts(x, today))
            continue;
        count++;
        if (!*first || date_compare(x->expires, (*first)->expires) < 0)
            *first = x;
    }
    return count;
}

int64_t health_exception_end(const struct exception *x)
{
    return (date_days(x->expires) + 1) * (int64_t)DAY_S;
}

void health_print_missing(struct buf *out, const struct missing_sites *missing)
{
    for (size_t i = 0; i < missing->count; i++) {
        buf_add(out, i ? SV(", ") : SV(""));
        buf_add(out, missing->names[i]);
    }
    if (!missing->count)
        buf_add(out, SV("none"));
}
