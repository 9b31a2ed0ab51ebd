/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the place and decides who writes there: block.c between lines, flow.c
 * between brackets. An entry for an empty collection replaces it by one that
 * has this entry only.
 */
#include "yaml/splice.h"
#include "yaml/block.h"
#include "yaml/extent.h"
#include "yaml/flow.h"
#include "json/doc.h"

struct sv splice_bytes(const struct splice *s, size_t start, size_t end)
{
    return (struct sv){ s->doc->reach.text.p + start, end > start ? end - start : 0 };
}

bool splice_has_comment(const struct splice *s, size_t start, size_t end)
{
    struct sv text = s->doc->reach.text;

    for (size_t i = start; i < end; i++)
        if (text.p[i] == '#' && (i == 0 || memchr(" \t\r\n,[]{}", text.p[i - 1], 9)))
            return true;
    return false;
}

const struct node *splice_parent(const struct splice *s)
{
    return s->at.count > 1 ? s->at.steps[s->at.count - 2].node : NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || extent_is_break(c);
}

size_t splice_content(const struct splice *s, struct sv *anchor)
{
    const struct node *n = s->node;
    struct sv properties = splice_bytes(s, n->start, n->content);
    size_t at = sv_starts_with(properties, SV("&")) ? 0 : properties.n;

    *anchor = (struct sv){ NULL, 0 };
    if (!n->tag.p)
        return n->content;
    for (size_t i = 1; i < properties.n && at == properties.n; i++)
        if (properties.p[i] == '&' && is_space(properties.p[i - 1]))
            at = i;
    *anchor = sv_skip(properties, at);
    for (size_t i = 0; i < anchor->n; i++)
        if (is_space(anchor->p[i]))
            anchor->n = i;
    return n->start;
}

void splice_add_lines(struct splice *s, const struct buf *lines)
{
    struct sv rest = buf_sv(lines);

    rest.n -= rest.n > 0 && rest.p[rest.n - 1] == '\n';
    for (bool is_first = true; rest.p; is_first = false) {
        struct sv line = sv_cut(&rest, '\n');

        if (!is_first)
            buf_add(&s->text, s->doc->eol);
        buf_add(&s->text, line);
    }
    s->text.failed = s->text.failed || !buf_ok(lines);
}

void splice_add_scalar(struct splice *s, const struct json *value, bool in_flow)
{
    static const enum print_quotes same[] = { [STYLE_SINGLE] = PRINT_SINGLE, [STYLE_DOUBLE] = PRINT_DOUBLE };
    struct sv text = value_string(value);
    enum print_quotes quotes = in_flow ? PRINT_FLOW : PRINT_PLAIN;

    if (s->doc->is_json)
        quotes = PRINT_DOUBLE;
    else if (s->node->kind == NODE_SCALAR && (s->node->style == STYLE_SINGLE || s->node->style == STYLE_DOUBLE))
        quotes = same[s->node->style];
    if (text.p)
        print_string(&s->text, text, quotes);
    else
        value_print(&s->text, value);
}

/* The first found of a mapping in a mapping (or a sequence) shows how far this document indents. */
static bool find_step(struct sv text, const struct node *n, enum node_kind kind, size_t *step)
{
    const struct node *key = NULL;

    for (const struct node *child = n->first; child; child = child->next) {
        bool is_value = key && n->kind == NODE_MAPPING;

        if (is_value && n->style == STYLE_BLOCK && child->kind == kind && child->style == STYLE_BLOCK) {
            *step = block_column(text, child->content) - block_column(text, n->content);
            return true;
        }
        if (child->style == STYLE_BLOCK && find_step(text, child, kind, step))
            return true;
        key = key ? NULL : child;
    }
    return false;
}

bool splice_open(struct sv file, struct sv text, const struct node *root, struct arena *a, struct splice_document *out,
                 struct err *e)
{
    CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(a->max);
    struct sv whole = { text.p + root->content, root->end - root->content };
    struct err ignored = { 0 };
    size_t feed = sv_find(text, '\n');

    *out = (struct splice_document){ .eol = SV("\n"), .style = print_usual };
    if (feed > 0 && feed < text.n && text.p[feed - 1] == '\r')
        out->eol = SV("\r\n");
    out->is_json = whole.n && memchr("[{", whole.p[0], 2) && doc_parse(whole, &scratch, &ignored);
    if (find_step(text, root, NODE_MAPPING, &out->style.mapping) && out->style.mapping == 0)
        out->style.mapping = print_usual.mapping;
    if (find_step(text, root, NODE_SEQUENCE, &out->style.sequence) && out->style.sequence > 8)
        out->style.sequence = print_usual.sequence;
    return reach_open(file, text, root, a, &out->reach, e);
}

static bool refuse(struct splice *s, struct sv why)
{
    s->why = why;
    return true;
}

