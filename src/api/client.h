/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to an API server. The certificate of the server is always
 * verified, TLS is the same as net/tls's (1.2 with extended master secret, 1.3;
 * AES-GCM; NIST curves), proxies, redirects, cookies and .netrc are not used,
 * an answer has a maximum and a request a deadline. Together with kubeconfig
 * and in_cluster, which say whom to call, the only folder that sees libcurl.
 *
 * Belongs to one thread. fips_require() or fips_off() comes first.
 */
#ifndef API_CLIENT_H
#define API_CLIENT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stdint.h>

/* Whom to call, and as whom. Absent: not given. */
struct client_target {
    struct sv server;     /* "https://10.0.0.1:6443", without a slash at its end */
    struct sv tls_name;   /* what its certificate is for, if that is not the host */
    struct sv ca;         /* PEM; absent: the CAs of this machine */
    struct sv token;      /* bearer */
    struct sv cert, key;  /* PEM */
    struct sv name_space; /* the one meant where none is named */
    struct sv from;       /* who said so: "kubeconfig `x`, context `y`", for messages */
    bool may_be_plain;    /* http:// will do; for probes, never with credentials */
};

struct client;

/* What `target` points to must outlive it. */
MUST_CHECK struct client *client_new(const struct client_target *target, uint64_t timeout_ms, struct err *e);
/* Accepts NULL. */
void client_free(struct client *c);
/* client_free() through a pointer; a CLEANUP function. */
void client_freep(struct client **c);

const struct client_target *client_target(const struct client *c);

struct client_request {
    const char *method;
    struct sv path; /* begins with a slash */
    const char *content_type;
    struct sv body; /* absent: none */
};

enum { CLIENT_ANSWER_MAX = 8 << 20 };

/* In the arena that was given. */
struct client_answer {
    long status;
    struct sv body, content_type;
    int64_t date; /* the server's clock, seconds since the epoch; 0: it does not say */
};

/* False when there is no answer: ERR_INPUT, what we were told is wrong (address, CA,
 * certificate); ERR_IO, it may be there another time; ERR_LIMIT, too large. The
 * message has cause and remedy, and not the server's name. */
MUST_CHECK bool client_send(struct client *c, const struct client_request *r, struct arena *a,
                            struct client_answer *out, struct err *e);

/* The version of libcurl in use: "7.88.1". */
const char *client_library(void);

#endif
