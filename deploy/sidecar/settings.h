/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the proxy is told, all of it by the environment. One table has every
 * variable, its type, its default and its help; a value that is not of its
 * type is refused, so that nothing but ports, hosts, names and a few words
 * ever gets into haproxy's configuration.
 *
 * Variables that the table does not have are passed over: a Service called
 * `fips-proxy` makes some (FIPS_PROXY_SERVICE_HOST ...) in each pod beside it.
 */
#ifndef SIDECAR_SETTINGS_H
#define SIDECAR_SETTINGS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"

enum { SETTINGS_UPSTREAMS_MAX = 32 };

/* Each is the text of the variable, checked, or its default. */
struct settings {
    struct sv app_port, listen_port, metrics_port, upstream_port;
    struct sv upstreams, upstream_names;
    struct sv protocol, clients, address, log;
    struct sv drain_seconds, stop_seconds;
    struct sv tls_dir;
};

/* Reads the environment. The error names the variable, its value and what is
 * wanted, in one line. */
MUST_CHECK bool settings_read(struct settings *s, struct arena *a, struct err *e);

/* The table, one variable a line: name, type, default, help, separated by tabs. */
void settings_describe(struct buf *out);

/* Of a checked number. */
unsigned settings_number(struct sv text);

#endif
