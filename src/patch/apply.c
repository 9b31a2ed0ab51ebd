/* SPDX-License-Identifier: Apache-2.0 */
/* Only what lies on the way to a changed place is taken apart, once; then all
 * of it is printed. Recursion goes as deep as json/doc.c lets documents be. */
#include "patch/apply.h"
#include "base/buf.h"
#include "base/text.h"
#include "json/doc.h"
#include "json/pointer.h"

/* A value as it was, or opened: an array or an object of entries. */
struct node {
    const struct json *value;
    bool is_open;
    struct entry *entries;
    size_t count, cap;
};

struct entry {
    struct sv key; /* absent in an array */
    struct node node;
};

/* False: it has no entries, or the arena is full. */
static bool open_node(struct node *n, struct arena *a)
{
    if (n->is_open)
        return true;
    if (!value_is(n->value, VALUE_OBJECT) && !value_is(n->value, VALUE_ARRAY))
        return false;
    n->cap = value_size(n->value) + 1;
    n->entries = arena_array(a, n->cap, struct entry);
    for (struct value_iter it = value_iter(n->value); n->entries && value_next(&it);)
        n->entries[n->count++] = (struct entry){ .key = it.key, .node = { .value = it.value } };
    n->is_open = n->entries != NULL;
    return n->is_open;
}

/* RFC 6901 section 4: digits without leading zeros; `-` is behind the last.
 * False: no index of this array. */
static bool parse_index(struct sv token, size_t size, size_t *index)
{
    *index = size;
    if (sv_eq(token, SV("-")))
        return true;
    return text_to_size(token, index) && (token.n == 1 || token.p[0] != '0') && *index <= size;
}

/* Where the entry is, or would be. False: neither. */
static bool find_entry(const struct node *n, struct sv token, size_t *index)
{
    if (value_is(n->value, VALUE_ARRAY))
        return parse_index(token, n->count, index);
    for (*index = 0; *index < n->count; ++*index)
        if (sv_eq(n->entries[*index].key, token))
            break;
    return true;
}

/* False: the arena is full. */
static bool insert(struct node *n, size_t index, struct sv key, struct arena *a)
{
    size_t size = n->cap * sizeof(*n->entries);

    if (n->count == n->cap) {
        struct entry *entries = arena_realloc(a, n->entries, size, size * 2);

        if (!entries)
            return false;
        n->entries = entries;
        n->cap *= 2;
    }
    memmove(n->entries + index + 1, n->entries + index, (n->count - index) * sizeof(*n->entries));
    n->entries[index] = (struct entry){ .key = key };
    n->count++;
    return true;
}

/* The place that `path` names, made if it may be. NULL: there is none, or the arena is full. */
static struct node *reach(struct node *at, struct sv path, bool adds, struct arena *a)
{
    struct sv token;

    while (pointer_token(&path, a, &token)) {
        bool may_add = adds && path.n == 0, is_array = value_is(at->value, VALUE_ARRAY);
        size_t index;

        if (!open_node(at, a) || !find_entry(at, token, &index))
            return NULL;
        if (may_add && (is_array || index == at->count) && !insert(at, index, is_array ? (struct sv){ 0 } : token, a))
            return NULL;
        if (index == at->count)
            return NULL;
        at = &at->entries[index].node;
    }
    return at;
}

static bool apply_one(struct node *root, const struct json *op, struct arena *a, struct err *e)
{
    struct sv verb = value_string(value_get(op, SV("op"))), path = value_string(value_get(op, SV("path")));
    const struct json *value = value_get(op, SV("value"));
    bool adds = sv_eq(verb, SV("add"));
    struct node *place;

    if (!path.p || !value || (!adds && !sv_eq(verb, SV("replace"))) || (path.n > 0 && path.p[0] != '/'))
        return err_set(e, ERR_INPUT, "not an `add` or `replace` with a path and a value");
    place = reach(root, path, adds, a);
    if (a->is_full)
        return arena_error(a, e);
    if (!place)
        return err_set(e, ERR_INPUT, "%.*s `%.*s`: there is no such place", SV_ARG(verb), SV_ARG(path));
    *place = (struct node){ .value = value };
    return true;
}

static void print_node(struct buf *out, const struct node *n)
{
    bool is_object = value_is(n->value, VALUE_OBJECT);

    if (!n->is_open) {
        value_print(out, n->value);
        return;
    }
    buf_add_char(out, is_object ? '{' : '[');
    for (size_t i = 0; i < n->count; i++) {
        if (i)
            buf_add_char(out, ',');
        if (is_object) {
            value_print_string(out, n->entries[i].key);
            buf_add_char(out, ':');
        }
        print_node(out, &n->entries[i].node);
    }
    buf_add_char(out, is_object ? '}' : ']');
}

bool apply_patch(const struct json *object, struct sv patch, struct arena *a, struct sv *text, struct err *e)
{
    const struct json *ops = doc_parse(patch, a, e);
    struct node root = { .value = object };
    struct buf out = BUF_IN(a);

    if (!ops)
        return err_wrap(e, "patch");
    if (!value_is(ops, VALUE_ARRAY))
        return err_set(e, ERR_INPUT, "the patch is %s, wanted an array", value_type_name(value_type(ops)));
    for (struct value_iter it = value_iter(ops); value_next(&it);)
        if (!apply_one(&root, it.value, a, e))
            return err_wrap(e, "operation %zu", it.index);
    print_node(&out, &root);
    *text = buf_sv(&out);
    return buf_ok(&out) || arena_error(a, e);
}
