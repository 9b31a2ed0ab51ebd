/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what is meant: a rule type, or a rule of the policies in use by its name. */
#include "base/text.h"
#include "cli/cmd_policy.h"
#include "cli/explain.h"
#include "rules/rules.h"

enum { EXPLAIN_MEMORY = 16 << 20, OUTPUT_MAX = 1 << 20 };

struct explain_options {
    struct opt_values policies, facts;
};

static const struct opt options[] = {
    OPT(struct explain_options, policies, "policies", OPT_TEXTS, .value = "PATH|builtin:NAME",
        .standard = "builtin:baseline", .help = "policies: files, directories, shipped sets"),
    OPT(struct explain_options, facts, "facts", OPT_TEXTS, .value = "PATH",
        .help = "facts of this site, or newer ones than those shipped"),
    OPT_END,
};

/* "fips-endpoints" or "registry/fips-endpoints" */
static bool is_called(const struct policy *p, size_t index, struct sv name)
{
    struct sv rest = name, policy = sv_cut(&rest, '/');

    if (!rest.p)
        return sv_eq(p->rules[index].name, name);
    return sv_eq(p->name, policy) && sv_eq(p->rules[index].name, rest);
}

static bool not_found(const struct policy_set *set, struct sv name, struct arena *a, struct err *e)
{
    struct sv *names = arena_array(a, rules_count() + set->rule_count, struct sv), near;
    size_t count = 0;

    if (!names)
        return err_nomem(e);
    for (size_t i = 0; i < rules_count(); i++)
        names[count++] = sv_from(rules_at(i)->id);
    for (size_t p = 0; p < set->policy_count; p++)
        for (size_t i = 0; i < set->policies[p].rule_count; i++)
            names[count++] = set->policies[p].rules[i].name;
    near = text_nearest(name, names, count);
    if (near.p)
        return err_set(e, ERR_INPUT, "no rule is called `%.*s`, did you mean `%.*s`?", SV_ARG(name), SV_ARG(near));
    return err_set(e, ERR_INPUT, "no rule is called `%.*s`; `fipsgate policy explain` lists the types", SV_ARG(name));
}

static bool ambiguous(const struct explain_subject *first, const struct explain_subject *second, struct sv name,
                      struct err *e)
{
    return err_set(e, ERR_INPUT, "`%.*s` is a rule of policy `%.*s` and of `%.*s`: name it as POLICY/RULE",
                   SV_ARG(name), SV_ARG(first->policy->name), SV_ARG(second->policy->name));
}

static bool find(const struct policy_set *set, struct sv name, struct arena *a, struct explain_subject *out,
                 struct err *e)
{
    *out = (struct explain_subject){ .rule = rules_find(name) };
    for (size_t p = 0; p < set->policy_count && (out->policy || !out->rule); p++)
        for (size_t i = 0; i < set->policies[p].rule_count; i++) {
            struct explain_subject s = { set->policies[p].rules[i].rule, &set->policies[p], i };

            if (!is_called(s.policy, i, name))
                continue;
            if (out->policy)
                return ambiguous(out, &s, name, e);
            *out = s;
        }
    return out->rule || not_found(set, name, a, e);
}

static bool explain(const struct explain_options *o, const char *name, struct arena *a, struct buf *out, struct err *e)
{
    struct policy_sources sources = {
        .policies = o->policies.items,
        .policy_count = o->policies.count,
        .facts = o->facts.items,
        .fact_count = o->facts.count,
    };
    CLEANUP(policy_set_freep) struct policy_set *set = policy_set_load(&sources, e);
    struct explain_subject subject;

    return set && find(set, sv_from(name), a, &subject, e) && explain_rule(&subject, set, a, out, e);
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(EXPLAIN_MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct explain_options o = { 0 };
    struct opt_values names = { 0 };
    struct err e = { 0 };
    bool ok = opt_parse(options, argv, &a, &o, &names, &e);

    if (ok && names.count == 0) {
        explain_list(&out);
        return cmd_show(&out);
    }
    for (size_t i = 0; ok && i < names.count; i++) {
        buf_add(&out, i ? SV("\n\n") : SV(""));
        ok = explain(&o, names.items[i], &a, &out, &e);
    }
    if (ok)
        return cmd_show(&out);
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

static const struct cmd_example examples[] = {
    { "fipsgate policy explain lb-service", "says what the type means, its options and its facts" },
    { "fipsgate policy explain registry/fips-endpoints --policies builtin:on-prem",
      "says what one rule of a set is about" },
    { NULL, NULL },
};

const struct cmd cmd_policy_explain = {
    .name = "explain",
    .arguments = " [RULE...]",
    .summary = "say what a rule means, why, and how to mend what it finds",
    .about = "A rule is named by its type or as POLICY/RULE; without one, all types are listed.",
    .examples = examples,
    .options = options,
    .run = run,
};
