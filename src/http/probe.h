/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second, plain-HTTP listener, in a thread of its own: /livez, /readyz
 * (both with ?verbose), /metrics, /version. Answers only GET and HEAD, from
 * what it is told here; it never touches a worker.
 */
#ifndef HTTP_PROBE_H
#define HTTP_PROBE_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "http/metrics.h"
#include <stdbool.h>

struct probe;

/* One line of /livez?verbose and /readyz?verbose. */
struct probe_check {
    const char *name;
    /* Whether all is well; *text is what to say about it. Any thread. */
    bool (*ok)(const void *arg, struct buf *text);
    const void *arg;
    bool for_live; /* counts for /livez too */
};

struct probe_config {
    int fd; /* a listening socket, taken over */
    const struct probe_check *checks;
    size_t check_count;
    const struct metrics_facts *facts;
    void (*version)(const void *arg, struct buf *out); /* the body of /version: JSON. Any thread */
    const void *version_arg;
};

/* Everything `config` points to must outlive the probe. */
MUST_CHECK struct probe *probe_start(const struct probe_config *config, struct err *e);
/* Accepts NULL. */
void probe_stop(struct probe *p);

#endif
