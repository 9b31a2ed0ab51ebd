/* SPDX-License-Identifier: Apache-2.0 */
/* Nearly no manifest has such a number: a text is copied from its first on. */
#include "yaml/jsonnumber.h"
#include "yaml/scalar.h"

enum { SURELY_INT64 = 18 }; /* digits and a sign */

/* What begins at `i`: a string, a number or one byte. */
static size_t token_end(struct sv text, size_t i)
{
    size_t end = i + 1;

    if (text.p[i] == '"') {
        while (end < text.n && text.p[end] != '"')
            end += text.p[end] == '\\' ? 2 : 1;
        return end < text.n ? end + 1 : text.n;
    }
    while (end < text.n && strchr("-+.0123456789eE", text.p[end]) && strchr("-0123456789", text.p[i]))
        end++;
    return end;
}

/* Integers of an ordinary size are already what they will be. */
static bool is_odd_number(struct sv token)
{
    if (token.p[0] != '-' && (token.p[0] < '0' || token.p[0] > '9'))
        return false;
    if (token.n > SURELY_INT64 || sv_eq(token, SV("-0")))
        return true;
    for (size_t i = 0; i < token.n; i++)
        if (token.p[i] == '.' || token.p[i] == 'e' || token.p[i] == 'E')
            return true;
    return false;
}

static bool add_number(struct buf *out, struct sv token, struct arena *a, struct err *e)
{
    const struct sv no_tag = { NULL, 0 };
    struct scalar number;

    if (!scalar_resolve(token, no_tag, true, a, &number, e))
        return false;
    if (number.type == SCALAR_STRING) /* to YAML 1e999 is one; here it stays what nobody can read */
        buf_add(out, token);
    else
        scalar_print(out, &number);
    return true;
}

bool jsonnumber_resolve(struct sv text, struct arena *a, struct sv *out, struct err *e)
{
    struct buf changed = BUF_IN(a);
    size_t kept = 0; /* up to here the text has been copied */

    for (size_t i = 0, end; i < text.n; i = end) {
        struct sv token = { text.p + i, 0 };

        end = token_end(text, i);
        token.n = end - i;
        if (!is_odd_number(token))
            continue;
        buf_add(&changed, (struct sv){ text.p + kept, i - kept });
        if (!add_number(&changed, token, a, e))
            return false;
        kept = end;
    }
    *out = text;
    if (kept == 0)
        return true;
    buf_add(&changed, sv_skip(text, kept));
    *out = buf_sv(&changed);
    return buf_ok(&changed) || arena_error(a, e);
}
