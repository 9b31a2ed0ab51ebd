/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at the bytes of a connection on their way to libmicrohttpd, which is
 * lenient where we must not be (bare line feeds, folded fields, blanks before
 * a colon, repeated lengths), answers in HTML, and in 0.9.75 sends some of its
 * own refusals with two heads. What passes here is a request that every reader
 * of RFC 9112 cuts in the same places. Nothing is changed or held back; a line
 * is kept only while its end has not come.
 */
#ifndef HTTP_SCREEN_H
#define HTTP_SCREEN_H

#include "base/sv.h"
#include "http/framing.h"
#include "http/reply.h"
#include <stddef.h>

/* Of a request. libmicrohttpd's pool (server.c) has room for so many fields in
 * the least head that may be set. */
enum { SCREEN_FIELDS_MAX = 48, SCREEN_HEAD_MIN = 4 << 10, SCREEN_HEAD_MAX = 64 << 10 };

/* Zeroed but for `head_max`: before the first request. */
struct screen {
    size_t head_max; /* of a request: its line and fields, with their ends */
    enum screen_state {
        SCREEN_REQUEST_LINE,
        SCREEN_FIELDS,
        SCREEN_BODY,
        SCREEN_LAST, /* no request can follow this one: it will be refused */
    } state;
    struct framing framing;
    size_t head, fields, hosts; /* of the request at hand, so far */
    size_t body_left;
    size_t requests; /* that have passed whole */
    char *line;      /* the beginning of a line, from the heap */
    size_t line_len;
};

/* REFUSAL_NONE: all of `bytes` may pass. Otherwise the first *good bytes may,
 * with which the requests before the wrong one end, and no more after them. */
enum refusal screen_bytes(struct screen *s, struct sv bytes, size_t *good);

void screen_fini(struct screen *s);

#endif
