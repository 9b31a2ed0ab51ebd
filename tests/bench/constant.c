/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yardstick: the same program, TLS and HTTP included, with two functions
 * of http/exchange replaced by the linker (--wrap). It drops the body as it
 * arrives and answers with a constant review, so what is left is what any
 * server of this shape costs.
 */
#include "http/exchange.h"

/* Of the types that exchange.h has today. */
__typeof__(exchange_data) __wrap_exchange_data;
__typeof__(exchange_end) __wrap_exchange_end;

bool __wrap_exchange_data(struct exchange *ex, struct sv piece, size_t *taken)
{
    (void)ex;
    *taken = piece.n;
    return true;
}

bool __wrap_exchange_end(struct exchange *ex)
{
    struct reply r =
        reply_review(SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"response\":"
                        "{\"uid\":\"705ab4f5-6393-11e8-b7cc-42010a800002\",\"allowed\":true}}"));

    if (ex->step == STEP_ANSWERED)
        return true;
    ex->step = STEP_ANSWERED;
    return reply_send(ex->connection, &r);
}
