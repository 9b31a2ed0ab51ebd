/* SPDX-License-Identifier: Apache-2.0 */
/* A TLS server on a free port of 127.0.0.1 that answers by a script: the Nth
 * request gets the Nth answer, the last one again and again. A thread of its own. */
#ifndef SUPPORT_TLS_SERVER_H
#define SUPPORT_TLS_SERVER_H

#include "base/arena.h"
#include "net/issue.h"

#include <stddef.h>

enum { TLS_SERVER_HANGS, TLS_SERVER_CLOSES, TLS_SERVER_SENDS, TLS_SERVER_FLOODS };

struct tls_server_answer {
    int what;
    const char *head; /* status line and headers but Content-Length; NULL: 200 and JSON */
    const char *body;
    size_t promised; /* Content-Length, where it is not that of the body */
};

struct tls_server;

/* Answers stay the caller's. `suites` NULL: all; else TLS 1.3 with these only. */
struct tls_server *tls_server_start(const struct issued *pair, const struct tls_server_answer *answers, size_t count,
                                    const char *suites);
/* "https://127.0.0.1:PORT" */
const char *tls_server_url(const struct tls_server *s);
const char *tls_server_port(const struct tls_server *s);
/* The last request, as it came. */
const char *tls_server_request(const struct tls_server *s);
size_t tls_server_requests(const struct tls_server *s);
void tls_server_stop(struct tls_server *s);

/* A CA and a certificate for 127.0.0.1 and localhost. */
void tls_server_issue(struct arena *a, struct issued *ca, struct issued *leaf);

#endif
