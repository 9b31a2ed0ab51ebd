/* SPDX-License-Identifier: Apache-2.0 */
/* All words that are said to a client whose request never became a review. */
#include "http/reply.h"
#include "base/text.h"
#include "json/value.h"
#include <microhttpd.h>

static const struct refusal_row {
    unsigned status;
    const char *reason; /* of a Kubernetes Status */
    const char *message;
    const char *allow, *retry_after;
} rows[REFUSAL_COUNT] = {
    [REFUSAL_NOT_HTTP] = { .status = MHD_HTTP_BAD_REQUEST,
                           .reason = "BadRequest",
                           .message = "this is not HTTP/1.1 as RFC 9112 has it; lines end in CR LF, fields are "
                                      "`Name: value` on one line" },
    [REFUSAL_HEAD_TOO_LARGE] = { .status = MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE,
                                 .reason = "RequestHeaderFieldsTooLarge",
                                 .message = "the head is too large; send at most 4096 bytes and 48 fields" },
    [REFUSAL_HOST] = { .status = MHD_HTTP_BAD_REQUEST,
                       .reason = "BadRequest",
                       .message = "there is no Host, or more than one; send exactly one" },
    [REFUSAL_TIMEOUT] = { .status = MHD_HTTP_REQUEST_TIMEOUT,
                          .reason = "Timeout",
                          .message = "the request took too long to arrive; send the head within 10 seconds and the "
                                     "body within 30" },
    [REFUSAL_PATH] = { .status = MHD_HTTP_NOT_FOUND,
                       .reason = "NotFound",
                       .message = "no such path; the paths are /validate, /validate/enforce, /validate/audit and "
                                  "/mutate (probes and metrics are on the other port)" },
    [REFUSAL_METHOD] = { .status = MHD_HTTP_METHOD_NOT_ALLOWED,
                         .reason = "MethodNotAllowed",
                         .message = "this path takes POST only; send an AdmissionReview",
                         .allow = "POST" },
    [REFUSAL_TYPE] = { .status = MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                       .reason = "UnsupportedMediaType",
                       .message = "the body must be JSON; send exactly one header `Content-Type: application/json`" },
    [REFUSAL_CODING] = { .status = MHD_HTTP_LENGTH_REQUIRED,
                         .reason = "BadRequest",
                         .message = "Transfer-Encoding is not taken; send the body whole, with Content-Length" },
    [REFUSAL_NO_LENGTH] = { .status = MHD_HTTP_LENGTH_REQUIRED,
                            .reason = "BadRequest",
                            .message = "there is no Content-Length; send one" },
    [REFUSAL_TWO_LENGTHS] = { .status = MHD_HTTP_BAD_REQUEST,
                              .reason = "BadRequest",
                              .message = "there is more than one Content-Length; send exactly one" },
    [REFUSAL_BAD_LENGTH] = { .status = MHD_HTTP_BAD_REQUEST,
                             .reason = "BadRequest",
                             .message = "Content-Length is not a number; send decimal digits only" },
    [REFUSAL_TOO_LARGE] = { .status = MHD_HTTP_CONTENT_TOO_LARGE,
                            .reason = "RequestEntityTooLarge",
                            .message = "the body is too large; send a smaller object or raise --max-body" },
    [REFUSAL_NOT_A_REVIEW] = { .status = MHD_HTTP_BAD_REQUEST,
                               .reason = "BadRequest",
                               .message = "the body is not an AdmissionReview of admission.k8s.io/v1 with a uid" },
    [REFUSAL_BUSY] = { .status = MHD_HTTP_SERVICE_UNAVAILABLE,
                       .reason = "ServiceUnavailable",
                       .message = "too many reviews are in flight; try again in a second, or raise --max-inflight",
                       .retry_after = "1" },
    [REFUSAL_INTERNAL] = { .status = MHD_HTTP_INTERNAL_SERVER_ERROR,
                           .reason = "InternalError",
                           .message = "the review could not be judged; see the log of fipsgate" },
};

enum { DETAIL_MAX = 200, BODY_MAX = 2048, PRINT_ARENA = 128 << 10 };

struct reply reply_refusal(enum refusal refusal, struct sv detail, struct arena *a)
{
    const struct refusal_row *row = &rows[refusal];
    struct buf body = { .max = BODY_MAX, .arena = a };
    struct sv text = sv_from(row->message);
    struct reply r = { .status = row->status,
                       .body = SV("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\"}\n"),
                       .content_type = "application/json",
                       .allow = row->allow,
                       .retry_after = row->retry_after,
                       .close = true };

    detail = text_printable(a, detail, DETAIL_MAX);
    if (detail.n)
        text = arena_printf(a, "%s: %.*s", row->message, SV_ARG(detail));
    r.message = text;
    buf_add(&body,
            SV("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":"));
    value_print_string(&body, text);
    buf_printf(&body, ",\"reason\":\"%s\",\"code\":%u}\n", row->reason, row->status);
    if (text.p && buf_ok(&body))
        r.body = buf_sv(&body);
    return r;
}

enum refusal reply_refusal_for(enum err_code code)
{
    switch (code) {
    case ERR_SYNTAX:
    case ERR_INPUT:
        return REFUSAL_NOT_A_REVIEW;
    case ERR_LIMIT:
        return REFUSAL_TOO_LARGE;
    case ERR_NONE:
    case ERR_IO:
    case ERR_TLS:
    case ERR_NOMEM:
        break;
    }
    return REFUSAL_INTERNAL;
}

struct reply reply_review(struct sv body)
{
    return (struct reply){ .status = MHD_HTTP_OK, .body = body, .content_type = "application/json" };
}

unsigned reply_status(enum refusal refusal)
{
    return rows[refusal].status;
}

void reply_print(struct buf *out, enum refusal refusal)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(PRINT_ARENA);
    struct reply r = reply_refusal(refusal, (struct sv){ NULL, 0 }, &a);

    buf_printf(out, "HTTP/1.1 %u %s\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %zu\r\n", r.status,
               MHD_get_reason_phrase_for(r.status), r.content_type, r.body.n);
    if (r.retry_after)
        buf_printf(out, "Retry-After: %s\r\n", r.retry_after);
    buf_add(out, SV("\r\n"));
    buf_add(out, r.body);
}

static bool add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return !value || MHD_add_response_header(response, name, value) == MHD_YES;
}

bool reply_send(struct MHD_Connection *connection, const struct reply *r)
{
    /* libmicrohttpd copies: the cast takes nothing away. */
    void *bytes = (void *)(uintptr_t)r->body.p;
    struct MHD_Response *response = MHD_create_response_from_buffer(r->body.n, bytes, MHD_RESPMEM_MUST_COPY);
    bool ok;

    if (!response)
        return false;
    ok = add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, r->content_type) &&
         add_header(response, MHD_HTTP_HEADER_ALLOW, r->allow) &&
         add_header(response, MHD_HTTP_HEADER_RETRY_AFTER, r->retry_after) &&
         add_header(response, MHD_HTTP_HEADER_CONNECTION, r->close ? "close" : NULL) &&
         MHD_queue_response(connection, r->status, response) == MHD_YES;
    MHD_destroy_response(response);
    return ok;
}
