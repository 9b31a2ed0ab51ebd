/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the application calls. Names are resolved here and not by haproxy: its
 * resolver knows no search domains, so it would never find `db.payments`.
 */
#ifndef SIDECAR_UPSTREAM_H
#define SIDECAR_UPSTREAM_H

#include "sidecar/settings.h"
#include <netinet/in.h>
#include <pthread.h>

struct upstreams;

struct upstream {
    struct sv host, port;
    struct sv name;                 /* in its certificate */
    char address[INET6_ADDRSTRLEN]; /* in use; empty: not known yet */
    char found[INET6_ADDRSTRLEN];   /* what the look-ups came to; under the lock */
    char host_text[254];
    bool is_literal; /* the host is an address: nobody needs to look */
    struct upstreams *all;
};

struct upstreams {
    struct upstream list[SETTINGS_UPSTREAMS_MAX];
    size_t count;
    pthread_mutex_t lock;
    pthread_cond_t answered;
    size_t unanswered; /* names that never were, with an address or without; under the lock */
};

/* From checked settings. False: an upstream is an address and has no name to verify. */
MUST_CHECK bool upstream_parse(const struct settings *s, struct upstreams *all, struct err *e);

/* Has every name looked up now and every 30 seconds, each by a thread of its
 * own that never ends: name servers may be slow or gone, and nothing else may
 * wait for them. Waits for the first answers, but not longer than 5 seconds.
 * `all` must stay where it is as long as the process lives. */
MUST_CHECK bool upstream_watch(struct upstreams *all, struct err *e);

/* Takes what was found. An address in use stays as long as it is among the
 * answers, and as long as there are none. True when one changed. */
bool upstream_take(struct upstreams *all);

#endif
