/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libyaml's events, taken one by one, build the tree under a stack of the
 * collections that are open. libyaml itself does not limit what it reads.
 */
#include "yaml/node.h"
#include "yaml/source.h"
#include "yaml/transcode.h"
#include <yaml.h>

struct anchor {
    struct sv name;
    const struct node *node;
    struct anchor *next;
};

struct builder {
    struct sv file, text;
    struct source source; /* what libyaml reads */
    struct arena *arena;
    struct node *open[YAML_MAX_DEPTH];
    size_t depth, values, most;
    struct anchor *anchors; /* of this document, newest first: a later one hides an earlier */
    size_t anchor_count;
    struct node *first, *last; /* roots */
};

static void delete_parser(yaml_parser_t *parser)
{
    yaml_parser_delete(parser);
}

static void delete_event(yaml_event_t *event)
{
    yaml_event_delete(event);
}

bool node_error_at(struct sv file, struct place place, struct err *e)
{
    return err_wrap(e, "%.*s:%u:%u", SV_ARG(file), (unsigned)place.line, (unsigned)place.column);
}

static struct place place_of(const struct builder *b, yaml_mark_t mark)
{
    size_t hidden = source_hidden(&b->source, mark.index - mark.column, mark.index);

    return (struct place){ (uint32_t)mark.line + 1, (uint32_t)(mark.column + hidden) + 1 };
}

static size_t index_of(const struct builder *b, yaml_mark_t mark)
{
    return mark.index + source_hidden(&b->source, 0, mark.index);
}

/* Bytes that are no text have no mark, only an offset. */
static struct place place_at_offset(struct sv text, size_t offset)
{
    struct place place = { 1, 1 };

    for (size_t i = 0; i < offset && i < text.n; i++) {
        if (text.p[i] == '\n')
            place = (struct place){ place.line + 1, 1 };
        else
            place.column += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    }
    return place;
}

static bool parser_error(const struct builder *b, const yaml_parser_t *parser, struct err *e)
{
    const char *problem = parser->problem ? parser->problem : "not YAML";

    if (parser->error == YAML_MEMORY_ERROR)
        return err_nomem(e);
    if (parser->error == YAML_READER_ERROR) {
        err_set(e, ERR_SYNTAX, "%s", problem);
        return node_error_at(b->file, place_at_offset(b->text, parser->problem_offset), e);
    }
    err_set(e, ERR_SYNTAX, "%s%s%s", problem, parser->context ? " " : "", parser->context ? parser->context : "");
    return node_error_at(b->file, place_of(b, parser->problem_mark), e);
}

static bool no_room(const struct builder *b, struct place place, struct err *e)
{
    arena_error(b->arena, e);
    return node_error_at(b->file, place, e);
}

static bool limit_error(const struct builder *b, struct place place, size_t limit, const char *what, struct err *e)
{
    err_set(e, ERR_LIMIT, "more than %zu %s", limit, what);
    return node_error_at(b->file, place, e);
}

static bool copy_text(struct arena *a, const yaml_char_t *text, size_t n, struct sv *out)
{
    *out = arena_copy(a, (struct sv){ (const char *)text, n });
    return out->p;
}

static bool copy_string(struct arena *a, const yaml_char_t *text, struct sv *out)
{
    return !text || copy_text(a, text, strlen((const char *)text), out);
}

static void attach(struct builder *b, struct node *n)
{
    struct node *parent = b->depth ? b->open[b->depth - 1] : NULL;
    struct node **first = parent ? &parent->first : &b->first, **last = parent ? &parent->last : &b->last;

    if (*last)
        (*last)->next = n;
    else
        *first = n;
    *last = n;
}

/* Where a node begins. A value that is left out after `? key` begins with the
 * next line to libyaml, also where the text has no further line. */
static struct place place_of_event(const struct builder *b, const yaml_event_t *event)
{
    const struct node *before = b->depth ? b->open[b->depth - 1]->last : NULL;
    bool is_left_out = event->start_mark.index == event->end_mark.index && event->start_mark.column == 0;

    return before && is_left_out ? before->place : place_of(b, event->start_mark);
}

static struct node *add_node(struct builder *b, enum node_kind kind, const yaml_event_t *event, struct err *e)
{
    struct place place = place_of_event(b, event);
    struct node *n;

    if (++b->values > b->most) {
        limit_error(b, place, b->most, "values", e);
        return NULL;
    }
    n = arena_new(b->arena, struct node);
    if (!n) {
        no_room(b, place, e);
        return NULL;
    }
    n->kind = kind;
    n->place = place;
    n->start = index_of(b, event->start_mark);
    n->end = index_of(b, event->end_mark);
    attach(b, n);
    return n;
}

static bool add_anchor(struct builder *b, const yaml_char_t *name, const struct node *n, struct err *e)
{
    struct anchor *anchor;

    if (!name)
        return true;
    if (++b->anchor_count > NODE_MAX_ANCHORS)
        return limit_error(b, n->place, NODE_MAX_ANCHORS, "anchors", e);
    anchor = arena_new(b->arena, struct anchor);
    if (!anchor || !copy_string(b->arena, name, &anchor->name))
        return no_room(b, n->place, e);
    anchor->node = n;
    anchor->next = b->anchors;
    b->anchors = anchor;
    return true;
}

static enum node_style scalar_style(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return STYLE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return STYLE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE:
    case YAML_FOLDED_SCALAR_STYLE:
        return STYLE_BLOCK;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
        break;
    }
    return STYLE_PLAIN;
}

