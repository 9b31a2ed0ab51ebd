/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands between the last two entries stands before a new one, too: a
 * comma and a space, a comma only, or a comma and a new line.
 */
#include "yaml/flow.h"
#include "yaml/extent.h"

static struct sv text_of(const struct splice *s)
{
    return s->doc->reach.text;
}

/* The white space that the line of byte `i` begins with. A text may be one long
 * line: this is asked only where entries have lines of their own. */
static struct sv indentation(const struct splice *s, size_t i)
{
    size_t start = extent_line_start(text_of(s), i), end = start;

    while (end < i && memchr(" \t", text_of(s).p[end], 2))
        end++;
    return splice_bytes(s, start, end);
}

/* Does nothing but white space stand before it on its line? */
static bool begins_line(const struct splice *s, size_t i)
{
    while (i > 0 && memchr(" \t", text_of(s).p[i - 1], 2))
        i--;
    return i == 0 || extent_is_break(text_of(s).p[i - 1]);
}

static bool has_break(struct sv text)
{
    return sv_find(text, '\n') < text.n || sv_find(text, '\r') < text.n;
}

static bool is_flow(const struct node *n)
{
    return n && (n->kind == NODE_MAPPING || n->kind == NODE_SEQUENCE) && n->style == STYLE_FLOW;
}

/* Each entry on a line of its own? */
static bool has_lines(const struct splice *s, const struct node *n)
{
    return n->first && begins_line(s, n->first->start) && has_break(splice_bytes(s, n->content, n->first->start));
}

static const struct node *last_key(const struct node *mapping)
{
    const struct node *key = mapping->first;

    while (key && key->next->next)
        key = key->next->next;
    return key;
}

/* Between a key and its value; absent where that says nothing. */
static struct sv colon_of(const struct splice *s, const struct node *mapping)
{
    const struct node *key = mapping->first, *value = key ? key->next : NULL;
    struct sv between;

    if (!key || mapping->kind != NODE_MAPPING || value->content == value->end || value->start <= key->end)
        return (struct sv){ NULL, 0 };
    between = splice_bytes(s, key->end, value->start);
    return has_break(between) ? (struct sv){ NULL, 0 } : between;
}

/* How the first scalar in it is quoted. */
static enum print_quotes quotes_of(const struct node *n)
{
    while (n->first)
        n = n->first;
    if (n->kind != NODE_SCALAR)
        return PRINT_FLOW;
    return n->style == STYLE_DOUBLE ? PRINT_DOUBLE : n->style == STYLE_SINGLE ? PRINT_SINGLE : PRINT_FLOW;
}

/* One level of indentation of a collection that has lines. */
static struct sv step_of(const struct splice *s, const struct node *n)
{
    struct sv outer = indentation(s, n->content), inner = indentation(s, n->first->start);

    return inner.n > outer.n && sv_starts_with(inner, outer) ? sv_skip(inner, outer.n) : SV("  ");
}

/* The style of `model`, and of the flow collections around `node`, the nearest first. */
static struct print_spacing spacing_at(const struct splice *s, const struct node *model)
{
    struct print_spacing spacing = { .quotes = model ? quotes_of(model) : PRINT_FLOW };

    for (size_t i = s->at.count - !is_flow(s->node); i-- > 0 && is_flow(s->at.steps[i].node);) {
        const struct node *holder = s->at.steps[i].node;

        if (!spacing.colon.p && s->doc->is_json)
            spacing.colon = colon_of(s, holder);
        if (!spacing.step.p && has_lines(s, holder))
            spacing.step = step_of(s, holder);
    }
    if (s->doc->is_json)
        spacing.quotes = PRINT_DOUBLE;
    if (!spacing.colon.p)
        spacing.colon = SV(": ");
    spacing.comma = sv_ends_with(spacing.colon, SV(":")) ? SV(",") : SV(", ");
    return spacing;
}

/* The line on which byte `i` stands. */
static struct sv line_of(const struct splice *s, size_t i)
{
    struct sv space = indentation(s, i);

    return arena_printf(s->arena, "%.*s%.*s", (int)s->doc->eol.n, s->doc->eol.p, (int)space.n, space.p);
}

/* Of the old value itself if it has entries, else of what holds it. */
void flow_add_value(struct splice *s, const struct json *value)
{
    const struct node *model = is_flow(s->node) && s->node->first ? s->node : splice_parent(s);
    struct print_spacing spacing = spacing_at(s, is_flow(model) ? model : NULL);

    if (is_flow(model) && has_lines(s, model))
        spacing.line = line_of(s, s->node->start);
    print_spaced(&s->text, value, &spacing);
}

