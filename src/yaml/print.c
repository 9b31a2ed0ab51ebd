/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A string stays plain if scalar.c reads it back as a string, and if no other
 * reader of YAML would take it for a date, a number to base 60 or a part of
 * the syntax. What is quoted uses the escapes of JSON only. Recursion goes as
 * deep as json/doc.c lets documents be.
 */
#include "yaml/print.h"
#include "base/attr.h"
#include "yaml/scalar.h"

const struct print_style print_usual = { .mapping = 2, .sequence = 0, .item = 2 };

enum {
    LITERAL_INDENT = 2,
    KEY_MAX = 1000, /* YAML looks for the colon no farther than 1024 characters */
};

/* The character at `i` and its length in bytes; `s` is valid UTF-8. */
static uint32_t character(struct sv s, size_t i, size_t *n)
{
    unsigned char lead = (unsigned char)s.p[i];
    uint32_t c = lead;

    *n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (*n > 1)
        c = lead & (0x7Fu >> *n);
    for (size_t k = 1; k < *n && i + k < s.n; k++)
        c = c << 6 | ((unsigned char)s.p[i + k] & 0x3F);
    return c;
}

struct range {
    uint32_t first, last;
};

/* What YAML or a reader's eye does not take as it is. */
static const struct range unprintable[] = {
    { 0, 0x1F },        { 0x7F, 0xA0 },     { 0x200B, 0x200F }, { 0x2028, 0x202E },
    { 0x2066, 0x2069 }, { 0xFEFF, 0xFEFF }, { 0xFFFE, 0xFFFF },
};

static bool is_printable(uint32_t c)
{
    for (size_t i = 0; i < ARRAY_LEN(unprintable); i++)
        if (c >= unprintable[i].first && c <= unprintable[i].last)
            return false;
    return true;
}

static bool all_printable(struct sv s, const char *except)
{
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c = character(s, i, &n);

        if (!is_printable(c) && (c == 0 || c > 0x7F || !strchr(except, (int)c)))
            return false;
    }
    return true;
}

static bool is_any(char c, const char *set)
{
    return c && strchr(set, c);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 2026-11-22 is a date and 12:30 a number to readers other than kubectl. */
static bool is_date_or_base_60(struct sv s)
{
    size_t i = s.p[0] == '-' || s.p[0] == '+', digits = i;

    while (i < s.n && is_digit(s.p[i]))
        i++;
    return i > digits && i + 1 < s.n && (s.p[i] == ':' || (s.p[i] == '-' && i == 4)) && is_digit(s.p[i + 1]);
}

static bool reads_as_string(struct sv s)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(s.n + 4096);
    struct scalar scalar;
    struct err ignored = { 0 };

    return scalar_resolve(s, (struct sv){ NULL, 0 }, true, &a, &scalar, &ignored) && scalar.type == SCALAR_STRING;
}

/* `-` begins a scalar only before something else; `=` and `<<` mean something by themselves. */
static bool begins_plain(struct sv s)
{
    if (sv_starts_with(s, SV("---")) || sv_starts_with(s, SV("...")))
        return false;
    if (s.p[0] == '-')
        return s.n > 1 && !is_any(s.p[1], " ,[]{}");
    return !is_any(s.p[0], " ?:,[]{}#&*!|>'\"%@`=<");
}

static bool has_syntax(struct sv s, bool in_flow)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ':' && (in_flow || i + 1 == s.n || s.p[i + 1] == ' '))
            return true;
        if (s.p[i] == '#' && i > 0 && s.p[i - 1] == ' ')
            return true;
        if (in_flow && is_any(s.p[i], ",[]{}?"))
            return true;
    }
    return s.p[s.n - 1] == ' ';
}

static bool can_be_plain(struct sv s, bool in_flow)
{
    return s.n > 0 && begins_plain(s) && !has_syntax(s, in_flow) && all_printable(s, "") && !is_date_or_base_60(s) &&
           reads_as_string(s);
}

