/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to call and as whom, inside a pod: what the kubelet mounts for its service account. */
#ifndef API_IN_CLUSTER_H
#define API_IN_CLUSTER_H

#include "api/client.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

#define IN_CLUSTER_DIR "/var/run/secrets/kubernetes.io/serviceaccount"

/* `host` and `port`: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, or
 * NULL where they are not set; `dir` holds ca.crt, token and namespace. */
MUST_CHECK bool in_cluster_read(const char *dir, const char *host, const char *port, struct arena *a,
                                struct client_target *out, struct err *e);

#endif
