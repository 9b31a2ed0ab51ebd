/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new entry is a line of its own (or several) after the last one's; a new
 * value stands on the line of its key or below it. What else stands on that
 * line is a comment, and stays there.
 */
#include "yaml/block.h"
#include "yaml/extent.h"
#include "yaml/flow.h"

size_t block_column(struct sv text, size_t i)
{
    size_t column = 0;

    for (size_t at = extent_line_start(text, i); at < i; at++)
        column += ((unsigned char)text.p[at] & 0xC0) != 0x80;
    return column;
}

static size_t column_of(const struct splice *s, size_t i)
{
    return block_column(s->doc->reach.text, i);
}

static void add_pad(struct splice *s, size_t n)
{
    while (n-- > 0)
        buf_add_char(&s->text, ' ');
}

static void add_line_break(struct splice *s, size_t indent)
{
    buf_add(&s->text, s->doc->eol);
    add_pad(s, indent);
}

/* Does the line begin with the byte `i`, but for spaces? */
static bool begins_line(const struct splice *s, size_t i)
{
    size_t at = extent_line_start(s->doc->reach.text, i);

    while (at < i && s->doc->reach.text.p[at] == ' ')
        at++;
    return at == i;
}

static size_t next_line(struct sv text, size_t line_end)
{
    if (line_end < text.n && text.p[line_end] == '\r')
        line_end++;
    if (line_end < text.n && text.p[line_end] == '\n')
        line_end++;
    return line_end;
}

/* A line with nothing but a comment that stands at `indent` or farther. */
static bool is_comment_line(struct sv text, size_t line, size_t indent)
{
    size_t i = line;

    while (i < text.n && text.p[i] == ' ')
        i++;
    return i < text.n && text.p[i] == '#' && i - line >= indent;
}

/* The end of the line of byte `i`, and of the comments right below it. */
static size_t end_of_lines(struct sv text, size_t i, size_t indent)
{
    size_t end = extent_line_end(text, i);

    while (end < text.n) {
        size_t next = next_line(text, end);

        if (!is_comment_line(text, next, indent))
            break;
        end = extent_line_end(text, next);
    }
    return end;
}

/* Would what follows `end` become text of a block scalar that ends there, below a key or a dash at `column`? */
static bool would_be_swallowed(struct sv text, size_t end, size_t column)
{
    size_t line_end = extent_line_end(text, end);

    if (sv_trim((struct sv){ text.p + end, line_end - end }).n > 0)
        return true;
    while (line_end < text.n) {
        size_t line = next_line(text, line_end);

        if (is_comment_line(text, line, column + 1))
            return true;
        line_end = extent_line_end(text, line);
        if (sv_trim((struct sv){ text.p + line, line_end - line }).n > 0)
            break;
    }
    return false;
}

/* How far the document indents, as the place itself shows it best, for what ends
 * at `end` and belongs to a key or a dash at `column`. */
static struct print_style style_at(const struct splice *s, size_t end, size_t column)
{
    struct print_style style = s->doc->style;

    style.quotes_lines = would_be_swallowed(s->doc->reach.text, end, column);
    for (size_t i = 1; i < s->at.count; i++) {
        const struct node *n = s->at.steps[i].node, *parent = s->at.steps[i - 1].node;
        size_t inner = column_of(s, n->content), outer = column_of(s, parent->content);

        if (n->style != STYLE_BLOCK || !s->at.steps[i].key || !n->first || inner < outer)
            continue;
        if (n->kind == NODE_MAPPING && inner > outer)
            style.mapping = inner - outer;
        if (n->kind == NODE_SEQUENCE)
            style.sequence = inner - outer;
    }
    return style;
}

void block_add_member(struct splice *s, struct sv key, const struct json *value)
{
    size_t column = column_of(s, s->node->content);
    struct buf lines = BUF_IN(s->arena);

    s->start = s->end = end_of_lines(s->doc->reach.text, s->node->end, column);
    print_member(&lines, key, value, column, style_at(s, s->end, column));
    add_line_break(s, column);
    splice_add_lines(s, &lines);
}

static void add_item(struct splice *s, const struct json *value, size_t column, struct print_style style)
{
    struct buf lines = BUF_IN(s->arena);

    print_item(&lines, value, column, style);
    splice_add_lines(s, &lines);
}

/* "-   item" is as wide as the last item is. */
static size_t item_width(const struct splice *s, size_t column)
{
    struct sv text = s->doc->reach.text;
    const struct node *last = s->node->last;
    size_t dash = extent_line_start(text, last->start) + column;
    bool is_beside = last->content < last->end && dash < last->start && text.p[dash] == '-';

    return is_beside ? column_of(s, last->start) - column : print_usual.item;
}

