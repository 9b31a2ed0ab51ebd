/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree of the document's tokens: each entry knows its parent and its own
 * token, so that long pointers are not stored again for every value below
 * them. A hash table from (parent, token) to entry finds children.
 */
#include "yaml/positions.h"
#include "base/bug.h"
#include "yaml/jsonwalk.h"

struct entry {
    struct sv token; /* escaped, as in the pointer */
    uint32_t parent, depth;
    struct place key, value;
};

struct positions {
    struct jsonwalk *json; /* instead of all that follows */
    struct arena *arena;
    struct entry *entries;
    uint32_t *slots; /* index + 1; 0 is free */
    size_t count, cap, slot_count;
};

enum { FIRST_CAP = 32, ROOT = 0 };

struct positions *positions_new(struct arena *a)
{
    struct positions *p = arena_new(a, struct positions);

    if (p)
        p->arena = a;
    return p;
}

struct positions *positions_of_json(struct sv text, struct arena *a)
{
    struct positions *p = positions_new(a);

    if (p)
        p->json = jsonwalk_new(text, a);
    return p && p->json ? p : NULL;
}

static size_t hash(uint32_t parent, struct sv token)
{
    uint64_t h = 14695981039346656037u ^ parent * 0x9E3779B97F4A7C15u;

    for (size_t i = 0; i < token.n; i++)
        h = (h ^ (unsigned char)token.p[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The slot that holds the entry, or the free one where it belongs. */
static uint32_t *slot_of(const struct positions *p, uint32_t parent, struct sv token)
{
    for (size_t i = hash(parent, token);; i++) {
        uint32_t *slot = &p->slots[i & (p->slot_count - 1)];
        const struct entry *e = *slot ? &p->entries[*slot - 1] : NULL;

        if (!e || (e->parent == parent && sv_eq(e->token, token)))
            return slot;
    }
}

/* Twice as many slots as entries, both powers of two. */
static bool grow(struct positions *p)
{
    size_t cap = p->cap ? p->cap * 2 : FIRST_CAP;
    struct entry *entries = arena_realloc(p->arena, p->entries, p->cap * sizeof(*entries), cap * sizeof(*entries));
    uint32_t *slots = arena_array(p->arena, cap * 2, uint32_t);

    if (!entries || !slots)
        return false;
    p->entries = entries;
    p->slots = slots;
    p->cap = cap;
    p->slot_count = cap * 2;
    for (uint32_t i = 1; i < p->count; i++)
        *slot_of(p, entries[i].parent, entries[i].token) = i + 1;
    return true;
}

static uint32_t depth_of(struct sv pointer)
{
    uint32_t depth = 0;

    for (size_t i = 0; i < pointer.n; i++)
        depth += pointer.p[i] == '/';
    return depth;
}

/* In document order the parent is the newest entry or one above it. */
static uint32_t parent_at(const struct positions *p, uint32_t depth)
{
    uint32_t i = (uint32_t)p->count - 1;

    while (p->entries[i].depth >= depth && i != ROOT)
        i = p->entries[i].parent;
    return i;
}

bool positions_add(struct positions *p, struct sv pointer, struct place key, struct place value)
{
    struct entry e = { .key = key.line ? key : value, .value = value, .depth = depth_of(pointer) };

    BUG_IF((p->count == 0) != (pointer.n == 0));
    if (p->count == p->cap && !grow(p))
        return false;
    if (p->count > 0) {
        e.parent = parent_at(p, e.depth);
        e.token = arena_copy(p->arena, sv_skip(pointer, sv_find_last(pointer, '/') + 1));
        if (!e.token.p)
            return false;
        *slot_of(p, e.parent, e.token) = (uint32_t)p->count + 1;
    }
    p->entries[p->count++] = e;
    return true;
}

static const struct entry *nearest(const struct positions *p, struct sv pointer)
{
    uint32_t at = ROOT;
    struct sv rest = sv_skip(pointer, 1);

    while (pointer.n && rest.p) {
        const uint32_t *slot = slot_of(p, at, sv_cut(&rest, '/'));

        if (*slot == 0)
            break;
        at = *slot - 1;
    }
    return &p->entries[at];
}

struct place positions_value(const struct positions *p, struct sv pointer)
{
    if (p->json)
        return jsonwalk_find(p->json, pointer).value;
    return p->count ? nearest(p, pointer)->value : (struct place){ 1, 1 };
}

struct place positions_key(const struct positions *p, struct sv pointer)
{
    if (p->json) {
        struct jsonwalk_place found = jsonwalk_find(p->json, pointer);

        return found.key.line ? found.key : found.value;
    }
    return p->count ? nearest(p, pointer)->key : (struct place){ 1, 1 };
}
