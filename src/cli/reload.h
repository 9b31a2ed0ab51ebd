/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thread that waits for policies, facts or certificate files to change (or
 * to be told so: SIGHUP), lets them settle, reads them aside and swaps in what
 * is right. What is wrong is logged and counted, and what was in use stays in
 * use. Nothing here can end the process or make it unready.
 */
#ifndef CLI_RELOAD_H
#define CLI_RELOAD_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/cert_store.h"
#include "policy/store.h"

/* What must be quiet for so long is read, at the latest when it has not been for so long. */
enum { RELOAD_QUIET_MS = 200, RELOAD_LATEST_MS = 2000 };

struct reload_config {
    const struct policy_sources *sources;
    struct store *store;
    const struct tls_files *files;
    struct cert_store *certs;
};

struct reload;

/* Everything `config` points to must outlive it. */
MUST_CHECK struct reload *reload_start(const struct reload_config *config, struct err *e);
/* Accepts NULL. */
void reload_stop(struct reload *r);

/* Any thread: read everything again, whether or not it seems to have changed. */
void reload_now(struct reload *r);

/* Any thread: when each was read last, and why not, in one line. */
void reload_print(struct reload *r, struct buf *out);

#endif
