/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection: handshake, then bytes between TLS and the end of a
 * socketpair whose other end http/ serves. Neither side can make us hold more
 * than one record for the other: when one does not take, the other is not
 * read. A TLS end without close_notify is an abort. Belongs to one worker's
 * thread; never blocks.
 */
#ifndef NET_SESSION_H
#define NET_SESSION_H

#include "http/server.h"
#include "net/census.h"
#include "net/cert_store.h"
#include "net/fips.h"
#include "net/limits.h"
#include "net/pump.h"
#include "net/watch.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the sessions of one worker share. */
struct session_desk {
    int epoll_fd;
    struct cert_store *certs;
    struct server *server;
    struct census *census;
    const struct limits *limits;
    const struct fips_status *fips;
    uint64_t now_ms;       /* kept by the worker's loop */
    bool has_handed_over;  /* bytes or a connection went to the server since it ran */
    bool is_to_tell;       /* a client is done, and http/ is to hear of it after its replies */
    struct session *first; /* the living */
    struct session *dead;  /* freed after the events at hand */
    char scratch[PUMP_RECORD];
};

/* Takes `fd`, whose peer has entered the census. */
void session_start(struct session_desk *d, int fd, const struct sockaddr_storage *peer);

/* Ends those that have been too long where they are. Once a second is enough. */
void session_sweep(struct session_desk *d);

/* To be called when the server has run. */
void session_after_run(struct session_desk *d);

/* Ends the one that has been idle longest, among those of `peer` or (NULL) all,
 * to make room for another; false: none has been idle for a second. */
bool session_make_room(struct session_desk *d, const struct sockaddr_storage *peer);

/* Ends those that have been idle, or shaking hands, for a second: who has just
 * come, or had an answer, may be sending a request at this moment, and cannot
 * know that nobody would answer. Call it until nobody is left. */
void session_drain(struct session_desk *d);

/* `ms` do not count for any time limit: we were not there. */
void session_excuse(struct session_desk *d, uint64_t ms);

/* Ends all of them at once. */
void session_end_all(struct session_desk *d);

/* Frees the dead. Only between two rounds of events. */
void session_bury(struct session_desk *d);

#endif
