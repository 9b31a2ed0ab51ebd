/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the tree of a stream to JSON text and places, and from the text to
 * values by the same reader that judges reviews. The tree lives in an arena of
 * its own and is gone when this returns.
 */
#include "yaml/transcode.h"
#include "yaml/jsonnumber.h"
#include "yaml/mapping.h"
#include "yaml/node.h"
#include "yaml/scalar.h"
#include "json/doc.h"

/* One document while it is being written. */
struct writer {
    struct mapping_budget *budget;
    struct arena *arena; /* where the document will live */
    struct buf out, path;
    struct positions *positions;
};

/* Where the next value goes. `via` is the alias it came through: then it, and
 * all below it, stands there. */
struct spot {
    struct place key, via;
    size_t depth;
};

static bool write_value(struct writer *w, const struct node *n, struct spot at, struct err *e);

static bool no_room(const struct writer *w, const struct arena *a, struct place place, struct err *e)
{
    arena_error(a, e);
    return node_error_at(w->budget->file, place, e);
}

static bool write_scalar(struct writer *w, const struct node *n, struct place place, struct err *e)
{
    struct scalar scalar;

    if (!scalar_resolve(n->text, n->tag, n->is_plain, w->budget->arena, &scalar, e))
        return node_error_at(w->budget->file, place, e);
    scalar_print(&w->out, &scalar);
    return true;
}

static bool write_sequence(struct writer *w, const struct node *n, struct place via, size_t depth, struct err *e)
{
    size_t index = 0, path_len = w->path.len;

    buf_add_char(&w->out, '[');
    for (const struct node *item = n->first; item; item = item->next) {
        if (index > 0)
            buf_add_char(&w->out, ',');
        buf_printf(&w->path, "/%zu", index++);
        if (!write_value(w, item, (struct spot){ .via = via, .depth = depth }, e))
            return false;
        w->path.len = path_len;
    }
    buf_add_char(&w->out, ']');
    return true;
}

static bool write_entry(struct writer *w, const struct mapping_entry *entry, struct place via, size_t depth,
                        struct err *e)
{
    struct spot at = { .key = entry->key_place, .via = entry->via, .depth = depth };
    size_t path_len = w->path.len;

    if (via.line)
        at.key = at.via = via;
    value_print_string(&w->out, entry->key);
    buf_add_char(&w->out, ':');
    buf_add_char(&w->path, '/');
    pointer_escape(&w->path, entry->key);
    if (!write_value(w, entry->value, at, e))
        return false;
    w->path.len = path_len;
    return true;
}

static bool write_mapping(struct writer *w, const struct node *n, struct place via, size_t depth, struct err *e)
{
    struct mapping_entries entries = { 0 };

    if (!mapping_read(w->budget, n, &entries, e))
        return false;
    buf_add_char(&w->out, '{');
    for (size_t i = 0; i < entries.count; i++) {
        if (i > 0)
            buf_add_char(&w->out, ',');
        if (!write_entry(w, &entries.items[i], via, depth, e))
            return false;
    }
    buf_add_char(&w->out, '}');
    return true;
}

/* Recurses as deep as YAML_MAX_DEPTH, aliases included. */
static bool write_value(struct writer *w, const struct node *n, struct spot at, struct err *e)
{
    struct place place = at.via.line ? at.via : n->place;

    if (n->kind == NODE_ALIAS) {
        at.via = place;
        n = n->target;
    }
    if (!mapping_spend(w->budget, 1, place, e))
        return false;
    if (!buf_ok(&w->path))
        return no_room(w, w->budget->arena, place, e);
    if (!positions_add(w->positions, buf_sv(&w->path), at.key, place))
        return no_room(w, w->arena, place, e);
    if (n->kind == NODE_SCALAR)
        return write_scalar(w, n, place, e);
    if (at.depth == YAML_MAX_DEPTH) {
        err_set(e, ERR_LIMIT, "more than %d levels of nesting", YAML_MAX_DEPTH);
        return node_error_at(w->budget->file, place, e);
    }
    return n->kind == NODE_MAPPING ? write_mapping(w, n, at.via, at.depth + 1, e)
                                   : write_sequence(w, n, at.via, at.depth + 1, e);
}

static const struct json *parse_json(struct sv text, bool is_large, struct arena *a, struct err *e)
{
    return is_large ? doc_parse_large(text, a, e) : doc_parse(text, a, e);
}

/* The text is complete; what it says becomes values. */
static struct yaml_doc *finish(struct writer *w, struct place place, struct err *e)
{
    struct yaml_doc *doc = arena_new(w->arena, struct yaml_doc);

