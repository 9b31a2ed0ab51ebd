/* SPDX-License-Identifier: Apache-2.0 */
/* Text is made directly, without a tree: what it says is yaml_read()'s to find. */
#include "unit/yaml/wild.h"
#include "base/attr.h"

enum { DEEPEST = 4 };

static size_t below(struct wild *w, size_t n)
{
    return random_below(w->random, n);
}

static bool one_in(struct wild *w, size_t n)
{
    return random_one_in(w->random, n);
}

static void add(struct wild *w, const char *text)
{
    buf_add(w->out, sv_from(text));
}

static void pad(struct wild *w, size_t n)
{
    while (n-- > 0)
        buf_add_char(w->out, ' ');
}

/* The end of a line: blanks, a comment, the break. Where a key may follow, a tab must not stand. */
static void end_line(struct wild *w)
{
    if (one_in(w, 12))
        add(w, one_in(w, 2) || strchr(" -:", w->out->p[w->out->len - 1]) ? " " : "\t");
    if (!w->is_json && one_in(w, 5))
        buf_printf(w->out, "%s#%zu; %s", one_in(w, 3) ? "  " : " ", w->comments++,
                   one_in(w, 2) ? "why: [x" : "\xe2\x82\xac");
    add(w, w->eol);
}

/* Lines between entries that stand at `indent`. After a block scalar a comment farther in would be its text. */
static void add_gap(struct wild *w, size_t indent)
{
    size_t most = indent + (w->out->len == w->block_end ? 0 : 2);

    while (one_in(w, 8))
        add(w, w->eol);
    while (!w->is_json && one_in(w, 8)) {
        pad(w, one_in(w, 4) ? below(w, most + 1) : indent);
        buf_printf(w->out, "#%zu; - a: b", w->comments++);
        add(w, w->eol);
    }
}

static const char *const words[] = {
    "a",      "nginx",    "10",   "true", "x y", "1.5", "no", "v1", "registry.example:5000/a/b:1.2",
    "--flag", "\xc3\xa4", "it's", "null",
};

static const char *const quoted[] = { "", "yes", " a ", "a: b", "#no", "\xf0\x9f\x98\x80", "[x]", "a, b" };

static void add_properties(struct wild *w)
{
    if (!w->is_json && one_in(w, 25))
        buf_printf(w->out, "&n%zu ", w->anchors++);
    if (!w->is_json && one_in(w, 40))
        add(w, "!!str ");
}

static void add_quoted(struct wild *w)
{
    const char *quote = w->is_json || one_in(w, 2) ? "\"" : "'";

    add(w, quote);
    add(w, quoted[below(w, ARRAY_LEN(quoted))]);
    if (w->is_json && one_in(w, 6))
        add(w, "\\ud83d\\ude00\\n");
    add(w, quote);
}

/* On one line, fit for flow collections too. */
static void add_scalar(struct wild *w, bool in_flow)
{
    size_t i = below(w, ARRAY_LEN(words));

    if (w->is_json ? one_in(w, 2) : one_in(w, 3)) {
        add_quoted(w);
    } else if (w->is_json) {
        add(w, one_in(w, 2) ? "17" : "true");
    } else {
        add_properties(w);
        add(w, in_flow && strchr(words[i], ':') ? "b" : words[i]);
    }
}

static void add_key(struct wild *w, size_t number)
{
    const char *quote = w->is_json ? "\"" : one_in(w, 10) ? "'" : "";

    buf_printf(w->out, "%sk%zu%s%s:", quote, number, one_in(w, 9) ? "/~ \xc3\xb6" : "", quote);
}

static void add_flow(struct wild *w, size_t depth, size_t indent, bool has_lines);

static void add_flow_value(struct wild *w, size_t depth, size_t indent, bool has_lines)
{
    if (depth < DEEPEST && one_in(w, 3))
        add_flow(w, depth + 1, indent, has_lines && !one_in(w, 4));
    else
        add_scalar(w, true);
}

static void break_flow_line(struct wild *w, size_t indent, bool has_lines)
{
    if (has_lines) {
        end_line(w);
        pad(w, indent);
    }
}

/* `has_lines`: an entry a line; its lines stand farther in than `indent`. */
static void add_flow(struct wild *w, size_t depth, size_t indent, bool has_lines)
{
    bool is_mapping = one_in(w, 2), is_tight = w->is_json && one_in(w, 2);
    size_t count = below(w, 4), step = 1 + below(w, 4);

    add(w, is_mapping ? "{" : "[");
    for (size_t i = 0; i < count; i++) {
        break_flow_line(w, indent + step, has_lines);
        if (is_mapping) {
            add_key(w, i);
            add(w, is_tight ? "" : " ");
        }
        add_flow_value(w, depth, indent + step, has_lines);
        if (i + 1 < count || (!w->is_json && one_in(w, 10)))
            add(w, has_lines || is_tight || i + 1 == count ? "," : ", ");
    }
    break_flow_line(w, indent + (w->is_json ? 0 : 1), has_lines && count > 0);
    add(w, is_mapping ? "}" : "]");
}

