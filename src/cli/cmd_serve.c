/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the webhook, and its life: start, wait for a signal, drain. */
#include "cli/cmd.h"
#include "cli/service.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

enum { LARGE_BLOCK = 256 << 10, LOG_FLUSH_MS = 1000 };

static const char *const fips_names[] = { [FIPS_REQUIRED] = "required", [FIPS_OFF] = "off", NULL };
static const char *const format_names[] = { [LOG_JSON] = "json", [LOG_TEXT] = "text", NULL };
static const char *const level_names[] = { [LOG_DEBUG] = "debug", "info", "warn", [LOG_ERROR] = "error", NULL };

#define SERVE(member, name, type, ...) OPT(struct service_options, member, name, type, __VA_ARGS__)

static const struct opt options[] = {
    SERVE(listen, "listen", OPT_TEXT, .value = "HOST:PORT", .standard = "0.0.0.0:8443",
          .help = "where the webhook listens, HTTPS"),
    SERVE(probe_listen, "probe-listen", OPT_TEXT, .value = "HOST:PORT", .standard = "0.0.0.0:8080",
          .help = "where /livez, /readyz, /metrics and /version are, plain HTTP"),
    SERVE(tls_cert, "tls-cert", OPT_TEXT, .value = "FILE", .help = "serving certificate and its chain, PEM"),
    SERVE(tls_key, "tls-key", OPT_TEXT, .value = "FILE", .help = "its private key, PEM"),
    SERVE(client_ca, "client-ca", OPT_TEXT, .value = "FILE",
          .help = "CA, PEM, that must have signed the certificates of clients; none: clients need no certificate"),
    SERVE(client_names, "client-name", OPT_TEXTS, .value = "NAME",
          .help = "a client must be one of these: subject alternative name, or common name where it has none"),
    SERVE(policies, "policies", OPT_TEXTS, .value = "PATH|builtin:NAME", .standard = "builtin:baseline",
          .help = "policies: files, directories, shipped sets"),
    SERVE(facts, "facts", OPT_TEXTS, .value = "PATH", .help = "facts of this site, or newer ones than those shipped"),
    SERVE(fips, "fips", OPT_ENUM, .names = fips_names, .standard = "required",
          .help = "required: no start without a FIPS provider that proves itself; off: for development only"),
    SERVE(openssl_conf, "openssl-conf", OPT_TEXT, .value = "FILE", .standard = "/etc/fipsgate/openssl.cnf",
          .help = "OpenSSL configuration that activates the providers fips and base (deploy/fips-config.sh)"),
    SERVE(workers, "workers", OPT_COUNT, .value = "N", .standard = "0",
          .help = "threads; 0: as many as the CPU quota allows"),
    SERVE(max_body, "max-body", OPT_SIZE, .value = "SIZE", .standard = "16Mi", .help = "largest review that is judged"),
    SERVE(max_inflight, "max-inflight", OPT_SIZE, .value = "SIZE", .standard = "96Mi",
          .help = "memory for all reviews in flight: bodies, and what judging them takes"),
    SERVE(queue_ms, "queue-time", OPT_DURATION, .value = "TIME", .standard = "1s",
          .help = "how long a review may wait for memory before it is answered 503"),
    SERVE(max_arena, "max-arena", OPT_SIZE, .value = "SIZE", .standard = "48Mi",
          .help = "memory for judging one review; one that takes more is denied"),
    SERVE(limits.connections, "max-connections", OPT_COUNT, .value = "N", .standard = "0",
          .help = "connections at once; 0: as many as descriptors allow"),
    SERVE(limits.connections_per_address, "max-connections-per-address", OPT_COUNT, .value = "N", .standard = "0",
          .help = "of one IPv4 address or IPv6 /64; 0: half of all"),
    SERVE(max_requests, "max-requests", OPT_COUNT, .value = "N", .standard = "10000",
          .help = "requests on one connection; then it is closed, so that load spreads over replicas again"),
    SERVE(limits.max_head, "max-header", OPT_SIZE, .value = "SIZE", .standard = "4Ki",
          .help = "request line and header fields of one request"),
    SERVE(limits.handshake_ms, "handshake-timeout", OPT_DURATION, .value = "TIME", .standard = "10s",
          .help = "from a connection to the end of its TLS handshake"),
    SERVE(limits.phase_ms[SERVER_HEADER], "header-timeout", OPT_DURATION, .value = "TIME", .standard = "10s",
          .help = "for the header of a request to arrive"),
    SERVE(limits.phase_ms[SERVER_BODY], "body-timeout", OPT_DURATION, .value = "TIME", .standard = "30s",
          .help = "for its body to arrive; the API server never waits longer"),
    SERVE(limits.phase_ms[SERVER_ANSWER], "answer-timeout", OPT_DURATION, .value = "TIME", .standard = "30s",
          .help = "for its answer to be judged and read by the client"),
    SERVE(limits.phase_ms[SERVER_IDLE], "idle-timeout", OPT_DURATION, .value = "TIME", .standard = "120s",
          .help = "of a connection between requests; longer than the 90 s after which Go's clients close"),
    SERVE(limits.linger_ms, "linger-timeout", OPT_DURATION, .value = "TIME", .standard = "2s",
          .help = "from our last byte to the client's"),
    SERVE(never_deny, "never-deny-namespaces", OPT_NAMES, .value = "NAME,...",
          .standard = "kube-system,kube-node-lease",
          .help = "where enforce becomes warn and nothing is changed; our own namespace always belongs to them"),
    SERVE(max_mode, "max-mode", OPT_ENUM, .names = policy_max_modes, .standard = "enforce",
          .help = "lower every policy of a harder mode to this one; only enforce denies and repairs"),
    SERVE(drain_delay_ms, "drain-delay", OPT_DURATION, .value = "TIME", .standard = "5s",
          .help = "on SIGTERM: how long to go on serving, not ready, until no more requests are sent here"),
    SERVE(drain_timeout_ms, "drain-timeout", OPT_DURATION, .value = "TIME", .standard = "20s",
          .help = "and then how long requests that have arrived may take; together less than the pod's grace period"),
    SERVE(log_format, "log-format", OPT_ENUM, .names = format_names, .standard = "json",
          .help = "of the log on stderr"),
    SERVE(log_level, "log-level", OPT_ENUM, .names = level_names, .standard = "info",
          .help = "the least important lines to write; a line a review is info"),
    OPT_END,
};

