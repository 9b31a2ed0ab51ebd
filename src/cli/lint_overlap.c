/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks at every pair of rules of one type. Two repairs contradict each other
 * where they name the same thing and say something else about it; the engine
 * would then have to deny.
 */
#include "cli/lint_overlap.h"

/* One rule of one policy. */
struct side {
    const struct policy *policy;
    size_t index;
};

static const struct compiled_rule *rule_of(struct side s)
{
    return &s.policy->rules[s.index];
}

static bool is_literal(const struct strings *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (sv_find(list->items[i], '*') < list->items[i].n)
            return false;
    return list->count > 0;
}

static bool meets(const struct strings *globs, struct sv name)
{
    for (size_t i = 0; i < globs->count; i++)
        if (sv_glob(globs->items[i], name))
            return true;
    return false;
}

/* No namespace of `a`, which are named literally, is one of `b`. */
static bool excludes_all(const struct match *a, const struct match *b)
{
    if (!is_literal(&a->include))
        return false;
    for (size_t i = 0; i < a->include.count; i++)
        if ((b->include.count == 0 || meets(&b->include, a->include.items[i])) &&
            !meets(&b->exclude, a->include.items[i]))
            return false;
    return true;
}

static bool labels_exclude(const struct string_map *a, const struct string_map *b)
{
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            if (sv_eq(a->items[i].key, b->items[k].key) && !sv_eq(a->items[i].value, b->items[k].value))
                return true;
    return false;
}

/* When in doubt two matches overlap. */
static bool can_overlap(const struct match *a, const struct match *b)
{
    return (a->operations & b->operations) && !excludes_all(a, b) && !excludes_all(b, a) &&
           !labels_exclude(&a->labels.match_labels, &b->labels.match_labels);
}

static bool repairs(const struct policy *p, const struct rule *r)
{
    return p->mode == MODE_ENFORCE && p->repair && r->repair;
}

/* What tells the members of a list apart. */
static struct sv identity(const struct json *v)
{
    static const struct sv keys[] = { SV_INIT("name"), SV_INIT("from"), SV_INIT("key"), SV_INIT("path") };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (value_is(value_get(v, keys[i]), VALUE_STRING))
            return value_string(value_get(v, keys[i]));
    return (struct sv){ NULL, 0 };
}

/* Of two members with one identity: what they make of it. Where no key says so
 * (a container), the whole. */
static bool differ(const struct json *a, const struct json *b)
{
    static const struct sv keys[] = { SV_INIT("to"), SV_INIT("value"), SV_INIT("set") };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (value_get(a, keys[i]) || value_get(b, keys[i]))
            return value_get(a, keys[i]) && value_get(b, keys[i]) &&
                   !value_equal(value_get(a, keys[i]), value_get(b, keys[i]));
    return !value_equal(a, b);
}

static bool objects_contradict(const struct json *a, const struct json *b)
{
    struct sv left = identity(a), right = identity(b);

    if (left.p && right.p)
        return sv_eq(left, right) && differ(a, b);
    for (struct value_iter it = value_iter(a); value_next(&it);)
        if (value_get(b, it.key) && !value_equal(it.value, value_get(b, it.key)))
            return true;
    return false;
}

/* Lists add up, except where two members have one identity; so do mappings. */
static bool contradict(const struct json *a, const struct json *b)
{
    if (value_is(a, VALUE_OBJECT) && value_is(b, VALUE_OBJECT))
        return objects_contradict(a, b);
    if (!value_is(a, VALUE_ARRAY) || !value_is(b, VALUE_ARRAY))
        return !value_equal(a, b);
    for (struct value_iter left = value_iter(a); value_next(&left);)
        for (struct value_iter right = value_iter(b); value_next(&right);)
            if (value_is(left.value, VALUE_OBJECT) && value_is(right.value, VALUE_OBJECT) &&
                objects_contradict(left.value, right.value))
                return true;
    return false;
}

