/* SPDX-License-Identifier: Apache-2.0 */
/* The queue is per thread; what is left in it would be blamed on the next call. */
#include "net/openssl_error.h"
#include <openssl/err.h>

const char *openssl_error_take(void)
{
    unsigned long code = ERR_peek_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;

    /* System errors have no reason string in OpenSSL's tables. */
    if (code && !reason && ERR_SYSTEM_ERROR(code))
        reason = strerrordesc_np(ERR_GET_REASON(code));
    ERR_clear_error();
    return reason ? reason : "no reason given";
}