void flow_replace(struct splice *s, const struct json *value)
{
    struct sv anchor;

    s->start = splice_content(s, &anchor);
    s->end = s->node->end;
    if (s->start == s->end && s->start > 0 && text_of(s).p[s->start - 1] == ':')
        buf_add_char(&s->text, ' ');
    buf_add(&s->text, anchor);
    if (anchor.n)
        buf_add_char(&s->text, ' ');
    if (value_is(value, VALUE_OBJECT) || value_is(value, VALUE_ARRAY))
        flow_add_value(s, value);
    else
        splice_add_scalar(s, value, true);
}

/* A pair that is an item of a list without braces of its own has no room for more. */
static bool has_brackets(struct splice *s)
{
    if (s->node->content < s->node->end && memchr("[{", text_of(s).p[s->node->content], 2))
        return true;
    s->why = SV("it has no braces");
    return false;
}

static void add_new(struct splice *s, struct sv key, const struct json *value, const struct print_spacing *spacing)
{
    if (key.p)
        print_spaced_member(&s->text, key, value, spacing);
    else
        print_spaced(&s->text, value, spacing);
}

/* After an entry that has a line of its own. `comma` stands there already if there is one. */
static void add_line(struct splice *s, struct sv key, const struct json *value, size_t end)
{
    size_t comma = extent_skip(text_of(s), end);
    bool has_comma = comma < text_of(s).n && text_of(s).p[comma] == ',';
    size_t from = has_comma ? comma + 1 : end, line_end = extent_line_end(text_of(s), from), rest = from;
    const struct node *last = s->node->kind == NODE_MAPPING ? last_key(s->node) : s->node->last;
    struct print_spacing spacing = spacing_at(s, s->node);

    while (rest < line_end && memchr(" \t", text_of(s).p[rest], 2))
        rest++;
    if (rest < line_end && text_of(s).p[rest] != '#')
        line_end = from;
    spacing.line = line_of(s, last->start);
    s->start = from;
    s->end = line_end;
    if (!has_comma)
        buf_add_char(&s->text, ',');
    buf_add(&s->text, splice_bytes(s, from, line_end));
    buf_add(&s->text, spacing.line);
    add_new(s, key, value, &spacing);
    if (has_comma)
        buf_add_char(&s->text, ',');
}

/* What separates `next` from what ends before it; the usual comma where a comment stands in between. */
static struct sv separator(const struct splice *s, size_t end, const struct node *next, struct sv usual)
{
    struct sv between = splice_bytes(s, end, next->start);

    return sv_find(between, '#') < between.n || sv_find(between, ',') == between.n || memchr(between.p, '?', between.n)
               ? usual
               : between;
}

static void add_last(struct splice *s, struct sv key, const struct json *value)
{
    bool is_mapping = s->node->kind == NODE_MAPPING;
    const struct node *last = is_mapping ? last_key(s->node) : s->node->last, *before = NULL;
    struct print_spacing spacing = spacing_at(s, s->node);

    if (!has_brackets(s))
        return;
    if (has_lines(s, s->node) && begins_line(s, last->start)) {
        add_line(s, key, value, s->node->last->end);
        return;
    }
    for (const struct node *n = s->node->first; n != last; n = n->next)
        before = n;
    s->start = s->end = s->node->last->end;
    buf_add(&s->text, before ? separator(s, before->end, last, spacing.comma) : spacing.comma);
    add_new(s, key, value, &spacing);
}

void flow_add_member(struct splice *s, struct sv key, const struct json *value)
{
    add_last(s, key, value);
}

void flow_append(struct splice *s, const struct json *value)
{
    add_last(s, (struct sv){ NULL, 0 }, value);
}

void flow_insert(struct splice *s, const struct json *value)
{
    const struct node *first = s->node->first, *second = first->next;
    struct print_spacing spacing = spacing_at(s, s->node);

    if (!has_brackets(s))
        return;
    s->start = s->end = first->start;
    if (has_lines(s, s->node))
        spacing.line = line_of(s, first->start);
    print_spaced(&s->text, value, &spacing);
    if (spacing.line.p) {
        buf_add_char(&s->text, ',');
        buf_add(&s->text, spacing.line);
    } else {
        buf_add(&s->text, second ? separator(s, first->end, second, spacing.comma) : spacing.comma);
    }
}