static void add_single_quoted(struct buf *out, struct sv s)
{
    buf_add_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            buf_add_char(out, '\'');
        buf_add_char(out, s.p[i]);
    }
    buf_add_char(out, '\'');
}

static void add_escape(struct buf *out, uint32_t c)
{
    static const char short_form[0x60] = {
        ['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
    };

    if (c < sizeof(short_form) && short_form[c])
        buf_printf(out, "\\%c", short_form[c]);
    else
        buf_printf(out, "\\u%04x", (unsigned)c);
}

/* What is not printable lies below U+10000: one escape says it. */
static void add_double_quoted(struct buf *out, struct sv s)
{
    buf_add_char(out, '"');
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t c = character(s, i, &n);

        if (c == '"' || c == '\\' || !is_printable(c))
            add_escape(out, c);
        else
            buf_add(out, (struct sv){ s.p + i, n });
    }
    buf_add_char(out, '"');
}

void print_string(struct buf *out, struct sv s, enum print_quotes quotes)
{
    bool wants_plain = quotes == PRINT_PLAIN || quotes == PRINT_FLOW;

    if (wants_plain && can_be_plain(s, quotes == PRINT_FLOW)) {
        buf_add(out, s);
        return;
    }
    if (wants_plain && (sv_find(s, '"') < s.n || sv_find(s, '\\') < s.n))
        quotes = PRINT_SINGLE;
    if (quotes == PRINT_SINGLE && all_printable(s, ""))
        add_single_quoted(out, s);
    else
        add_double_quoted(out, s);
}

static void add_pad(struct buf *out, size_t n)
{
    char *p = buf_room(out, n);

    if (!p)
        return;
    memset(p, ' ', n);
    out->len += n;
}

/* Lines that a reader sees as they are: no space or tab begins the first, none
 * ends any, and at most one line break ends them all. */
bool print_is_literal(struct sv s)
{
    if (sv_find(s, '\n') == s.n || is_any(s.p[0], " \t\n") || sv_ends_with(s, SV("\n\n")))
        return false;
    for (size_t i = 1; i <= s.n; i++)
        if ((i == s.n || s.p[i] == '\n') && is_any(s.p[i - 1], " \t"))
            return false;
    return all_printable(s, "\n\t");
}

void print_literal(struct buf *out, struct sv s, size_t indent)
{
    bool is_clipped = sv_ends_with(s, SV("\n"));
    struct sv rest = { s.p, s.n - is_clipped };

    buf_add(out, is_clipped ? SV("|\n") : SV("|-\n"));
    while (rest.p) {
        struct sv line = sv_cut(&rest, '\n');

        add_pad(out, line.n ? indent : 0);
        buf_add(out, line);
        buf_add_char(out, '\n');
    }
}

static void add_scalar(struct buf *out, const struct json *v, enum print_quotes quotes)
{
    struct sv s = value_string(v);

    if (s.p)
        print_string(out, s, quotes);
    else
        value_print(out, v);
}

/* A scalar or an empty collection, and the end of the line. */
static void add_line(struct buf *out, const struct json *v, size_t indent, struct print_style style)
{
    struct sv s = value_string(v);

    if (s.p && !style.quotes_lines && print_is_literal(s)) {
        print_literal(out, s, indent + LITERAL_INDENT);
        return;
    }
    add_scalar(out, v, PRINT_PLAIN);
    buf_add_char(out, '\n');
}

void print_lines(struct buf *out, const struct json *value, size_t indent, struct print_style style)
{
    for (struct value_iter it = value_iter(value); value_next(&it);) {
        add_pad(out, it.index ? indent : 0);
        if (it.key.p)
            print_member(out, it.key, it.value, indent, style);
        else
            print_item(out, it.value, indent, style);
    }
}