/* | or >, its lines farther in than `indent`. */
static void add_block_scalar(struct wild *w, size_t indent)
{
    static const char *const headers[] = { "|", ">", "|-", ">-", "|+" };
    size_t lines = 1 + below(w, 3), step = 1 + below(w, 4);

    add(w, headers[below(w, ARRAY_LEN(headers))]);
    end_line(w);
    for (size_t i = 0; i < lines; i++) {
        pad(w, indent + step);
        add(w, one_in(w, 3) ? "# no comment" : one_in(w, 3) ? "a: b" : "text \xc3\xa4");
        add(w, w->eol);
        if (one_in(w, 5))
            add(w, w->eol);
    }
    w->block_end = w->out->len;
}

/* Over more lines than one; the next ones farther in than `indent`. */
static void add_long_scalar(struct wild *w, size_t indent)
{
    const char *quote = one_in(w, 2) ? "\"" : one_in(w, 2) ? "'" : "";

    add(w, quote);
    add(w, "some words");
    add(w, w->eol);
    pad(w, indent + 1 + below(w, 4));
    add(w, "and more");
    add(w, quote);
    end_line(w);
}

static void add_block(struct wild *w, size_t depth, size_t indent, bool is_mapping);

/* What follows a key or a dash at `indent`, the end of its last line too. */
static void add_value(struct wild *w, size_t depth, size_t indent, bool is_key)
{
    size_t choice = below(w, depth < DEEPEST ? 16 : 9), in = indent + 1 + below(w, 4);
    bool is_mapping = choice < 13;

    if (choice < 9)
        add(w, " ");
    if (choice == 4 && w->usable > w->first_anchor && one_in(w, 3)) {
        buf_printf(w->out, "*n%zu", w->first_anchor + below(w, w->usable - w->first_anchor));
        end_line(w);
        return;
    }
    if (choice == 0)
        add_flow(w, depth + 1, indent + 1, one_in(w, 3));
    else if (choice == 1) {
        add_block_scalar(w, indent);
        return;
    } else if (choice == 2) {
        add_long_scalar(w, indent);
        return;
    } else if (choice > 3 && choice < 9)
        add_scalar(w, false);
    if (choice < 9) {
        end_line(w);
        return;
    }
    if (!is_key && one_in(w, 2)) {
        pad(w, in - indent);
        add_block(w, depth + 1, in + 1, is_mapping);
        return;
    }
    if (one_in(w, 12))
        buf_printf(w->out, " &n%zu", w->anchors++);
    end_line(w);
    if (is_key && !is_mapping && one_in(w, 2))
        in = indent;
    add_gap(w, in);
    pad(w, in);
    add_block(w, depth + 1, in, is_mapping);
}

/* Its first line is indented already. */
static void add_block(struct wild *w, size_t depth, size_t indent, bool is_mapping)
{
    size_t count = 1 + below(w, 4);

    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            add_gap(w, indent);
            pad(w, indent);
        }
        if (depth == 0)
            w->usable = w->anchors;
        if (is_mapping)
            add_key(w, i);
        else
            add(w, "-");
        add_value(w, depth, indent, is_mapping);
    }
}

static void add_document(struct wild *w, size_t number)
{
    if (number > 0 || one_in(w, 4)) {
        add(w, "---");
        end_line(w);
    }
    w->first_anchor = w->usable = w->anchors;
    add_gap(w, 0);
    if (one_in(w, 12)) {
        add_flow(w, 0, 0, one_in(w, 2));
        end_line(w);
        return;
    }
    add_block(w, 0, 0, !one_in(w, 5));
}

void wild_stream(struct wild *w)
{
    size_t documents = 1 + below(w, 3);

    w->eol = one_in(w, 5) ? "\r\n" : "\n";
    w->is_json = one_in(w, 4);
    if (!w->is_json && one_in(w, 8))
        add(w, "\xef\xbb\xbf");
    if (w->is_json) {
        add_flow(w, 0, 0, one_in(w, 2));
        add(w, one_in(w, 2) ? w->eol : "");
        return;
    }
    for (size_t i = 0; i < documents; i++)
        add_document(w, i);
    /* A block scalar that the text ends with has no line break then; with more after it, it has. */
    if (one_in(w, 3) && w->out->len > w->block_end)
        w->out->len -= strlen(w->eol);
}

void wild_value(struct random *r, struct buf *out, size_t depth)
{
    static const char *const values[] = { "\"new\"",   "\"a: b\"", "\"yes\"",     "\"two\\nlines\\n\"",
                                          "\"x\\ny\"", "17",       "true",        "null",
                                          "{}",        "[]",       "\"\\u2028\"", "2.5",
                                          "\" \"",     "\"a,b\"" };
    size_t choice = random_below(r, depth < 3 ? 8 : 6), count = 1 + random_below(r, 3);

    if (choice < 6) {
        buf_add(out, sv_from(values[random_below(r, ARRAY_LEN(values))]));
        return;
    }
    buf_add_char(out, choice == 6 ? '{' : '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(out, ',');
        if (choice == 6)
            buf_printf(out, "\"%s%zu\":", random_one_in(r, 5) ? "y: " : "n", i);
        wild_value(r, out, depth + 1);
    }
    buf_add_char(out, choice == 6 ? '}' : ']');
}
