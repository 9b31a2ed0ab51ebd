/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a request body is: exactly one Content-Length, digits only, and no
 * Transfer-Encoding. libmicrohttpd takes two lengths, or a length with
 * chunked, and picks one; whoever stands in front of us may pick the other, so
 * both are refused. Fed with every header field of a request, then asked once.
 */
#ifndef HTTP_FRAMING_H
#define HTTP_FRAMING_H

#include "base/sv.h"
#include "http/reply.h"
#include <stdbool.h>
#include <stddef.h>

struct framing {
    unsigned lengths, codings, types; /* fields seen */
    bool bad_length;
    size_t length;
    struct sv content_type; /* the only one, else absent; borrowed */
};

/* Names without regard to case. */
void framing_add(struct framing *f, struct sv name, struct sv value);

/* REFUSAL_NONE: f->length is the length of the body. */
enum refusal framing_judge(const struct framing *f);

#endif
