/* SPDX-License-Identifier: Apache-2.0 */
/* Every part is zero until it is made, so that one function can take down
 * whatever had been put up. */
#include "cli/service.h"
#include "base/file.h"
#include "cli/cmd_version.h"
#include "cli/fips_note.h"
#include "cli/health.h"
#include "cli/reload.h"
#include "http/budget.h"
#include "http/metrics.h"
#include "http/probe.h"
#include "http/screen.h"
#include "net/census.h"
#include "net/cert_store.h"
#include "net/cpus.h"
#include "net/limits.h"
#include "net/listener.h"
#include "net/worker.h"
#include "policy/store.h"
#include <time.h>
#include <unistd.h>

enum { FIRST_RESERVE = 4 << 20 }; /* for the beginnings of 64 bodies */
enum { WORKERS_MAX = 64, ARENA_MAX = 1 << 20, OWN_NAMESPACE_MAX = 256, NOTE_MAX = 4096 };

struct service {
    const struct service_options *options;
    struct arena arena; /* small things that live as long as the service */
    struct fips_status fips;
    struct policy_sources sources;
    struct tls_files files;
    struct store *store;
    struct cert_store *certs;
    struct reload *reload;
    struct limits limits;
    struct census *census;
    struct budget *budget;
    struct exchange_config http;
    struct worker *workers[WORKERS_MAX];
    size_t worker_count;
    struct health health;
    struct metrics_facts facts;
    struct probe *probe;
    struct sockaddr_storage at, probe_at; /* where it listens */
    int probe_fd;
};

static bool check_limits(const struct limits *l, size_t max_requests, struct err *e)
{
    bool has_times = l->handshake_ms > 0;

    for (size_t i = 0; i < SERVER_PHASES; i++)
        has_times = has_times && l->phase_ms[i] > 0;
    if (!has_times)
        return err_set(e, ERR_INPUT, "a timeout of nothing lets nobody in: give each at least 1ms");
    if (l->max_head < SCREEN_HEAD_MIN || l->max_head > SCREEN_HEAD_MAX)
        return err_set(e, ERR_INPUT, "--max-header must be from %d to %d KiB", SCREEN_HEAD_MIN >> 10,
                       SCREEN_HEAD_MAX >> 10);
    return max_requests || err_set(e, ERR_INPUT, "--max-requests must be more than nothing");
}

static bool check_options(const struct service_options *o, struct err *e)
{
    if (!o->tls_cert || !o->tls_key)
        return err_set(e, ERR_INPUT, "there is no certificate: give --tls-cert FILE and --tls-key FILE");
    if (o->client_names.count && !o->client_ca)
        return err_set(e, ERR_INPUT, "--client-name asks for certificates that nobody verifies: give --client-ca FILE");
    if (!o->max_body)
        return err_set(e, ERR_INPUT, "--max-body must be more than nothing");
    if (o->max_arena < EXCHANGE_ARENA_MIN || o->max_arena > EXCHANGE_ARENA_MAX)
        return err_set(e, ERR_INPUT, "--max-arena must be from %d to %d MiB", EXCHANGE_ARENA_MIN >> 20,
                       EXCHANGE_ARENA_MAX >> 20);
    if (o->max_inflight < o->max_arena + FIRST_RESERVE || o->max_inflight - o->max_arena - FIRST_RESERVE < o->max_body)
        return err_set(e, ERR_INPUT,
                       "--max-inflight must have room for one review: --max-body, --max-arena to judge it in, and "
                       "%d MiB for small ones beside it",
                       FIRST_RESERVE >> 20);
    if (o->workers > WORKERS_MAX)
        return err_set(e, ERR_INPUT, "--workers must be at most %d", WORKERS_MAX);
    return check_limits(&o->limits, o->max_requests, e);
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
    struct policy_set *first;

    s->sources = (struct policy_sources){
        .policies = o->policies.items,
        .policy_count = o->policies.count,
        .facts = o->facts.items,
        .fact_count = o->facts.count,
        .max_mode = o->max_mode,
    };
    first = policy_set_load(&s->sources, e);
    if (first)
        metrics_learn(first);
    s->store = first ? store_new(first, e) : NULL;
    if (!s->store)
        policy_set_free(first);
    return s->store != NULL;
}

static bool load_certificate(struct service *s, struct err *e)
{
    const struct service_options *o = s->options;

    s->files = (struct tls_files){
        .cert = o->tls_cert,
        .key = o->tls_key,
        .client_ca = o->client_ca,
        .client_names = o->client_names.items,
        .client_name_count = o->client_names.count,
    };
    s->certs = cert_store_new(&s->files, e);
    return s->certs != NULL;
}

