/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services of type LoadBalancer on AWS: where TLS ends at the network load
 * balancer, it must name an allowed security policy, since the controllers'
 * default is none. Which listeners do TLS is decided exactly as the AWS load
 * balancer controller decides it (pkg/service/model_build_listener.go).
 */
#include "kube/object.h"
#include "rules/lb_policy.h"
#include "rules/rules.h"

#define PREFIX "service.beta.kubernetes.io/aws-load-balancer-"
#define ANNOTATION_POLICY PREFIX "ssl-negotiation-policy"
#define ANNOTATION_CERTIFICATES PREFIX "ssl-cert"
#define ANNOTATION_PORTS PREFIX "ssl-ports"

struct config {
    struct rule_head head;
    struct strings allow;
    struct sv set;
    enum outcome passthrough, other_controllers;

    struct lb_policy policy;
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .required = true, .not_empty = true,
          .help = "security policies a listener may name: exact names or fact sets"),
    FIELD(struct config, set, "set", FIELD_STRING, .not_empty = true,
          .help = "the policy that repair sets; without it nothing is repaired"),
    FIELD(struct config, passthrough, "passthrough", FIELD_ENUM, .names = values_outcomes,
          .help = "what a Service is whose TLS, if any, ends in the pod; default unknown"),
    FIELD(struct config, other_controllers, "otherControllers", FIELD_ENUM, .names = values_outcomes,
          .help = "what a loadBalancerClass that is not of AWS is; default unknown"),
    FIELD_END,
};

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    struct config *c = config;

    return lb_policy_compile(b, &c->allow, c->set, &c->policy, e);
}

static bool is_aws_class(struct sv class)
{
    static const struct sv classes[] = { SV_INIT("service.k8s.aws/nlb"), SV_INIT("eks.amazonaws.com/nlb") };

    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        if (sv_eq(classes[i], class))
            return true;
    return false;
}

static bool has_item(struct sv list)
{
    while (list.p)
        if (sv_trim(sv_cut(&list, ',')).n > 0)
            return true;
    return false;
}

/* Absent means TCP to the API server. */
static bool is_tcp(const struct json *port)
{
    struct sv protocol = value_string(value_get(port, SV("protocol")));

    return protocol.n == 0 || sv_eq(protocol, SV("TCP"));
}

static bool is_named(const struct json *port, struct sv entry)
{
    return sv_eq(value_string(value_get(port, SV("name"))), entry) ||
           sv_eq(value_number(value_get(port, SV("port"))), entry);
}

/* Which ports of the Service do TLS. */
struct listeners {
    bool any;
    struct sv unmatched; /* an entry of ssl-ports that names no port */
};

static void read_entry(const struct json *ports, struct sv entry, struct listeners *l)
{
    bool is_matched = false;

    for (struct value_iter it = value_iter(ports); value_next(&it);) {
        if (!is_named(it.value, entry))
            continue;
        is_matched = true;
        l->any = l->any || is_tcp(it.value);
    }
    if (!is_matched && !l->unmatched.p)
        l->unmatched = entry;
}

static struct listeners find_listeners(const struct json *service)
{
    const struct json *ports = value_get(value_get(service, SV("spec")), SV("ports"));
    struct sv entries = object_annotation(service, SV(ANNOTATION_PORTS));
    struct listeners l = { 0 };

    if (!has_item(object_annotation(service, SV(ANNOTATION_CERTIFICATES))))
        return l;
    if (!has_item(entries)) {
        for (struct value_iter it = value_iter(ports); value_next(&it);)
            l.any = l.any || is_tcp(it.value);
        return l;
    }
    while (entries.p) {
        struct sv entry = sv_trim(sv_cut(&entries, ','));

        if (entry.n > 0)
            read_entry(ports, entry, &l);
    }
    return l;
}

static void judge_policy(const struct target *t, const struct config *c, const struct pointer *at, struct findings *out)
{
    struct finding *f = lb_policy_judge(&c->policy, t, at, object_annotation(t->object, SV(ANNOTATION_POLICY)), out);

    if (f)
        lb_policy_repair(&c->policy, t, at, f, out);
}

static void judge_unmatched(const struct pointer *at, struct sv entry, struct findings *out)
{
    struct finding *f = findings_add(out, FINDING_UNKNOWN, at);

    f->subject = entry;
    f->field = SV("ssl-ports");
    f->found = entry;
    f->wanted = SV("names or numbers of the Service's ports");
    f->message = SV("ssl-ports names a port that the Service does not have: the controller refuses it");
    f->fix = SV("correct the annotation");
}

static void judge_outcome(enum outcome outcome, const struct pointer *at, struct sv found, struct sv message,
                          struct findings *out)
{
    struct finding *f = values_outcome(out, outcome, at, found);

    if (!f)
        return;
    f->found = found;
    f->message = message;
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    const struct pointer root = POINTER_ROOT, spec_at = pointer_key(&root, SV("spec"));
    const struct pointer class_at = pointer_key(&spec_at, SV("loadBalancerClass"));
    const struct pointer metadata_at = pointer_key(&root, SV("metadata"));
    const struct pointer annotations_at = pointer_key(&metadata_at, SV("annotations"));
    const struct pointer policy_at = pointer_key(&annotations_at, SV(ANNOTATION_POLICY));
    const struct pointer ports_at = pointer_key(&annotations_at, SV(ANNOTATION_PORTS));
    const struct json *spec = value_get(t->object, SV("spec"));
    struct sv class = value_string(value_get(spec, SV("loadBalancerClass")));
    struct listeners l = find_listeners(t->object);

    if (!sv_eq(value_string(value_get(spec, SV("type"))), SV("LoadBalancer")))
        return;
    if (class.n > 0 && !is_aws_class(class)) {
        judge_outcome(c->other_controllers, &class_at, class,
                      SV("the load balancer belongs to a controller whose TLS cannot be judged here"), out);
        return;
    }
    if (l.unmatched.p)
        judge_unmatched(&ports_at, l.unmatched, out);
    if (l.any)
        judge_policy(t, c, &policy_at, out);
    else if (!l.unmatched.p)
        judge_outcome(c->passthrough, &spec_at, (struct sv){ NULL, 0 },
                      SV("the load balancer passes bytes through: whether there is FIPS TLS is up to the pods"), out);
}

const struct rule rule_lb_service = {
    .id = "lb-service",
    .layer = "load-balancer",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_SERVICE,
    .repairs_updates = true,
    .what = "TLS listeners of load balancer Services name an allowed security policy",
    .why = "TLS ends at the load balancer, and the policy that controllers choose by themselves is not a FIPS one",
    .fix = "name one of the allowed policies in the annotation "
           "service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy",
    .repair = "sets the annotation that names the security policy",
    .repair_options = "set",
    .example = "name: service-policy\n"
               "type: lb-service\n"
               "allow: [\"@elb-policies\"]\n"
               "set: ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .compile = compile,
    .check = check,
};
