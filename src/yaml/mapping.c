/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All candidates are collected first, each with its rank; sorted by key, equal
 * ones stand together with the winner first. Linear but for the sorting,
 * whatever is written.
 */
#include "yaml/mapping.h"
#include "base/text.h"
#include "yaml/scalar.h"
#include "yaml/transcode.h"

/* One mapping while it is being read. */
struct reading {
    struct mapping_budget *budget;
    struct mapping_entries list;
    size_t cap, depth; /* depth: of merges within merges */
    const struct node *merge_key, *merge_value;
    size_t before_merge; /* so many entries stood before `<<` */
};

static bool read_mapping(struct reading *r, const struct node *mapping, struct err *e);

bool mapping_spend(struct mapping_budget *b, size_t n, struct place place, struct err *e)
{
    if (n <= b->left) {
        b->left -= n;
        return true;
    }
    err_set(e, ERR_LIMIT, "aliases expand to more than %d values", YAML_MAX_VALUES);
    return node_error_at(b->file, place, e);
}

static bool no_room(const struct mapping_budget *b, struct place place, struct err *e)
{
    arena_error(b->arena, e);
    return node_error_at(b->file, place, e);
}

static bool add_entry(struct reading *r, struct mapping_entry entry, struct err *e)
{
    struct mapping_entries *list = &r->list;

    if (!mapping_spend(r->budget, 1, entry.key_place, e))
        return false;
    if (list->count == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 8;
        struct mapping_entry *items =
            arena_realloc(r->budget->arena, list->items, r->cap * sizeof(*items), cap * sizeof(*items));

        if (!items)
            return no_room(r->budget, entry.key_place, e);
        list->items = items;
        r->cap = cap;
    }
    entry.order = list->count;
    list->items[list->count++] = entry;
    return true;
}

static const struct node *follow(const struct node *n)
{
    return n->kind == NODE_ALIAS ? n->target : n;
}

/* Plain, or with the tag that says so; "<<" in quotes is a key like any other. */
static bool is_merge(const struct node *key)
{
    return key->kind == NODE_SCALAR && sv_eq(key->text, SV("<<")) &&
           (key->is_plain || sv_eq(key->tag, SV("tag:yaml.org,2002:merge")));
}

static bool read_key(const struct mapping_budget *b, const struct node *key, struct sv *out, struct err *e)
{
    const struct node *n = follow(key);
    struct scalar scalar;

    if (n->kind != NODE_SCALAR)
        err_set(e, ERR_INPUT, "a %s is no key", n->kind == NODE_MAPPING ? "mapping" : "list");
    else if (scalar_resolve(n->text, n->tag, n->is_plain, b->arena, &scalar, e) &&
             scalar_key(&scalar, b->arena, out, e))
        return true;
    return node_error_at(b->file, key->place, e);
}

static bool duplicate_error(const struct mapping_budget *b, struct sv key, struct place place, struct err *e)
{
    struct sv text = text_printable(b->arena, key, 60);

    err_set(e, ERR_INPUT, "duplicate key `%.*s`", SV_ARG(text));
    return node_error_at(b->file, place, e);
}

static bool read_pair(struct reading *r, const struct node *key, struct err *e)
{
    struct mapping_entry entry = { .value = key->next, .key_place = key->place };

    if (!is_merge(key))
        return read_key(r->budget, key, &entry.key, e) && add_entry(r, entry, e);
    if (r->merge_key)
        return duplicate_error(r->budget, key->text, key->place, e);
    r->merge_key = key;
    r->merge_value = key->next;
    r->before_merge = r->list.count;
    return true;
}

/* Everything in a map that came through an alias stands where the alias does. */
static bool merge_one(struct reading *r, const struct node *source, size_t rank, struct err *e)
{
    struct reading sub = { .budget = r->budget, .depth = r->depth + 1 };

    if (follow(source)->kind != NODE_MAPPING) {
        err_set(e, ERR_INPUT, "`<<` takes a mapping or a list of mappings");
        return node_error_at(r->budget->file, source->place, e);
    }
    if (sub.depth > YAML_MAX_DEPTH) {
        err_set(e, ERR_LIMIT, "more than %d maps merged into one another", YAML_MAX_DEPTH);
        return node_error_at(r->budget->file, source->place, e);
    }
    if (!mapping_spend(r->budget, 1, source->place, e) || !read_mapping(&sub, follow(source), e))
        return false;
    for (size_t i = 0; i < sub.list.count; i++) {
        struct mapping_entry entry = sub.list.items[i];

        entry.rank = rank;
        if (source->kind == NODE_ALIAS)
            entry.key_place = entry.via = source->place;
        if (!add_entry(r, entry, e))
            return false;
    }
    return true;
}

static bool merge(struct reading *r, struct err *e)
{
    size_t rank = 1;

    if (!r->merge_value)
        return true;
    if (r->merge_value->kind != NODE_SEQUENCE)
        return merge_one(r, r->merge_value, rank, e);
    for (const struct node *n = r->merge_value->first; n; n = n->next)
        if (!merge_one(r, n, rank++, e))
            return false;
    return true;
}

static int by_key(const void *a, const void *b)
{
    const struct mapping_entry *x = *(const struct mapping_entry *const *)a;
    const struct mapping_entry *y = *(const struct mapping_entry *const *)b;
    int order = sv_cmp(x->key, y->key);

    if (order == 0)
        order = (x->rank > y->rank) - (x->rank < y->rank);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* `loser` has the same key as `winner`, which ranks before it. */
static bool check_loser(const struct reading *r, const struct mapping_entry *winner, const struct mapping_entry *loser,
                        struct err *e)
{
    struct sv text;

    if (loser->rank == 0)
        return duplicate_error(r->budget, loser->key, loser->key_place, e);
    if (winner->rank > 0 || winner->order >= r->before_merge)
        return true;
    text = text_printable(r->budget->arena, winner->key, 60);
    err_set(e, ERR_INPUT,
            "`<<` brings `%.*s`, which stands before it: kubectl takes the merged one, YAML the other; "
            "put `<<` first",
            SV_ARG(text));
    return node_error_at(r->budget->file, r->merge_key->place, e);
}

/* Drops the losers and keeps the order of the others. */
static bool settle(struct reading *r, struct err *e)
{
    struct mapping_entries *list = &r->list;
    struct mapping_entry **sorted = arena_array(r->budget->arena, list->count, struct mapping_entry *), *winner;
    size_t kept = 0;

    if (!sorted)
        return no_room(r->budget, list->items[0].key_place, e);
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = &list->items[i];
    qsort(sorted, list->count, sizeof(*sorted), by_key);
    winner = sorted[0];
    for (size_t i = 1; i < list->count; i++) {
        if (!sv_eq(winner->key, sorted[i]->key))
            winner = sorted[i];
        else if (!check_loser(r, winner, sorted[i], e))
            return false;
        else
            sorted[i]->value = NULL;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].value)
            list->items[kept++] = list->items[i];
    list->count = kept;
    return true;
}

/* Recurses through merge_one(), as deep as merges may go. */
static bool read_mapping(struct reading *r, const struct node *mapping, struct err *e)
{
    for (const struct node *key = mapping->first; key; key = key->next->next)
        if (!read_pair(r, key, e))
            return false;
    return merge(r, e) && (r->list.count < 2 || settle(r, e));
}

bool mapping_read(struct mapping_budget *b, const struct node *mapping, struct mapping_entries *out, struct err *e)
{
    struct reading r = { .budget = b };

    if (!read_mapping(&r, mapping, e))
        return false;
    *out = r.list;
    return true;
}
