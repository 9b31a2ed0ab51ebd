/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a finding. Only an enforcing policy repairs: a policy that
 * still warns or audits must not change what it watches. */
#include "policy/judge.h"

static bool is_mendable(const struct finding *f, enum mode mode)
{
    return f->kind != FINDING_PASS && f->repairs && !f->warn_only && mode == MODE_ENFORCE;
}

bool judge_repairs(const struct finding *f, const struct circumstances *c)
{
    return is_mendable(f, c->mode) && !f->on_template && !c->excepted && !c->grandfathered && c->may_repair;
}

static enum result result_of(const struct finding *f, const struct circumstances *c)
{
    if (f->kind == FINDING_PASS)
        return RESULT_PASS;
    if (c->excepted)
        return RESULT_EXCEPTED;
    if (is_mendable(f, c->mode) && f->on_template && c->template_repairs)
        return RESULT_WILL_MUTATE;
    if (c->grandfathered)
        return RESULT_GRANDFATHERED;
    return f->kind == FINDING_VIOLATION ? RESULT_VIOLATION : RESULT_UNKNOWN;
}

static enum mode mode_of(enum result result, const struct policy *p, const struct finding *f,
                         const struct circumstances *c)
{
    enum mode mode = f->kind == FINDING_UNKNOWN ? verdict_milder(c->mode, p->on_unknown) : c->mode;

    if (result == RESULT_PASS || result == RESULT_WILL_MUTATE || result == RESULT_EXCEPTED)
        return MODE_OFF;
    if (result == RESULT_GRANDFATHERED || f->warn_only)
        return verdict_milder(mode, MODE_WARN);
    return mode;
}

struct judgement judge_finding(const struct policy *p, const struct compiled_rule *r, const struct finding *f,
                               const struct circumstances *c)
{
    enum result result = result_of(f, c);

    return (struct judgement){
        .finding = f,
        .policy = p->name,
        .rule_name = r->name,
        .rule = r->rule,
        .layer = p->layer.p ? p->layer : sv_from(r->rule->layer),
        .controls = p->controls,
        .result = result,
        .mode = mode_of(result, p, f, c),
    };
}
