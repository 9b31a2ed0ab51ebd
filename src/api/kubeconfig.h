/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom to call and as whom, from a kubeconfig: as kubectl reads it, keys that we
 * do not know passed over, files relative to its own directory. What would run
 * a program (exec), ask an identity provider, send a password, impersonate or
 * skip verification is refused with a message that names the place.
 */
#ifndef API_KUBECONFIG_H
#define API_KUBECONFIG_H

#include "api/client.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

/* `context` NULL: the current one. Errors read "file:line:col: message". */
MUST_CHECK bool kubeconfig_read(const char *path, const char *context, struct arena *a, struct client_target *out,
                                struct err *e);

#endif
