/* SPDX-License-Identifier: Apache-2.0 */
/* Every part is zero until it is made, so that one function can take down
 * whatever had been put up. */
#include "cli/service.h"
#include "base/file.h"
#include "cli/cmd_version.h"
#include "cli/health.h"
#include "http/budget.h"
#include "http/metrics.h"
#include "http/probe.h"
#include "net/census.h"
#include "net/cpus.h"
#include "net/limits.h"
#include "net/listener.h"
#include "net/tls.h"
#include "net/worker.h"
#include "policy/policy.h"
#include <unistd.h>

enum { WORKERS_MAX = 64, ARENA_MAX = 1 << 20, OWN_NAMESPACE_MAX = 256, VERSION_MAX = 4096 };

struct service {
    const struct service_options *options;
    struct arena arena; /* small things that live as long as the service */
    struct fips_status fips;
    struct policy_set *policies;
    SSL_CTX *tls;
    struct limits limits;
    struct census *census;
    struct budget *budget;
    struct exchange_config http;
    struct worker *workers[WORKERS_MAX];
    size_t worker_count;
    struct health health;
    struct metrics_facts facts;
    struct buf version;
    struct probe *probe;
    struct sockaddr_storage at, probe_at; /* where it listens */
    int probe_fd;
};

static bool check_options(const struct service_options *o, struct err *e)
{
    if (!o->tls_cert || !o->tls_key)
        return err_set(e, ERR_INPUT, "there is no certificate: give --tls-cert FILE and --tls-key FILE");
    if (!o->max_body)
        return err_set(e, ERR_INPUT, "--max-body must be more than nothing");
    if (o->max_inflight < EXCHANGE_ARENA_MAX || o->max_inflight - EXCHANGE_ARENA_MAX < o->max_body)
        return err_set(e, ERR_INPUT,
                       "--max-inflight must have room for one review: --max-body and another %d MiB to judge it in",
                       EXCHANGE_ARENA_MAX >> 20);
    if (o->workers > WORKERS_MAX)
        return err_set(e, ERR_INPUT, "--workers must be at most %d", WORKERS_MAX);
    return true;
}

static bool set_up_fips(struct service *s, struct err *e)
{
    if (s->options->fips == FIPS_OFF)
        return fips_off(&s->fips, e);
    if (fips_require(s->options->openssl_conf, &s->fips, e))
        return true;
    e->code = ERR_TLS; /* whatever it was, it is the machine that lacks it */
    return false;
}

static bool load_policies(struct service *s, struct err *e)
{
    const struct service_options *o = s->options;
    struct policy_sources sources = {
        .policies = o->policies.items,
        .policy_count = o->policies.count,
        .facts = o->facts.items,
        .fact_count = o->facts.count,
    };

    s->policies = policy_set_load(&sources, e);
    return s->policies != NULL;
}

/* The namespaces that were given, and the one we run in. */
static bool list_never_deny(struct service *s, struct err *e)
{
    static const char own[] = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
    const struct opt_values *given = &s->options->never_deny;
    struct sv *items = arena_array(&s->arena, given->count + 1, struct sv);
    struct err ignored = { 0 };

    if (!items)
        return err_nomem(e);
    for (size_t i = 0; i < given->count; i++)
        items[i] = sv_from(given->items[i]);
    s->http.basis.never_deny = (struct strings){ items, given->count };
    if (file_type(own) == FILE_PLAIN && file_read(own, OWN_NAMESPACE_MAX, &s->arena, &items[given->count], &ignored))
        s->http.basis.never_deny.count++;
    return true;
}

static bool set_up_memory(struct service *s, struct err *e)
{
    const struct service_options *o = s->options;

    s->limits = limits_default(limits_raise_descriptors());
    s->census = census_new(s->limits.connections, s->limits.connections_per_address, e);
    if (!s->census)
        return false;
    s->budget = budget_new(o->max_inflight, EXCHANGE_ARENA_MAX, e);
    if (!s->budget)
        return false;
    s->http.basis.policies = s->policies;
    s->http.max_body = o->max_body;
    s->http.queue_ms = o->queue_ms;
    s->http.budget = s->budget;
    return list_never_deny(s, e);
}

static bool add_worker(struct service *s, struct err *e)
{
    const struct worker_config config = {
        .tls = s->tls,
        .census = s->census,
        .limits = &s->limits,
        .http = &s->http,
        .max_connections = (unsigned)s->limits.connections,
    };
    int fd;

    if (!listener_open(&s->at, &fd, e))
        return false;
    /* The first one asked for a port, the others share what it was given. */
    if (listener_address(fd, &s->at, e))
        s->workers[s->worker_count] = worker_new(&config, fd, e);
    if (s->workers[s->worker_count]) {
        s->worker_count++;
        return true;
    }
    close(fd);
    return false;
}

