/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of children; nothing is ever freed by itself. */
#include "differential/tree.h"
#include "base/bug.h"
#include "json/doc.h"

struct tree *tree_new(struct arena *a, enum tree_kind kind, struct sv text)
{
    struct tree *t = arena_new(a, struct tree);

    BUG_IF(!t);
    t->kind = kind;
    t->text = text;
    return t;
}

struct tree *tree_string(struct arena *a, struct sv text)
{
    return tree_new(a, TREE_STRING, text);
}

static struct tree *from_value(struct arena *a, const struct json *v)
{
    static const enum tree_kind kinds[] = {
        [VALUE_ABSENT] = TREE_WORD,   [VALUE_NULL] = TREE_WORD,     [VALUE_BOOL] = TREE_WORD,
        [VALUE_NUMBER] = TREE_NUMBER, [VALUE_STRING] = TREE_STRING, [VALUE_ARRAY] = TREE_ARRAY,
        [VALUE_OBJECT] = TREE_OBJECT,
    };
    struct sv text = value_scalar_text(v);
    struct tree *t = tree_new(a, kinds[value_type(v)], text.p ? text : SV("null"));

    for (struct value_iter it = value_iter(v); value_next(&it);)
        tree_add(t, it.key, from_value(a, it.value));
    return t;
}

struct tree *tree_read(struct arena *a, const char *json)
{
    struct err e = { .code = ERR_NONE };
    const struct json *root = doc_parse(sv_from(json), a, &e);

    BUG_IF(!root);
    return from_value(a, root);
}

struct tree *tree_copy(struct arena *a, const struct tree *t)
{
    struct tree *copy = tree_new(a, t->kind, t->text);

    for (const struct tree *c = t->first; c; c = c->next)
        tree_add(copy, c->key, tree_copy(a, c));
    return copy;
}

void tree_add(struct tree *container, struct sv key, struct tree *child)
{
    child->key = key;
    child->next = NULL;
    if (container->last)
        container->last->next = child;
    else
        container->first = child;
    container->last = child;
    container->count++;
}

void tree_insert(struct tree *array, size_t index, struct tree *child)
{
    struct tree **at = &array->first;

    while (index-- > 0 && *at)
        at = &(*at)->next;
    if (!*at) {
        tree_add(array, (struct sv){ NULL, 0 }, child);
        return;
    }
    child->next = *at;
    *at = child;
    array->count++;
}

void tree_remove(struct tree *object, struct sv key)
{
    struct tree *list = object->first, *next;

    object->first = object->last = NULL;
    object->count = 0;
    for (struct tree *c = list; c; c = next) {
        next = c->next;
        if (!sv_eq(c->key, key))
            tree_add(object, c->key, c);
    }
}

void tree_set(struct tree *object, struct sv key, struct tree *child)
{
    tree_remove(object, key);
    tree_add(object, key, child);
}

struct tree *tree_get(const struct tree *object, struct sv key)
{
    for (struct tree *c = object ? object->first : NULL; c; c = c->next)
        if (sv_eq(c->key, key))
            return c;
    return NULL;
}

struct tree *tree_at(const struct tree *array, size_t index)
{
    struct tree *c = array ? array->first : NULL;

    while (c && index-- > 0)
        c = c->next;
    return c;
}

struct tree *tree_need(struct arena *a, struct tree *object, struct sv key, enum tree_kind kind)
{
    struct tree *c = tree_get(object, key);

    if (!c || c->kind != kind) {
        c = tree_new(a, kind, (struct sv){ NULL, 0 });
        tree_set(object, key, c);
    }
    return c;
}
