/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One thread, one epoll loop: a listener, its sessions and an http server of
 * its own. Workers share the configuration, the census and the memory budget,
 * and nothing else.
 */
#ifndef NET_WORKER_H
#define NET_WORKER_H

#include "base/attr.h"
#include "base/err.h"
#include "http/exchange.h"
#include "net/census.h"
#include "net/cert_store.h"
#include "net/fips.h"
#include "net/limits.h"
#include <stdbool.h>
#include <stdint.h>

struct worker;

struct worker_config {
    struct cert_store *certs;
    struct census *census;
    const struct limits *limits;
    const struct fips_status *fips;
    const struct exchange_config *http;
    unsigned max_connections; /* that this worker may hold: libmicrohttpd's own fence */
};

/* Takes `listener_fd` on success. Everything `config` points to must outlive it. */
MUST_CHECK struct worker *worker_new(const struct worker_config *config, int listener_fd, struct err *e);
MUST_CHECK bool worker_start(struct worker *w, struct err *e);

/* Any thread: accept no more, end idle connections, answer what has arrived,
 * and be done after `limit_ms` at the latest. */
void worker_stop(struct worker *w, uint64_t limit_ms);

/* How long ago the loop last turned; it turns at least once a second. */
uint64_t worker_age_ms(const struct worker *w);

/* Waits for the thread, if it was started. */
void worker_join(struct worker *w);

/* Of a worker that was joined or never started. Accepts NULL. */
void worker_free(struct worker *w);

#endif
