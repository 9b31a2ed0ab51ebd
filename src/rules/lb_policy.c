/* SPDX-License-Identifier: Apache-2.0 */
/* Exact names only: "FIPS" inside a name proves nothing, policies down to TLS
 * 1.0 carry it too. */
#include "rules/lb_policy.h"

bool lb_policy_compile(const struct rule_build *b, const struct strings *allow, struct sv set, struct lb_policy *out,
                       struct err *e)
{
    const struct pointer allow_at = pointer_key(b->at, SV("allow")), set_at = pointer_key(b->at, SV("set"));

    if (!values_compile(b, &allow_at, allow, &out->allowed, e))
        return false;
    if (!set.p)
        return true;
    if (!values_single(b, &set_at, set, &out->repair, e))
        return false;
    if (out->repair.p && !out->allowed.is_incomplete &&
        values_opinion(values_find(&out->allowed, out->repair), LEVEL_STANDARD) != OPINION_PASS)
        return record_error(b->doc, &set_at, e, "`%.*s` is nothing that `allow` passes", SV_ARG(out->repair));
    return true;
}

struct finding *lb_policy_judge(const struct lb_policy *p, const struct target *t, const struct pointer *at,
                                struct sv name, struct findings *out)
{
    const struct fact *row = values_find(&p->allowed, name);
    enum opinion opinion = values_opinion(row, t->level);
    bool may_be_missing = !row && name.n > 0 && p->allowed.is_incomplete;
    struct finding *f;

    if (opinion == OPINION_PASS) {
        findings_pass(out, at, (struct sv){ NULL, 0 });
        return NULL;
    }
    f = findings_add(out, may_be_missing ? FINDING_UNKNOWN : FINDING_VIOLATION, at);
    f->warn_only = opinion == OPINION_WARN;
    f->field = SV("policy");
    f->found = name;
    f->wanted = p->allowed.wanted;
    f->message = name.n > 0 ? SV("the load balancer's TLS policy is not an allowed FIPS policy")
                            : SV("the load balancer does TLS without a named policy, and the default is not FIPS");
    f->fix = SV("name an allowed policy");
    if (may_be_missing)
        f->fix = findings_printf(out, "supply the site facts %.*s", SV_ARG(p->allowed.missing));
    return f;
}

void lb_policy_repair(const struct lb_policy *p, const struct target *t, const struct pointer *at, struct finding *f,
                      struct findings *out)
{
    if (!p->repair.p || f->warn_only || f->kind != FINDING_VIOLATION ||
        values_opinion(values_find(&p->allowed, p->repair), t->level) != OPINION_PASS)
        return;
    f->fix = findings_printf(out, "name an allowed policy, such as %.*s", SV_ARG(p->repair));
    findings_repair_string(out, f, f->found.p ? PATCH_REPLACE : PATCH_MEMBER, at, p->repair);
}
