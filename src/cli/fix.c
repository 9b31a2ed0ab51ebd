/* SPDX-License-Identifier: Apache-2.0 */
/* A repair is one edit; those of one object are a group, for one may move what
 * another is about. A parent and what it is made for are one edit together. */
#include "cli/fix.h"
#include "patch/apply.h"
#include "json/doc.h"

static const enum edit_kind kinds[] = {
    [PATCH_REPLACE] = EDIT_REPLACE,
    [PATCH_MEMBER] = EDIT_MEMBER,
    [PATCH_APPEND] = EDIT_APPEND,
    [PATCH_INSERT] = EDIT_INSERT,
};

static bool add(struct fix *fix, struct edit edit, size_t repairs, struct arena *a)
{
    if (fix->count == fix->cap) {
        size_t cap = fix->cap ? fix->cap * 2 : 16;
        struct edit *edits = arena_realloc(a, fix->edits, fix->cap * sizeof(edit), cap * sizeof(edit));
        size_t *counts = arena_realloc(a, fix->repairs, fix->cap * sizeof(*counts), cap * sizeof(*counts));

        if (!edits || !counts)
            return false;
        fix->edits = edits;
        fix->repairs = counts;
        fix->cap = cap;
    }
    fix->repairs[fix->count] = repairs;
    fix->edits[fix->count++] = edit;
    return true;
}

static bool is_within(struct sv pointer, struct sv top)
{
    return sv_starts_with(pointer, top) && (pointer.n == top.n || pointer.p[top.n] == '/');
}

/* Is it made only for those after it? */
static bool is_parent(const struct patch_op *op)
{
    bool is_list = op->class == PATCH_APPEND || op->class == PATCH_INSERT;

    if (is_list || (!sv_eq(op->value, SV("{}")) && !sv_eq(op->value, SV("[]"))))
        return false;
    for (const struct patch_op *other = op->next; other; other = other->next)
        if (is_within(other->pointer, op->pointer))
            return true;
    return false;
}

/* Does one of those before `op` make a parent of it? */
static bool has_maker(const struct patch_op *repairs, const struct patch_op *op)
{
    for (const struct patch_op *other = repairs; other != op; other = other->next)
        if (is_within(op->pointer, other->pointer) && is_parent(other))
            return true;
    return false;
}

/* A parent with all that belongs into it, so that it never comes without. */
static bool fill(const struct patch_op *top, struct arena *a, struct edit *edit, size_t *repairs, struct err *e)
{
    static const char *const ends[] = { [PATCH_APPEND] = "/-", [PATCH_INSERT] = "/0" };
    const struct json *empty = doc_parse(top->value, a, e);
    struct buf patch = BUF_IN(a);

    *repairs = 0;
    for (const struct patch_op *op = top->next; op; op = op->next) {
        struct sv rest = sv_skip(op->pointer, top->pointer.n);
        bool is_item = op->class == PATCH_APPEND || op->class == PATCH_INSERT;

        if (!is_within(op->pointer, top->pointer))
            continue;
        *repairs += !is_parent(op);
        buf_add(&patch, patch.len ? SV(",{\"op\":\"add\",\"path\":") : SV("[{\"op\":\"add\",\"path\":"));
        value_print_string(&patch, arena_printf(a, "%.*s%s", (int)rest.n, rest.p, is_item ? ends[op->class] : ""));
        buf_add(&patch, SV(",\"value\":"));
        buf_add(&patch, op->value);
        buf_add_char(&patch, '}');
    }
    buf_add_char(&patch, ']');
    if (!buf_ok(&patch))
        return arena_error(a, e);
    return empty && apply_patch(empty, buf_sv(&patch), a, &edit->value, e);
}

static bool collect(struct fix *fix, const struct patch_op *op, struct edit edit, struct sv prefix, struct arena *a,
                    struct err *e)
{
    struct buf pointer = BUF_IN(a);
    size_t repairs = 1;

    buf_add(&pointer, prefix);
    buf_add(&pointer, op->pointer);
    edit.kind = kinds[op->class];
    edit.pointer = buf_sv(&pointer);
    if (is_parent(op) && !fill(op, a, &edit, &repairs, e))
        return false;
    if (!edit.value.p)
        edit.value = arena_copy(a, op->value);
    return (edit.value.p && buf_ok(&pointer) && add(fix, edit, repairs, a)) || arena_error(a, e);
}

bool fix_object(struct fix *fix, size_t document, struct sv prefix, const struct patch_op *repairs, struct arena *a,
                struct err *e)
{
    struct edit edit = { .document = document, .group = fix->objects++ };

    for (const struct patch_op *op = repairs; op; op = op->next)
        if (!has_maker(repairs, op) && !collect(fix, op, edit, prefix, a, e))
            return false;
    return true;
}

static bool leave(struct fix_left ***last, const struct edit *edit, struct arena *a)
{
    struct fix_left *left = arena_new(a, struct fix_left);

    if (!left)
        return false;
    *left = (struct fix_left){ .document = edit->document, .pointer = edit->pointer, .why = edit->why };
    **last = left;
    *last = &left->next;
    return true;
}

bool fix_write(struct fix *fix, struct arena *a, struct err *e)
{
    struct fix_left **last = &fix->left;

    if (fix->count == 0)
        return true;
    if (!edit_all(fix->file, fix->text, fix->edits, fix->count, a, &fix->text, e))
        return false;
    for (size_t i = 0; i < fix->count; i++) {
        if (fix->edits[i].outcome == EDIT_DONE)
            fix->done += fix->repairs[i];
        else if (!leave(&last, &fix->edits[i], a))
            return arena_error(a, e);
    }
    return true;
}
