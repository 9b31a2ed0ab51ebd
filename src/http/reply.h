/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status and bytes -> a response on the wire. What is refused before it is a
 * review gets a Kubernetes Status object on one line, whose message the API
 * server shows to the person behind the request: what was wrong, and what to
 * do. All refusals and their words are one table in reply.c.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>

struct MHD_Connection;

enum refusal {
    REFUSAL_NONE,
    REFUSAL_NOT_HTTP,
    REFUSAL_HEAD_TOO_LARGE,
    REFUSAL_HOST,
    REFUSAL_TIMEOUT,
    REFUSAL_PATH,
    REFUSAL_METHOD,
    REFUSAL_TYPE,
    REFUSAL_CODING,
    REFUSAL_NO_LENGTH,
    REFUSAL_TWO_LENGTHS,
    REFUSAL_BAD_LENGTH,
    REFUSAL_TOO_LARGE,
    REFUSAL_NOT_A_REVIEW,
    REFUSAL_BUSY,
    REFUSAL_INTERNAL,
    REFUSAL_COUNT
};

struct reply {
    unsigned status;
    struct sv body;
    struct sv message; /* of a refusal, for the log */
    const char *content_type;
    const char *allow;       /* NULL: no such header */
    const char *retry_after; /* NULL: no such header */
    bool close;              /* the last reply on its connection */
};

/* What `refusal` is answered with; the body is in the arena, and a fixed line
 * if that is full. `detail` (may be absent) is added to the message. */
struct reply reply_refusal(enum refusal refusal, struct sv detail, struct arena *a);

/* How an error of admission_handle() is refused. */
enum refusal reply_refusal_for(enum err_code code);

/* A finished review: HTTP 200. */
struct reply reply_review(struct sv body);

unsigned reply_status(enum refusal refusal);

/* The whole of a response with it, for net/ to send where libmicrohttpd does
 * not answer. */
void reply_print(struct buf *out, enum refusal refusal);

/* Copies the body and queues it. False: libmicrohttpd could not; the
 * connection is to be closed. */
bool reply_send(struct MHD_Connection *connection, const struct reply *r);

#endif
