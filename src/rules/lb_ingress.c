/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ingresses and IngressClassParams: the TLS that a load balancer or ingress
 * controller offers, as far as these objects choose it. Which controller reads
 * an Ingress is told by its class; what the controller reads is a row of
 * lb_controller. Where neither the policy nor a well-known name tells, the
 * IngressClass may stand in the inventory of `check`.
 */
#include "kube/object.h"
#include "rules/lb_ingress_class.h"
#include "rules/lb_policy.h"
#include "rules/rules.h"
#include "rules/tls_list.h"
#include "json/doc.h"

#include <ctype.h>

#define LISTEN_PORTS "alb.ingress.kubernetes.io/listen-ports"
#define REDIRECT "alb.ingress.kubernetes.io/ssl-redirect"
#define CREATE_CERTIFICATE "alb.ingress.kubernetes.io/create-acm-cert"
#define LEGACY_CLASS "kubernetes.io/ingress.class"

struct class_of {
    struct sv name;
    enum lb_controller_id controller;
};

struct config {
    struct rule_head head;
    struct strings allow, names, ciphers;
    struct sv set;
    struct records classes; /* struct class_of */
    enum outcome plaintext, unknown_class;

    struct lb_policy policy;
    struct values name_values, cipher_values;
};

static const struct field class_fields[] = {
    FIELD(struct class_of, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "name of an IngressClass"),
    FIELD(struct class_of, controller, "controller", FIELD_ENUM, .required = true, .names = lb_controller_names,
          .help = "the controller that serves it"),
    FIELD_END,
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .required = true, .not_empty = true,
          .help = "AWS security policies an ALB may name: exact names or fact sets"),
    FIELD(struct config, set, "set", FIELD_STRING, .not_empty = true,
          .help = "the policy that repair sets on an ALB's Ingress; without it nothing is repaired"),
    FIELD(struct config, names, "names", FIELD_STRINGS,
          .help = "names of FrontendConfigs (GKE), SSL profiles (AGIC) and TLSOptions (Traefik) known to be FIPS"),
    FIELD(struct config, ciphers, "ciphers", FIELD_STRINGS, .not_empty = true,
          .help = "cipher suites that an nginx may offer; default the fact set @tls-suites"),
    FIELD(struct config, classes, "classes", FIELD_RECORDS, .fields = class_fields,
          .item_size = sizeof(struct class_of), .help = "the cluster's ingress classes, beside the well-known names"),
    FIELD(struct config, plaintext, "plaintext", FIELD_ENUM, .names = values_outcomes,
          .help = "what an Ingress without TLS is; default warn"),
    FIELD(struct config, unknown_class, "unknownClass", FIELD_ENUM, .names = values_outcomes,
          .help = "what an Ingress of no class, or of one not listed, is; default unknown"),
    FIELD_END,
};

static void set_defaults(void *config)
{
    static const struct sv suites[] = { SV_INIT("@tls-suites") };
    struct config *c = config;

    c->ciphers = (struct strings){ suites, ARRAY_LEN(suites) };
    c->plaintext = OUTCOME_WARN;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    struct config *c = config;
    const struct pointer names_at = pointer_key(b->at, SV("names")), ciphers_at = pointer_key(b->at, SV("ciphers"));

    return lb_policy_compile(b, &c->allow, c->set, &c->policy, e) &&
           values_compile(b, &names_at, &c->names, &c->name_values, e) &&
           values_compile(b, &ciphers_at, &c->ciphers, &c->cipher_values, e);
}

static const struct pointer root = { .up = NULL };
static const struct pointer spec_at = { .up = &root, .key = SV_INIT("spec") };
static const struct pointer metadata_at = { .up = &root, .key = SV_INIT("metadata") };
static const struct pointer annotations_at = { .up = &metadata_at, .key = SV_INIT("annotations") };

/* A class in the policy's own list goes before a well-known name. */
static const struct lb_controller *find_controller(const struct config *c, struct sv class)
{
    const struct class_of *list = c->classes.items;

    for (size_t i = 0; i < c->classes.count; i++)
        if (sv_eq(list[i].name, class))
            return lb_controller_at(list[i].controller);
    return lb_controller_of_class(class);
}

