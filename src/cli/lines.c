/* SPDX-License-Identifier: Apache-2.0 */
/* A cursor that goes forward, and back to the beginning when it has to. */
#include "cli/lines.h"
#include "base/attr.h"

static bool begins_as_json(struct sv text)
{
    size_t i = 0;

    while (i < text.n && strchr(" \t\r\n", text.p[i]))
        i++;
    return i < text.n && (text.p[i] == '{' || text.p[i] == '[');
}

struct lines lines_of(struct sv text)
{
    bool is_utf16 = sv_starts_with(text, SV("\xFE\xFF")) || sv_starts_with(text, SV("\xFF\xFE"));

    if (sv_starts_with(text, SV("\xEF\xBB\xBF")))
        text = sv_skip(text, 3);
    return (struct lines){ .text = is_utf16 ? SV("") : text, .is_json = begins_as_json(text) };
}

/* How many bytes of line break begin `rest`: to YAML 1.1 there are six kinds,
 * the first three of which are some to JSON and to editors too. */
static size_t break_at(const struct lines *l, struct sv rest)
{
    static const struct sv breaks[] = {
        SV_INIT("\r\n"),     SV_INIT("\n"),           SV_INIT("\r"),
        SV_INIT("\xC2\x85"), SV_INIT("\xE2\x80\xA8"), SV_INIT("\xE2\x80\xA9"),
    };

    for (size_t i = 0; i < (l->is_json ? 3 : ARRAY_LEN(breaks)); i++)
        if (sv_starts_with(rest, breaks[i]))
            return breaks[i].n;
    return 0;
}

/* Up to the end of the line that begins there. */
static size_t length_at(const struct lines *l, struct sv rest)
{
    size_t n = 0;

    while (n < rest.n) {
        unsigned char c = (unsigned char)rest.p[n];

        if ((c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2) && break_at(l, sv_skip(rest, n)))
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
        *l = (struct lines){ .text = l->text, .is_json = l->is_json, .line = 1 };
    for (;; l->line++) {
        rest = sv_skip(l->text, l->offset);
        n = length_at(l, rest);
        if (l->line == line)
            break;
        if (n == rest.n)
            return (struct sv){ NULL, 0 };
        l->offset += n + break_at(l, sv_skip(rest, n));
    }
    return n > LINES_MAX_BYTES ? (struct sv){ NULL, 0 } : (struct sv){ rest.p, n };
}
