/* SPDX-License-Identifier: Apache-2.0 */
/* Counters and their text. What is counted while a review is answered comes
 * first, what is printed by whoever scrapes after it. */
#include "http/metrics.h"
#include "base/attr.h"
#include "base/log.h"
#include "http/exposition.h"
#include "http/process.h"
#include "http/tally.h"
#include "kube/kind.h"
#include <stdatomic.h>

enum { STATUSES = 12, KINDS = 64, OTHER_KIND = KINDS - 1, OTHER_OPERATION = OP_COUNT, OPERATIONS };
enum { EXCEPTIONS_MAX = 128 };

/* Upper bounds in nanoseconds, and as Prometheus writes them in seconds. */
static const struct {
    uint64_t nanoseconds;
    const char *le;
} bounds[] = {
    { 10000, "0.00001" },  { 25000, "0.000025" },  { 50000, "0.00005" },  { 100000, "0.0001" },  { 250000, "0.00025" },
    { 500000, "0.0005" },  { 1000000, "0.001" },   { 2500000, "0.0025" }, { 5000000, "0.005" },  { 10000000, "0.01" },
    { 25000000, "0.025" }, { 50000000, "0.05" },   { 100000000, "0.1" },  { 250000000, "0.25" }, { 500000000, "0.5" },
    { 1000000000, "1" },   { UINT64_MAX, "+Inf" },
};

/* The last row counts all others. */
static const unsigned statuses[STATUSES] = { 200, 400, 404, 405, 408, 411, 413, 415, 431, 500, 503, 0 };

struct histogram {
    atomic_uint_fast64_t counts[ARRAY_LEN(bounds)];
    atomic_uint_fast64_t nanoseconds;
};

static struct {
    atomic_uint_fast64_t counters[METRICS_COUNTERS];
    atomic_int_fast64_t gauges[METRICS_GAUGES];
    atomic_uint_fast64_t drops[METRICS_DROPS];
    atomic_uint_fast64_t responses[STATUSES];
    atomic_uint_fast64_t reviews[STAGE_COUNT][OPERATIONS][KINDS][ANSWER_COUNT];
    struct histogram review, decode, evaluate;
    atomic_uint_fast64_t reloads[METRICS_RELOADS][METRICS_OUTCOMES];
} total;

static struct tally findings =
    TALLY_INIT("fipsgate_findings_total", "Findings that counted, by the mode they counted in.", TALLY_MAX, "policy",
               "rule", "layer", "mode");
static struct tally exceptions =
    TALLY_INIT("fipsgate_exceptions_used_total", "Findings that an exception lifted.", EXCEPTIONS_MAX, "exception");

