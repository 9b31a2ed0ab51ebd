/* SPDX-License-Identifier: Apache-2.0 */
/* A cursor that goes forward, and back to the beginning when it has to. */
#include "cli/lines.h"
#include "base/attr.h"

struct lines lines_of(struct sv text)
{
    bool is_utf16 = sv_starts_with(text, SV("\xFE\xFF")) || sv_starts_with(text, SV("\xFF\xFE"));

    if (sv_starts_with(text, SV("\xEF\xBB\xBF")))
        text = sv_skip(text, 3);
    return (struct lines){ .text = is_utf16 ? SV("") : text };
}

/* How many bytes of line break stand at `p`: YAML 1.1 has six kinds. */
static size_t break_at(struct sv rest)
{
    static const struct sv breaks[] = {
        SV_INIT("\r\n"),     SV_INIT("\n"),           SV_INIT("\r"),
        SV_INIT("\xC2\x85"), SV_INIT("\xE2\x80\xA8"), SV_INIT("\xE2\x80\xA9"),
    };

    for (size_t i = 0; i < ARRAY_LEN(breaks); i++)
        if (sv_starts_with(rest, breaks[i]))
            return breaks[i].n;
    return 0;
}

/* Up to the end of the line that begins there. */
static size_t length_at(struct sv rest)
{
    size_t n = 0;

    while (n < rest.n) {
        unsigned char c = (unsigned char)rest.p[n];

        if ((c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2) && break_at(sv_skip(rest, n)))
            break;
        n++;
    }
    return n;
}

struct sv lines_find(struct lines *l, uint32_t line)
{
    struct sv rest;
    size_t n;

    if (l->line == 0 || l->line > line)
        *l = (struct lines){ .text = l->text, .line = 1 };
    for (;; l->line++) {
        rest = sv_skip(l->text, l->offset);
        n = length_at(rest);
        if (l->line == line)
            break;
        if (n == rest.n)
            return (struct sv){ NULL, 0 };
        l->offset += n + break_at(sv_skip(rest, n));
    }
    return n > LINES_MAX_BYTES ? (struct sv){ NULL, 0 } : (struct sv){ rest.p, n };
}