static void judge_class(const struct config *c, struct sv class, struct findings *out)
{
    const struct pointer at = pointer_key(&spec_at, SV("ingressClassName"));
    struct finding *f = values_outcome(out, c->unknown_class, &at, (struct sv){ NULL, 0 });

    if (!f)
        return;
    f->field = SV("ingressClassName");
    f->found = class;
    f->message = class.n > 0 ? SV("the policy does not know which controller serves this ingress class")
                             : SV("no ingress class: which controller serves it cannot be told");
    f->wanted = SV("a class that the policy lists");
    f->fix = SV("name the class, or add it to the rule's `classes`");
}

/* What stands in a controller's annotation, and where. */
struct reading {
    const struct target *target;
    const struct config *config;
    const struct lb_controller *controller;
    const struct lb_ingress_class *class;
    struct pointer at;
    struct sv text;
};

static struct finding *say(const struct reading *r, enum finding_kind kind, struct sv message, struct findings *out)
{
    struct finding *f = findings_add(out, kind, &r->at);

    f->field = r->controller->annotation;
    f->found = r->text;
    f->message = message;
    return f;
}

static void judge_elb_policy(const struct reading *r, struct findings *out)
{
    const struct lb_policy *p = &r->config->policy;
    struct finding *f = lb_policy_judge(p, r->target, &r->at, r->text, out);

    if (f && lb_ingress_class_policy(r->class->params).n > 0)
        f->fix = SV("name an allowed policy in the IngressClassParams of the class, which override the Ingress");
    else if (f && !r->class->is_looked_up)
        lb_policy_repair(p, r->target, &r->at, f, out);
}

static void judge_name(const struct reading *r, struct findings *out)
{
    const struct values *names = &r->config->name_values;
    enum opinion opinion = values_opinion(values_find(names, r->text), r->target->level);
    bool is_unknown = r->config->names.count == 0 || (!values_find(names, r->text) && names->is_incomplete);
    struct finding *f;

    if (opinion == OPINION_PASS) {
        findings_pass(out, &r->at, r->text);
        return;
    }
    f = say(r, is_unknown ? FINDING_UNKNOWN : FINDING_VIOLATION,
            is_unknown ? SV("the TLS settings are in an object that is only named here")
                       : SV("the TLS settings it names are not among those known to be FIPS"),
            out);
    f->warn_only = opinion == OPINION_WARN;
    f->wanted = is_unknown ? SV("a name that the rule's `names` lists") : names->wanted;
    f->fix = SV("name settings that are known to be FIPS, or add the name to the rule's `names`");
}

static void judge_version(const struct reading *r, struct findings *out)
{
    struct finding *f;

    if (sv_eq(r->text, SV("1.2")) || sv_eq(r->text, SV("1.3"))) {
        findings_pass(out, &r->at, r->text);
        return;
    }
    f = say(r, FINDING_VIOLATION, SV("the least TLS version is below 1.2: any other value means a lower one"), out);
    f->wanted = SV("1.2 or 1.3");
    f->fix = SV("set it to 1.2");
}

static void judge_ciphers(const struct reading *r, struct findings *out)
{
    const struct values *suites = &r->config->cipher_values;
    struct sv item = { NULL, 0 };
    enum opinion opinion = tls_list_judge(suites, r->target->level, r->text, &item);
    bool is_unknown = opinion == OPINION_DENY && suites->is_incomplete && !values_find(suites, item);
    struct finding *f;

    if (opinion == OPINION_PASS) {
        findings_pass(out, &r->at, (struct sv){ NULL, 0 });
        return;
    }
    f = say(r, is_unknown ? FINDING_UNKNOWN : FINDING_VIOLATION, (struct sv){ NULL, 0 }, out);
    f->warn_only = opinion == OPINION_WARN;
    f->message = findings_printf(out, "`%.*s` is not an allowed cipher suite", SV_ARG(item));
    f->wanted = suites->wanted;
    f->fix = SV("list allowed suites by name, without groups such as HIGH");
}

