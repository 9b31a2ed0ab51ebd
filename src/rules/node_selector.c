/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods ask for nodes that are labelled as running in FIPS mode. A pod is
 * admitted before its node is chosen, so what it asks for is all there is to
 * see: its nodeSelector, or the affinity that is required of every choice. Both
 * must hold at once, so either is enough.
 */
#include "rules/rules.h"
#include "rules/values.h"

#define TERMS "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms"

struct label {
    struct sv key, value;
    const struct fact *row;
};

struct config {
    struct rule_head head;
    struct strings allow;
    struct sv set; /* as written */
    struct values values;
    const struct label *labels; /* one a row of values */
    struct label repair;        /* key absent: none, or a site set is missing */
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .required = true, .not_empty = true,
          .help = "labels of nodes in FIPS mode: KEY=VALUE or fact sets; one of them is enough"),
    FIELD(struct config, set, "set", FIELD_STRING, .not_empty = true,
          .help = "the label that a pod which asks for none is given: KEY=VALUE or a site set"),
    FIELD_END,
};

/* What one part of a pod asks for. */
struct request_of {
    enum opinion opinion;
    struct sv key, value; /* of a label we know, with a value that is not allowed; absent: none */
};

static bool split(struct sv text, struct label *out)
{
    struct sv rest = text;

    out->key = sv_cut(&rest, '=');
    out->value = rest;
    if (out->key.n == 0 || !rest.p)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ' ' || text.p[i] == '\t')
            return false;
    return true;
}

static bool compile_labels(const struct rule_build *b, struct config *c, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("allow"));
    struct label *labels = arena_array(b->arena, c->values.count, struct label);

    if (!labels)
        return err_nomem(e);
    for (size_t i = 0; i < c->values.count; i++) {
        labels[i].row = c->values.rows[i];
        if (!split(c->values.rows[i]->value, &labels[i]))
            return record_error(b->doc, &at, e, "`%.*s` is no label: wanted KEY=VALUE",
                                SV_ARG(c->values.rows[i]->value));
    }
    c->labels = labels;
    return true;
}

/* The best of the rows that say this; *is_known when any is about the key. */
static enum opinion judge(const struct config *c, struct sv key, struct sv value, enum level level, bool *is_known)
{
    enum opinion best = OPINION_DENY;

    for (size_t i = 0; i < c->values.count; i++) {
        const struct label *l = &c->labels[i];
        enum opinion opinion;

        if (!sv_eq(l->key, key))
            continue;
        *is_known = true;
        if (!value.p || !(l->row->ignore_case ? sv_eq_nocase(l->value, value) : sv_eq(l->value, value)))
            continue;
        opinion = values_opinion(l->row, level);
        best = opinion > best ? opinion : best;
    }
    return best;
}

static bool compile_repair(const struct rule_build *b, struct config *c, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("set"));
    struct label repair = { .row = NULL };
    struct sv text = { NULL, 0 };
    bool is_known = false;

    if (!c->set.p)
        return true;
    if (!values_single(b, &at, c->set, &text, e))
        return false;
    if (!text.p)
        return true;
    if (!split(text, &repair))
        return record_error(b->doc, &at, e, "`%.*s` is no label: wanted KEY=VALUE", SV_ARG(text));
    if (judge(c, repair.key, repair.value, LEVEL_STANDARD, &is_known) == OPINION_PASS)
        c->repair = repair;
    else if (!c->values.is_incomplete)
        return record_error(b->doc, &at, e, "the label `%.*s` does not pass `allow`", SV_ARG(text));
    return true;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("allow"));
    struct config *c = config;

    return values_compile(b, &at, &c->allow, &c->values, e) && compile_labels(b, c, e) && compile_repair(b, c, e);
}

static struct request_of of_selector(const struct config *c, const struct target *t)
{
    struct request_of asked = { .opinion = OPINION_DENY };

    for (struct value_iter it = value_iter(value_get(t->pod->spec, SV("nodeSelector"))); value_next(&it);) {
        struct sv value = value_string(it.value);
        bool is_known = false;
        enum opinion opinion = judge(c, it.key, value, t->level, &is_known);

        asked.opinion = opinion > asked.opinion ? opinion : asked.opinion;
        if (is_known && opinion == OPINION_DENY && !asked.key.p) {
            asked.key = it.key;
            asked.value = value;
        }
    }
    return asked;
}