/* A comment at the column of the dashes may be the next key's, where that stands there too. */
static size_t comment_column(const struct splice *s, size_t column)
{
    const struct node *key = s->at.steps[s->at.count - 1].key;

    return column + (key && column_of(s, key->start) == column);
}

void block_append(struct splice *s, const struct json *value)
{
    size_t column = column_of(s, s->node->content);
    size_t end = end_of_lines(s->doc->reach.text, s->node->end, comment_column(s, column));
    struct print_style style = style_at(s, end, column);

    style.item = item_width(s, column);
    s->start = s->end = end;
    add_line_break(s, column);
    add_item(s, value, column, style);
}

/* The comments right above an item are its own, but those at the head of a document are that's. */
static size_t above_comments(const struct splice *s, size_t line, size_t column)
{
    struct sv text = s->doc->reach.text;
    size_t top = line, head = s->at.count > 1 ? s->at.steps[s->at.count - 2].node->start : line;

    while (top > head) {
        size_t before = top - 1;

        before -= before > head && text.p[before] == '\n' && text.p[before - 1] == '\r';
        before = extent_line_start(text, before);
        if (!is_comment_line(text, before, column))
            break;
        top = before;
    }
    return top;
}

void block_insert(struct splice *s, const struct json *value)
{
    size_t first = s->node->content, column = column_of(s, first);
    struct print_style style = style_at(s, first, column);

    if (!begins_line(s, first)) {
        s->start = s->end = first;
        add_item(s, value, column, style);
        add_line_break(s, column);
        return;
    }
    s->start = s->end = above_comments(s, extent_line_start(s->doc->reach.text, first), column);
    add_pad(s, column);
    add_item(s, value, column, style);
    buf_add(&s->text, s->doc->eol);
}

/* Where `node` has its place: after the colon of its key, after its dash; and
 * the column of that key or dash. */
static size_t place_of(const struct splice *s, size_t *column)
{
    struct sv text = s->doc->reach.text;
    const struct node *key = s->at.steps[s->at.count - 1].key, *parent = splice_parent(s), *before = NULL;
    size_t mark;

    *column = column_of(s, parent->content);
    if (key)
        return extent_skip(text, key->end) + 1;
    for (const struct node *item = parent->first; item != s->node; item = item->next)
        before = item;
    mark = before ? extent_skip(text, before->end) : parent->content;
    return mark + 1;
}

static void add_space(struct splice *s, size_t at)
{
    struct sv text = s->doc->reach.text;

    if (at > 0 && !memchr(" \t", text.p[at - 1], 2) && !extent_is_break(text.p[at - 1]))
        buf_add_char(&s->text, ' ');
}

/* The header of | and > may end with a comment. */
static struct sv header_comment(const struct splice *s)
{
    size_t i = s->node->content, end = extent_line_end(s->doc->reach.text, s->node->content);

    while (i < end && !memchr(" \t", s->doc->reach.text.p[i], 2))
        i++;
    return s->node->style == STYLE_BLOCK && s->node->kind == NODE_SCALAR ? splice_bytes(s, i, end)
                                                                         : (struct sv){ NULL, 0 };
}

static bool is_block_collection(const struct node *n)
{
    return n->kind != NODE_SCALAR && n->style == STYLE_BLOCK;
}

static void add_anchor(struct splice *s, struct sv anchor)
{
    buf_add(&s->text, anchor);
    if (anchor.n)
        buf_add_char(&s->text, ' ');
}

/* Old properties that stay, on the line of the key. */
static void add_properties(struct splice *s, struct sv anchor, size_t content)
{
    struct sv kept = anchor.p ? anchor : splice_bytes(s, s->node->start, content);

    while (kept.n && (memchr(" \t", kept.p[kept.n - 1], 2) || extent_is_break(kept.p[kept.n - 1])))
        kept.n--;
    if (kept.n)
        buf_add_char(&s->text, ' ');
    buf_add(&s->text, kept);
}

/* On the line where the old value begins; that of a block collection is the line of its key. */
static void replace_in_line(struct splice *s, const struct json *value)
{
    size_t column, place = place_of(s, &column);
    struct sv anchor;

    s->start = splice_content(s, &anchor);
    s->end = s->node->end;
    if (is_block_collection(s->node)) {
        add_properties(s, anchor, s->start);
        s->start = place;
        buf_add_char(&s->text, ' ');
    } else {
        add_space(s, s->start);
        add_anchor(s, anchor);
    }
    if (value_is(value, VALUE_OBJECT) || value_is(value, VALUE_ARRAY))
        flow_add_value(s, value);
    else
        splice_add_scalar(s, value, false);
    buf_add(&s->text, header_comment(s));
}

