/* SPDX-License-Identifier: Apache-2.0 */
/* From what rules ask for to the text of a patch. First everything is ordered
 * by pointer: repairs of one place stand side by side, a repair stands before
 * those below it, and one walk through the object finds the missing parents.
 * Then it is ordered as it will be applied. */
#include "patch/patch.h"
#include "base/text.h"
#include "json/doc.h"
#include "json/pointer.h"

/* One operation to write: what a rule asked for, or a parent it needs. */
struct step {
    struct sv pointer, value;
    const struct patch_op *op;
    size_t serial; /* when it was asked for: keeps the order of one policy's rules */
    enum patch_class class;
    bool is_parent, is_null; /* is_null: the parent is there, but null */
};

struct plan {
    struct step *steps;
    size_t count;
    struct arena *arena;
    const struct patch_op **left, **right; /* of a conflict */
};

void patch_add(struct patch *p, struct patch_op *op)
{
    op->next = p->ops;
    p->ops = op;
    p->count++;
}

static bool is_list(enum patch_class class)
{
    return class == PATCH_APPEND || class == PATCH_INSERT;
}

/* Length of the pointer up to the end of the token that begins at `at`. */
static size_t token_end(struct sv pointer, size_t at)
{
    return at + 1 + sv_find(sv_skip(pointer, at + 1), '/');
}

/* Is `pointer` the place `top`, or does it lie below it? */
static bool is_within(struct sv pointer, struct sv top)
{
    return sv_starts_with(pointer, top) && (pointer.n == top.n || pointer.p[top.n] == '/');
}

static bool is_number(struct sv token)
{
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] < '0' || token.p[i] > '9')
            return false;
    }
    return token.n > 0;
}

static int compare_tokens(struct sv a, struct sv b)
{
    bool number = is_number(a);

    if (number != is_number(b))
        return number ? -1 : 1;
    if (number && a.n != b.n)
        return a.n < b.n ? -1 : 1;
    return sv_cmp(a, b);
}

/* Token by token, so that what lies below a place follows it at once; numbers
 * by value, so that arrays are walked forwards. */
static int compare_pointers(struct sv a, struct sv b)
{
    size_t at = 0;

    while (at < a.n && at < b.n) {
        size_t a_end = token_end(a, at), b_end = token_end(b, at);
        int order =
            compare_tokens((struct sv){ a.p + at + 1, a_end - at - 1 }, (struct sv){ b.p + at + 1, b_end - at - 1 });

        if (order)
            return order;
        at = a_end;
    }
    return (a.n > b.n) - (a.n < b.n);
}

/* Which policy asked first, by name: the order of evaluation does not show. */
static int compare_owners(const struct step *a, const struct step *b)
{
    int order = sv_cmp(a->op->owner, b->op->owner);

    return order ? order : (a->serial > b->serial) - (a->serial < b->serial);
}

static int by_place(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    int order = compare_pointers(a->pointer, b->pointer);

    if (!order)
        order = is_list(a->class) - is_list(b->class);
    if (!order && is_list(a->class))
        order = (int)a->class - (int)b->class;
    if (!order)
        order = sv_cmp(a->value, b->value);
    if (!order)
        order = (int)a->class - (int)b->class;
    return order ? order : compare_owners(a, b);
}

/* Inserts go deepest first: one at index 0 moves everything that stands below
 * its array. */
static int by_application(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    int order = (int)a->class - (int)b->class;

    if (!order)
        order = b->is_parent - a->is_parent;
    if (!order)
        order = compare_pointers(a->pointer, b->pointer) * (a->class == PATCH_INSERT && !a->is_parent ? -1 : 1);
    return order ? order : compare_owners(a, b);
}

/* Of equal repairs of one place the first stays. */
static void drop_duplicates(struct plan *p)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct step *last = kept ? &p->steps[kept - 1] : NULL;
        const struct step *s = &p->steps[i];
        bool same_class =
            last && (last->class == s->class || !is_list(s->class)) && is_list(last->class) == is_list(s->class);

        if (same_class && sv_eq(last->pointer, s->pointer) && sv_eq(last->value, s->value))
            continue;
        p->steps[kept++] = *s;
    }
    p->count = kept;
}

