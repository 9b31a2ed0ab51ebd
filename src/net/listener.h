/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets, and taking connections from them. */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>
#include <sys/socket.h>

/* "0.0.0.0:8443", "[::]:8443", ":8443"; numeric addresses only. Port 0 lets
 * the system choose. */
MUST_CHECK bool listener_parse(const char *text, struct sockaddr_storage *out, struct err *e);

/* A non-blocking listening socket with SO_REUSEPORT, so that every worker has
 * one of its own on the same address. */
MUST_CHECK bool listener_open(const struct sockaddr_storage *at, int *fd, struct err *e);

/* Nobody listens there yet. With SO_REUSEPORT alone a second process of the
 * same user would share the port, and take half of the connections, unnoticed. */
MUST_CHECK bool listener_is_free(const struct sockaddr_storage *at, struct err *e);

/* Where a socket is bound: the port that the system chose. */
MUST_CHECK bool listener_address(int fd, struct sockaddr_storage *out, struct err *e);

/* "127.0.0.1:8443", "[::1]:8443" in the arena. */
struct sv listener_print(const struct sockaddr_storage *at, struct arena *a);

enum listener_event {
    LISTENER_NOTHING,  /* no connection waits */
    LISTENER_ACCEPTED, /* *fd: non-blocking, close-on-exec, no delay, a small send buffer */
    LISTENER_EXHAUSTED /* out of descriptors or memory: try again later */
};
enum listener_event listener_accept(int listener, int *fd, struct sockaddr_storage *peer);

#endif
