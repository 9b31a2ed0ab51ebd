/* SPDX-License-Identifier: Apache-2.0 */
/* One shelf a kind, each a hash table of names: a repository may hold thousands
 * of Namespaces. What is ambiguous stays on its shelf, so that a third object of
 * the name does not make it known again. */
#include "kube/inventory.h"

#include "kube/object.h"
#include "json/doc.h"

#include <stdint.h>

static const struct {
    struct sv group, kind;
} wanted[] = {
    { SV_INIT("storage.k8s.io"), SV_INIT("StorageClass") },
    { SV_INIT("storage.k8s.io"), SV_INIT("VolumeAttributesClass") },
    { SV_INIT("networking.k8s.io"), SV_INIT("IngressClass") },
    { SV_INIT("elbv2.k8s.aws"), SV_INIT("IngressClassParams") },
    { SV_INIT("gateway.networking.k8s.io"), SV_INIT("GatewayClass") },
    { SV_INIT(""), SV_INIT("Namespace") },
};

enum { BUCKETS = 512 };

struct item {
    struct sv name;
    const struct json *object;
    bool is_ambiguous;
    struct item *next; /* in the bucket */
};

struct shelf {
    struct item *buckets[BUCKETS];
    bool is_doubtful; /* an object of the kind is not known, so the default may be that one */
};

struct inventory {
    struct arena *arena;
    struct shelf *shelves[ARRAY_LEN(wanted)]; /* NULL: nothing of the kind */
};

struct inventory *inventory_new(struct arena *a)
{
    struct inventory *inv = arena_new(a, struct inventory);

    if (inv)
        inv->arena = a;
    return inv;
}

/* ARRAY_LEN(wanted): none. */
static size_t find_kind(struct sv group, struct sv kind)
{
    size_t i = 0;

    while (i < ARRAY_LEN(wanted) && !(sv_eq(wanted[i].kind, kind) && sv_eq(wanted[i].group, group)))
        i++;
    return i;
}

bool inventory_wants(struct sv group, struct sv kind)
{
    return find_kind(group, kind) < ARRAY_LEN(wanted);
}

static bool is_utf16(struct sv text)
{
    return sv_starts_with(text, SV("\xff\xfe")) || sv_starts_with(text, SV("\xfe\xff"));
}

bool inventory_may_be_in(struct sv text)
{
    if (is_utf16(text))
        return true;
    for (size_t i = 0; text.n > 0 && i < ARRAY_LEN(wanted); i++)
        if (memmem(text.p, text.n, wanted[i].kind.p, wanted[i].kind.n))
            return true;
    return false;
}

/* FNV-1a. */
static size_t bucket_of(struct sv name)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < name.n; i++)
        hash = (hash ^ (unsigned char)name.p[i]) * 16777619u;
    return hash % BUCKETS;
}

static struct item *find_item(const struct shelf *shelf, struct sv name)
{
    struct item *item = shelf ? shelf->buckets[bucket_of(name)] : NULL;

    while (item && !sv_eq(item->name, name))
        item = item->next;
    return item;
}

static const struct json *copy(const struct json *object, struct arena *a)
{
    struct buf text = BUF_IN(a);
    struct err why = { 0 };

    value_print(&text, object);
    return buf_ok(&text) ? doc_parse(buf_sv(&text), a, &why) : NULL;
}

static bool put(struct inventory *inv, struct shelf *shelf, struct sv name, const struct json *object)
{
    struct item **bucket = &shelf->buckets[bucket_of(name)];
    struct item *item = arena_new(inv->arena, struct item);

    if (!item)
        return false;
    *item = (struct item){ .name = arena_copy(inv->arena, name), .object = copy(object, inv->arena), .next = *bucket };
    *bucket = item;
    return item->name.p && item->object;
}

bool inventory_add(struct inventory *inv, struct sv group, struct sv kind, const struct json *object)
{
    struct sv name = value_string(value_get(value_get(object, SV("metadata")), SV("name")));
    size_t index = find_kind(group, kind);
    struct shelf *shelf;
    struct item *item;

    if (index == ARRAY_LEN(wanted))
        return true;
    if (!inv->shelves[index])
        inv->shelves[index] = arena_new(inv->arena, struct shelf);
    shelf = inv->shelves[index];
    if (!shelf)
        return false;
    item = find_item(shelf, name);
    if (!item && name.n > 0)
        return put(inv, shelf, name, object);
    if (!item || !value_equal(item->object, object))
        shelf->is_doubtful = true;
    if (item && !value_equal(item->object, object))
        item->is_ambiguous = true;
    return true;
}

const struct json *inventory_find(const struct inventory *inv, struct sv group, struct sv kind, struct sv name)
{
    size_t index = find_kind(group, kind);
    const struct item *item = inv && index < ARRAY_LEN(wanted) ? find_item(inv->shelves[index], name) : NULL;

    return item && !item->is_ambiguous ? item->object : NULL;
}

static bool is_marked(const struct json *object, struct sv key, struct sv old_key)
{
    return sv_eq(object_annotation(object, key), SV("true")) ||
           (old_key.p && sv_eq(object_annotation(object, old_key), SV("true")));
}

const struct json *inventory_default(const struct inventory *inv, struct sv group, struct sv kind, struct sv key,
                                     struct sv old_key)
{
    size_t index = find_kind(group, kind);
    const struct shelf *shelf = inv && index < ARRAY_LEN(wanted) ? inv->shelves[index] : NULL;
    const struct json *found = NULL;

    if (!shelf || shelf->is_doubtful)
        return NULL;
    for (size_t i = 0; i < BUCKETS; i++) {
        for (const struct item *item = shelf->buckets[i]; item; item = item->next) {
            if (!is_marked(item->object, key, old_key))
                continue;
            if (found)
                return NULL;
            found = item->object;
        }
    }
    return found;
}