static void (*const readers[])(const struct reading *r, struct findings *out) = {
    [READ_POLICY] = judge_elb_policy,
    [READ_NAME] = judge_name,
    [READ_VERSION] = judge_version,
    [READ_CIPHERS] = judge_ciphers,
};

static void judge_absent(const struct reading *r, struct findings *out)
{
    struct finding *f = values_outcome(out, r->controller->when_absent, &r->at, (struct sv){ NULL, 0 });

    if (!f)
        return;
    f->field = r->controller->annotation;
    f->wanted = findings_printf(out, "the annotation %.*s", SV_ARG(r->controller->annotation));
    f->message = findings_printf(out, "the Ingress does not choose its TLS: %s", r->controller->absent);
    f->fix = SV("set the annotation");
}

static void judge_plaintext(const struct config *c, struct findings *out)
{
    const struct pointer at = pointer_key(&spec_at, SV("tls"));
    struct finding *f = values_outcome(out, c->plaintext, &at, (struct sv){ NULL, 0 });

    if (!f)
        return;
    f->field = SV("tls");
    f->message = SV("the Ingress has no TLS: what comes in is not encrypted");
    f->wanted = SV("TLS");
    f->fix = SV("add spec.tls, or a certificate as the controller takes it");
}

/* What an ALB listens to, as listen-ports says it or, without it, as follows
 * from a certificate. */
struct listeners {
    bool is_said, is_unreadable;
    bool http, https;
};

static struct listeners read_listen_ports(struct sv text, struct arena *a)
{
    struct listeners l = { .is_said = sv_trim(text).n > 0 };
    struct err why = { 0 };
    const struct json *list = l.is_said ? doc_parse(text, a, &why) : NULL;

    l.is_unreadable = l.is_said && !value_is(list, VALUE_ARRAY);
    for (struct value_iter it = value_iter(l.is_unreadable ? NULL : list); value_next(&it);) {
        l.http = l.http || value_get(it.value, SV("HTTP"));
        l.https = l.https || value_get(it.value, SV("HTTPS"));
    }
    return l;
}

/* What the class sets goes before what the Ingress asks for. */
static struct listeners find_listeners(const struct reading *r, struct sv listen_ports, struct arena *a)
{
    const struct json *params = r->class->params;

    if (value_size(value_get(params, SV("listeners"))) == 0)
        return read_listen_ports(listen_ports, a);
    return (struct listeners){ .is_said = true,
                               .http = lb_ingress_class_listens(params, SV("HTTP")),
                               .https = lb_ingress_class_listens(params, SV("HTTPS")) };
}

static void judge_listen_ports(struct sv text, struct findings *out)
{
    const struct pointer at = pointer_key(&annotations_at, SV(LISTEN_PORTS));
    struct finding *f = findings_add(out, FINDING_UNKNOWN, &at);

    f->field = SV(LISTEN_PORTS);
    f->found = text;
    f->message = SV("listen-ports is not the JSON it should be: whether there is TLS cannot be told");
    f->wanted = SV("such as [{\"HTTPS\":443}]");
    f->fix = SV("correct the annotation");
}

static bool has_tls(const struct reading *r)
{
    const struct json *ingress = r->target->object;

    if (r->controller->reading != READ_POLICY && value_size(value_get(value_get(ingress, SV("spec")), SV("tls"))) > 0)
        return true;
    for (size_t i = 0; i < ARRAY_LEN(r->controller->tls_signs); i++) {
        struct sv sign = sv_trim(object_annotation(ingress, r->controller->tls_signs[i]));

        if (sign.n > 0 && !sv_eq(sign, SV("false")))
            return true;
    }
    return false;
}

