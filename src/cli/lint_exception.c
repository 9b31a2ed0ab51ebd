/* SPDX-License-Identifier: Apache-2.0 */
/* Dates first; then, for those that count, whether there is anything to lift. */
#include "cli/lint_exception.h"
#include "policy/exempt.h"

/* An exception and one of the policies it names. */
struct look {
    struct lint *lint;
    const struct exception *exception;
    const struct exception_policy *named;
    const struct policy *policy;
    struct pointer at; /* of `named` */
};

static bool check_date(struct lint *l, const struct exception *x)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/expires"));
    long days = date_days(x->expires) - date_days(l->today);

    if (days < 0)
        lint_say(l, LINT_ERROR, x->doc, &at, "exception `%.*s` of %.*s ended %ld days ago; it lifts nothing any more",
                 SV_ARG(x->name), SV_ARG(x->owner), -days);
    else if (days > EXEMPT_MAX_DAYS)
        lint_say(l, LINT_ERROR, x->doc, &at,
                 "exception `%.*s` ends in %ld days: it does not count before there are %d left", SV_ARG(x->name), days,
                 EXEMPT_MAX_DAYS);
    return days >= 0;
}

static const struct policy *find_policy(const struct policy_set *set, struct sv name)
{
    for (size_t i = 0; i < set->policy_count; i++)
        if (sv_eq(set->policies[i].name, name))
            return &set->policies[i];
    return NULL;
}

static bool is_named(const struct exception_policy *named, struct sv rule)
{
    for (size_t i = 0; i < named->rules.count; i++)
        if (sv_eq(named->rules.items[i], rule))
            return true;
    return named->rules.count == 0;
}

static bool can_lift(const struct exception *x, const struct rule *r)
{
    if (x->images.count && !(r->families & FAMILY_WORKLOAD))
        return false;
    return lint_looks_at(r, x->cluster_scoped);
}

/* Of the rules it names at least one has to find what it lifts. */
static void check_rules(const struct look *x)
{
    for (size_t i = 0; i < x->policy->rule_count; i++)
        if (is_named(x->named, x->policy->rules[i].name) && can_lift(x->exception, x->policy->rules[i].rule))
            return;
    lint_say(x->lint, LINT_WARNING, x->exception->doc, &x->at,
             "exception `%.*s` lifts nothing here: no rule it names in `%.*s` looks at %s", SV_ARG(x->exception->name),
             SV_ARG(x->policy->name),
             x->exception->images.count     ? "images"
             : x->exception->cluster_scoped ? "objects without a namespace"
                                            : "objects in a namespace");
}

static bool matches_any(const struct strings *globs, struct sv name)
{
    for (size_t i = 0; i < globs->count; i++)
        if (sv_glob(globs->items[i], name))
            return true;
    return false;
}

static bool reaches(const struct match *m, const struct exception *x)
{
    if (x->cluster_scoped)
        return !m->skip_cluster_scoped;
    for (size_t i = 0; i < x->namespaces.count; i++)
        if ((m->include.count == 0 || matches_any(&m->include, x->namespaces.items[i])) &&
            !matches_any(&m->exclude, x->namespaces.items[i]))
            return true;
    return false;
}

static void check_policy(const struct look *x)
{
    if (x->policy->mode == MODE_OFF)
        lint_say(x->lint, LINT_WARNING, x->exception->doc, &x->at, "policy `%.*s` is off: there is nothing to lift",
                 SV_ARG(x->policy->name));
    else if (!reaches(&x->policy->match, x->exception))
        lint_say(x->lint, LINT_WARNING, x->exception->doc, &x->at,
                 "policy `%.*s` looks at none of what exception `%.*s` is for", SV_ARG(x->policy->name),
                 SV_ARG(x->exception->name));
    else
        check_rules(x);
}

void lint_exception_all(struct lint *l)
{
    struct pointer root = POINTER_ROOT, list = pointer_text(&root, SV("/spec/policies"));

    for (size_t i = 0; i < l->set->exception_count; i++) {
        const struct exception *x = &l->set->exceptions[i];
        const struct exception_policy *named = x->policies.items;
        size_t count = check_date(l, x) ? x->policies.count : 0;

        for (size_t k = 0; k < count; k++) {
            struct look look = { l, x, &named[k], find_policy(l->set, named[k].name), pointer_index(&list, k) };

            check_policy(&look);
        }
    }
}
