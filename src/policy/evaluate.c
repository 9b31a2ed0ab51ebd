/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine. For each policy of this stage that looks at the kind and matches
 * the request: run its rules on the object, on an UPDATE that brings findings
 * also on the old object, and decide what each finding does. /mutate collects
 * repairs instead of judging.
 */
#include "policy/evaluate.h"

#include "kube/object.h"
#include "kube/shape.h"
#include "policy/exempt.h"
#include "policy/grandfather.h"
#include "policy/judge.h"
#include "policy/match.h"
#include "policy/policy.h"

/* A judgement waiting to be put in order. */
struct entry {
    struct judgement judgement;
    struct entry *next;
};

struct engine {
    const struct basis *basis;
    const struct evaluation *how;
    const struct request *request;
    struct arena *arena;
    const struct kind *kind;
    struct image_ref_cache *images;
    struct target target, old_target;
    bool has_old;    /* on UPDATE there is an old state to compare with */
    bool never_deny; /* in a namespace that nothing may be locked out of */
    struct entry *entries, **last;
    size_t entry_count;
    struct patch patch;
};

static bool is_never_denied(const struct basis *b, const struct request *r)
{
    for (size_t i = 0; i < b->never_deny.count; i++)
        if (r->namespace.p && sv_eq(b->never_deny.items[i], r->namespace))
            return true;
    return false;
}

static struct target target_of(const struct engine *g, const struct json *object)
{
    return (struct target){
        .request = g->request,
        .object = object,
        .kind = g->kind,
        .today = g->basis->today,
        .images = g->images,
        .inventory = g->how->inventory,
    };
}

static bool stage_has_policy(enum stage stage, enum mode mode)
{
    static const unsigned modes_of[STAGE_COUNT] = {
        [STAGE_VALIDATE] = 1u << MODE_ENFORCE | 1u << MODE_WARN | 1u << MODE_AUDIT,
        [STAGE_ENFORCE] = 1u << MODE_ENFORCE,
        [STAGE_AUDIT] = 1u << MODE_WARN | 1u << MODE_AUDIT,
        [STAGE_MUTATE] = 1u << MODE_ENFORCE,
    };

    return modes_of[stage] & 1u << mode;
}

/* Pods are repaired on CREATE; what a rule may also repair on UPDATE it says
 * itself. Templates never: their owner's source would differ from the cluster. */
static bool may_repair(const struct engine *g, const struct rule *rule)
{
    const struct json *object = g->request->object;

    if (g->never_deny || g->kind->is_template || object_is_being_deleted(object))
        return false;
    if (g->kind->family == FAMILY_WORKLOAD && object_is_mirror_pod(object))
        return false;
    return g->request->operation == OP_CREATE || (g->request->operation == OP_UPDATE && rule->repairs_updates);
}

static bool add_entry(struct engine *g, struct judgement j)
{
    struct entry *entry = arena_new(g->arena, struct entry);

    if (!entry)
        return false;
    entry->judgement = j;
    *g->last = entry;
    g->last = &entry->next;
    g->entry_count++;
    return true;
}

static void take_repairs(struct engine *g, const struct policy *p, const struct finding *f)
{
    struct patch_op *next = NULL;

    for (struct patch_op *op = f->repairs; op; op = next) {
        next = op->next;
        op->owner = p->name;
        patch_add(&g->patch, op);
    }
}

static bool take_finding(struct engine *g, const struct policy *p, const struct compiled_rule *r,
                         const struct finding *f, const struct circumstances *c, const struct exception *x)
{
    struct judgement j = judge_finding(p, r, f, c);

    j.exception = x;
    if (g->how->stage != STAGE_MUTATE)
        return (j.result == RESULT_PASS && !g->how->keep_passes) || add_entry(g, j);
    if (!judge_repairs(f, c))
        return true;
    take_repairs(g, p, f);
    j.result = RESULT_WILL_MUTATE;
    j.mode = MODE_OFF;
    return add_entry(g, j);
}