static bool open_sockets(struct service *s, struct err *e)
{
    size_t wanted = s->options->workers ? s->options->workers : cpus_available();

    if (!listener_parse(s->options->listen, &s->at, e) || !listener_parse(s->options->probe_listen, &s->probe_at, e))
        return false;
    if (!listener_is_free(&s->at, e))
        return false;
    for (size_t i = 0; i < wanted && i < WORKERS_MAX; i++)
        if (!add_worker(s, e))
            return false;
    return listener_is_free(&s->probe_at, e) && listener_open(&s->probe_at, &s->probe_fd, e) &&
           listener_address(s->probe_fd, &s->probe_at, e);
}

static size_t used(const void *arg)
{
    return budget_used(((const struct service *)arg)->budget);
}

static bool start_probe(struct service *s, struct err *e)
{
    struct probe_config config = {
        .fd = s->probe_fd, .checks = s->health.checks, .check_count = HEALTH_CHECKS, .facts = &s->facts
    };

    s->version = (struct buf)BUF_INIT(VERSION_MAX);
    cmd_version_json(&s->version, &s->fips, "");
    config.version = buf_sv(&s->version);
    s->health.fips = &s->fips;
    s->health.policies = s->policies;
    s->health.workers = s->workers;
    s->health.worker_count = s->worker_count;
    health_init(&s->health);
    s->facts = (struct metrics_facts){
        .version = cmd_version_own(),
        .policy_hash = s->policies->hash,
        .fips_provider = s->fips.name,
        .fips_version = s->fips.version,
        .fips_active = s->fips.is_active,
        .policies = s->policies->policy_count,
        .missing_sites = s->policies->missing.count,
        .workers = s->worker_count,
        .budget_max = s->options->max_inflight,
        .budget_used = used,
        .budget_arg = s,
    };
    s->probe = probe_start(&config, e);
    if (s->probe)
        s->probe_fd = -1;
    return s->probe != NULL;
}

/* The first line of a run says all that a verdict depends on. */
static void tell(struct service *s)
{
    CLEANUP(buf_fini) struct buf missing = BUF_INIT(ARENA_MAX);
    struct log_field fields[] = {
        LOG_S("version", sv_from(cmd_version_own())),
        LOG_S("listen", listener_print(&s->at, &s->arena)),
        LOG_S("probe", listener_print(&s->probe_at, &s->arena)),
        LOG_S("policySet", s->policies->name),
        LOG_N("policies", s->policies->policy_count),
        LOG_N("rules", s->policies->rule_count),
        LOG_S("policyHash", sv_from(s->policies->hash)),
        LOG_B("fips", s->fips.is_active),
        LOG_S("fipsProvider", sv_from(s->fips.name)),
        LOG_S("fipsVersion", sv_from(s->fips.version)),
        LOG_S("fipsSelfTest", sv_from(s->fips.self_test)),
        LOG_S("fipsNote", sv_from(fips_note(&s->fips))),
        LOG_S("missingSiteRows", SV("")),
        LOG_N("workers", s->worker_count),
        LOG_N("maxConnections", s->limits.connections),
    };

    health_print_missing(&missing, &s->policies->missing);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (strcmp(fields[i].name, "missingSiteRows") == 0)
            fields[i].text = buf_sv(&missing);
    log_line(LOG_INFO, SV("fipsgate serves"), fields, ARRAY_LEN(fields));
    if (!s->fips.is_active)
        log_at(LOG_WARN, "%s", fips_note(&s->fips));
}

static bool start_workers(struct service *s, struct err *e)
{
    for (size_t i = 0; i < s->worker_count; i++)
        if (!worker_start(s->workers[i], e))
            return false;
    return true;
}

static bool assemble(struct service *s, struct err *e)
{
    if (!check_options(s->options, e) || !set_up_fips(s, e) || !load_policies(s, e))
        return false;
    s->tls = tls_context_new(s->options->tls_cert, s->options->tls_key, e);
    if (!s->tls)
        return false;
    if (!set_up_memory(s, e) || !open_sockets(s, e) || !start_probe(s, e))
        return false;
    tell(s);
    return start_workers(s, e);
}

struct service *service_start(const struct service_options *options, struct err *e)
{
    struct service *s = calloc(1, sizeof(*s));

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    s->options = options;
    s->arena.max = ARENA_MAX;
    s->probe_fd = -1;
    if (assemble(s, e))
        return s;
    service_stop(s, 0);
    return NULL;
}

void service_stop(struct service *s, uint64_t limit_ms)
{
    if (!s)
        return;
    atomic_store(&s->health.is_stopping, true);
    for (size_t i = 0; i < s->worker_count; i++)
        worker_stop(s->workers[i], limit_ms);
    for (size_t i = 0; i < s->worker_count; i++)
        worker_join(s->workers[i]);
    probe_stop(s->probe);
    for (size_t i = 0; i < s->worker_count; i++)
        worker_free(s->workers[i]);
    if (s->probe_fd >= 0)
        close(s->probe_fd);
    budget_free(s->budget);
    census_free(s->census);
    tls_context_freep(&s->tls);
    policy_set_free(s->policies);
    buf_fini(&s->version);
    arena_fini(&s->arena);
    free(s);
}
