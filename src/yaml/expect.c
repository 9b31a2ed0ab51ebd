/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One walk through the document with the edits sorted by pointer: those below
 * a value stand together. Recursion goes as deep as json/doc.c lets documents
 * be.
 */
#include "yaml/expect.h"
#include "yaml/scalar.h"
#include "json/doc.h"
#include "json/pointer.h"

struct walk {
    struct buf *out, path;
    struct arena *arena;
    struct err *error; /* set once `failed` */
    bool failed;
};

/* Of the edits, sorted. */
struct span {
    const struct edit **edits;
    size_t count;
};

/* A slash comes before everything else, so that what lies below a place follows it. */
static int compare_pointers(struct sv a, struct sv b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        int left = a.p[i] == '/' ? 0 : (unsigned char)a.p[i] + 1, right = b.p[i] == '/' ? 0 : (unsigned char)b.p[i] + 1;

        if (left != right)
            return left - right;
    }
    return (a.n > b.n) - (a.n < b.n);
}

static int by_pointer(const void *left, const void *right)
{
    const struct edit *a = *(const struct edit *const *)left, *b = *(const struct edit *const *)right;

    return compare_pointers(a->pointer, b->pointer);
}

/* The edits at `path` and below it. */
static struct span below(struct span all, struct sv path)
{
    struct span found;
    size_t low = 0, high = all.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_pointers(all.edits[middle]->pointer, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    found = (struct span){ all.edits + low, 0 };
    while (low + found.count < all.count) {
        struct sv pointer = found.edits[found.count]->pointer;

        if (!sv_starts_with(pointer, path) || (pointer.n > path.n && pointer.p[path.n] != '/'))
            break;
        found.count++;
    }
    return found;
}

static void add_number(struct walk *w, struct sv text)
{
    struct scalar scalar;

    if (!w->failed && !scalar_resolve(text, (struct sv){ NULL, 0 }, true, w->arena, &scalar, w->error))
        w->failed = true;
    if (!w->failed && scalar.type != SCALAR_STRING)
        scalar_print(w->out, &scalar);
    else
        buf_add(w->out, text); /* to YAML it is none, which then shows */
}

/* A value, its numbers as yaml_read() writes them in YAML, though not in JSON. */
static void add_value(struct walk *w, const struct json *v)
{
    bool is_object = value_is(v, VALUE_OBJECT);

    if (!is_object && !value_is(v, VALUE_ARRAY)) {
        if (value_is(v, VALUE_NUMBER))
            add_number(w, value_number(v));
        else
            value_print(w->out, v);
        return;
    }
    buf_add_char(w->out, is_object ? '{' : '[');
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        if (it.index)
            buf_add_char(w->out, ',');
        if (is_object) {
            value_print_string(w->out, it.key);
            buf_add_char(w->out, ':');
        }
        add_value(w, it.value);
    }
    buf_add_char(w->out, is_object ? '}' : ']');
}

static void add_value_of(struct walk *w, const struct edit *edit)
{
    const struct json *v = w->failed ? NULL : doc_parse(edit->value, w->arena, w->error);

    if (v)
        add_value(w, v);
    else
        w->failed = true;
}

/* The one of `kind` at the path itself. */
static const struct edit *find_here(const struct walk *w, struct span span, enum edit_kind kind)
{
    for (size_t i = 0; i < span.count && span.edits[i]->pointer.n == w->path.len; i++)
        if (span.edits[i]->kind == kind)
            return span.edits[i];
    return NULL;
}

static void add_comma(struct walk *w, bool *is_first)
{
    if (!*is_first)
        buf_add_char(w->out, ',');
    *is_first = false;
}

static void walk_value(struct walk *w, const struct json *v, struct span span);

static void walk_child(struct walk *w, const struct value_iter *it, struct span span)
{
    size_t length = w->path.len;

    buf_add_char(&w->path, '/');
    if (it->key.p)
        pointer_escape(&w->path, it->key);
    else
        buf_printf(&w->path, "%zu", it->index);
    walk_value(w, it->value, below(span, buf_sv(&w->path)));
    w->path.len = length;
}

static void walk_array(struct walk *w, const struct json *v, struct span span)
{
    const struct edit *insert = find_here(w, span, EDIT_INSERT), *append = find_here(w, span, EDIT_APPEND);
    bool is_first = true;

    buf_add_char(w->out, '[');
    if (insert) {
        add_comma(w, &is_first);
        add_value_of(w, insert);
    }
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        add_comma(w, &is_first);
        walk_child(w, &it, span);
    }
    if (append) {
        add_comma(w, &is_first);
        add_value_of(w, append);
    }
    buf_add_char(w->out, ']');
}

/* The name of the new member that `edit` adds right here; absent if it does not. */
static struct sv new_member(const struct walk *w, const struct json *object, const struct edit *edit)
{
    struct sv rest = sv_skip(edit->pointer, w->path.len), token = { NULL, 0 };

    if (edit->kind != EDIT_MEMBER || !pointer_token(&rest, w->arena, &token) || rest.n > 0 ||
        value_get(object, token.p ? token : SV("")))
        return (struct sv){ NULL, 0 };
    return token;
}

static void walk_object(struct walk *w, const struct json *v, struct span span)
{
    bool is_first = true;

    buf_add_char(w->out, '{');
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        add_comma(w, &is_first);
        value_print_string(w->out, it.key);
        buf_add_char(w->out, ':');
        walk_child(w, &it, span);
    }
    for (size_t i = 0; i < span.count; i++) {
        struct sv name = new_member(w, v, span.edits[i]);

        if (!name.p)
            continue;
        add_comma(w, &is_first);
        value_print_string(w->out, name);
        buf_add_char(w->out, ':');
        add_value_of(w, span.edits[i]);
    }
    buf_add_char(w->out, '}');
}

/* Null is what the edits need it to be. */
static void walk_value(struct walk *w, const struct json *v, struct span span)
{
    const struct edit *here = find_here(w, span, EDIT_REPLACE);
    bool is_list = find_here(w, span, EDIT_APPEND) || find_here(w, span, EDIT_INSERT);

    if (!here)
        here = find_here(w, span, EDIT_MEMBER);
    if (span.count == 0 || w->failed)
        add_value(w, v);
    else if (here)
        add_value_of(w, here);
    else if (value_is(v, VALUE_ARRAY) || is_list)
        walk_array(w, v, span);
    else
        walk_object(w, v, span);
}

bool expect_text(const struct json *before, const struct edit *const *edits, size_t count, struct arena *a,
                 struct buf *out, struct err *e)
{
    struct walk w = { .out = out, .path = BUF_IN(a), .arena = a, .error = e };
    struct span all = { arena_array(a, count, const struct edit *), count };

    if (!all.edits)
        return arena_error(a, e);
    for (size_t i = 0; i < count; i++)
        all.edits[i] = edits[i];
    qsort(all.edits, count, sizeof(const struct edit *), by_pointer);
    walk_value(&w, before, all);
    if (w.failed)
        return false;
    return (buf_ok(out) && buf_ok(&w.path)) || arena_error(a, e);
}