static bool report(struct plan *p, const struct patch_op *left, const struct patch_op *right)
{
    *p->left = left;
    *p->right = right;
    return false;
}

/* What Kubernetes tells items of a list apart by: volumes may be mounted twice. */
static struct sv name_of(const struct step *s, struct arena *a)
{
    struct err ignored = { 0 };
    const struct json *item = doc_parse(s->value, a, &ignored);
    struct sv mount = value_string(value_get(item, SV("mountPath")));

    return mount.p ? mount : value_string(value_get(item, SV("name")));
}

/* Two items of one name in one list are two values for one thing. */
static bool names_are_unique(struct plan *p, size_t first, size_t end)
{
    struct sv *names = end - first > 1 ? arena_array(p->arena, end - first, struct sv) : NULL;

    for (size_t i = first; names && i < end; i++) {
        names[i - first] = name_of(&p->steps[i], p->arena);
        for (size_t k = first; names[i - first].p && k < i; k++) {
            if (names[k - first].p && sv_eq(names[k - first], names[i - first]))
                return report(p, p->steps[k].op, p->steps[i].op);
        }
    }
    return true;
}

/* Nothing may stand at or below a place that is given a value. */
static bool places_agree(struct plan *p)
{
    const struct step *set = NULL;

    for (size_t i = 0, end; i < p->count; i = end) {
        const struct step *s = &p->steps[i];

        end = i + 1;
        if (set && is_within(s->pointer, set->pointer))
            return report(p, set->op, s->op);
        if (!is_list(s->class)) {
            set = s;
            continue;
        }
        while (end < p->count && is_list(p->steps[end].class) && sv_eq(p->steps[end].pointer, s->pointer))
            end++;
        if (!names_are_unique(p, i, end))
            return false;
    }
    return true;
}

/* Adds the parent at `place` if one of the steps from `first` on needs it. */
static bool add_parent(struct plan *p, struct sv place, size_t first, size_t end, bool is_null)
{
    const struct step *wants_object = NULL, *wants_array = NULL, *earliest = NULL;

    for (size_t i = first; i < end; i++) {
        const struct step *s = &p->steps[i];

        if (s->pointer.n > place.n && s->class != PATCH_REPLACE)
            wants_object = s;
        else if (is_list(s->class))
            wants_array = s;
        else
            continue;
        if (!earliest || s->class < earliest->class)
            earliest = s;
    }
    if (wants_object && wants_array)
        return report(p, wants_array->op, wants_object->op);
    if (earliest)
        p->steps[p->count++] = (struct step){ .pointer = place,
                                              .value = wants_array ? SV("[]") : SV("{}"),
                                              .op = earliest->op,
                                              .class = earliest->class,
                                              .is_parent = true,
                                              .is_null = is_null };
    return true;
}

/* What the token leads to; in an array the iterator goes on from where it was. */
static const struct json *step_down(const struct json *v, struct value_iter *items, struct sv token)
{
    size_t index = 0;

    if (!value_is(v, VALUE_ARRAY))
        return pointer_get(v, token);
    if (!text_to_size(sv_skip(token, 1), &index))
        return NULL;
    while (!items->value || items->index < index) {
        if (!value_next(items))
            return NULL;
    }
    return items->value;
}

/* The steps from `first` to `end` share their pointer up to `at`, which leads
 * to `v`. Each level of recursion is a token of a pointer. */
static bool find_parents(struct plan *p, size_t first, size_t end, size_t at, const struct json *v)
{
    struct value_iter items = value_iter(v);

    while (first < end && p->steps[first].pointer.n <= at)
        first++;
    for (size_t i = first, next = first; i < end; i = next) {
        struct sv pointer = p->steps[i].pointer;
        struct sv place = { pointer.p, token_end(pointer, at) };
        const struct json *child = step_down(v, &items, sv_skip(place, at));

        while (next < end && is_within(p->steps[next].pointer, place))
            next++;
        if (value_is_nothing(child) && !add_parent(p, place, i, next, child != NULL))
            return false;
        if (!find_parents(p, i, next, place.n, child))
            return false;
    }
    return true;
}

