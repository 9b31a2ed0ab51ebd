/* SPDX-License-Identifier: Apache-2.0 */
/* Which sets policies refer to is read from the documents, so that a missing
 * one can be pointed at. */
#include "cli/lint_facts.h"
#include "cli/references.h"

/* A set that is looked for in a policy. */
struct search {
    struct lint *lint;
    const struct policy *policy;
    struct sv name;
    struct pointer rule_at; /* where a default belongs to */
    bool is_found;
    bool tells; /* say where it was found, that it is missing */
};

static void found(void *arg, struct sv set, const struct pointer *at)
{
    struct search *s = arg;

    if (s->is_found || !sv_eq(set, s->name))
        return;
    s->is_found = true;
    if (s->tells)
        lint_say(s->lint, LINT_WARNING, s->policy->doc, at ? at : &s->rule_at,
                 "no facts are called `%.*s`: give them with --facts; until then this judges less and repairs nothing",
                 SV_ARG(set));
}

static bool uses(struct lint *l, struct sv name, bool tells)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/spec/rules"));
    struct search s = { .lint = l, .name = name, .tells = tells };

    for (size_t i = 0; i < l->set->policy_count && !s.is_found; i++) {
        s.policy = &l->set->policies[i];
        references_in(pointer_get(s.policy->doc->root, SV("/spec/rules")), &at, found, &s);
        for (size_t k = 0; k < s.policy->rule_count; k++) {
            s.rule_at = pointer_index(&at, k);
            if (!references_by_default(s.policy->rules[k].rule, l->arena, found, &s))
                return true;
        }
    }
    return s.is_found;
}

static void check_missing(struct lint *l)
{
    for (size_t i = 0; i < l->set->missing.count; i++)
        uses(l, l->set->missing.names[i], true);
}

static void check_used(struct lint *l, const struct fact_set *set)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/metadata/name"));

    if (set->origin != 0 && !uses(l, set->name, false))
        lint_say(l, LINT_WARNING, set->doc, &at, "no policy in use refers to `@%.*s`", SV_ARG(set->name));
}

/* Meant, as a rule; but who reads a release note about facts should know that
 * they do not come here. */
static void check_replaced(struct lint *l, const struct fact_set *set)
{
    struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/metadata/name"));

    if (set->replaced)
        lint_say(l, LINT_WARNING, set->doc, &at,
                 "replaces the %zu facts shipped as `%.*s` with %zu of its own: what is newer in those does not count",
                 set->replaced, SV_ARG(set->name), set->count);
}

/* One line a set: whoever reads a source anew reads all of it. */
static void check_age(struct lint *l, const struct fact_set *set)
{
    struct pointer root = POINTER_ROOT, rows = pointer_text(&root, SV("/spec/rows"));
    size_t stale = 0, oldest = 0;
    struct pointer row, at;

    for (size_t i = 0; i < set->count; i++) {
        if (date_days(l->today) - date_days(set->rows[i].as_of) <= (long)l->max_age)
            continue;
        if (!stale++ || date_compare(set->rows[i].as_of, set->rows[oldest].as_of) < 0)
            oldest = i;
    }
    row = pointer_index(&rows, oldest);
    at = pointer_key(&row, SV("asOf"));
    if (stale)
        lint_say(l, LINT_WARNING, set->doc, &at,
                 "%zu of %zu facts of `%.*s` were read more than %zu days ago, the oldest on %04d-%02d-%02d", stale,
                 set->count, SV_ARG(set->name), l->max_age, set->rows[oldest].as_of.year, set->rows[oldest].as_of.month,
                 set->rows[oldest].as_of.day);
}

/* A date ahead of today was not read anywhere. */
static void check_future(struct lint *l, const struct fact_set *set)
{
    struct pointer root = POINTER_ROOT, rows = pointer_text(&root, SV("/spec/rows"));

    for (size_t i = 0; i < set->count; i++) {
        struct pointer row = pointer_index(&rows, i), at = pointer_key(&row, SV("asOf"));

        if (date_compare(set->rows[i].as_of, l->today) > 0) {
            lint_say(l, LINT_WARNING, set->doc, &at, "`%.*s` says it was read on a day that is still to come",
                     SV_ARG(set->rows[i].value));
            return;
        }
    }
}

static void check_sunset(struct lint *l, const struct fact_set *set)
{
    struct pointer root = POINTER_ROOT, rows = pointer_text(&root, SV("/spec/rows"));

    for (size_t i = 0; i < set->count; i++) {
        const struct fact *f = &set->rows[i];
        struct pointer row = pointer_index(&rows, i), at = pointer_key(&row, SV("sunset"));

        if (f->status == CMVP_ACTIVE && f->sunset.year && date_compare(l->today, f->sunset) >= 0)
            lint_say(l, LINT_WARNING, set->doc, &at,
                     "certificate %.*s is listed as active, but its sunset has passed: it is historical",
                     SV_ARG(f->value));
    }
}

void lint_facts_all(struct lint *l)
{
    check_missing(l);
    for (size_t i = 0; i < facts_count(l->set->facts); i++) {
        const struct fact_set *set = facts_at(l->set->facts, i);

        check_used(l, set);
        check_replaced(l, set);
        check_age(l, set);
        check_future(l, set);
        check_sunset(l, set);
    }
}
