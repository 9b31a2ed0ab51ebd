/* SPDX-License-Identifier: Apache-2.0 */
/* The checks themselves. */
#include "cli/health.h"
#include "base/attr.h"
#include <time.h>

enum { WORKER_STUCK_MS = 10000 }; /* a worker's loop turns at least once a second */

static bool fips_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;

    if (h->fips->is_active)
        buf_printf(text, "%s %s, self test %s; ", h->fips->name, h->fips->version, h->fips->self_test);
    buf_add(text, sv_from(fips_note(h->fips)));
    return true;
}

static bool policies_ok(const void *arg, struct buf *text)
{
    const struct health *h = arg;
    struct store_pin pin = store_pin(h->store);
    const struct policy_set *p = pin.policies;

    buf_printf(text, "%zu policies, %zu rules of ", p->policy_count, p->rule_count);
    buf_add(text, p->name);
    buf_printf(text, ", hash %s", p->hash);
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

void health_print_missing(struct buf *out, const struct missing_sites *missing)
{
    for (size_t i = 0; i < missing->count; i++) {
        buf_add(out, i ? SV(", ") : SV(""));
        buf_add(out, missing->names[i]);
    }
    if (!missing->count)
        buf_add(out, SV("none"));
}