/* An upper bound: each operation and each of its parents. */
static size_t most_steps(const struct patch *p)
{
    size_t n = 0;

    for (const struct patch_op *op = p->ops; op; op = op->next) {
        n += 2;
        for (size_t i = 0; i < op->pointer.n; i++)
            n += op->pointer.p[i] == '/';
    }
    return n;
}

static void collect(struct plan *p, const struct patch *from)
{
    for (const struct patch_op *op = from->ops; op; op = op->next) {
        p->steps[p->count] = (struct step){
            .pointer = op->pointer,
            .value = op->value,
            .op = op,
            .serial = from->count - p->count,
            .class = op->class,
        };
        p->count++;
    }
}

static void write_path(struct buf *out, const struct step *s)
{
    value_print_string(out, s->pointer);
    if (s->is_parent || !is_list(s->class) || !buf_ok(out))
        return;
    out->len--; /* the closing quote stands after the last token */
    buf_add(out, s->class == PATCH_APPEND ? SV("/-\"") : SV("/0\""));
}

static void write_steps(struct buf *out, const struct plan *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct step *s = &p->steps[i];
        bool replaces = s->is_parent ? s->is_null : s->class == PATCH_REPLACE;

        buf_add(out, i ? SV(",") : SV("["));
        buf_add(out, replaces ? SV("{\"op\":\"replace\",\"path\":") : SV("{\"op\":\"add\",\"path\":"));
        write_path(out, s);
        buf_add(out, SV(",\"value\":"));
        buf_add(out, s->value);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

/* Everything but the text: what to do, in the order in which it is to be done. */
static enum patch_outcome make_plan(struct plan *plan, const struct patch *p, const struct json *object)
{
    if (p->count == 0)
        return PATCH_EMPTY;
    plan->steps = arena_array(plan->arena, most_steps(p), struct step);
    if (!plan->steps)
        return PATCH_FAILED;
    collect(plan, p);
    qsort(plan->steps, plan->count, sizeof(*plan->steps), by_place);
    drop_duplicates(plan);
    if (!places_agree(plan) || !find_parents(plan, 0, plan->count, 0, object))
        return PATCH_CONFLICT;
    qsort(plan->steps, plan->count, sizeof(*plan->steps), by_application);
    return plan->arena->is_full ? PATCH_FAILED : PATCH_READY;
}

enum patch_outcome patch_finish(struct patch *p, const struct json *object, struct arena *a, struct sv *text,
                                const struct patch_op **left, const struct patch_op **right)
{
    struct plan plan = { .arena = a, .left = left, .right = right };
    enum patch_outcome outcome = make_plan(&plan, p, object);
    struct buf out = BUF_IN(a);

    if (outcome != PATCH_READY)
        return outcome;
    write_steps(&out, &plan);
    if (a->is_full || !buf_ok(&out))
        return PATCH_FAILED;
    *text = buf_sv(&out);
    return PATCH_READY;
}

static struct patch_op op_of(const struct step *s)
{
    struct patch_op op = { .class = s->class, .pointer = s->pointer, .value = s->value, .owner = s->op->owner };

    if (s->is_parent)
        op.class = s->is_null ? PATCH_REPLACE : PATCH_MEMBER;
    return op;
}

enum patch_outcome patch_order(struct patch *p, const struct json *object, struct arena *a, const struct patch_op **out)
{
    const struct patch_op *left = NULL, *right = NULL;
    struct plan plan = { .arena = a, .left = &left, .right = &right };
    enum patch_outcome outcome = make_plan(&plan, p, object);
    struct patch_op *ops = NULL;

    *out = NULL;
    if (outcome != PATCH_READY)
        return outcome;
    ops = arena_array(a, plan.count, struct patch_op);
    if (!ops)
        return PATCH_FAILED;
    for (size_t i = 0; i < plan.count; i++) {
        ops[i] = op_of(&plan.steps[i]);
        ops[i].next = i + 1 < plan.count ? &ops[i + 1] : NULL;
    }
    *out = ops;
    return PATCH_READY;
}