static void add(atomic_uint_fast64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t get(atomic_uint_fast64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/* Counting. */

void metrics_add(enum metrics_counter counter, uint64_t n)
{
    add(&total.counters[counter], n);
}

void metrics_move(enum metrics_gauge gauge, int by)
{
    atomic_fetch_add_explicit(&total.gauges[gauge], by, memory_order_relaxed);
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

static void observe(struct histogram *h, uint64_t nanoseconds)
{
    size_t i = 0;

    while (nanoseconds > bounds[i].nanoseconds)
        i++;
    add(&h->counts[i], 1);
    add(&h->nanoseconds, nanoseconds);
}

/* Of a request that could not be read so far neither kind nor operation is known. */
static size_t kind_index(const struct request *r)
{
    const struct kind *k = r->gvk.kind.p ? kind_find(r->gvk.group, r->gvk.kind) : NULL;
    size_t i = k ? (size_t)(k - kind_at(0)) : OTHER_KIND;

    return i < OTHER_KIND ? i : OTHER_KIND;
}

static void count_findings(const struct verdict *v)
{
    for (size_t i = 0; i < v->judgement_count; i++) {
        const struct judgement *j = &v->judgements[i];
        const struct sv labels[] = { j->policy, j->rule_name, j->layer, sv_from(verdict_mode_name(j->mode)) };

        if (j->mode != MODE_OFF && j->result != RESULT_PASS)
            tally_count(&findings, labels);
        if (j->result == RESULT_EXCEPTED)
            tally_count(&exceptions, &j->exception->name);
    }
}

void metrics_review(const struct admission_record *record, enum stage stage, uint64_t nanoseconds)
{
    const struct request *r = &record->request;
    size_t operation = r->gvk.kind.p ? (size_t)r->operation : OTHER_OPERATION;

    add(&total.reviews[stage][operation][kind_index(r)][record->answer], 1);
    observe(&total.review, nanoseconds);
    if (record->took.decode)
        observe(&total.decode, record->took.decode);
    if (record->took.evaluate)
        observe(&total.evaluate, record->took.evaluate);
    if (record->answer == ANSWER_PATCHED)
        metrics_add(METRICS_PATCHES, 1);
    count_findings(&record->verdict);
}

/* What a policy finds counts in its own mode or a milder one. */
static void learn_policy(const struct policy *p)
{
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct compiled_rule *r = &p->rules[i];
        struct sv layer = p->layer.p ? p->layer : sv_from(r->rule->layer);

        for (int mode = (int)p->mode; mode > MODE_OFF; mode--) {
            const struct sv labels[] = { p->name, r->name, layer, sv_from(verdict_mode_name((enum mode)mode)) };

            tally_learn(&findings, labels);
        }
    }
}

void metrics_learn(const struct policy_set *set)
{
    for (size_t i = 0; i < set->policy_count; i++)
        learn_policy(&set->policies[i]);
    for (size_t i = 0; i < set->exception_count; i++)
        tally_learn(&exceptions, &set->exceptions[i].name);
}

/* Printing. */

static const struct {
    const char *name, *help;
} counter_rows[METRICS_COUNTERS] = {
    [METRICS_BYTES_IN] = { "fipsgate_received_bytes_total", "Plaintext bytes received from clients." },
    [METRICS_BYTES_OUT] = { "fipsgate_sent_bytes_total", "Plaintext bytes sent to clients." },
    [METRICS_CONNECTIONS] = { "fipsgate_connections_total", "Connections accepted." },
    [METRICS_HANDSHAKES] = { "fipsgate_tls_handshakes_total", "TLS handshakes finished and approved." },
    [METRICS_QUEUED] = { "fipsgate_queued_requests_total", "Requests that had to wait for memory." },
    [METRICS_PATCHES] = { "fipsgate_patches_total", "Answers of /mutate that carried a patch." },
}, gauge_rows[METRICS_GAUGES] = {
    [METRICS_OPEN_CONNECTIONS] = { "fipsgate_connections", "Connections open now." },
    [METRICS_REQUESTS] = { "fipsgate_inflight_requests", "Requests whose header has come and whose answer is not out." },
};

static const char *const drop_names[METRICS_DROPS] = {
    [METRICS_DROP_PROTOCOL] = "protocol",
    [METRICS_DROP_CLIENT_CERTIFICATE] = "client_certificate",
    [METRICS_DROP_NO_EMS] = "no_extended_master_secret",
    [METRICS_DROP_FIPS] = "fips_error",
    [METRICS_DROP_ABORTED] = "aborted",
    [METRICS_DROP_HANDSHAKE_TIMEOUT] = "handshake_timeout",
    [METRICS_DROP_IDLE_TIMEOUT] = "idle_timeout",
    [METRICS_DROP_REQUEST_TIMEOUT] = "request_timeout",
    [METRICS_DROP_CONNECTION_LIMIT] = "connection_limit",
    [METRICS_DROP_ADDRESS_LIMIT] = "address_limit",
    [METRICS_DROP_MADE_ROOM] = "made_room",
    [METRICS_DROP_NO_MEMORY] = "no_memory",
};

#define LABEL(name, value) ((struct exposition_label){ (name), (value) })

/* There are thousands of these, of which a cluster has some dozens: only what has happened. */
static void print_review(struct buf *out, size_t stage, size_t operation, size_t kind, size_t answer)
{
    uint64_t count = get(&total.reviews[stage][operation][kind][answer]);
    bool is_known = kind != OTHER_KIND;
    const struct exposition_label labels[] = {
        LABEL("stage", sv_from(verdict_stage_name((enum stage)stage))),
        LABEL("operation",
              operation == OTHER_OPERATION ? SV("other") : sv_from(request_operation_name((enum operation)operation))),
        LABEL("group", is_known ? kind_at(kind)->group : SV("other")),
        LABEL("kind", is_known ? kind_at(kind)->kind : SV("other")),
        LABEL("answer", sv_from(admission_answer_name((enum admission_answer)answer))),
    };

    if (count)
        exposition_sample(out, "fipsgate_reviews_total", labels, ARRAY_LEN(labels), count);
}

static void print_reviews(struct buf *out)
{
    size_t known = kind_count() < OTHER_KIND ? kind_count() : OTHER_KIND;

    exposition_family(out, "fipsgate_reviews_total", "counter",
                      "Reviews answered, by stage, operation, kind of object and answer.");
    for (size_t s = 0; s < STAGE_COUNT; s++)
        for (size_t o = 0; o < OPERATIONS; o++)
            for (size_t k = 0; k <= known; k++)
                for (size_t a = 0; a < ANSWER_COUNT; a++)
                    print_review(out, s, o, k < known ? k : OTHER_KIND, a);
}

static void print_histogram(struct buf *out, struct histogram *h, const char *name, const char *help)
{
    CLEANUP(buf_fini) struct buf bucket = BUF_INIT(128);
    uint64_t sum = 0;

    exposition_family(out, name, "histogram", help);
    buf_printf(&bucket, "%s_bucket", name);
    buf_add_char(&bucket, '\0');
    for (size_t i = 0; buf_ok(&bucket) && i < ARRAY_LEN(bounds); i++) {
        sum += get(&h->counts[i]);
        exposition_sample(out, bucket.p, &LABEL("le", sv_from(bounds[i].le)), 1, sum);
    }
    buf_printf(out, "%s_sum %.9f\n%s_count %llu\n", name, (double)get(&h->nanoseconds) / 1e9, name,
               (unsigned long long)sum);
}

static void print_responses(struct buf *out)
{
    static const char name[] = "fipsgate_http_responses_total";

    exposition_family(out, name, "counter", "HTTP responses of the webhook, by status code.");
    for (size_t i = 0; i < STATUSES; i++) {
        char digits[] = { (char)('0' + statuses[i] / 100), (char)('0' + statuses[i] / 10 % 10),
                          (char)('0' + statuses[i] % 10) };
        struct sv code = statuses[i] ? (struct sv){ digits, sizeof(digits) } : SV("other");

        exposition_sample(out, name, &LABEL("code", code), 1, get(&total.responses[i]));
    }
}

static void print_counters(struct buf *out)
{
    static const char drops[] = "fipsgate_connections_dropped_total";

    for (size_t i = 0; i < METRICS_COUNTERS; i++)
        exposition_counter(out, counter_rows[i].name, counter_rows[i].help, get(&total.counters[i]));
    for (size_t i = 0; i < METRICS_GAUGES; i++)
        exposition_gauge(out, gauge_rows[i].name, gauge_rows[i].help,
                         atomic_load_explicit(&total.gauges[i], memory_order_relaxed));
    exposition_counter(out, "fipsgate_log_lines_dropped_total",
                       "Log lines that nobody took in time, or that could not be written.", log_dropped());
    exposition_family(out, drops, "counter", "Connections refused or ended by us, by reason.");
    for (size_t i = 0; i < METRICS_DROPS; i++)
        exposition_sample(out, drops, &LABEL("reason", sv_from(drop_names[i])), 1, get(&total.drops[i]));
}

static void print_reloads(struct buf *out)
{
    static const char reloads[] = "fipsgate_reloads_total", failures[] = "fipsgate_reload_failures_total";
    static const struct sv names[] = {
        [METRICS_RELOAD_POLICIES] = SV_INIT("policies"),
        [METRICS_RELOAD_CERTIFICATE] = SV_INIT("certificate"),
    };
    static const struct sv outcomes[] = {
        [METRICS_FAILED] = SV_INIT("failed"),
        [METRICS_SAME] = SV_INIT("unchanged"),
        [METRICS_REPLACED] = SV_INIT("replaced"),
    };

    exposition_family(out, reloads, "counter", "Files read again, by what they hold and what came of it.");
    for (size_t i = 0; i < METRICS_RELOADS; i++)
        for (size_t k = 0; k < METRICS_OUTCOMES; k++) {
            const struct exposition_label labels[] = { LABEL("what", names[i]), LABEL("outcome", outcomes[k]) };

            exposition_sample(out, reloads, labels, ARRAY_LEN(labels), get(&total.reloads[i][k]));
        }
    exposition_family(out, failures, "counter", "Reloads that failed: what was in use before is in use still.");
    for (size_t i = 0; i < METRICS_RELOADS; i++)
        exposition_sample(out, failures, &LABEL("what", names[i]), 1, get(&total.reloads[i][METRICS_FAILED]));
}

static void print_policies(struct buf *out, const struct metrics_live *live)
{
    static const char info[] = "fipsgate_policy_set_info", ends[] = "fipsgate_exception_end_seconds";
    int64_t age = (int64_t)time(NULL) - live->policies_since;
    const struct exposition_label labels[] = {
        LABEL("hash", sv_from(live->policy_hash)),
        LABEL("max_mode", sv_from(verdict_mode_name(live->max_mode))),
    };

    exposition_family(out, info, "gauge",
                      "Always 1; the digest of the policies and facts in use, and the mode they are lowered to.");
    exposition_sample(out, info, labels, ARRAY_LEN(labels), 1);
    exposition_gauge(out, "fipsgate_policy_set_age_seconds", "How long the policy set in use has been in use.",
                     age > 0 ? age : 0);
    exposition_gauge(out, "fipsgate_policies", "Policies in use.", (int64_t)live->policies);
    exposition_gauge(out, "fipsgate_rules", "Rules in use.", (int64_t)live->rules);
    exposition_gauge(out, "fipsgate_missing_site_rows", "Site facts that policies name and nobody supplied.",
                     (int64_t)live->missing_sites);
    exposition_gauge(out, "fipsgate_exceptions", "Exceptions that count today.", (int64_t)live->exceptions);
    exposition_family(out, ends, "gauge",
                      "When the first of the exceptions stops counting, in seconds since 1970; absent without any.");
    if (live->exception_ends)
        exposition_sample(out, ends, NULL, 0, (uint64_t)live->exception_ends);
}

static void print_fips(struct buf *out, const struct metrics_facts *f, const struct metrics_live *live)
{
    static const char info[] = "fipsgate_fips_info";
    const struct exposition_label labels[] = {
        LABEL("provider", sv_from(f->fips_provider)),
        LABEL("version", sv_from(f->fips_version)),
        LABEL("build", sv_from(f->fips_build)),
        LABEL("self_test", sv_from(f->fips_self_test)),
        LABEL("certificate", sv_from(live->fips_certificate)),
        LABEL("certificate_status", sv_from(live->fips_certificate_status)),
    };

    exposition_gauge(out, "fipsgate_fips_active",
                     "1: FIPS provider loaded, self-tested, proved and working; 0: --fips off, or in its error state.",
                     live->fips_is_running);
    exposition_gauge(out, "fipsgate_fips_validated",
                     "1: facts list an active CMVP certificate for exactly this version of the provider.",
                     live->fips_is_validated);
    exposition_family(out, info, "gauge", "Always 1; the FIPS provider in use, and its certificate by the facts.");
    exposition_sample(out, info, labels, ARRAY_LEN(labels), 1);
}

static void print_server(struct buf *out, const struct metrics_facts *f, const struct metrics_live *live)
{
    static const char info[] = "fipsgate_build_info";
    const struct exposition_label labels[] = {
        LABEL("version", sv_from(f->version)),
        LABEL("openssl", sv_from(f->openssl)),
    };

    exposition_gauge(out, "fipsgate_inflight_bytes", "Memory that reviews in flight have claimed.",
                     (int64_t)live->budget_used);
    exposition_gauge(out, "fipsgate_inflight_limit_bytes", "What they may claim together (--max-inflight).",
                     (int64_t)f->budget_max);
    exposition_gauge(out, "fipsgate_certificate_not_after_seconds",
                     "When the serving certificate ends, in seconds since 1970.", live->certificate_not_after);
    exposition_gauge(out, "fipsgate_workers", "Worker threads.", (int64_t)f->workers);
    exposition_family(out, info, "gauge", "Always 1; what is running.");
    exposition_sample(out, info, labels, ARRAY_LEN(labels), 1);
}

void metrics_print(struct buf *out, const struct metrics_facts *facts)
{
    struct metrics_live live = { .fips_certificate_status = "" };

    facts->read(facts->arg, &live);
    print_reviews(out);
    print_histogram(out, &total.review, "fipsgate_review_seconds", "Time from a complete body to its answer.");
    print_histogram(out, &total.decode, "fipsgate_decode_seconds", "Time to parse a review and read its fields.");
    print_histogram(out, &total.evaluate, "fipsgate_evaluate_seconds", "Time to judge what a review asks about.");
    tally_print(&findings, out);
    tally_print(&exceptions, out);
    print_responses(out);
    print_counters(out);
    print_reloads(out);
    print_policies(out, &live);
    print_fips(out, facts, &live);
    print_server(out, facts, &live);
    process_print(out);
}