static bool start_reloading(struct service *s, struct err *e)
{
    const struct reload_config config = {
        .sources = &s->sources, .store = s->store, .files = &s->files, .certs = s->certs
    };

    s->reload = reload_start(&config, e);
    return s->reload != NULL;
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

static void set_up_limits(struct service *s)
{
    size_t most = limits_connections(limits_raise_descriptors());
    struct limits *l = &s->limits;

    *l = s->options->limits;
    if (!l->connections || l->connections > most)
        l->connections = most;
    if (!l->connections_per_address || l->connections_per_address > l->connections)
        l->connections_per_address = (l->connections + 1) / 2;
}

static bool set_up_memory(struct service *s, struct err *e)
{
    const struct service_options *o = s->options;
    const struct budget_reserves reserves = { .arenas = o->max_arena, .first = FIRST_RESERVE };

    set_up_limits(s);
    s->census = census_new(s->limits.connections, s->limits.connections_per_address, e);
    if (!s->census)
        return false;
    s->budget = budget_new(o->max_inflight, reserves, e);
    if (!s->budget)
        return false;
    s->http.store = s->store;
    s->http.max_body = o->max_body;
    s->http.max_arena = o->max_arena;
    s->http.max_requests = o->max_requests;
    s->http.max_head = s->limits.max_head;
    s->http.queue_ms = o->queue_ms;
    s->http.budget = s->budget;
    return list_never_deny(s, e);
}

static bool add_worker(struct service *s, struct err *e)
{
    const struct worker_config config = {
        .certs = s->certs,
        .census = s->census,
        .limits = &s->limits,
        .fips = &s->fips,
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

static void read_fips(const struct service *s, const struct facts *facts, struct metrics_live *out)
{
    struct cmvp_standing standing = fips_note_standing(&s->fips, facts);
    struct sv number = cmvp_number(&standing);

    out->fips_is_running = s->fips.is_active && fips_is_running(&s->fips);
    out->fips_is_validated = cmvp_is_active(&standing);
    out->fips_certificate_status = cmvp_status_name(standing.status);
    snprintf(out->fips_certificate, sizeof(out->fips_certificate), "%.*s", SV_ARG(number));
}

static void read_live(const void *arg, struct metrics_live *out)
{
    const struct service *s = arg;
    struct store_pin pin = store_pin(s->store);
    const struct policy_set *p = pin.policies;
    const struct exception *first;

    memcpy(out->policy_hash, p->hash, sizeof(out->policy_hash));
    out->max_mode = p->max_mode;
    out->policies = p->policy_count;
    out->rules = p->rule_count;
    out->missing_sites = p->missing.count;
    out->policies_since = pin.since;
    out->exceptions = health_exceptions(p, &first);
    out->exception_ends = first ? health_exception_end(first) : 0;
    read_fips(s, p->facts, out);
    store_unpin(s->store, &pin);
    out->certificate_not_after = cert_store_life(s->certs).not_after;
    out->budget_used = budget_used(s->budget);
}

static void print_version(const void *arg, struct buf *out)
{
    const struct service *s = arg;
    struct store_pin pin = store_pin(s->store);

    cmd_version_json(out, &s->fips, pin.policies->facts, "");
    store_unpin(s->store, &pin);
}

static bool start_probe(struct service *s, struct err *e)
{
    const struct probe_config config = {
        .fd = s->probe_fd,
        .checks = s->health.checks,
        .check_count = HEALTH_CHECKS,
        .facts = &s->facts,
        .version = print_version,
        .version_arg = s,
    };

    s->health.fips = &s->fips;
    s->health.store = s->store;
    s->health.certs = s->certs;
    s->health.reload = s->reload;
    s->health.workers = s->workers;
    s->health.worker_count = s->worker_count;
    health_init(&s->health);
    s->facts = (struct metrics_facts){
        .version = cmd_version_own(),
        .openssl = fips_openssl(),
        .fips_provider = s->fips.name,
        .fips_version = s->fips.version,
        .fips_build = s->fips.build,
        .fips_self_test = s->fips.self_test,
        .workers = s->worker_count,
        .budget_max = s->options->max_inflight,
        .read = read_live,
        .arg = s,
    };
    s->probe = probe_start(&config, e);
    if (s->probe)
        s->probe_fd = -1;
    return s->probe != NULL;
}

/* The probe says so too, and goes on saying it. */
static void warn_of_certificate(const struct service *s)
{
    struct cert_store_life life = cert_store_life(s->certs);
    int64_t now = (int64_t)time(NULL);

    if (now >= life.not_after)
        log_at(LOG_WARN, "the certificate `%s` has expired: no client will accept it", s->files.cert);
    if (now < life.not_before)
        log_at(LOG_WARN, "the certificate `%s` does not count yet: is the clock right?", s->files.cert);
}

static void tell_replaced(const struct facts *facts)
{
    for (size_t i = 0; i < facts_count(facts); i++) {
        const struct fact_set *set = facts_at(facts, i);
        const struct log_field fields[] = {
            LOG_S("set", set->name),
            LOG_S("file", set->file),
            LOG_N("facts", set->count),
            LOG_N("shipped", set->replaced),
        };

        if (set->replaced)
            log_line(LOG_INFO, SV("facts of the site replace the shipped ones"), fields, ARRAY_LEN(fields));
    }
}

static void tell_start(struct service *s, const struct policy_set *p, struct sv missing, struct sv note)
{
    struct cmvp_standing standing = fips_note_standing(&s->fips, p->facts);
    const struct log_field fields[] = {
        LOG_S("version", sv_from(cmd_version_own())),
        LOG_S("listen", listener_print(&s->at, &s->arena)),
        LOG_S("probe", listener_print(&s->probe_at, &s->arena)),
        LOG_S("policySet", p->name),
        LOG_N("policies", p->policy_count),
        LOG_N("rules", p->rule_count),
        LOG_S("policyHash", sv_from(p->hash)),
        LOG_S("maxMode", sv_from(verdict_mode_name(p->max_mode))),
        LOG_B("fips", s->fips.is_active),
        LOG_S("fipsProvider", sv_from(s->fips.name)),
        LOG_S("fipsVersion", sv_from(s->fips.version)),
        LOG_S("fipsBuild", sv_from(s->fips.build)),
        LOG_S("fipsSelfTest", sv_from(s->fips.self_test)),
        LOG_S("fipsCertificate", cmvp_number(&standing)),
        LOG_S("fipsCertificateStatus", sv_from(cmvp_status_name(standing.status))),
        LOG_S("fipsNote", note),
        LOG_S("missingSiteRows", missing),
        LOG_N("workers", s->worker_count),
        LOG_N("maxConnections", s->limits.connections),
    };

    log_line(LOG_INFO, SV("fipsgate serves"), fields, ARRAY_LEN(fields));
}

/* The first line of a run says all that a verdict depends on, and what it is served by. */
static void tell(struct service *s)
{
    CLEANUP(buf_fini) struct buf missing = BUF_INIT(ARENA_MAX), note = BUF_INIT(NOTE_MAX);
    struct store_pin pin = store_pin(s->store);

    health_print_missing(&missing, &pin.policies->missing);
    fips_note_print(&note, &s->fips, pin.policies->facts);
    tell_start(s, pin.policies, buf_sv(&missing), buf_sv(&note));
    tell_replaced(pin.policies->facts);
    store_unpin(s->store, &pin);
    if (!s->fips.is_active)
        log_line(LOG_WARN, buf_sv(&note), NULL, 0);
    if (s->options->max_mode != MAX_MODE_ENFORCE)
        log_at(LOG_WARN, "nothing is denied for its policies and nothing is repaired: --max-mode %s",
               policy_max_modes[s->options->max_mode]);
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
    if (!check_options(s->options, e) || !set_up_fips(s, e) || !load_policies(s, e) || !load_certificate(s, e))
        return false;
    if (!set_up_memory(s, e) || !open_sockets(s, e) || !start_reloading(s, e) || !start_probe(s, e))
        return false;
    warn_of_certificate(s);
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

void service_reload(struct service *s)
{
    reload_now(s->reload);
}

bool service_is_well(const struct service *s, struct err *e)
{
    if (fips_is_running(&s->fips))
        return true;
    return err_set(e, ERR_TLS, "the FIPS provider %s %s is in its error state: a test of its own has failed",
                   s->fips.name, s->fips.version);
}

void service_leave(struct service *s)
{
    atomic_store(&s->health.is_stopping, true);
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
    reload_stop(s->reload);
    for (size_t i = 0; i < s->worker_count; i++)
        worker_free(s->workers[i]);
    if (s->probe_fd >= 0)
        close(s->probe_fd);
    budget_free(s->budget);
    census_free(s->census);
    cert_store_free(s->certs);
    store_free(s->store);
    arena_fini(&s->arena);
    free(s);
}
