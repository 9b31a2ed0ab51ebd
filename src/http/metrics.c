/* SPDX-License-Identifier: Apache-2.0 */
/* Counters and their text. Each family is one row of a table. */
#include "http/metrics.h"
#include "base/attr.h"
#include "base/log.h"
#include <inttypes.h>
#include <stdatomic.h>

enum { BUCKETS = 12, STATUSES = 12 };

/* Upper bounds in microseconds, and as Prometheus writes them in seconds. */
static const struct {
    uint64_t microseconds;
    const char *le;
} buckets[BUCKETS] = {
    { 50, "0.00005" },  { 100, "0.0001" },  { 250, "0.00025" }, { 500, "0.0005" },
    { 1000, "0.001" },  { 2500, "0.0025" }, { 5000, "0.005" },  { 10000, "0.01" },
    { 25000, "0.025" }, { 100000, "0.1" },  { 1000000, "1" },   { UINT64_MAX, "+Inf" },
};

/* The last row counts all others. */
static const unsigned statuses[STATUSES] = { 200, 400, 404, 405, 408, 411, 413, 415, 431, 500, 503, 0 };

static const char *const drop_names[METRICS_DROPS] = {
    [METRICS_DROP_PROTOCOL] = "protocol",
    [METRICS_DROP_CLIENT_CERTIFICATE] = "client_certificate",
    [METRICS_DROP_NO_EMS] = "no_extended_master_secret",
    [METRICS_DROP_ABORTED] = "aborted",
    [METRICS_DROP_HANDSHAKE_TIMEOUT] = "handshake_timeout",
    [METRICS_DROP_IDLE_TIMEOUT] = "idle_timeout",
    [METRICS_DROP_REQUEST_TIMEOUT] = "request_timeout",
    [METRICS_DROP_CONNECTION_LIMIT] = "connection_limit",
    [METRICS_DROP_ADDRESS_LIMIT] = "address_limit",
    [METRICS_DROP_MADE_ROOM] = "made_room",
    [METRICS_DROP_NO_MEMORY] = "no_memory",
};

static struct {
    atomic_uint_fast64_t counters[METRICS_COUNTERS];
    atomic_int_fast64_t open;
    atomic_uint_fast64_t drops[METRICS_DROPS];
    atomic_uint_fast64_t responses[STATUSES];
    atomic_uint_fast64_t reviews[STAGE_COUNT][ANSWER_COUNT];
    atomic_uint_fast64_t took[BUCKETS];
    atomic_uint_fast64_t took_microseconds;
    atomic_uint_fast64_t reloads[METRICS_RELOADS][METRICS_OUTCOMES];
} total;

