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

/* To the end of the line; once, for a text may be one line of many megabytes. */
static void measure(struct lines *l)
{
    struct sv rest = sv_skip(l->text, l->offset);
    size_t n = 0;

    while (n < rest.n && !l->is_measured) {
        unsigned char c = (unsigned char)rest.p[n];

        if ((c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2) && break_at(l, sv_skip(rest, n)))
            break;
        n++;
    }
    if (!l->is_measured)
        l->length = n;
    l->is_measured = true;
}

static void go_to(struct lines *l, size_t offset, uint32_t line)
{
    l->offset = offset;
    l->line = line;
    l->is_measured = false;
}

struct sv lines_find(struct lines *l, uint32_t line)
{
    if (l->line == 0 || l->line > line)
        go_to(l, 0, 1);
    for (measure(l); l->line < line; measure(l)) {
        size_t end = l->offset + l->length;

        if (end == l->text.n)
            return (struct sv){ NULL, 0 };
        go_to(l, end + break_at(l, sv_skip(l->text, end)), l->line + 1);
    }
    return l->length > LINES_MAX_BYTES ? (struct sv){ NULL, 0 } : (struct sv){ l->text.p + l->offset, l->length };
}