/* HTTP beside HTTPS is plaintext too, unless it only redirects. */
static void judge_http_listener(const struct config *c, const struct pointer *at, struct sv field, struct findings *out)
{
    struct finding *f = values_outcome(out, c->plaintext, at, (struct sv){ NULL, 0 });

    if (!f)
        return;
    f->field = field;
    f->message = SV("a listener without TLS serves too, and nothing redirects it");
    f->wanted = SV("HTTPS alone, or a redirect");
    f->fix = SV("remove the HTTP listener, or redirect it to HTTPS");
}

/* An ALB takes TLS from its listeners: spec.tls alone makes none. A policy that
 * is named is judged in any case, since other Ingresses of the group inherit it.
 * What we cannot read the controller may: it takes a key that is there twice. */
static void check_alb(const struct reading *r, struct findings *out)
{
    const struct pointer ports_at = pointer_key(&annotations_at, SV(LISTEN_PORTS));
    struct sv listen_ports = object_annotation(r->target->object, SV(LISTEN_PORTS));
    bool has_certificate = has_tls(r) || lb_ingress_class_has_certificate(r->class->params) ||
                           sv_eq(object_annotation(r->target->object, SV(CREATE_CERTIFICATE)), SV("true"));
    bool redirects = sv_trim(object_annotation(r->target->object, SV(REDIRECT))).n > 0 ||
                     lb_ingress_class_redirects(r->class->params);
    struct listeners l = find_listeners(r, listen_ports, out->arena);
    bool does_tls = l.https || l.is_unreadable || (has_certificate && !l.is_said);

    if (r->text.n > 0 || does_tls)
        judge_elb_policy(r, out);
    if (l.is_unreadable)
        judge_listen_ports(listen_ports, out);
    if (l.is_unreadable || redirects)
        return;
    if (!does_tls)
        judge_plaintext(r->config, out);
    else if (l.http)
        judge_http_listener(r->config, &ports_at, SV(LISTEN_PORTS), out);
}

/* A directive of the server's own TLS: not one for what stands behind it
 * (proxy_ssl_...). Whether nginx takes it as it stands nobody tells here. */
static bool speaks_of_tls(struct sv snippet)
{
    static const struct sv word = SV_INIT("ssl_");

    for (struct sv rest = snippet; rest.n > 0;) {
        const char *at = memmem(rest.p, rest.n, word.p, word.n);

        if (!at)
            return false;
        if (at == snippet.p || !(isalnum((unsigned char)at[-1]) || at[-1] == '_'))
            return true;
        rest = sv_skip(rest, (size_t)(at - rest.p) + word.n);
    }
    return false;
}

static void check_snippets(const struct reading *r, struct findings *out)
{
    for (size_t i = 0; i < ARRAY_LEN(r->controller->snippets); i++) {
        struct sv key = r->controller->snippets[i], text = object_annotation(r->target->object, key);
        const struct pointer at = pointer_key(&annotations_at, key);
        struct finding *f;

        if (!speaks_of_tls(text))
            continue;
        f = findings_add(out, FINDING_UNKNOWN, &at);
        f->field = key;
        f->found = text;
        f->message = SV("the snippet sets TLS in nginx's own language, which is not read here");
        f->wanted = SV("no ssl_ directives");
        f->fix = findings_printf(out, "set ciphers by %.*s, and TLS versions in the controller's ConfigMap",
                                 SV_ARG(r->controller->annotation));
    }
}

static void read_annotation(struct reading *r)
{
    const struct lb_controller *controller = r->controller;
    const struct json *ingress = r->target->object;

    r->at = pointer_key(&annotations_at, controller->annotation);
    r->text = object_annotation(ingress, controller->annotation);
    if (r->text.p || !controller->old_annotation.p || !object_annotation(ingress, controller->old_annotation).p)
        return;
    r->at = pointer_key(&annotations_at, controller->old_annotation);
    r->text = object_annotation(ingress, controller->old_annotation);
}

static void check_class(const struct target *t, const struct config *c, const struct lb_ingress_class *class,
                        struct findings *out)
{
    const struct lb_controller *controller = class->controller;
    struct reading r = { .target = t, .config = c, .controller = controller, .class = class };