/* The value becomes lines below its key, and the comment beside it stays there. */
static void replace_by_literal(struct splice *s, struct sv value)
{
    struct buf lines = BUF_IN(s->arena), below = BUF_IN(s->arena);
    size_t column, place = place_of(s, &column), line_end = extent_line_end(s->doc->reach.text, s->node->end);
    struct sv anchor, comment = header_comment(s), rest;
    size_t content = splice_content(s, &anchor);

    s->start = place;
    s->end = comment.p ? s->node->end : line_end;
    if (!comment.p)
        comment = splice_bytes(s, s->node->end, line_end);
    add_properties(s, anchor, content);
    print_literal(&lines, value, column + s->doc->style.mapping);
    rest = buf_sv(&lines);
    buf_add_char(&s->text, ' ');
    buf_add(&s->text, sv_cut(&rest, '\n'));
    buf_add(&s->text, comment);
    buf_add(&s->text, s->doc->eol);
    buf_add(&below, rest);
    splice_add_lines(s, &below);
}

/* At which column the lines of `value` stand, below a key or a dash at `column`. */
static size_t column_below(const struct splice *s, const struct json *value, size_t column, struct print_style style)
{
    const struct node *n = s->node;
    size_t old = column_of(s, n->content);
    bool is_item = !s->at.steps[s->at.count - 1].key, is_array = value_is(value, VALUE_ARRAY);

    if (is_block_collection(n) && (old > column || (is_array && !is_item)))
        return old;
    if (is_item)
        return column + style.item;
    return column + (is_array ? style.sequence : style.mapping);
}

/* Where the old lines end: with the comments below, where there is one line only. */
static size_t end_of_old(const struct splice *s, size_t column)
{
    struct sv text = s->doc->reach.text;
    size_t end = s->node->end, line_end = extent_line_end(text, end);

    if (s->node->style != STYLE_BLOCK)
        return end_of_lines(text, end, column + 1);
    return sv_trim((struct sv){ text.p + end, line_end - end }).n == 0 ? line_end : end;
}

static void replace_by_lines(struct splice *s, const struct json *value)
{
    size_t column, place = place_of(s, &column), end = end_of_old(s, column);
    struct print_style style = style_at(s, end, column);
    size_t below = column_below(s, value, column, style), content;
    bool is_item = !s->at.steps[s->at.count - 1].key;
    struct sv anchor, comments;
    struct buf lines = BUF_IN(s->arena);

    s->start = place;
    s->end = end;
    content = splice_content(s, &anchor);
    comments = s->node->style == STYLE_BLOCK ? header_comment(s) : splice_bytes(s, s->node->end, s->end);
    add_properties(s, anchor, content);
    print_lines(&lines, value, below, style);
    if (is_item && s->text.len == 0 && sv_trim(comments).n == 0 && below > column + 1) {
        add_pad(s, below - column - 1);
    } else {
        /* After a dash libyaml takes no tab. */
        if (is_item && sv_starts_with(comments, SV("\t"))) {
            buf_add_char(&s->text, ' ');
            comments = sv_skip(comments, 1);
        }
        buf_add(&s->text, comments);
        add_line_break(s, below);
    }
    splice_add_lines(s, &lines);
}

static bool can_be_literal(const struct splice *s, size_t column)
{
    return !would_be_swallowed(s->doc->reach.text, extent_line_end(s->doc->reach.text, s->node->end), column);
}

void block_replace(struct splice *s, const struct json *value)
{
    struct sv string = value_string(value);
    const struct node *n = s->node;
    bool is_quoted = n->kind == NODE_SCALAR && (n->style == STYLE_SINGLE || n->style == STYLE_DOUBLE);
    bool is_flow = n->kind != NODE_SCALAR && n->style == STYLE_FLOW && n->first;
    size_t column;

    if (splice_has_comment(s, place_of(s, &column), n->content))
        s->why = SV("a comment stands before it");
    else if (string.p && print_is_literal(string) && !is_quoted && can_be_literal(s, column))
        replace_by_literal(s, string);
    else if (value_size(value) == 0 || is_flow)
        replace_in_line(s, value);
    else
        replace_by_lines(s, value);
}
