/* SPDX-License-Identifier: Apache-2.0 */
/* Down the tree by the same reading of mappings that transcode.c uses, so that
 * a pointer leads to where its value was found. */
#include "yaml/reach.h"
#include "base/text.h"
#include "yaml/scalar.h"
#include "yaml/transcode.h"
#include "json/pointer.h"

static size_t count_aliases(const struct node *n)
{
    size_t count = n->kind == NODE_ALIAS;

    for (const struct node *child = n->first; child; child = child->next)
        count += count_aliases(child);
    return count;
}

static void collect_aliases(struct reach_document *doc, const struct node *n)
{
    if (n->kind == NODE_ALIAS)
        doc->aliases[doc->alias_count++] = n;
    for (const struct node *child = n->first; child; child = child->next)
        collect_aliases(doc, child);
}

bool reach_open(struct sv file, struct sv text, const struct node *root, struct arena *a, struct reach_document *out,
                struct err *e)
{
    *out = (struct reach_document){ .file = file, .text = text, .root = root };
    out->aliases = arena_array(a, count_aliases(root), const struct node *);
    if (!out->aliases)
        return arena_error(a, e);
    collect_aliases(out, root);
    return true;
}

bool reach_is_null(const struct node *n)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(n->text.n + 4096);
    struct scalar scalar;
    struct err ignored = { 0 };

    return n->kind == NODE_SCALAR && scalar_resolve(n->text, n->tag, n->is_plain, &a, &scalar, &ignored) &&
           scalar.type == SCALAR_NULL;
}

static bool refuse(struct reach *out, struct sv why, struct arena *a, struct err *e)
{
    out->why = why;
    return why.p || arena_error(a, e);
}

static bool refuse_missing(struct reach *out, struct arena *a, struct err *e)
{
    return refuse(out, SV("there is no such place"), a, e);
}

static const struct node *key_of(const struct node *mapping, const struct node *value)
{
    for (const struct node *key = mapping->first; key; key = key->next->next)
        if (key->next == value)
            return key;
    return NULL;
}

static bool step_into_mapping(const struct reach_document *doc, const struct node *n, struct sv token, struct arena *a,
                              struct reach *out, struct err *e)
{
    struct mapping_budget budget = { .file = doc->file, .arena = a, .left = YAML_MAX_VALUES };
    struct mapping_entries entries = { 0 };

    if (!mapping_read(&budget, n, &entries, e))
        return false;
    for (size_t i = 0; i < entries.count; i++) {
        const struct mapping_entry *entry = &entries.items[i];

        if (!sv_eq(entry->key, token))
            continue;
        if (entry->rank > 0)
            return refuse(out, arena_printf(a, "it is reached through `<<` on line %u", entry->key_place.line), a, e);
        out->steps[out->count++] = (struct reach_step){ entry->value, key_of(n, entry->value) };
        return true;
    }
    out->missing = token;
    return true;
}

static bool step_into_sequence(const struct node *n, struct sv token, struct reach *out)
{
    const struct node *item = n->first;
    size_t index;

    if (!text_to_size(token, &index) || (token.n > 1 && token.p[0] == '0'))
        return false;
    while (item && index-- > 0)
        item = item->next;
    if (item)
        out->steps[out->count++] = (struct reach_step){ .node = item };
    return item;
}

static size_t count_tokens(struct sv pointer)
{
    size_t n = 0;

    for (size_t i = 0; i < pointer.n; i++)
        n += pointer.p[i] == '/';
    return n;
}

bool reach_value(const struct reach_document *doc, struct sv pointer, bool may_miss, struct arena *a, struct reach *out,
                 struct err *e)
{
    struct sv token;

    *out = (struct reach){ .steps = arena_array(a, count_tokens(pointer) + 1, struct reach_step) };
    if (!out->steps)
        return arena_error(a, e);
    out->steps[out->count++].node = doc->root;
    while (pointer_token(&pointer, a, &token)) {
        const struct node *n = out->steps[out->count - 1].node;

        if (!token.p)
            return arena_error(a, e);
        if (n->kind == NODE_ALIAS)
            break;
        if (n->kind == NODE_MAPPING && !step_into_mapping(doc, n, token, a, out, e))
            return false;
        if (n->kind == NODE_SEQUENCE && !step_into_sequence(n, token, out))
            return refuse_missing(out, a, e);
        if (n->kind == NODE_SCALAR && reach_is_null(n))
            out->missing = token;
        else if (n->kind == NODE_SCALAR)
            return refuse_missing(out, a, e);
        if (out->why.p)
            return true;
        if (out->missing.p && (!may_miss || pointer.n > 0))
            return refuse_missing(out, a, e);
    }
    if (out->steps[out->count - 1].node->kind == NODE_ALIAS)
        return refuse(
            out,
            arena_printf(a, "it is reached through the alias on line %u", out->steps[out->count - 1].node->place.line),
            a, e);
    return true;
}

static bool is_within(const struct node *n, const struct node *top)
{
    return n->start >= top->start && n->end <= top->end;
}

struct sv reach_referred(const struct reach_document *doc, const struct node *n, bool replaces, struct arena *a)
{
    for (size_t i = 0; i < doc->alias_count; i++) {
        const struct node *alias = doc->aliases[i], *target = alias->target;

        if (is_within(n, target))
            return arena_printf(a, "the alias on line %u refers to what it is part of", alias->place.line);
        if (replaces && is_within(target, n) && !is_within(alias, n))
            return arena_printf(a, "the alias on line %u refers to a part of it", alias->place.line);
    }
    return (struct sv){ NULL, 0 };
}