/* Rules that name the kinds they are for may have none in common. */
static bool share_a_kind(const struct json *a, const struct json *b)
{
    const struct json *left = value_get(a, SV("kinds")), *right = value_get(b, SV("kinds"));

    for (struct value_iter l = value_iter(left); value_next(&l);)
        for (struct value_iter r = value_iter(right); value_next(&r);)
            if (sv_eq(value_string(value_get(l.value, SV("kind"))), value_string(value_get(r.value, SV("kind")))) &&
                sv_eq(value_string(value_get(l.value, SV("group"))), value_string(value_get(r.value, SV("group")))))
                return true;
    return !left || !right;
}

/* The first option in which two rules repair differently; absent: none. */
static struct sv contradiction(struct side a, struct side b)
{
    const struct json *left = lint_rule_value(a.policy, a.index), *right = lint_rule_value(b.policy, b.index);

    for (struct sv rest = sv_from(rule_of(a)->rule->repair_options); rest.p && share_a_kind(left, right);) {
        struct sv option = sv_cut(&rest, ' ');

        if (!value_is_nothing(value_get(left, option)) && !value_is_nothing(value_get(right, option)) &&
            contradict(value_get(left, option), value_get(right, option)))
            return option;
    }
    return (struct sv){ NULL, 0 };
}

static bool same_options(const struct json *a, const struct json *b)
{
    for (struct value_iter it = value_iter(a); value_next(&it);)
        if (!sv_eq(it.key, SV("name")) && !value_equal(it.value, value_get(b, it.key)))
            return false;
    return value_size(a) == value_size(b);
}

static bool same_match(const struct policy *a, const struct policy *b)
{
    const struct json *left = pointer_get(a->doc->root, SV("/spec/match"));
    const struct json *right = pointer_get(b->doc->root, SV("/spec/match"));

    return (value_is_nothing(left) && value_is_nothing(right)) || value_equal(left, right);
}

static void compare(struct lint *l, struct side a, struct side b)
{
    struct pointer root = POINTER_ROOT, rules = pointer_text(&root, SV("/spec/rules"));
    struct pointer at = pointer_index(&rules, b.index);
    const struct rule *rule = rule_of(b)->rule;
    struct sv option;

    if (rule_of(a)->rule != rule || a.policy->mode == MODE_OFF || b.policy->mode == MODE_OFF)
        return;
    if (same_match(a.policy, b.policy) &&
        same_options(lint_rule_value(a.policy, a.index), lint_rule_value(b.policy, b.index))) {
        lint_say(l, LINT_WARNING, b.policy->doc, &at, "rule `%.*s` says the same as `%.*s/%.*s`",
                 SV_ARG(rule_of(b)->name), SV_ARG(a.policy->name), SV_ARG(rule_of(a)->name));
        return;
    }
    if (!repairs(a.policy, rule) || !repairs(b.policy, rule) || !can_overlap(&a.policy->match, &b.policy->match))
        return;
    option = contradiction(a, b);
    if (option.p) {
        struct pointer option_at = pointer_key(&at, option);

        lint_say(l, LINT_ERROR, b.policy->doc, &option_at,
                 "`%.*s` repairs the same place otherwise than `%.*s/%.*s`: what both match would be denied",
                 SV_ARG(option), SV_ARG(a.policy->name), SV_ARG(rule_of(a)->name));
    }
}

/* Every rule after `a`, in its own policy and in those after it. */
static void compare_with_rest(struct lint *l, struct side a, size_t policy)
{
    for (size_t p = policy; p < l->set->policy_count; p++)
        for (size_t i = p == policy ? a.index + 1 : 0; i < l->set->policies[p].rule_count; i++)
            compare(l, a, (struct side){ &l->set->policies[p], i });
}

void lint_overlap_all(struct lint *l)
{
    for (size_t p = 0; p < l->set->policy_count; p++)
        for (size_t i = 0; i < l->set->policies[p].rule_count; i++)
            compare_with_rest(l, (struct side){ &l->set->policies[p], i }, p);
}
