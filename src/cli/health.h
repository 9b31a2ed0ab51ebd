/* SPDX-License-Identifier: Apache-2.0 */
/* What /livez and /readyz ask: one check a row, each a look at something that
 * was set up before the probe started and is not changed, or is atomic. */
#ifndef CLI_HEALTH_H
#define CLI_HEALTH_H

#include "cli/reload.h"
#include "http/probe.h"
#include "net/fips.h"
#include "net/worker.h"
#include "policy/store.h"
#include <stdatomic.h>

enum { HEALTH_CHECKS = 8 };

struct health {
    struct probe_check checks[HEALTH_CHECKS];
    const struct fips_status *fips;
    struct store *store;
    struct cert_store *certs;
    struct reload *reload;
    struct worker *const *workers;
    size_t worker_count;
    atomic_bool is_stopping;
};

/* Fills in the checks; the other members are set by then. */
void health_init(struct health *h);

/* How many exceptions count today, and the first of them to end (NULL: there is none). */
size_t health_exceptions(const struct policy_set *set, const struct exception **first);
/* The first moment at which it no longer counts, in seconds since the epoch. */
int64_t health_exception_end(const struct exception *x);

/* "site-registries, site-mirror", or "none": rows that policies name and no --facts supplied. */
void health_print_missing(struct buf *out, const struct missing_sites *missing);

#endif
