/* SPDX-License-Identifier: Apache-2.0 */
/*
 * {"object": ..., "ops": [[class, pointer, value, owner], ...]}: operations such
 * as rules may ask for, on any object. The patch fits, and each place it gave a
 * value has that value.
 */
#include "fuzz/fuzz.h"
#include "patch/apply.h"
#include "patch/patch.h"
#include "json/doc.h"
#include "json/pointer.h"

enum { OPS_MAX = 24, DEPTH_MAX = 24 };

struct ops {
    struct patch_op items[OPS_MAX];
    size_t count;
    bool has_list; /* an array changes, and indices with it */
};

static struct sv parent_of(struct sv pointer)
{
    return (struct sv){ pointer.p, sv_find_last(pointer, '/') };
}

/* The value at the pointer, and whether it, or the way to it, may be made. */
static bool can_stand(const struct json *object, struct sv pointer)
{
    const struct json *parent;

    if (pointer.n == 0)
        return true;
    if (!can_stand(object, parent_of(pointer)))
        return false;
    parent = pointer_get(object, parent_of(pointer));
    if (value_is(parent, VALUE_ARRAY))
        return pointer_get(object, pointer) != NULL;
    return value_is_nothing(parent) || value_is(parent, VALUE_OBJECT);
}

/* A document of ours has 128 levels at most, and a value has some of its own. */
static bool is_too_deep(struct sv pointer)
{
    size_t tokens = 0;

    for (size_t i = 0; i < pointer.n; i++)
        tokens += pointer.p[i] == '/';
    return tokens > DEPTH_MAX;
}

/* What rules promise when they ask (patch.h). */
static bool is_sound(const struct json *object, const struct patch_op *op)
{
    const struct json *v = pointer_get(object, op->pointer);

    if (is_too_deep(op->pointer) || op->pointer.n == 0 || op->pointer.p[0] != '/' || !can_stand(object, op->pointer))
        return false;
    switch (op->class) {
    case PATCH_REPLACE:
        return v != NULL;
    case PATCH_MEMBER:
        return !value_is(pointer_get(object, parent_of(op->pointer)), VALUE_ARRAY);
    case PATCH_APPEND:
    case PATCH_INSERT:
        return value_is_nothing(v) || value_is(v, VALUE_ARRAY);
    }
    return false;
}

static bool has_bad_tilde(struct sv pointer)
{
    for (size_t i = 0; i < pointer.n; i++)
        if (pointer.p[i] == '~' && (i + 1 == pointer.n || (pointer.p[i + 1] != '0' && pointer.p[i + 1] != '1')))
            return true;
    return false;
}

static void read_op(struct ops *ops, const struct json *object, const struct json *from, struct arena *a)
{
    struct sv class = value_number(value_at(from, 0));
    struct buf value = BUF_IN(a);
    struct patch_op op = {
        .class = (enum patch_class)(class.n ? class.p[0] & 3 : 0),
        .pointer = value_string(value_at(from, 1)),
        .owner = value_string(value_at(from, 3)),
    };

    if (ops->count == OPS_MAX || !op.pointer.p || has_bad_tilde(op.pointer) || !is_sound(object, &op))
        return;
    value_print(&value, value_at(from, 2));
    op.value = buf_sv(&value);
    ops->has_list = ops->has_list || op.class == PATCH_APPEND || op.class == PATCH_INSERT;
    ops->items[ops->count++] = op;
}

static enum patch_outcome finish(const struct ops *ops, bool backwards, const struct json *object, struct arena *a,
                                 struct sv *text)
{
    const struct patch_op *left = NULL, *right = NULL;
    struct patch_op copies[OPS_MAX];
    struct patch p = { .ops = NULL };
    enum patch_outcome outcome;

    memcpy(copies, ops->items, sizeof(copies));
    for (size_t i = 0; i < ops->count; i++)
        patch_add(&p, &copies[backwards ? ops->count - 1 - i : i]);
    outcome = patch_finish(&p, object, a, text, &left, &right);
    FUZZ_CHECK(outcome != PATCH_FAILED, "out of memory");
    FUZZ_CHECK((outcome == PATCH_EMPTY) == (ops->count == 0), "empty: %d", (int)outcome);
    FUZZ_CHECK(outcome != PATCH_CONFLICT || (left && right && left != right), "a conflict of nobody");
    return outcome;
}

static void check_result(const struct ops *ops, const struct json *object, struct sv patch, struct arena *a)
{
    struct err e = { .code = ERR_NONE };
    const struct json *result;
    struct sv text = { NULL, 0 };

    (void)fuzz_json(patch, a);
    FUZZ_CHECK(apply_patch(object, patch, a, &text, &e), "it does not fit: %s: %.*s", e.msg, SV_ARG(patch));
    result = fuzz_json(text, a);
    for (size_t i = 0; !ops->has_list && i < ops->count; i++) {
        const struct patch_op *op = &ops->items[i];

        FUZZ_CHECK(value_equal(pointer_get(result, op->pointer), fuzz_json(op->value, a)), "`%.*s` is not set",
                   SV_ARG(op->pointer));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(256 << 20);
    struct err e = { .code = ERR_NONE };
    const struct json *root = doc_parse(fuzz_input(data, size), &a, &e), *object = value_get(root, SV("object"));
    struct ops ops = { .count = 0 };
    struct sv patch = { NULL, 0 }, backwards = { NULL, 0 };
    enum patch_outcome outcome;

    if (!value_is(object, VALUE_OBJECT))
        return 0;
    for (struct value_iter it = value_iter(value_get(root, SV("ops"))); value_next(&it);)
        read_op(&ops, object, it.value, &a);
    outcome = finish(&ops, false, object, &a, &patch);
    if (!ops.has_list) {
        FUZZ_CHECK(finish(&ops, true, object, &a, &backwards) == outcome, "it matters who asked first");
        FUZZ_CHECK(outcome != PATCH_READY || sv_eq(patch, backwards), "it matters who asked first: %.*s",
                   SV_ARG(backwards));
    }
    if (outcome == PATCH_READY)
        check_result(&ops, object, patch, &a);
    return 0;
}