/* `In`, and only allowed values. Exists lets any value in, NotIn a node
 * without the label. */
static enum opinion of_expression(const struct config *c, const struct json *expression, enum level level)
{
    const struct json *values = value_get(expression, SV("values"));
    struct sv key = value_string(value_get(expression, SV("key")));
    enum opinion worst = OPINION_PASS;
    bool is_known = false;

    if (!sv_eq(value_string(value_get(expression, SV("operator"))), SV("In")) || !value_is(values, VALUE_ARRAY) ||
        value_size(values) == 0)
        return OPINION_DENY;
    for (struct value_iter it = value_iter(values); value_next(&it);) {
        enum opinion opinion = judge(c, key, value_string(it.value), level, &is_known);

        worst = opinion < worst ? opinion : worst;
    }
    return worst;
}

/* A term's expressions must all hold, so the best of them decides. */
static enum opinion of_term(const struct config *c, const struct json *term, enum level level)
{
    const struct json *expressions = value_get(term, SV("matchExpressions"));
    enum opinion best = OPINION_DENY;

    if (!value_is(expressions, VALUE_ARRAY))
        return OPINION_DENY;
    for (struct value_iter it = value_iter(expressions); best != OPINION_PASS && value_next(&it);) {
        enum opinion opinion = of_expression(c, it.value, level);

        best = opinion > best ? opinion : best;
    }
    return best;
}

/* Any one term is enough for the scheduler, so the worst decides; *index is
 * its place. */
static enum opinion of_terms(const struct config *c, const struct json *terms, enum level level, size_t *index)
{
    enum opinion worst = OPINION_PASS;

    if (!value_is(terms, VALUE_ARRAY) || value_size(terms) == 0)
        return OPINION_DENY;
    for (struct value_iter it = value_iter(terms); value_next(&it);) {
        enum opinion opinion = of_term(c, it.value, level);

        if (opinion < worst) {
            worst = opinion;
            *index = it.index;
        }
    }
    return worst;
}

/* The scheduler leaves its mark. The API server empties the status of what is
 * created, so nobody brings it along. */
static bool was_scheduled(const struct target *t)
{
    const struct json *conditions = pointer_get(t->object, SV("/status/conditions"));

    if (t->pod->kind->is_template)
        return false;
    if (t->request->operation == OP_UPDATE)
        return true;
    for (struct value_iter it = value_iter(conditions); value_next(&it);)
        if (sv_eq(value_string(value_get(it.value, SV("type"))), SV("PodScheduled")) &&
            sv_eq(value_string(value_get(it.value, SV("status"))), SV("True")))
            return true;
    return false;
}

static struct finding *add(struct findings *out, enum finding_kind kind, const struct target *t,
                           const struct pointer *at, struct sv field)
{
    struct finding *f = findings_add(out, kind, at);

    f->on_template = t->pod->kind->is_template;
    f->field = field;
    return f;
}

static void report_passing(const struct config *c, const struct target *t, struct findings *out)
{
    const struct pointer at = pointer_key(&t->pod->spec_at, SV("nodeName"));
    struct sv node = value_string(value_get(t->pod->spec, SV("nodeName")));
    struct finding *f;

    if (node.n == 0 || was_scheduled(t)) {
        findings_pass(out, &t->pod->spec_at, SV("nodeSelector"));
        return;
    }
    f = add(out, FINDING_UNKNOWN, t, &at, SV("nodeName"));
    f->found = node;
    f->message = SV("the pod names its node past the scheduler, and the labels of that node cannot be seen");
    f->wanted = c->values.wanted;
    f->fix = SV("remove nodeName and let the scheduler choose a node by its labels");
}