    read_annotation(&r);
    check_snippets(&r, out);
    if (lb_ingress_class_policy(class->params).n > 0) {
        r.at = pointer_key(&spec_at, SV("ingressClassName"));
        r.text = lb_ingress_class_policy(class->params);
    }
    if (controller->reading == READ_POLICY)
        check_alb(&r, out);
    else if (sv_trim(r.text).n > 0)
        readers[controller->reading](&r, out);
    else if (has_tls(&r))
        judge_absent(&r, out);
    else
        judge_plaintext(c, out);
}

/* Controllers do not look up what the old annotation names. What the policy
 * says of classes that it does not list goes before what could be known. */
static struct lb_ingress_class find_class(const struct target *t, const struct config *c, struct sv name,
                                          bool is_legacy)
{
    const struct lb_ingress_class known = { .controller = find_controller(c, name) };

    if (known.controller || is_legacy || c->unknown_class != OUTCOME_UNKNOWN)
        return known;
    return lb_ingress_class_find(t->inventory, name);
}

/* Where both forms of a class are there, controllers differ in which they
 * follow: each is judged. */
static void check_ingress(const struct target *t, const struct config *c, struct findings *out)
{
    struct sv class = value_string(value_get(value_get(t->object, SV("spec")), SV("ingressClassName")));
    struct sv legacy = object_annotation(t->object, SV(LEGACY_CLASS));
    bool has_both = class.n > 0 && legacy.n > 0, has_legacy = class.n == 0 && legacy.n > 0;
    const struct lb_ingress_class first = find_class(t, c, has_legacy ? legacy : class, has_legacy);
    const struct lb_ingress_class second = has_both ? find_class(t, c, legacy, true) : first;

    if (first.controller && first.controller != second.controller)
        check_class(t, c, &first, out);
    if (second.controller)
        check_class(t, c, &second, out);
    if (!first.controller || !second.controller)
        judge_class(c, first.controller || has_legacy ? legacy : class, out);
}

/* What is set here overrides the annotations of every Ingress of the class. */
static void check_params(const struct target *t, const struct config *c, struct findings *out)
{
    const struct pointer at = pointer_key(&spec_at, SV("sslPolicy"));
    const struct pointer listeners_at = pointer_key(&spec_at, SV("listeners"));
    const struct json *spec = value_get(t->object, SV("spec"));
    struct sv name = lb_ingress_class_policy(spec);
    struct finding *f;

    if (lb_ingress_class_listens(spec, SV("HTTP")) && !lb_ingress_class_redirects(spec))
        judge_http_listener(c, &listeners_at, SV("listeners"), out);
    if (name.n > 0 || lb_ingress_class_has_certificate(spec) || lb_ingress_class_listens(spec, SV("HTTPS"))) {
        (void)lb_policy_judge(&c->policy, t, &at, name, out);
        return;
    }
    f = findings_add(out, FINDING_UNKNOWN, &at);
    f->field = SV("sslPolicy");
    f->wanted = c->policy.allowed.wanted;
    f->message = SV("no sslPolicy: each Ingress of the class chooses its own");
    f->fix = SV("set spec.sslPolicy, which overrides the annotations of the Ingresses");
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    if (t->kind->family == FAMILY_INGRESS_PARAMS)
        check_params(t, config, out);
    else
        check_ingress(t, config, out);
}

const struct rule rule_lb_ingress = {
    .id = "lb-ingress",
    .layer = "load-balancer",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_INGRESS | FAMILY_INGRESS_PARAMS,
    .repairs_updates = true,
    .what = "Ingresses choose FIPS TLS, by what their controller reads",
    .why = "TLS ends at the ingress, and what controllers and clouds offer by default reaches down to TLS 1.0",
    .fix = "name one of the allowed policies, or list only TLS versions and cipher suites that pass, where the "
           "controller reads it",
    .repair = "sets the annotation that names the ALB's security policy",
    .repair_options = "set",
    .example = "name: ingress-policy\n"
               "type: lb-ingress\n"
               "allow: [\"@elb-policies\"]\n"
               "set: ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
