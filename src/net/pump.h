/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of an open session: plaintext from TLS into one end of a
 * socketpair, and back. What one side does not take at once is kept (one
 * record at most), and until it is gone nothing more is read for that side.
 */
#ifndef NET_PUMP_H
#define NET_PUMP_H

#include "http/screen.h"
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PUMP_RECORD = 16 << 10 }; /* the most plaintext a TLS record holds */

/* Bytes that one side would not take yet. */
struct pump_rest {
    char *p;
    size_t off, len;
};

struct pump {
    SSL *ssl;
    int fd; /* of the socketpair */
    struct pump_rest to_http, to_tls;
    struct screen screen;
    enum refusal refused; /* what came last is not passed on: the owner says why */
    bool client_done;     /* its close_notify has come */
    bool server_done;     /* http/ has closed its end */
    bool server_deaf;     /* http/ reads no more */
    bool has_handed_over; /* bytes went to http/; the owner clears it */
    bool read_wants_out;  /* OpenSSL must write before it can read on */
};

enum pump_result {
    PUMP_GOING,
    PUMP_SERVER_DONE,
    PUMP_CLIENT_GONE, /* reset, or ended without close_notify */
    PUMP_NO_MEMORY,
};

/* Moves what can be moved, through `scratch` (PUMP_RECORD bytes). */
enum pump_result pump_move(struct pump *p, char *scratch);

/* Sends `text` to the client, as far as it goes at once; true: whole. */
bool pump_say(struct pump *p, const char *text, size_t n);

/* What to wait for before the next pump_move(): EPOLLIN, EPOLLOUT or nothing. */
uint32_t pump_tcp_interest(const struct pump *p);
uint32_t pump_pair_interest(const struct pump *p);

/* Frees what was kept; the SSL and the descriptor are the owner's. */
void pump_fini(struct pump *p);

#endif
