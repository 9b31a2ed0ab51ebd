/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The haproxy process: proved before it listens, told when something changed,
 * stopped without losing a request.
 */
#ifndef SIDECAR_HAPROXY_H
#define SIDECAR_HAPROXY_H

#include "sidecar/config.h"

#define HAPROXY_PROGRAM "/usr/sbin/haproxy"

/* Asks haproxy itself, with the environment it will run in: it uses the same
 * OpenSSL as we do, with the providers fips and base and no other. */
MUST_CHECK bool haproxy_prove(struct err *e);

/* Runs it until it ends and returns its exit status. It reads everything anew
 * (without losing a connection) when a file in the TLS directory changes or an
 * upstream gets another address. SIGTERM: after the drain time it stops taking
 * connections, after the stop time what is left is cut. */
MUST_CHECK bool haproxy_run(const struct settings *s, struct upstreams *all, int *status, struct err *e);

#endif
