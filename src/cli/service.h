/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The webhook, assembled from its parts in the one order that is safe: FIPS
 * first, then policies and certificate, then memory and sockets, then threads.
 * Nothing listens until everything before it has succeeded.
 */
#ifndef CLI_SERVICE_H
#define CLI_SERVICE_H

#include "base/attr.h"
#include "base/err.h"
#include "base/log.h"
#include "cli/opt.h"
#include "net/fips.h"
#include "net/limits.h"
#include "policy/policy.h"
#include <stdbool.h>
#include <stdint.h>

/* As the options of `serve` fill it in. */
struct service_options {
    const char *listen, *probe_listen;
    const char *tls_cert, *tls_key, *client_ca;
    struct opt_values client_names, policies, facts, never_deny;
    enum max_mode max_mode;
    enum fips_mode fips;
    const char *openssl_conf;
    size_t workers, max_body, max_inflight, max_arena, max_requests;
    struct limits limits;
    uint64_t queue_ms, drain_delay_ms, drain_timeout_ms;
    enum log_format log_format;
    enum log_level log_level;
};

struct service;

/* Serving when it returns. `options` must outlive it. NULL: nothing is left
 * behind, and `e` says why; ERR_INPUT, ERR_SYNTAX and ERR_LIMIT are the caller's fault,
 * all others the system's. SIGPIPE is to be ignored. */
MUST_CHECK struct service *service_start(const struct service_options *options, struct err *e);

/* Reads policies, facts and certificates again, soon. */
void service_reload(struct service *s);

/* Whether it can go on. False, with the reason in `e`, once the FIPS provider
 * is in its error state: then it is not ready any more and can only be stopped. */
MUST_CHECK bool service_is_well(const struct service *s, struct err *e);

/* Is not ready from now on, and serves as before: for whoever spreads the load
 * to look elsewhere. */
void service_leave(struct service *s);

/* Stops accepting, ends idle connections, answers what has arrived; is done
 * after `limit_ms` at the latest. Frees. Accepts NULL. */
void service_stop(struct service *s, uint64_t limit_ms);

#endif
