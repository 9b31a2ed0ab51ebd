/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of bounded length; one that does not fit ends in "...", cut where a
 * UTF-8 character begins. */
#include "base/err.h"
#include <stdarg.h>

static void mark_cut(struct err *e)
{
    size_t end = sizeof(e->msg) - 4;

    while (end > 0 && ((unsigned char)e->msg[end] & 0xC0) == 0x80)
        end--;
    memcpy(e->msg + end, "...", 4);
}

bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list args;
    int n;

    va_start(args, fmt);
    n = vsnprintf(e->msg, sizeof(e->msg), fmt, args);
    va_end(args);
    e->code = code;
    if (n >= (int)sizeof(e->msg))
        mark_cut(e);
    return false;
}

bool err_wrap(struct err *e, const char *fmt, ...)
{
    struct err inner = *e;
    va_list args;
    int n, m;

    va_start(args, fmt);
    n = vsnprintf(e->msg, sizeof(e->msg), fmt, args);
    va_end(args);
    if (n < 0)
        n = 0;
    if (n >= (int)sizeof(e->msg)) {
        mark_cut(e);
        return false;
    }
    m = snprintf(e->msg + n, sizeof(e->msg) - (size_t)n, ": %s", inner.msg);
    if (n + m >= (int)sizeof(e->msg))
        mark_cut(e);
    return false;
}

bool err_nomem(struct err *e)
{
    return err_set(e, ERR_NOMEM, "out of memory");
}
