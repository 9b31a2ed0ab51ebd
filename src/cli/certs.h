/* SPDX-License-Identifier: Apache-2.0 */
/* What the sub-commands of `fipsgate certs` have in common: how they reach the
 * cluster, in which provider they do their cryptography, and how long they try. */
#ifndef CLI_CERTS_H
#define CLI_CERTS_H

#include "api/client.h"
#include "api/object.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "cli/exit.h"
#include "cli/opt.h"
#include "net/certificate.h"
#include "net/fips.h"
#include "net/issue.h"
#include <stdint.h>

enum { CERTS_MEMORY = 128 << 20, CERTS_NAMES = 64 };

struct certs_crypto {
    enum fips_mode fips;
    const char *openssl_conf;
};
extern const char *const certs_fips_names[];

#define CERTS_CRYPTO_OPTIONS(type)                                                                                     \
    OPT(type, crypto.fips, "fips", OPT_ENUM, .names = certs_fips_names, .standard = "required",                        \
        .help = "required: nothing is made or called without a FIPS provider that proves itself; off: for "            \
                "development only"),                                                                                   \
        OPT(type, crypto.openssl_conf, "openssl-conf", OPT_TEXT, .value = "FILE",                                      \
            .standard = "/etc/fipsgate/openssl.cnf",                                                                   \
            .help = "OpenSSL configuration that activates the providers fips and base (deploy/fips-config.sh)")

struct certs_access {
    const char *kubeconfig, *context, *name_space;
    uint64_t timeout_ms, patience_ms;
};

#define CERTS_ACCESS_OPTIONS(type)                                                                                     \
    OPT(type, access.kubeconfig, "kubeconfig", OPT_TEXT, .value = "FILE|in-cluster",                                   \
        .help = "how to reach the cluster; not given: in-cluster inside a pod, else $KUBECONFIG or ~/.kube/config"),   \
        OPT(type, access.context, "context", OPT_TEXT, .value = "NAME",                                                \
            .help = "which context of the kubeconfig; not given: its current one"),                                    \
        OPT(type, access.name_space, "namespace", OPT_TEXT, .value = "NAMESPACE",                                      \
            .help = "where fipsgate is installed; not given: that of the pod or of the context"),                      \
        OPT(type, access.timeout_ms, "timeout", OPT_DURATION, .value = "TIME", .standard = "10s",                      \
            .help = "for one request to be answered"),                                                                 \
        OPT(type, access.patience_ms, "patience", OPT_DURATION, .value = "TIME", .standard = "60s",                    \
            .help = "how long to try again when the API server does not answer or somebody else is faster")

/* The provider first, before anything else of OpenSSL. */
MUST_CHECK bool certs_start(const struct certs_crypto *crypto, struct err *e);

/* Whom to call. */
MUST_CHECK bool certs_target(const struct certs_access *access, struct arena *a, struct client_target *out,
                             struct err *e);

/* The namespace that was given, or the target's; the error says that there is none. */
MUST_CHECK bool certs_namespace(const struct certs_access *access, const struct client_target *target, struct sv *out,
                                struct err *e);

/* Waits longer each time; false: it has been tried long enough. */
struct certs_patience {
    uint64_t deadline_ms, next_ms;
};
struct certs_patience certs_patience(const struct certs_access *access);
bool certs_try_again(struct certs_patience *p);

/* Seconds since the epoch. */
int64_t certs_now(void);
/* "2026-11-22T08:00:00Z" */
void certs_print_time(struct buf *out, int64_t seconds);

/* A file that was named on the command line. What cannot be read is a wrong argument: ERR_INPUT. */
MUST_CHECK bool certs_file(const char *path, struct arena *a, struct sv *out, struct err *e);

/* Complains, and says with which code to end. */
enum exit_code certs_failed(const struct err *e);

#endif
