/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Process-wide FIPS. fips_require() loads the OpenSSL configuration it is
 * given and no other, and then believes nothing: exactly the providers `fips`
 * and `base` may be there, their self test must pass, and what is not approved
 * must be impossible to fetch. Call one of the two functions once, before any
 * other use of OpenSSL, any thread and any socket.
 */
#ifndef NET_FIPS_H
#define NET_FIPS_H

#include "base/attr.h"
#include "base/err.h"
#include <stdbool.h>

enum fips_mode { FIPS_REQUIRED, FIPS_OFF };

/* Zeroed: no FIPS. Strings are the provider's own and live as long as it. */
struct fips_status {
    bool is_active; /* loaded alone, self test passed, proof given */
    const char *name, *version, *build;
    const char *self_test; /* "passed", "not run" */
};

/* `conf` is an openssl.cnf that activates `fips` and `base` (as written by
 * deploy/fips-config.sh). The error names the cause and what to do. */
MUST_CHECK bool fips_require(const char *conf, struct fips_status *status, struct err *e);

/* Only the default provider, no configuration file: for development. */
MUST_CHECK bool fips_off(struct fips_status *status, struct err *e);

/* One sentence on what the status means, for wherever it is shown. */
const char *fips_note(const struct fips_status *status);

/* "OpenSSL 3.0.19 27 Jan 2026": of the library in use. */
const char *fips_openssl(void);

#endif
