/* SPDX-License-Identifier: Apache-2.0 */
/* One pass in order, each value made once, names found by sorting: whoever
 * writes the pod chooses how many there are and what they refer to. */
#include "rules/env_expansion.h"

#include "base/buf.h"
#include "rules/container_env.h"

struct env_name {
    struct sv name;
    size_t index;
};

struct env_expansion env_expansion_of(const struct json *container, struct arena *a)
{
    return (struct env_expansion){ .container = container, .arena = a, .left = ENV_EXPANSION_MAX };
}

static int compare_names(const void *left, const void *right)
{
    const struct env_name *a = left, *b = right;
    int order = sv_cmp(a->name, b->name);

    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* The last of the name before `index`; NULL: none. */
static const struct env_name *find_before(const struct env_expansion *x, struct sv name, size_t index)
{
    const struct env_name wanted = { name, index };
    size_t low = 0, high = x->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_names(&x->names[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && sv_eq(x->names[low - 1].name, name) ? &x->names[low - 1] : NULL;
}

/* Every Service of the namespace brings WEB_SERVICE_HOST, WEB_PORT_80_TCP and the like. */
static bool may_be_a_service(struct sv name)
{
    return name.n > 0 && (memmem(name.p, name.n, "_SERVICE_", 9) || memmem(name.p, name.n, "_PORT", 5));
}

enum { FEW_IMPORTS = 64 };

static bool may_be_imported(const struct env_expansion *x, struct sv name)
{
    return value_size(value_get(x->container, SV("envFrom"))) > FEW_IMPORTS ||
           container_env_imports(x->container, name);
}

/* A text while its references are replaced. */
struct reading {
    struct env_expansion *x;
    struct sv rest;
    size_t before; /* entries from here on do not count */
    struct buf out;
    bool has_no_end; /* there is no `)` left, so there is no reference */
    bool is_unseen;
};

/* `whole` is the reference as it is written. */
static void add_reference(struct reading *r, struct sv whole)
{
    const struct sv name = { whole.p + 2, whole.n - 3 };
    const struct env_name *found = find_before(r->x, name, r->before);
    struct sv value = found ? r->x->values[found->index] : whole;

    r->is_unseen = !value.p || (!found && (may_be_a_service(name) || may_be_imported(r->x, name)));
    buf_add(&r->out, value);
}

/* What stands at a `$`. */
static void add_dollar(struct reading *r)
{
    char next = r->rest.n > 1 ? r->rest.p[1] : 0;
    size_t end = next == '(' && !r->has_no_end ? sv_find(r->rest, ')') : r->rest.n;

    if (end < r->rest.n) {
        add_reference(r, (struct sv){ r->rest.p, end + 1 });
        r->rest = sv_skip(r->rest, end + 1);
        return;
    }
    r->has_no_end = r->has_no_end || next == '(';
    buf_add_char(&r->out, '$');
    r->rest = sv_skip(r->rest, next == '$' ? 2 : 1);
}

static struct sv expand(struct env_expansion *x, struct sv text, size_t before)
{
    struct reading r = { .x = x, .rest = text, .before = before, .out = BUF_IN(x->arena) };

    if (text.n > ENV_EXPANSION_MAX)
        return (struct sv){ NULL, 0 };
    while (r.rest.n > 0 && !r.is_unseen && r.out.len <= x->left) {
        size_t plain = sv_find(r.rest, '$');

        buf_add(&r.out, (struct sv){ r.rest.p, plain });
        r.rest = sv_skip(r.rest, plain);
        if (r.rest.n > 0)
            add_dollar(&r);
    }
    x->failed = x->failed || !buf_ok(&r.out);
    if (r.is_unseen || r.out.len > x->left || !buf_ok(&r.out))
        return (struct sv){ NULL, 0 };
    x->left -= r.out.len;
    return buf_sv(&r.out);
}

static bool refers(struct sv text)
{
    return text.n > 0 && memchr(text.p, '$', text.n);
}

static struct sv value_of(struct env_expansion *x, const struct json *entry, size_t index)
{
    struct sv value = value_string(value_get(entry, SV("value")));

    if (!refers(value) || !value_is_nothing(value_get(entry, SV("valueFrom"))))
        return container_env_literal(entry);
    return expand(x, value, index);
}

static bool build(struct env_expansion *x)
{
    const struct json *env = value_get(x->container, SV("env"));
    size_t count = value_size(env);

    if (x->values || x->failed)
        return x->values;
    x->names = arena_array(x->arena, count, struct env_name);
    x->values = arena_array(x->arena, count, struct sv);
    x->failed = !x->names || !x->values;
    for (struct value_iter it = value_iter(env); !x->failed && value_next(&it);)
        x->names[it.index] = (struct env_name){ value_string(value_get(it.value, SV("name"))), it.index };
    if (x->failed)
        return false;
    if (count)
        qsort(x->names, count, sizeof(*x->names), compare_names);
    x->count = count;
    for (struct value_iter it = value_iter(env); value_next(&it);)
        x->values[it.index] = value_of(x, it.value, it.index);
    return true;
}

struct sv env_expansion_entry(struct env_expansion *x, const struct json *entry, size_t index)
{
    if (!refers(value_string(value_get(entry, SV("value")))))
        return container_env_literal(entry);
    return build(x) ? x->values[index] : (struct sv){ NULL, 0 };
}

struct sv env_expansion_word(struct env_expansion *x, struct sv word)
{
    if (!refers(word))
        return word;
    return build(x) ? expand(x, word, x->count) : (struct sv){ NULL, 0 };
}