    if (!buf_ok(&w->out) && !w->budget->arena->is_full)
        err_set(e, ERR_LIMIT, "more than %zu bytes of JSON", w->out.max);
    else if (!buf_ok(&w->out) || !buf_ok(&w->path))
        arena_error(w->budget->arena, e);
    else if (!doc || !(doc->json_text = arena_copy(w->arena, buf_sv(&w->out))).p)
        arena_error(w->arena, e);
    else if ((doc->root = parse_json(doc->json_text, w->budget->is_large, w->arena, e)))
        return doc;
    node_error_at(w->budget->file, place, e);
    return NULL;
}

static struct yaml_doc *write_document(struct mapping_budget *budget, const struct node *root, struct arena *a,
                                       struct err *e)
{
    struct writer w = { .budget = budget, .arena = a, .out = BUF_IN(budget->arena), .path = BUF_IN(budget->arena) };
    struct yaml_doc *doc;

    w.out.max = budget->is_large ? SIZE_MAX : YAML_MAX_BYTES;
    w.positions = positions_new(a);
    if (!w.positions) {
        no_room(&w, a, root->place, e);
        return NULL;
    }
    if (!write_value(&w, root, (struct spot){ .depth = 0 }, e))
        return NULL;
    doc = finish(&w, root->place, e);
    if (doc)
        doc->positions = w.positions;
    return doc;
}

static bool is_empty(const struct node *root)
{
    return root->kind == NODE_SCALAR && root->is_plain && root->text.n == 0;
}

static bool write_documents(struct mapping_budget *budget, const struct node *roots, struct arena *a,
                            struct yaml_doc **out, struct err *e)
{
    struct yaml_doc **last = out;
    size_t index = 0;

    for (const struct node *root = roots; root; root = root->next, index++) {
        struct yaml_doc *doc;

        if (is_empty(root))
            continue;
        doc = write_document(budget, root, a, e);
        if (!doc)
            return false;
        doc->file = budget->file;
        doc->index = index;
        *last = doc;
        last = &doc->next;
    }
    return true;
}

static bool begins_as_json(struct sv text)
{
    size_t i = 0;

    while (i < text.n && strchr(" \t\r\n", text.p[i]))
        i++;
    return i < text.n && (text.p[i] == '{' || text.p[i] == '[');
}

/* One JSON value and nothing else. NULL: it is none, or too much; the reader of
 * YAML will know, and say where. */
static struct yaml_doc *read_json(struct sv file, struct sv text, bool is_large, struct arena *a)
{
    struct err ignored = { .code = ERR_NONE };
    struct yaml_doc *doc = begins_as_json(text) ? arena_new(a, struct yaml_doc) : NULL;
    struct sv kept;

    if (!doc)
        return NULL;
    doc->root = parse_json(text, is_large, a, &ignored);
    if (!doc->root || !(kept = arena_copy(a, text)).p || !jsonnumber_resolve(kept, a, &doc->json_text, &ignored))
        return NULL;
    if (doc->json_text.p != kept.p)
        doc->root = parse_json(doc->json_text, is_large, a, &ignored);
    doc->positions = positions_of_json(kept, a);
    doc->file = file;
    return doc->root && doc->positions ? doc : NULL;
}

static bool read_tree(struct mapping_budget *budget, struct sv text, struct node **roots, struct err *e)
{
    return budget->is_large ? node_read_large(budget->file, text, budget->arena, roots, e)
                            : node_read(budget->file, text, budget->arena, roots, e);
}

static bool read(struct sv file, struct sv text, bool is_large, struct arena *a, struct yaml_doc **out, struct err *e)
{
    CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(a->max);
    struct mapping_budget budget = { .file = file, .arena = &scratch, .left = YAML_MAX_VALUES, .is_large = is_large };
    struct yaml_doc *docs = read_json(file, text, is_large, a);
    struct node *roots;

    if (is_large)
        budget.left += text.n; /* no value is written in less than a byte */
    if (!docs && (!read_tree(&budget, text, &roots, e) || !write_documents(&budget, roots, a, &docs, e)))
        return false;
    *out = docs;
    return true;
}

static bool check_size(struct sv file, struct sv text, int most, struct err *e)
{
    if (text.n <= (size_t)most)
        return true;
    err_set(e, ERR_LIMIT, "more than %d bytes", most);
    return node_error_at(file, (struct place){ 1, 1 }, e);
}

bool yaml_read(struct sv file, struct sv text, struct arena *a, struct yaml_doc **out, struct err *e)
{
    return check_size(file, text, YAML_MAX_BYTES, e) && read(file, text, false, a, out, e);
}

bool yaml_read_large(struct sv file, struct sv text, struct arena *a, struct yaml_doc **out, struct err *e)
{
    return check_size(file, text, YAML_LARGE_BYTES, e) && read(file, text, true, a, out, e);
}
