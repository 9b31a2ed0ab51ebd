/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One libmicrohttpd daemon per worker, without a socket of its own and without
 * a thread: net/ hands it plaintext connections (one end of a socketpair
 * each), watches its descriptor and runs it. Everything here belongs to the
 * worker's thread, except what server_wake() does.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "http/exchange.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct server;

/* Where a connection stands. net/ keeps the time limits, one for each. */
enum server_phase {
    SERVER_IDLE,   /* between requests */
    SERVER_HEADER, /* net/ has passed on the first bytes of a request */
    SERVER_BODY,   /* the headers are complete */
    SERVER_ANSWER, /* the request is complete */
    SERVER_PHASES
};

/* One connection, seen from both sides: net/ owns it until server_release(). */
struct server_link {
    enum server_phase phase;
    uint64_t since_ms; /* when it entered the phase */
    size_t answered;   /* requests that are over */
    bool is_open_here; /* libmicrohttpd has it */
    bool is_held;      /* net/ has it */
};

/* `wake_fd` (an eventfd that the worker watches) is written when the server
 * must be run because of something that happened in another thread. */
MUST_CHECK struct server *server_new(const struct exchange_config *config, unsigned max_connections, int wake_fd,
                                     struct err *e);
/* Closes what is left. Accepts NULL. */
void server_free(struct server *s);

/* Takes `fd` (also on failure) and serves HTTP on it. The link is valid until
 * server_release(). `peer` is where the client is. NULL: see `e`. */
MUST_CHECK struct server_link *server_adopt(struct server *s, int fd, const struct sockaddr_storage *peer,
                                            struct err *e);
/* net/ has closed its end, or is about to. */
void server_release(struct server_link *link);

/* Readable when there is something to run. */
int server_fd(const struct server *s);

/* How long it may be left alone, in milliseconds; -1: until server_fd() is
 * readable or bytes are handed over. */
int server_timeout(const struct server *s, uint64_t now_ms);

/* Does whatever can be done now. */
void server_run(struct server *s, uint64_t now_ms);

/* From now on every reply ends its connection. */
void server_drain(struct server *s);

/* "0.9.75" */
const char *server_library(void);

#endif
