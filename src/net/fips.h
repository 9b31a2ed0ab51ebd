/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Process-wide FIPS. fips_require() loads the OpenSSL configuration it is
 * given and no other, and then believes nothing: exactly the providers `fips`
 * and `base` may be there, their self test must pass, and what is not approved
 * must be impossible to fetch. Call one of the two functions once, before any
 * other use of OpenSSL, any thread and any socket. What is found is not for ever:
 * a module that fails a test later does nothing more, and fips_is_running() is
 * how that is noticed.
 */
#ifndef NET_FIPS_H
#define NET_FIPS_H

#include "base/attr.h"
#include "base/err.h"
#include <stdbool.h>

enum fips_mode { FIPS_REQUIRED, FIPS_OFF };

struct ossl_provider_st;

/* Zeroed: no FIPS. Strings are the provider's own and live as long as it. */
struct fips_status {
    bool is_active; /* loaded alone, self test passed, proof given */
    const char *name, *version, *build;
    const char *self_test; /* at the start: "passed", "failed", "not run" */
    struct ossl_provider_st *provider;
};

/* `conf` is an openssl.cnf that activates `fips` and `base` (as written by
 * deploy/fips-config.sh). The error names the cause and what to do. */
MUST_CHECK bool fips_require(const char *conf, struct fips_status *status, struct err *e);

/* Only the default provider, no configuration file: for development. */
MUST_CHECK bool fips_off(struct fips_status *status, struct err *e);

/* Any thread, at any time. False: FIPS was active, and the provider has since
 * entered its error state. It never leaves it, and nothing can be encrypted in
 * it. True where FIPS was never active. */
bool fips_is_running(const struct fips_status *status);

/* "OpenSSL 3.0.19 27 Jan 2026": of the library in use. */
const char *fips_openssl(void);

#endif