/* A long key says first that it is one. */
static void add_key(struct buf *out, struct sv key, size_t indent)
{
    size_t begin = out->len;

    print_string(out, key, PRINT_PLAIN);
    if (out->len - begin > KEY_MAX) {
        out->len = begin;
        buf_add(out, SV("? "));
        print_string(out, key, PRINT_PLAIN);
        buf_add_char(out, '\n');
        add_pad(out, indent);
    }
    buf_add_char(out, ':');
}

void print_member(struct buf *out, struct sv key, const struct json *value, size_t indent, struct print_style style)
{
    size_t below = indent + (value_is(value, VALUE_ARRAY) ? style.sequence : style.mapping);

    add_key(out, key, indent);
    if (value_size(value) == 0) {
        buf_add_char(out, ' ');
        add_line(out, value, indent, style);
        return;
    }
    buf_add_char(out, '\n');
    add_pad(out, below);
    print_lines(out, value, below, style);
}

void print_item(struct buf *out, const struct json *value, size_t indent, struct print_style style)
{
    buf_add_char(out, '-');
    add_pad(out, style.item - 1);
    if (value_size(value) == 0)
        add_line(out, value, indent, style);
    else
        print_lines(out, value, indent + style.item, style);
}

void print_block(struct buf *out, const struct json *value, size_t indent)
{
    add_pad(out, indent);
    if (value_size(value) == 0)
        add_line(out, value, indent, print_usual);
    else
        print_lines(out, value, indent, print_usual);
}

static void add_flow_key(struct buf *out, struct sv key, const struct print_spacing *spacing)
{
    size_t begin = out->len;

    print_string(out, key, spacing->quotes);
    if (spacing->quotes != PRINT_DOUBLE && out->len - begin > KEY_MAX) {
        out->len = begin;
        buf_add(out, SV("? "));
        print_string(out, key, spacing->quotes);
    }
    buf_add(out, spacing->colon);
}

static void add_flow(struct buf *out, const struct json *v, const struct print_spacing *spacing, size_t depth);

static void break_line(struct buf *out, const struct print_spacing *spacing, size_t depth)
{
    buf_add(out, spacing->line);
    for (size_t i = 0; spacing->line.p && i < depth; i++)
        buf_add(out, spacing->step);
}

static void add_entries(struct buf *out, const struct json *v, const struct print_spacing *spacing, size_t depth)
{
    struct sv comma = spacing->line.p ? SV(",") : spacing->comma;

    for (struct value_iter it = value_iter(v); value_next(&it);) {
        if (it.index)
            buf_add(out, comma);
        break_line(out, spacing, depth + 1);
        if (it.key.p)
            add_flow_key(out, it.key, spacing);
        add_flow(out, it.value, spacing, depth + 1);
    }
    if (value_size(v))
        break_line(out, spacing, depth);
}

static void add_flow(struct buf *out, const struct json *v, const struct print_spacing *spacing, size_t depth)
{
    bool is_object = value_is(v, VALUE_OBJECT);

    if (!is_object && !value_is(v, VALUE_ARRAY)) {
        add_scalar(out, v, spacing->quotes);
        return;
    }
    buf_add_char(out, is_object ? '{' : '[');
    add_entries(out, v, spacing, depth);
    buf_add_char(out, is_object ? '}' : ']');
}

void print_spaced(struct buf *out, const struct json *value, const struct print_spacing *spacing)
{
    add_flow(out, value, spacing, 0);
}

void print_spaced_member(struct buf *out, struct sv key, const struct json *value, const struct print_spacing *spacing)
{
    add_flow_key(out, key, spacing);
    add_flow(out, value, spacing, 0);
}

void print_flow(struct buf *out, const struct json *value, bool is_json)
{
    struct print_spacing spacing = {
        is_json ? PRINT_DOUBLE : PRINT_FLOW, SV(": "), SV(", "), { NULL, 0 }, { NULL, 0 }
    };

    print_spaced(out, value, &spacing);
}
