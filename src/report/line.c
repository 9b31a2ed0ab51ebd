/* SPDX-License-Identifier: Apache-2.0 */
/* Views only: nothing is copied, nothing escaped. */
#include "report/line.h"
#include "base/text.h"

enum { BEFORE_MAX = 60, VALUE_MAX = 160, AFTER_MAX = 60 }; /* characters */

size_t line_bytes(struct sv line, size_t *count)
{
    size_t at = 0, seen = 0;
    uint32_t code;

    while (at < line.n && seen < *count) {
        size_t n = text_next(sv_skip(line, at), &code);

        at += n ? n : 1;
        seen++;
    }
    *count = seen;
    return at;
}

static struct sv first(struct sv text, size_t characters)
{
    return (struct sv){ text.p, line_bytes(text, &characters) };
}

/* Where the value ends that begins `text`. */
static size_t value_length(struct sv text, struct sv found)
{
    size_t quote = text.n > 0 && (text.p[0] == '"' || text.p[0] == '\'');
    size_t end = quote + found.n;

    if (found.n == 0 || !sv_starts_with(sv_skip(text, quote), found))
        return sv_trim(text).n;
    return quote && end < text.n && text.p[end] == text.p[0] ? end + 1 : end;
}

struct line line_cut(struct sv line, size_t column, struct sv found)
{
    size_t skipped = column ? column - 1 : 0;
    size_t at = line_bytes(line, &skipped);
    size_t kept = skipped > BEFORE_MAX ? skipped - BEFORE_MAX : 0;
    size_t from = line_bytes(line, &kept);
    struct sv rest = sv_skip(line, at);
    struct sv value = { rest.p, value_length(rest, found) };
    struct sv shown = first(value, VALUE_MAX);
    struct sv after = sv_skip(rest, value.n);
    struct line out = { .before = { line.p + from, at - from }, .value = shown, .is_cut_before = kept > 0 };

    while (!kept && out.before.n && (out.before.p[0] == ' ' || out.before.p[0] == '\t'))
        out.before = sv_skip(out.before, 1);
    if (shown.n == value.n)
        out.after = first(after, AFTER_MAX);
    out.is_cut_after = shown.n < value.n || out.after.n < after.n;
    return out;
}