static bool add_scalar(struct builder *b, const yaml_event_t *event, struct err *e)
{
    struct node *n = add_node(b, NODE_SCALAR, event, e);

    if (!n)
        return false;
    n->is_plain = event->data.scalar.plain_implicit;
    n->style = scalar_style(event->data.scalar.style);
    n->properties = (event->data.scalar.anchor ? 1u : 0u) + (event->data.scalar.tag ? 1u : 0u);
    if (!copy_text(b->arena, event->data.scalar.value, event->data.scalar.length, &n->text) ||
        !copy_string(b->arena, event->data.scalar.tag, &n->tag))
        return no_room(b, n->place, e);
    return add_anchor(b, event->data.scalar.anchor, n, e);
}

static bool open_collection(struct builder *b, enum node_kind kind, const yaml_event_t *event, struct err *e)
{
    bool is_mapping = kind == NODE_MAPPING;
    const yaml_char_t *anchor = is_mapping ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag = is_mapping ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    bool is_flow = is_mapping ? event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE
                              : event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    struct node *n = add_node(b, kind, event, e);

    if (!n)
        return false;
    n->properties = (anchor ? 1u : 0u) + (tag ? 1u : 0u);
    n->style = is_flow ? STYLE_FLOW : STYLE_BLOCK;
    if (b->depth == YAML_MAX_DEPTH)
        return limit_error(b, n->place, YAML_MAX_DEPTH, "levels of nesting", e);
    n->is_open = true;
    b->open[b->depth++] = n;
    return add_anchor(b, anchor, n, e);
}

static bool add_alias(struct builder *b, const yaml_event_t *event, struct err *e)
{
    struct sv name = sv_from((const char *)event->data.alias.anchor);
    struct node *n = add_node(b, NODE_ALIAS, event, e);

    if (!n)
        return false;
    for (const struct anchor *anchor = b->anchors; anchor && !n->target; anchor = anchor->next)
        if (sv_eq(anchor->name, name))
            n->target = anchor->node;
    if (!n->target)
        err_set(e, ERR_INPUT, "alias `*%.*s` names no anchor", SV_ARG(name));
    else if (n->target->is_open)
        err_set(e, ERR_INPUT, "alias `*%.*s` would contain itself", SV_ARG(name));
    else
        return true;
    return node_error_at(b->file, n->place, e);
}

static bool take_event(struct builder *b, const yaml_event_t *event, struct err *e)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        b->anchors = NULL;
        b->anchor_count = 0;
        break;
    case YAML_SCALAR_EVENT:
        return add_scalar(b, event, e);
    case YAML_ALIAS_EVENT:
        return add_alias(b, event, e);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(b, NODE_SEQUENCE, event, e);
    case YAML_MAPPING_START_EVENT:
        return open_collection(b, NODE_MAPPING, event, e);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->open[--b->depth]->is_open = false;
        b->open[b->depth]->end = index_of(b, event->end_mark);
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return true;
}

static bool read_events(struct builder *b, yaml_parser_t *parser, struct err *e)
{
    bool is_end = false;

    while (!is_end) {
        CLEANUP(delete_event) yaml_event_t event = { 0 };

        if (!yaml_parser_parse(parser, &event))
            return parser_error(b, parser, e);
        if (!take_event(b, &event, e))
            return false;
        is_end = event.type == YAML_STREAM_END_EVENT;
    }
    return true;
}

/* A line that begins with %TAG, in UTF-8 or in UTF-16. */
static bool is_tag_directive(struct sv text, size_t i)
{
    struct sv rest = sv_skip(text, i);
    bool begins = i == 0 || (unsigned char)text.p[i - 1] < ' ' || (unsigned char)text.p[i - 1] >= 0x80;

    return begins && (sv_starts_with(rest, SV("%TAG")) || sv_starts_with(rest, SV("%\0T\0A\0G")));
}

static bool check_directives(const struct builder *b, struct err *e)
{
    size_t count = 0;

    for (size_t i = sv_find(b->text, '%'); i < b->text.n; i += 1 + sv_find(sv_skip(b->text, i + 1), '%'))
        if (is_tag_directive(b->text, i) && ++count > NODE_MAX_DIRECTIVES)
            return limit_error(b, place_at_offset(b->text, i), NODE_MAX_DIRECTIVES, "%TAG directives", e);
    return true;
}

static bool read_stream(struct builder *b, struct sv text, struct node **roots, struct err *e)
{
    CLEANUP(delete_parser) yaml_parser_t parser = { 0 };

    if (!source_prepare(text, b->arena, &b->source))
        return no_room(b, (struct place){ 1, 1 }, e);
    b->text = b->source.text;
    if (!check_directives(b, e))
        return false;
    if (!yaml_parser_initialize(&parser))
        return err_nomem(e);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(b->text.p ? b->text.p : ""), b->text.n);
    if (!read_events(b, &parser, e))
        return false;
    *roots = b->first;
    return true;
}

bool node_read(struct sv file, struct sv text, struct arena *a, struct node **roots, struct err *e)
{
    struct builder b = { .file = file, .arena = a, .most = YAML_MAX_VALUES };

    return read_stream(&b, text, roots, e);
}

bool node_read_large(struct sv file, struct sv text, struct arena *a, struct node **roots, struct err *e)
{
    struct builder b = { .file = file, .arena = a, .most = SIZE_MAX };

    return read_stream(&b, text, roots, e);
}

const char *node_library(void)
{
    return yaml_get_version_string();
}
