/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the application calls. Names are resolved here and not by haproxy: its
 * resolver knows no search domains, so it would never find `db.payments`.
 */
#ifndef SIDECAR_UPSTREAM_H
#define SIDECAR_UPSTREAM_H

#include "sidecar/settings.h"
#include <netdb.h>
#include <netinet/in.h>

struct upstream {
    struct sv host, port;
    struct sv name;                 /* in its certificate */
    char address[INET6_ADDRSTRLEN]; /* in use; empty: not known yet */
    char host_text[254];
    struct gaicb lookup; /* while is_asked */
    bool is_asked;
};

struct upstreams {
    struct upstream list[SETTINGS_UPSTREAMS_MAX];
    size_t count;
};

/* From checked settings. False: an upstream is an address and has no name to verify. */
MUST_CHECK bool upstream_parse(const struct settings *s, struct upstreams *all, struct err *e);

/* Begins to look up every host that is not being looked up. Nobody waits. */
void upstream_ask(struct upstreams *all);

/* Takes the answers that are there. An address in use stays as long as it is
 * among the answers, and as long as there are none. True when one changed. */
bool upstream_take(struct upstreams *all);

/* Asks, and waits for the answers, but not longer than some seconds. */
void upstream_first(struct upstreams *all);

#endif