static void add(atomic_uint_fast64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t get(atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_add(enum metrics_counter counter, uint64_t n)
{
    add(&total.counters[counter], n);
}

void metrics_connection_opened(void)
{
    add(&total.counters[METRICS_CONNECTIONS], 1);
    atomic_fetch_add_explicit(&total.open, 1, memory_order_relaxed);
}

void metrics_connection_closed(void)
{
    atomic_fetch_sub_explicit(&total.open, 1, memory_order_relaxed);
}

void metrics_dropped(enum metrics_drop reason)
{
    add(&total.drops[reason], 1);
}

void metrics_reloaded(enum metrics_reload what, enum metrics_outcome outcome)
{
    add(&total.reloads[what][outcome], 1);
}

void metrics_response(unsigned status)
{
    size_t i = 0;

    while (i < STATUSES - 1 && statuses[i] != status)
        i++;
    add(&total.responses[i], 1);
}

void metrics_review(enum stage stage, enum admission_answer answer, uint64_t microseconds)
{
    size_t i = 0;

    while (microseconds > buckets[i].microseconds)
        i++;
    add(&total.reviews[stage][answer], 1);
    add(&total.took[i], 1);
    add(&total.took_microseconds, microseconds);
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP fipsgate_%s %s\n# TYPE fipsgate_%s %s\n", name, help, name, type);
}

static void print_reviews(struct buf *out)
{
    head(out, "reviews_total", "counter", "Admission reviews answered, by stage and answer.");
    for (size_t s = 0; s < STAGE_COUNT; s++)
        for (size_t a = 0; a < ANSWER_COUNT; a++)
            buf_printf(out, "fipsgate_reviews_total{stage=\"%s\",answer=\"%s\"} %" PRIu64 "\n",
                       verdict_stage_name((enum stage)s), admission_answer_name((enum admission_answer)a),
                       get(&total.reviews[s][a]));
}

static void print_latency(struct buf *out)
{
    uint64_t sum = 0;

    head(out, "review_seconds", "histogram", "Time from a complete body to its answer.");
    for (size_t i = 0; i < BUCKETS; i++) {
        sum += get(&total.took[i]);
        buf_printf(out, "fipsgate_review_seconds_bucket{le=\"%s\"} %" PRIu64 "\n", buckets[i].le, sum);
    }
    buf_printf(out, "fipsgate_review_seconds_sum %.6f\n", (double)get(&total.took_microseconds) / 1e6);
    buf_printf(out, "fipsgate_review_seconds_count %" PRIu64 "\n", sum);
}

static void print_responses(struct buf *out)
{
    head(out, "http_responses_total", "counter", "HTTP responses of the webhook, by status code.");
    for (size_t i = 0; i < STATUSES - 1; i++)
        buf_printf(out, "fipsgate_http_responses_total{code=\"%u\"} %" PRIu64 "\n", statuses[i],
                   get(&total.responses[i]));
    buf_printf(out, "fipsgate_http_responses_total{code=\"other\"} %" PRIu64 "\n", get(&total.responses[STATUSES - 1]));
}

static void print_drops(struct buf *out)
{
    head(out, "connections_dropped_total", "counter", "Connections refused or ended by us, by reason.");
    for (size_t i = 0; i < METRICS_DROPS; i++)
        buf_printf(out, "fipsgate_connections_dropped_total{reason=\"%s\"} %" PRIu64 "\n", drop_names[i],
                   get(&total.drops[i]));
}

static void print_findings(struct buf *out)
{
    static const struct {
        const char *mode;
        enum metrics_counter counter;
    } modes[] = {
        { "enforce", METRICS_FINDINGS_ENFORCE },
        { "warn", METRICS_FINDINGS_WARN },
        { "audit", METRICS_FINDINGS_AUDIT },
    };

    head(out, "findings_total", "counter", "Findings that counted, by the mode they counted in.");
    for (size_t i = 0; i < ARRAY_LEN(modes); i++)
        buf_printf(out, "fipsgate_findings_total{mode=\"%s\"} %" PRIu64 "\n", modes[i].mode,
                   get(&total.counters[modes[i].counter]));
}

static void print_reloads(struct buf *out)
{
    static const char *const names[] = {
        [METRICS_RELOAD_POLICIES] = "policies", [METRICS_RELOAD_CERTIFICATE] = "certificate"
    };
    static const char *const outcomes[] = {
        [METRICS_FAILED] = "failed", [METRICS_SAME] = "unchanged", [METRICS_REPLACED] = "replaced"
    };

    head(out, "reloads_total", "counter", "Files read again, by what they hold and what came of it.");
    for (size_t i = 0; i < METRICS_RELOADS; i++)
        for (size_t k = 0; k < METRICS_OUTCOMES; k++)
            buf_printf(out, "fipsgate_reloads_total{what=\"%s\",outcome=\"%s\"} %" PRIu64 "\n", names[i], outcomes[k],
                       get(&total.reloads[i][k]));
    head(out, "reload_failures_total", "counter", "Reloads that failed: what was in use before is in use still.");
    for (size_t i = 0; i < METRICS_RELOADS; i++)
        buf_printf(out, "fipsgate_reload_failures_total{what=\"%s\"} %" PRIu64 "\n", names[i],
                   get(&total.reloads[i][METRICS_FAILED]));
}

static void print_counters(struct buf *out)
{
    static const struct {
        enum metrics_counter counter;
        const char *name, *help;
    } rows[] = {
        { METRICS_BYTES_IN, "received_bytes_total", "Plaintext bytes received from clients." },
        { METRICS_BYTES_OUT, "sent_bytes_total", "Plaintext bytes sent to clients." },
        { METRICS_CONNECTIONS, "connections_total", "Connections accepted." },
        { METRICS_HANDSHAKES, "tls_handshakes_total", "TLS handshakes finished and approved." },
        { METRICS_QUEUED, "queued_requests_total", "Requests that had to wait for memory." },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        head(out, rows[i].name, "counter", rows[i].help);
        buf_printf(out, "fipsgate_%s %" PRIu64 "\n", rows[i].name, get(&total.counters[rows[i].counter]));
    }
}

static void gauge(struct buf *out, const char *name, const char *help, uint64_t value)
{
    head(out, name, "gauge", help);
    buf_printf(out, "fipsgate_%s %" PRIu64 "\n", name, value);
}

static void print_facts(struct buf *out, const struct metrics_facts *f)
{
    int64_t open = atomic_load_explicit(&total.open, memory_order_relaxed);
    struct metrics_live live = { 0 };

    f->read(f->arg, &live);
    gauge(out, "connections", "Connections open now.", open > 0 ? (uint64_t)open : 0);
    gauge(out, "inflight_bytes", "Memory that reviews in flight have claimed.", live.budget_used);
    gauge(out, "inflight_limit_bytes", "What they may claim together (--max-inflight).", f->budget_max);
    gauge(out, "fips_active", "1: FIPS provider loaded, self-tested and proved; 0: --fips off.", f->fips_active);
    gauge(out, "policies", "Policies in use.", live.policies);
    gauge(out, "policies_since_seconds", "When the policy set in use was taken into use, in seconds since 1970.",
          (uint64_t)live.policies_since);
    gauge(out, "missing_site_rows", "Site facts that policies name and nobody supplied.", live.missing_sites);
    gauge(out, "certificate_not_after_seconds", "When the serving certificate ends, in seconds since 1970.",
          (uint64_t)live.certificate_not_after);
    gauge(out, "workers", "Worker threads.", f->workers);
    head(out, "log_lines_dropped_total", "counter",
         "Log lines that nobody took in time, or that could not be written.");
    buf_printf(out, "fipsgate_log_lines_dropped_total %" PRIu64 "\n", log_dropped());
    head(out, "build_info", "gauge", "Always 1; what is running.");
    buf_printf(out,
               "fipsgate_build_info{version=\"%s\",fips_provider=\"%s\",fips_version=\"%s\",policy_set=\"%s\"} 1\n",
               f->version, f->fips_provider, f->fips_version, live.policy_hash);
}

void metrics_print(struct buf *out, const struct metrics_facts *facts)
{
    print_reviews(out);
    print_latency(out);
    print_findings(out);
    print_responses(out);
    print_counters(out);
    print_drops(out);
    print_reloads(out);
    print_facts(out, facts);
}