static const struct json *parse(struct sv text, struct arena *a, struct err *e)
{
    const struct json *v = doc_parse(text, a, e);

    if (!v)
        err_wrap(e, "the new value");
    return v;
}

static bool in_block(const struct splice *s)
{
    const struct node *parent = splice_parent(s);

    return parent && parent->style == STYLE_BLOCK;
}

static bool replace(struct splice *s, const struct json *value)
{
    struct sv why = reach_referred(&s->doc->reach, s->node, true, s->arena);
    const struct node *n = s->node;

    if (why.p)
        return refuse(s, why);
    if (n->is_left_out)
        return refuse(s, SV("its key has no colon"));
    if (!splice_parent(s) && n->style == STYLE_BLOCK)
        return refuse(s, SV("it is the whole document"));
    if (n->kind != NODE_SCALAR && splice_has_comment(s, n->content, n->end))
        return refuse(s, SV("comments stand in it"));
    if (in_block(s))
        block_replace(s, value);
    else
        flow_replace(s, value);
    return true;
}

static bool is_empty(const struct splice *s, enum node_kind kind)
{
    return reach_is_null(s->node) || (s->node->kind == kind && !s->node->first);
}

/* An empty collection becomes one with this entry. */
static bool fill(struct splice *s, struct sv key, struct sv value, struct err *e)
{
    struct buf text = BUF_IN(s->arena);
    const struct json *v;

    buf_add(&text, key.p ? SV("{") : SV("["));
    if (key.p) {
        value_print_string(&text, key);
        buf_add_char(&text, ':');
    }
    buf_add(&text, value);
    buf_add(&text, key.p ? SV("}") : SV("]"));
    if (!buf_ok(&text))
        return arena_error(s->arena, e);
    v = parse(buf_sv(&text), s->arena, e);
    return v && replace(s, v);
}

static bool add_entry(struct splice *s, const struct edit *edit, struct err *e)
{
    bool is_member = edit->kind == EDIT_MEMBER, is_block = s->node->style == STYLE_BLOCK;
    const struct json *value = parse(edit->value, s->arena, e);

    if (!value)
        return false;
    if (is_member && is_block)
        block_add_member(s, s->at.missing, value);
    else if (is_member)
        flow_add_member(s, s->at.missing, value);
    else if (is_block)
        (edit->kind == EDIT_APPEND ? block_append : block_insert)(s, value);
    else
        (edit->kind == EDIT_APPEND ? flow_append : flow_insert)(s, value);
    return true;
}

static bool plan_entry(struct splice *s, const struct edit *edit, struct err *e)
{
    enum node_kind kind = edit->kind == EDIT_MEMBER ? NODE_MAPPING : NODE_SEQUENCE;
    struct sv why;

    if (is_empty(s, kind))
        return fill(s, s->at.missing, edit->value, e);
    if (s->node->kind != kind)
        return refuse(s, SV("it is no list"));
    why = reach_referred(&s->doc->reach, s->node, false, s->arena);
    return why.p ? refuse(s, why) : add_entry(s, edit, e);
}

/* Is the last line of `v`, between lines, one of a block scalar whose value ends with a line break? */
static bool ends_with_literal(const struct json *v)
{
    while (value_size(v) > 0) {
        struct value_iter it = value_iter(v);

        while (value_next(&it))
            v = it.value;
    }
    return sv_ends_with(value_string(v), SV("\n")) && print_is_literal(value_string(v));
}

/* Such a line needs its break where the text ends without one. */
static bool end_text(struct splice *s, const struct edit *edit, struct err *e)
{
    struct sv text = s->doc->reach.text;
    const struct json *value;

    if (s->end < text.n || text.n == 0 || extent_is_break(text.p[text.n - 1]) || s->doc->is_json)
        return true;
    value = parse(edit->value, s->arena, e);
    if (value && ends_with_literal(value))
        buf_add(&s->text, s->doc->eol);
    return value;
}

bool splice_plan(const struct splice_document *doc, const struct edit *edit, struct arena *a, struct splice *out,
                 struct err *e)
{
    const struct json *value;

    *out = (struct splice){ .doc = doc, .arena = a, .text = BUF_IN(a) };
    if (!reach_value(&doc->reach, edit->pointer, edit->kind == EDIT_MEMBER, a, &out->at, e))
        return false;
    if (out->at.why.p)
        return refuse(out, out->at.why);
    out->node = out->at.steps[out->at.count - 1].node;
    if (edit->kind == EDIT_REPLACE || (edit->kind == EDIT_MEMBER && !out->at.missing.p)) {
        value = parse(edit->value, a, e);
        if (!value || !replace(out, value))
            return false;
    } else if (!plan_entry(out, edit, e)) {
        return false;
    }
    return end_text(out, edit, e) && (buf_ok(&out->text) || arena_error(a, e));
}
