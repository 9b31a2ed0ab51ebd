/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes, characters and cells are three ways to count; all three meet here and
 * nowhere else. */
#include "report/excerpt.h"
#include "base/attr.h"
#include "base/text.h"

/* What does not take one cell (Unicode's EastAsianWidth, general category Mn),
 * as far as terminals agree on it. */
static const struct {
    uint32_t first, last;
    size_t cells;
} widths[] = {
    { 0x0300, 0x036F, 0 },   { 0x0483, 0x0489, 0 },   { 0x0591, 0x05BD, 0 },   { 0x0610, 0x061A, 0 },
    { 0x064B, 0x065F, 0 },   { 0x0900, 0x0902, 0 },   { 0x093C, 0x093C, 0 },   { 0x0E34, 0x0E3A, 0 },
    { 0x1100, 0x115F, 2 },   { 0x1AB0, 0x1AFF, 0 },   { 0x1DC0, 0x1DFF, 0 },   { 0x200B, 0x200F, 0 },
    { 0x2060, 0x2064, 0 },   { 0x20D0, 0x20FF, 0 },   { 0x2E80, 0x303E, 2 },   { 0x3041, 0x3098, 2 },
    { 0x3099, 0x309A, 0 },   { 0x309B, 0xA4CF, 2 },   { 0xAC00, 0xD7A3, 2 },   { 0xF900, 0xFAFF, 2 },
    { 0xFE00, 0xFE0F, 0 },   { 0xFE20, 0xFE2F, 0 },   { 0xFE30, 0xFE6F, 2 },   { 0xFEFF, 0xFEFF, 0 },
    { 0xFF01, 0xFF60, 2 },   { 0xFFE0, 0xFFE6, 2 },   { 0x1F300, 0x1F64F, 2 }, { 0x1F680, 0x1F6FF, 2 },
    { 0x1F900, 0x1F9FF, 2 }, { 0x20000, 0x3FFFD, 2 }, { 0xE0100, 0xE01EF, 0 },
};

struct character {
    struct sv bytes; /* of the line */
    uint32_t code;
    bool is_valid;
    size_t cells;
};

static size_t cells_of(uint32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(widths) && widths[i].first <= code; i++)
        if (code <= widths[i].last)
            return widths[i].cells;
    return 1;
}

/* The character at byte `at`, which stands in cell `cell`. */
static struct character next(struct sv line, size_t at, size_t cell)
{
    struct character c = { .bytes = sv_skip(line, at) };
    size_t n = text_next(c.bytes, &c.code);

    c.is_valid = n > 0;
    c.bytes.n = n ? n : 1;
    if (!c.is_valid)
        c.cells = sizeof("\\xff") - 1;
    else if (c.code == '\t')
        c.cells = EXCERPT_TAB - cell % EXCERPT_TAB;
    else if (text_is_control(c.code))
        c.cells = n == 1 ? sizeof("\\x1b") - 1 : sizeof("\\u2028") - 1;
    else
        c.cells = cells_of(c.code);
    return c;
}

static void add(struct buf *out, const struct character *c)
{
    if (!c->is_valid || (c->bytes.n == 1 && c->code != '\t' && text_is_control(c->code)))
        buf_printf(out, "\\x%02x", (unsigned)(unsigned char)c->bytes.p[0]);
    else if (c->code == '\t')
        buf_add(out, (struct sv){ "    ", c->cells });
    else if (text_is_control(c->code))
        buf_printf(out, "\\u%04x", (unsigned)c->code);
    else
        buf_add(out, c->bytes);
}

static size_t byte_of(struct sv line, size_t column)
{
    size_t at = 0;

    for (size_t i = 1; i < column && at < line.n; i++)
        at += next(line, at, 0).bytes.n;
    return at;
}

/* The word at the start of `rest`, without what ends it in YAML's flow style;
 * of a key only its first character: the value is all that follows. */
static size_t word_length(struct sv rest)
{
    size_t n = 0;

    while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\t' && rest.p[n] != '\r')
        n++;
    while (n > 1 && strchr(",]}", rest.p[n - 1]))
        n--;
    if (n > 1 && rest.p[n - 1] != ':')
        return n;
    return rest.n ? next(rest, 0, 0).bytes.n : 0;
}

/* How many bytes of `rest` are the value, with the quotes around it. */
static size_t value_length(struct sv rest, struct sv found, bool *shows_found)
{
    size_t quote = rest.n && (rest.p[0] == '"' || rest.p[0] == '\'') ? 1 : 0;
    struct sv after = sv_skip(rest, quote + found.n);

    *shows_found = found.n > 0 && sv_starts_with(sv_skip(rest, quote), found) &&
                   (quote ? after.n && after.p[0] == rest.p[0]
                          : after.n == 0 || memchr(" \t\r,]}#", after.p[0], sizeof(" \t\r,]}#") - 1));
    return *shows_found ? quote + found.n + quote : word_length(rest);
}

struct mark {
    size_t first, last; /* bytes of the line: from, to */
    size_t indent, end; /* cells of it */
    size_t all;         /* cells of the line */
};

static struct mark measure(struct sv line, size_t first, size_t last)
{
    struct mark m = { .first = first, .last = last };

    for (size_t at = 0; at < line.n;) {
        struct character c = next(line, at, m.all);

        at += c.bytes.n;
        m.all += c.cells;
        if (at <= first)
            m.indent = m.all;
        if (at <= last)
            m.end = m.all;
    }
    return m;
}

/* Cells from..to of the line; no flood of combining characters. */
static size_t cut(struct buf *out, struct sv line, size_t from, size_t to)
{
    enum { BYTES_MAX = EXCERPT_CELLS * 16 };
    size_t cell = 0, begins = SIZE_MAX;

    for (size_t at = 0; at < line.n && out->len < BYTES_MAX;) {
        struct character c = next(line, at, cell);

        if (cell >= from && cell + c.cells <= to && (cell > from || c.cells || from == 0)) {
            begins = begins == SIZE_MAX ? cell : begins;
            add(out, &c);
        }
        if (cell + c.cells > to)
            break;
        at += c.bytes.n;
        cell += c.cells;
    }
    return begins == SIZE_MAX ? from : begins;
}

struct excerpt excerpt_make(struct arena *a, struct sv line, size_t column, struct sv found)
{
    static const struct sv dots = SV_INIT("...");
    enum { BEFORE = EXCERPT_CELLS / 3 };
    size_t first = byte_of(line, column), from = 0, begins;
    struct excerpt x = { { NULL, 0 }, 0, 1, false };
    struct buf out = BUF_IN(a);
    size_t last = first + value_length(sv_skip(line, first), found, &x.shows_found);
    struct mark m = measure(line, first, last);

    if (m.all > EXCERPT_CELLS && m.end > EXCERPT_CELLS)
        from = m.indent > BEFORE ? m.indent - BEFORE : 0;
    if (from)
        buf_add(&out, dots);
    begins = cut(&out, line, from, from + EXCERPT_CELLS);
    if (m.all > from + EXCERPT_CELLS)
        buf_add(&out, dots);
    if (m.end > from + EXCERPT_CELLS) {
        m.end = from + EXCERPT_CELLS;
        x.shows_found = false;
    }
    x.text = buf_ok(&out) ? buf_sv(&out) : (struct sv){ NULL, 0 };
    x.indent = (from ? dots.n : 0) + m.indent - (begins < m.indent ? begins : m.indent);
    x.width = m.end > m.indent ? m.end - m.indent : 1;
    return x;
}
