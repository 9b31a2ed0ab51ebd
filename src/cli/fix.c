/* SPDX-License-Identifier: Apache-2.0 */
/* A repair is one edit; those of one object are a group, for some stand on
 * what others make. */
#include "cli/fix.h"

static const enum edit_kind kinds[] = {
    [PATCH_REPLACE] = EDIT_REPLACE,
    [PATCH_MEMBER] = EDIT_MEMBER,
    [PATCH_APPEND] = EDIT_APPEND,
    [PATCH_INSERT] = EDIT_INSERT,
};

static bool add(struct fix *fix, struct edit edit, struct arena *a)
{
    if (fix->count == fix->cap) {
        size_t cap = fix->cap ? fix->cap * 2 : 16;
        struct edit *edits = arena_realloc(a, fix->edits, fix->cap * sizeof(edit), cap * sizeof(edit));

        if (!edits)
            return false;
        fix->edits = edits;
        fix->cap = cap;
    }
    fix->edits[fix->count++] = edit;
    return true;
}

bool fix_object(struct fix *fix, size_t document, struct sv prefix, const struct patch_op *repairs, struct arena *a,
                struct err *e)
{
    for (const struct patch_op *op = repairs; op; op = op->next) {
        struct buf pointer = BUF_IN(a);
        struct edit edit = { .kind = kinds[op->class], .document = document, .group = fix->objects };

        buf_add(&pointer, prefix);
        buf_add(&pointer, op->pointer);
        edit.pointer = buf_sv(&pointer);
        edit.value = arena_copy(a, op->value);
        if (!buf_ok(&pointer) || !edit.value.p || !add(fix, edit, a))
            return arena_error(a, e);
    }
    fix->objects++;
    return true;
}

static bool is_within(const struct edit *edit, const struct edit *top)
{
    return edit->group == top->group && sv_starts_with(edit->pointer, top->pointer) &&
           (edit->pointer.n == top->pointer.n || edit->pointer.p[top->pointer.n] == '/');
}

/* Was it made only for what comes after it? */
static bool is_parent(const struct fix *fix, size_t i)
{
    const struct edit *edit = &fix->edits[i];

    if (!sv_eq(edit->value, SV("{}")) && !sv_eq(edit->value, SV("[]")))
        return false;
    for (size_t k = i + 1; k < fix->count && fix->edits[k].group == edit->group; k++)
        if (is_within(&fix->edits[k], edit))
            return true;
    return false;
}

/* Has it been left because what it stands on was left? */
static bool is_known(const struct fix *fix, size_t i)
{
    for (size_t k = i; k-- > 0 && fix->edits[k].group == fix->edits[i].group;)
        if (fix->edits[k].outcome == EDIT_REFUSED && fix->edits[i].pointer.n > fix->edits[k].pointer.n &&
            is_within(&fix->edits[i], &fix->edits[k]))
            return true;
    return false;
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
        bool is_done = fix->edits[i].outcome == EDIT_DONE;

        if (is_done && !is_parent(fix, i))
            fix->done++;
        if (!is_done && !is_known(fix, i) && !leave(&last, &fix->edits[i], a))
            return arena_error(a, e);
    }
    return true;
}
