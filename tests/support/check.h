/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka and what it needs before it; views compared with literals. */
#ifndef SUPPORT_CHECK_H
#define SUPPORT_CHECK_H

#include "base/err.h"
#include "base/sv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* `want == NULL` asks for an absent view. */
static inline void check_sv(struct sv got, const char *want, const char *file, int line)
{
    if (got.p && want && sv_eq(got, sv_from(want)))
        return;
    if (!got.p && !want)
        return;
    print_error("%.*s\n", (int)got.n, got.p ? got.p : "");
    print_error("is not\n%s\n", want ? want : "absent");
    _fail(file, line);
}
#define assert_sv(got, want) check_sv((got), (want), __FILE__, __LINE__)

static inline void check_err(const struct err *e, enum err_code code, const char *part, const char *file, int line)
{
    if (e->code == code && strstr(e->msg, part))
        return;
    print_error("error %d: %s\n", (int)e->code, e->msg);
    print_error("is not error %d: %s\n", (int)code, part);
    _fail(file, line);
}
/* The message has `part` in it. */
#define assert_err(e, code, part) check_err(&(e), (code), (part), __FILE__, __LINE__)

#endif