/* Blocked before any thread starts, so that only wait_for_signal() takes them. */
static sigset_t block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return set;
}

/* Until it is to stop, or cannot go on, which is looked at once a second. False:
 * see `e`. SIGHUP asks for everything to be read again. */
static bool wait_for_signal(struct service *s, const sigset_t *set, struct err *e)
{
    const struct timespec second = { 1, 0 };
    int number;

    while (number = sigtimedwait(set, NULL, &second), number < 0 || number == SIGHUP) {
        if (number == SIGHUP)
            service_reload(s);
        if (!service_is_well(s, e))
            return false;
    }
    log_at(LOG_INFO, "stopping on signal %d: not ready, answering for a while, then accepting no more", number);
    /* A second one ends the process at once, even where a shell had made us ignore it. */
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, set, NULL);
    return true;
}

static void pause_for(uint64_t ms)
{
    struct timespec left = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

    while (nanosleep(&left, &left) < 0)
        continue;
}

/* What was given is at fault: wrong, or more than may be given. */
static bool is_theirs(enum err_code code)
{
    return code == ERR_INPUT || code == ERR_SYNTAX || code == ERR_LIMIT;
}

/* glibc raises the size from which blocks go back to the system at once to that
 * of the largest ever freed: one large review, or the policies being compiled,
 * and all later ones stay resident. A fixed size keeps it from doing so. */
static void give_large_blocks_back(void)
{
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
}

static enum exit_code serve(const struct service_options *o)
{
    sigset_t signals = block_signals();
    struct err e = { 0 };
    struct service *s = service_start(o, &e);

    if (!s) {
        log_at(LOG_ERROR, "not started: %s", e.msg);
        return is_theirs(e.code) ? EXIT_USAGE : EXIT_FAILED;
    }
    if (!wait_for_signal(s, &signals, &e)) {
        log_at(LOG_ERROR, "ending at once, not ready: %s", e.msg);
        service_stop(s, 0);
        return EXIT_FAILED;
    }
    service_leave(s);
    pause_for(o->drain_delay_ms);
    service_stop(s, o->drain_timeout_ms);
    log_at(LOG_INFO, "stopped");
    return EXIT_CLEAN;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct service_options o = { 0 };
    struct err e = { 0 };
    enum exit_code code;

    if (!opt_parse(options, argv, &a, &o, NULL, &e)) {
        cmd_complain("%s", e.msg);
        return EXIT_USAGE;
    }
    give_large_blocks_back();
    log_setup(o.log_format, o.log_level);
    if (!log_start(&e)) {
        cmd_complain("%s", e.msg);
        return EXIT_FAILED;
    }
    code = serve(&o);
    log_stop(LOG_FLUSH_MS);
    return code;
}

static const struct cmd_example examples[] = {
    { "fipsgate serve --tls-cert tls.crt --tls-key tls.key", "judges by the shipped baseline" },
    { "fipsgate serve --tls-cert tls.crt --tls-key tls.key --policies builtin:aws-govcloud --facts site.yaml",
      "judges by another shipped set, with the facts of this site" },
    { NULL, NULL },
};

const struct cmd cmd_serve = {
    .name = "serve",
    .arguments = "",
    .summary = "run the admission webhook",
    .about =
        "Answers AdmissionReviews over HTTPS at /validate, /validate/enforce, /validate/audit and /mutate. Before it "
        "listens it loads the FIPS provider of OpenSSL and no other, runs its self test and proves that it is used. "
        "SIGTERM lets it answer what has arrived, and ends it.",
    .examples = examples,
    .options = options,
    .run = run,
};
