/* SPDX-License-Identifier: Apache-2.0 */
/* Each check looks at one policy and needs no other. */
#include "cli/lint_policy.h"
#include "policy/compile.h"

#define SYSTEM_ACCOUNTS "system:serviceaccount:kube-system:"

/* A policy that is being looked at. */
struct look {
    struct lint *lint;
    const struct policy *policy;
};

static void check_mode(const struct look *x)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/mode"));

    if (x->policy->mode == MODE_OFF)
        lint_say(x->lint, LINT_WARNING, x->policy->doc, &at, "policy `%.*s` is off: its rules judge nothing",
                 SV_ARG(x->policy->name));
}

/* A star in `inner` has to be met by a star of `outer`, so this is "everything
 * that `inner` matches `outer` matches". */
static bool covers(struct sv outer, struct sv inner)
{
    return sv_glob(outer, inner);
}

static bool covered_by_any(const struct strings *globs, struct sv inner)
{
    for (size_t i = 0; i < globs->count; i++)
        if (covers(globs->items[i], inner))
            return true;
    return false;
}

/* Is there a namespace that the policy looks at? */
static bool reaches_a_namespace(const struct match *m)
{
    if (m->include.count == 0)
        return !covered_by_any(&m->exclude, SV("*"));
    for (size_t i = 0; i < m->include.count; i++)
        if (!covered_by_any(&m->exclude, m->include.items[i]))
            return true;
    return false;
}

static void check_namespaces(const struct look *x)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/match/namespaces/exclude"));
    const struct strings *exclude = &x->policy->match.exclude;

    for (size_t i = 0; i < exclude->count; i++) {
        struct pointer item = pointer_index(&at, i);

        if (covers(exclude->items[i], SV("*")))
            lint_say(x->lint, LINT_ERROR, x->policy->doc, &item, "`%.*s` excludes every namespace",
                     SV_ARG(exclude->items[i]));
    }
}

/* Could the glob match the account of somebody in kube-system? Their names have
 * no other characters than these. */
static bool may_match_system_account(struct sv glob)
{
    struct sv rest = glob, head = sv_cut(&rest, '*');

    for (size_t i = 0; i < glob.n; i++)
        if (!strchr("*:.-", glob.p[i]) && (glob.p[i] < 'a' || glob.p[i] > 'z') && (glob.p[i] < '0' || glob.p[i] > '9'))
            return false;
    return sv_starts_with(head, SV(SYSTEM_ACCOUNTS)) || (rest.p && sv_starts_with(SV(SYSTEM_ACCOUNTS), head));
}

static void check_users(const struct look *x)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/match/users/exclude"));
    const struct strings *users = &x->policy->match.user_excludes;

    for (size_t i = 0; i < users->count; i++) {
        struct pointer item = pointer_index(&at, i);
        struct sv glob = users->items[i];

        if (covers(glob, SV("*")))
            lint_say(x->lint, LINT_ERROR, x->policy->doc, &item, "`%.*s` excludes everybody", SV_ARG(glob));
        else if (covers(glob, SV(SYSTEM_ACCOUNTS "*")))
            lint_say(x->lint, LINT_ERROR, x->policy->doc, &item,
                     "`%.*s` excludes the controllers' own accounts: what they make would not be judged", SV_ARG(glob));
        else if (may_match_system_account(glob))
            lint_say(x->lint, LINT_WARNING, x->policy->doc, &item, "`%.*s` can exclude service accounts of kube-system",
                     SV_ARG(glob));
    }
}

static bool is_reachable(const struct match *m, const struct rule *r)
{
    return (lint_looks_at(r, true) && !m->skip_cluster_scoped) || (lint_looks_at(r, false) && reaches_a_namespace(m));
}

static void check_reach(const struct look *x)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/rules"));

    for (size_t i = 0; i < x->policy->rule_count; i++) {
        const struct compiled_rule *r = &x->policy->rules[i];
        struct pointer item = pointer_index(&at, i);

        if (!is_reachable(&x->policy->match, r->rule))
            lint_say(x->lint, LINT_WARNING, x->policy->doc, &item,
                     "rule `%.*s` is never reached: `match` lets through no kind that %s looks at", SV_ARG(r->name),
                     r->rule->id);
    }
}

static void check_twice(const struct look *x, const struct json *list, const struct pointer *at)
{
    for (struct value_iter it = value_iter(list); value_next(&it);) {
        struct pointer item = pointer_index(at, it.index);
        size_t first = 0;

        while (!value_equal(value_at(list, first), it.value))
            first++;
        if (first < it.index)
            lint_say(x->lint, LINT_WARNING, x->policy->doc, &item, "item %zu says the same as item %zu", it.index + 1,
                     first + 1);
    }
}

/* Lists that name things; a list inside of raw JSON may repeat itself. */
static void check_lists(const struct look *x, const struct field *fields, const struct json *v,
                        const struct pointer *at)
{
    for (const struct field *f = fields; f->key; f++) {
        const struct json *member = value_get(v, sv_from(f->key));
        struct pointer member_at = pointer_key(at, sv_from(f->key));

        if (f->type == FIELD_STRINGS || f->type == FIELD_RECORDS)
            check_twice(x, member, &member_at);
        if (f->type == FIELD_RECORD)
            check_lists(x, f->fields, member, &member_at);
    }
}

static void check_rule_lists(const struct look *x)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/rules"));

    for (size_t i = 0; i < x->policy->rule_count; i++) {
        struct pointer item = pointer_index(&at, i);

        check_lists(x, x->policy->rules[i].rule->fields, lint_rule_value(x->policy, i), &item);
    }
}

void lint_policy_all(struct lint *l)
{
    struct pointer root = POINTER_ROOT;

    for (size_t i = 0; i < l->set->policy_count; i++) {
        struct look x = { l, &l->set->policies[i] };

        check_mode(&x);
        check_namespaces(&x);
        check_users(&x);
        check_reach(&x);
        check_lists(&x, compile_fields, x.policy->doc->root, &root);
        check_rule_lists(&x);
    }
}