static struct sv describe_fix(const struct config *c, struct sv conflict, struct findings *out)
{
    if (conflict.p)
        return findings_printf(out, "ask for a node in FIPS mode: the pod itself asks for another `%.*s`",
                               SV_ARG(conflict));
    if (c->repair.key.p)
        return findings_printf(out, "add nodeSelector `%.*s: \"%.*s\"`", SV_ARG(c->repair.key),
                               SV_ARG(c->repair.value));
    if (c->values.missing.n)
        return findings_printf(out, "supply the site facts %.*s, or select nodes by a label that passes",
                               SV_ARG(c->values.missing));
    return SV("add a nodeSelector with one of these labels, or require it in every nodeSelectorTerm");
}

/* The pod asks for nothing that speaks against it, and it would pass. */
static bool can_repair(const struct config *c, const struct target *t, const struct request_of *selector)
{
    const struct json *there = value_get(t->pod->spec, SV("nodeSelector"));
    bool is_known = false;

    return c->repair.key.p && !selector->key.p && !value_get(there, c->repair.key) &&
           judge(c, c->repair.key, c->repair.value, t->level, &is_known) == OPINION_PASS;
}

static void report(const struct config *c, const struct target *t, const struct request_of *selector,
                   const struct pointer *at, bool warn_only, struct findings *out)
{
    const struct pointer selector_at = pointer_key(&t->pod->spec_at, SV("nodeSelector"));
    const struct pointer repair_at = pointer_key(&selector_at, c->repair.key);
    /* Which labels this site's FIPS nodes carry nobody has said: what the pod
     * selects by may be one. */
    const bool is_open = c->values.is_incomplete && !selector->key.p;
    struct finding *f = add(out, is_open ? FINDING_UNKNOWN : FINDING_VIOLATION, t, at,
                            selector->key.p ? selector->key : SV("nodeSelector"));

    f->warn_only = warn_only;
    f->found = selector->value;
    f->wanted = c->values.wanted;
    f->fix = describe_fix(c, selector->key, out);
    if (warn_only)
        f->message = SV("the label that the pod selects nodes by passes only with a warning");
    else if (selector->key.p)
        f->message = SV("the pod asks for nodes that are not in FIPS mode");
    else if (is_open)
        f->message =
            SV("nothing tells whether the pod selects nodes in FIPS mode: this site's labels are not supplied");
    else
        f->message = SV("the pod may run on nodes that are not in FIPS mode");
    if (!warn_only && can_repair(c, t, selector))
        findings_repair_string(out, f, PATCH_MEMBER, &repair_at, c->repair.value);
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    const struct pointer selector_at = pointer_key(&t->pod->spec_at, SV("nodeSelector"));
    const struct pointer terms_at = pointer_text(&t->pod->spec_at, SV(TERMS));
    const struct json *terms = pointer_get(t->pod->spec, SV(TERMS));
    struct request_of selector;
    struct pointer at = selector_at;
    enum opinion opinion;
    size_t index = 0;

    if (t->pod->kind->is_partial)
        return;
    selector = of_selector(c, t);
    opinion = of_terms(c, terms, t->level, &index);
    opinion = selector.opinion > opinion ? selector.opinion : opinion;
    if (opinion == OPINION_PASS) {
        report_passing(c, t, out);
        return;
    }
    if (selector.key.p)
        at = pointer_key(&selector_at, selector.key);
    else if (value_size(terms) > 0)
        at = pointer_index(&terms_at, index);
    report(c, t, &selector, &at, opinion == OPINION_WARN, out);
}

const struct rule rule_node_selector = {
    .id = "node-selector",
    .layer = "node-os",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_WORKLOAD,
    .what = "pods select nodes that are labelled as running in FIPS mode",
    .why = "a container uses its node's kernel, and is in FIPS mode only where that is; a label is what somebody says "
           "of the node: one outside node-restriction.kubernetes.io/ is the kubelet's own claim",
    .fix =
        "add the label to nodeSelector, or require it in every nodeSelectorTerm; have the label set by an agent that "
        "reads /proc/sys/crypto/fips_enabled, below node-restriction.kubernetes.io/, where no kubelet can set it",
    .repair = "adds the label to the nodeSelector of a pod that asks for none",
    .repair_options = "set",
    .example = "name: fips-nodes\n"
               "type: node-selector\n"
               "allow: [\"@node-labels\", \"@site-node-labels\"]\n"
               "set: \"@site-node-labels\"\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .compile = compile,
    .check = check,
};
