/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TLS connection of a test client that never blocks, watched by an epoll
 * descriptor (edge-triggered, both directions). load.c and crowd.c share it.
 */
#ifndef E2E_CLIENT_H
#define E2E_CLIENT_H

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client_target {
    struct sockaddr_in at;
    SSL_CTX *ctx;
    int epoll_fd;
    int receive_buffer; /* 0: what the system gives */
};

/* `address` is HOST:PORT, numeric; `ca` is what the server's certificate must be signed by. */
bool client_target_init(struct client_target *t, const char *address, const char *ca);

struct client {
    int fd;   /* -1: not connected */
    SSL *ssl; /* NULL: not connected, or TCP only */
};

enum client_result { CLIENT_DONE, CLIENT_WAITS, CLIENT_CLOSED };

/* Begins to connect, from the `source`th address of 127.1.0.0/16; epoll gives
 * `mark` back. False: not even begun. */
bool client_connect(struct client *c, const struct client_target *t, unsigned source, void *mark);

/* CLIENT_CLOSED: not verified, refused, or ended. */
enum client_result client_handshake(struct client *c);
/* As much as goes; CLIENT_DONE: all of it. */
enum client_result client_write(struct client *c, const char *bytes, size_t n, size_t *written);
/* CLIENT_DONE: *got bytes came. */
enum client_result client_read(struct client *c, char *bytes, size_t n, size_t *got);

/* Says so if `politely`; else the server sees a reset. */
void client_close(struct client *c, bool politely);

uint64_t client_now_us(void);

#endif