static void report_no_spec(const struct pod *pod, struct findings *out)
{
    struct finding *f = findings_add(out, FINDING_UNKNOWN, &pod->spec_at);

    f->field = SV("spec");
    f->message = SV("the pod spec is not where this kind is known to keep it");
    f->wanted = findings_printf(out, "a pod spec at %.*s", SV_ARG(f->path));
    f->fix = SV("use an API version that fipsgate knows, or judge the pods themselves");
}

/* A policy may look at some of an object's pods only, by their labels. */
static void run_on_pods(const struct policy *p, const struct compiled_rule *r, struct target *t, struct findings *out)
{
    struct pod_iter it;

    for (pod_iter_init(&it, t->kind, t->object); pod_next(&it);) {
        t->pod = &it.pod;
        if (!match_labels(&p->match, t))
            continue;
        if (value_is_nothing(it.pod.spec))
            report_no_spec(&it.pod, out);
        else
            r->rule->check(t, r->config, out);
    }
    t->pod = NULL;
}

static void run_rule(const struct policy *p, const struct compiled_rule *r, struct target *t, struct findings *out)
{
    t->level = p->level;
    if (t->kind->family == FAMILY_WORKLOAD && !r->rule->is_whole)
        run_on_pods(p, r, t, out);
    else if (match_labels(&p->match, t))
        r->rule->check(t, r->config, out);
}

static bool has_problem(const struct findings *list)
{
    for (const struct finding *f = list->first; f; f = f->next)
        if (f->kind != FINDING_PASS)
            return true;
    return false;
}

static bool judge_old(struct engine *g, const struct policy *p, const struct compiled_rule *r, struct grandfather *out)
{
    struct findings old;

    *out = (struct grandfather){ NULL, NULL, 0 };
    if (!g->has_old)
        return true;
    findings_init(&old, g->arena, false);
    run_rule(p, r, &g->old_target, &old);
    return !old.failed && grandfather_init(out, &old, g->arena);
}

static bool apply_rule(struct engine *g, const struct policy *p, const struct compiled_rule *r)
{
    struct findings found;
    struct grandfather old = { NULL, NULL, 0 };
    struct circumstances c = {
        .mode = g->never_deny && p->mode == MODE_ENFORCE ? MODE_WARN : p->mode,
        .may_repair = p->repair && may_repair(g, r->rule),
        .template_repairs = p->repair && !g->never_deny,
    };

    findings_init(&found, g->arena, g->how->keep_passes);
    run_rule(p, r, &g->target, &found);
    if (found.failed || (has_problem(&found) && !judge_old(g, p, r, &old)))
        return false;
    for (const struct finding *f = found.first; f; f = f->next) {
        const struct exception *expired = NULL, *x = NULL;

        if (f->kind != FINDING_PASS)
            x = exempt_find(g->basis->policies, p, r, f, &g->target, g->arena, &expired);
        c.excepted = x != NULL;
        c.grandfathered = grandfather_take(&old, f);
        if (!take_finding(g, p, r, f, &c, x ? x : expired))
            return false;
    }
    return true;
}

static bool looks_at(const struct engine *g, const struct compiled_rule *r)
{
    return (r->rule->families & g->kind->family) && (!r->rule->concerns || r->rule->concerns(g->request, r->config));
}

static bool any_rule_looks(const struct engine *g, const struct policy *p)
{
    for (size_t i = 0; (p->families & g->kind->family) && i < p->rule_count; i++)
        if (looks_at(g, &p->rules[i]))
            return true;
    return false;
}

static bool apply_policy(struct engine *g, const struct policy *p)
{
    if (!stage_has_policy(g->how->stage, p->mode) || !match_request(&p->match, &g->target))
        return true;
    for (size_t i = 0; i < p->rule_count; i++)
        if (looks_at(g, &p->rules[i]) && !apply_rule(g, p, &p->rules[i]))
            return false;
    return true;
}

/* Worst first: by mode, then severity, then in the order the policies gave. A
 * counting sort, because the order within one class must stay. */
static bool order_judgements(struct engine *g, struct verdict *out)
{
    struct judgement *list = arena_array(g->arena, g->entry_count + 1, struct judgement);

    if (!list)
        return false;
    for (int mode = MODE_ENFORCE; mode >= MODE_OFF; mode--)
        for (int severity = SEVERITY_HIGH; severity >= SEVERITY_LOW; severity--)
            for (const struct entry *entry = g->entries; entry; entry = entry->next)
                if ((int)entry->judgement.mode == mode && (int)entry->judgement.rule->severity == severity)
                    list[out->judgement_count++] = entry->judgement;
    out->judgements = list;
    for (size_t i = 0; i < out->judgement_count; i++) {
        out->denied += list[i].mode == MODE_ENFORCE;
        out->warned += list[i].mode == MODE_WARN;
        out->recorded += list[i].mode == MODE_AUDIT;
    }
    return true;
}

static bool finish_patch(struct engine *g, struct verdict *out)
{
    const struct patch_op *left = NULL, *right = NULL;

    switch (patch_finish(&g->patch, g->request->object, g->arena, &out->patch, &left, &right)) {
    case PATCH_FAILED:
        return false;
    case PATCH_CONFLICT:
        out->patch = (struct sv){ NULL, 0 };
        out->conflict = arena_printf(g->arena, "policies `%.*s` and `%.*s` repair `%.*s` differently",
                                     SV_ARG(left->owner), SV_ARG(right->owner), SV_ARG(left->pointer));
        return out->conflict.p != NULL;
    case PATCH_EMPTY:
        out->patch = (struct sv){ NULL, 0 };
        return true;
    case PATCH_READY:
        return true;
    }
    return false;
}

static bool run(struct engine *g, struct verdict *out, struct err *e)
{
    const struct policy_set *set = g->basis->policies;

    for (size_t i = 0; i < set->policy_count; i++)
        if (!apply_policy(g, &set->policies[i]))
            return err_set(e, ERR_LIMIT, "the review needs more memory than one review may use");
    if (!order_judgements(g, out) || !finish_patch(g, out))
        return err_set(e, ERR_LIMIT, "the review needs more memory than one review may use");
    out->allowed = out->denied == 0 && !out->conflict.p;
    return true;
}

/* Whether any policy could have a word in this, before anything else is read:
 * nobody's DELETE fails because of an odd object that no policy looks at. */
static bool is_concerned(const struct engine *g)
{
    const struct policy_set *set = g->basis->policies;

    for (size_t i = 0; i < set->policy_count; i++) {
        const struct policy *p = &set->policies[i];

        if (stage_has_policy(g->how->stage, p->mode) && any_rule_looks(g, p) &&
            match_reaches(&p->match, g->request, g->kind))
            return true;
    }
    return false;
}

/* Prepares the targets; an old state that we cannot read excuses nothing. */
static bool prepare(struct engine *g, const struct json *subject, struct err *e)
{
    const struct request *r = g->request;
    struct err ignored = { .code = ERR_NONE };

    if (!value_is(subject, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "`request.%s` is %s, wanted the object to judge",
                       r->operation == OP_DELETE ? "oldObject" : "object", value_type_name(value_type(subject)));
    if (!shape_check(subject, g->kind, g->arena, e))
        return err_wrap(e, "the object");
    g->never_deny = is_never_denied(g->basis, r);
    g->images = arena_new(g->arena, struct image_ref_cache);
    g->target = target_of(g, subject);
    g->has_old = r->operation == OP_UPDATE && value_is(r->old_object, VALUE_OBJECT) &&
                 shape_check(r->old_object, g->kind, g->arena, &ignored);
    if (g->has_old)
        g->old_target = target_of(g, r->old_object);
    return true;
}

static const struct kind *kind_of(const struct request *r)
{
    const struct kind *k = kind_find(r->gvk.group, r->gvk.kind);

    return k ? k : &kind_unlisted;
}

bool evaluate_request(const struct basis *b, const struct evaluation *how, const struct request *r, struct arena *a,
                      struct verdict *out, struct err *e)
{
    struct engine g = {
        .basis = b,
        .how = how,
        .request = r,
        .arena = a,
        .kind = kind_of(r),
        .last = &g.entries,
    };

    *out = (struct verdict){ .allowed = false };
    if (!is_concerned(&g) || (r->operation == OP_UPDATE && object_update_is_bookkeeping(r->old_object, r->object))) {
        out->allowed = true;
        return true;
    }
    return prepare(&g, request_subject(r), e) && run(&g, out, e);
}
