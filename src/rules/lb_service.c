/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services of type LoadBalancer on AWS: where TLS ends at the load balancer,
 * it must name an allowed security policy, since the controllers' default is
 * none. Which listeners do TLS is decided as the AWS load balancer controller
 * does (pkg/service/model_build_listener.go). The older controller, of
 * cloud-provider-aws, sees TLS where that one does not (`*`, `0443`, QUIC):
 * unless the Service says that it is not served by it, that counts too.
 */
#include "base/text.h"
#include "kube/object.h"
#include "rules/lb_policy.h"
#include "rules/rules.h"

#define PREFIX "service.beta.kubernetes.io/aws-load-balancer-"
#define ANNOTATION_POLICY PREFIX "ssl-negotiation-policy"
#define ANNOTATION_CERTIFICATES PREFIX "ssl-cert"
#define ANNOTATION_PORTS PREFIX "ssl-ports"
#define ANNOTATION_QUIC PREFIX "quic-enabled-ports"
#define ANNOTATION_TCP_UDP PREFIX "enable-tcp-udp-listener"
#define ANNOTATION_TYPE PREFIX "type"

/* A network load balancer has at most 50 listeners. Looking up each of many
 * more ports in each list would take for ever. */
enum { MOST_PORTS = 256 };

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

/* The older controller reads numbers as strconv.Atoi() does: "+0443" is 443. */
static struct sv canonical(struct sv entry)
{
    struct sv digits = sv_starts_with(entry, SV("+")) ? sv_skip(entry, 1) : entry;
    size_t number = 0;

    if (!text_to_size(digits, &number))
        return entry;
    while (digits.n > 1 && digits.p[0] == '0')
        digits = sv_skip(digits, 1);
    return digits;
}

static bool is_named(const struct json *port, struct sv entry)
{
    return sv_eq(value_string(value_get(port, SV("name"))), entry) ||
           sv_eq(value_number(value_get(port, SV("port"))), canonical(entry));
}

static bool is_in_list(const struct json *port, struct sv list)
{
    while (list.p) {
        struct sv entry = sv_trim(sv_cut(&list, ','));

        if (entry.n > 0 && is_named(port, entry))
            return true;
    }
    return false;
}

static bool is_udp(const struct json *port)
{
    struct sv protocol = value_string(value_get(port, SV("protocol")));

    return sv_eq(protocol, SV("UDP")) || sv_eq(protocol, SV("TCP_UDP"));
}

/* The Service as the controller reads it. */
struct listeners {
    const struct json *ports;
    struct sv ssl_ports, quic_ports;
    bool has_certificate, merges_udp;
};

/* It leaves alone what has a class, and two values of the type. */
static bool may_be_older(const struct json *service)
{
    struct sv type = object_annotation(service, SV(ANNOTATION_TYPE));

    return value_string(value_get(value_get(service, SV("spec")), SV("loadBalancerClass"))).n == 0 &&
           !sv_eq(type, SV("external")) && !sv_eq(type, SV("nlb-ip"));
}

static struct listeners read_listeners(const struct json *service)
{
    struct sv ssl_ports = object_annotation(service, SV(ANNOTATION_PORTS));
    struct listeners l = {
        .ports = value_get(value_get(service, SV("spec")), SV("ports")),
        .has_certificate = has_item(object_annotation(service, SV(ANNOTATION_CERTIFICATES))),
    };

    if (!may_be_older(service)) {
        l.ssl_ports = ssl_ports;
        l.quic_ports = object_annotation(service, SV(ANNOTATION_QUIC));
        l.merges_udp = sv_eq(object_annotation(service, SV(ANNOTATION_TCP_UDP)), SV("true"));
    } else if (!sv_eq(sv_trim(ssl_ports), SV("*"))) {
        l.ssl_ports = ssl_ports;
    }
    return l;
}

/* A TCP port that shares its number with a UDP port becomes one TCP_UDP
 * listener, where that is asked for. */
static bool is_merged(const struct listeners *l, const struct json *port)
{
    struct sv number = value_number(value_get(port, SV("port")));

    for (struct value_iter it = value_iter(l->ports); l->merges_udp && value_next(&it);)
        if (is_udp(it.value) && sv_eq(value_number(value_get(it.value, SV("port"))), number))
            return true;
    return false;
}

/* Listeners of UDP, TCP_UDP and QUIC never do TLS. */
static bool does_tls(const struct listeners *l, const struct json *port)
{
    if (!l->has_certificate || is_udp(port) || is_merged(l, port) || is_in_list(port, l->quic_ports))
        return false;
    return !has_item(l->ssl_ports) || is_in_list(port, l->ssl_ports);
}

static bool any_does_tls(const struct listeners *l)
{
    for (struct value_iter it = value_iter(l->ports); value_next(&it);)
        if (does_tls(l, it.value))
            return true;
    return false;
}

static bool is_too_long(struct sv list)
{
    size_t entries = 0;

    for (; list.p && entries <= MOST_PORTS; entries++)
        sv_cut(&list, ',');
    return entries > MOST_PORTS;
}

static bool are_too_many(const struct listeners *l)
{
    return value_size(l->ports) > MOST_PORTS || is_too_long(l->ssl_ports) || is_too_long(l->quic_ports);
}

/* An entry of ssl-ports that names no port; absent: none. */
static struct sv find_unmatched(const struct listeners *l)
{
    for (struct sv rest = l->has_certificate ? l->ssl_ports : (struct sv){ NULL, 0 }; rest.p;) {
        struct sv entry = sv_trim(sv_cut(&rest, ','));
        bool is_matched = entry.n == 0;

        for (struct value_iter it = value_iter(l->ports); value_next(&it);)
            is_matched = is_matched || is_named(it.value, entry);
        if (!is_matched)
            return entry;
    }
    return (struct sv){ NULL, 0 };
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

/* Beside TLS listeners each port without TLS counts by itself, so that one
 * good listener does not speak for the others. */
static void judge_ports(const struct config *c, const struct listeners *l, const struct pointer *spec_at,
                        struct findings *out)
{
    const struct pointer ports_at = pointer_key(spec_at, SV("ports"));

    for (struct value_iter it = value_iter(l->ports); value_next(&it);) {
        const struct pointer at = pointer_index(&ports_at, it.index);
        struct sv name = value_scalar_text(value_get(it.value, SV("port")));

        if (!does_tls(l, it.value))
            judge_outcome(c->passthrough, &at, name, SV("the load balancer passes this port through without TLS"), out);
    }
}

/* Nobody needs so many, so nobody gets past the rule with them: where a
 * certificate asks for TLS, which listeners do it is not given the benefit of
 * the doubt. */
static void judge_too_many(const struct listeners *l, const struct pointer *spec_at, struct findings *out)
{
    const struct pointer at = pointer_key(spec_at, SV("ports"));
    struct finding *f = findings_add(out, l->has_certificate ? FINDING_VIOLATION : FINDING_UNKNOWN, &at);

    f->field = SV("ports");
    f->message = SV("more ports than a load balancer can have");
    f->wanted = findings_printf(out, "at most %d ports, in spec.ports and in each annotation", MOST_PORTS);
    f->fix = SV("make several Services of it");
}

static void judge_listeners(const struct target *t, const struct config *c, const struct pointer *spec_at,
                            struct findings *out)
{
    const struct pointer root = POINTER_ROOT, metadata_at = pointer_key(&root, SV("metadata"));
    const struct pointer annotations_at = pointer_key(&metadata_at, SV("annotations"));
    const struct pointer policy_at = pointer_key(&annotations_at, SV(ANNOTATION_POLICY));
    const struct pointer ports_at = pointer_key(&annotations_at, SV(ANNOTATION_PORTS));
    const struct listeners l = read_listeners(t->object);
    struct sv unmatched;

    if (are_too_many(&l)) {
        judge_too_many(&l, spec_at, out);
        return;
    }
    unmatched = find_unmatched(&l);
    if (unmatched.p)
        judge_unmatched(&ports_at, unmatched, out);
    if (any_does_tls(&l)) {
        judge_policy(t, c, &policy_at, out);
        judge_ports(c, &l, spec_at, out);
    } else if (!unmatched.p) {
        judge_outcome(c->passthrough, spec_at, (struct sv){ NULL, 0 },
                      SV("the load balancer passes bytes through: whether there is FIPS TLS is up to the pods"), out);
    }
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    const struct pointer root = POINTER_ROOT, spec_at = pointer_key(&root, SV("spec"));
    const struct pointer class_at = pointer_key(&spec_at, SV("loadBalancerClass"));
    const struct json *spec = value_get(t->object, SV("spec"));
    struct sv class = value_string(value_get(spec, SV("loadBalancerClass")));

    if (!sv_eq(value_string(value_get(spec, SV("type"))), SV("LoadBalancer")))
        return;
    if (class.n > 0 && !is_aws_class(class))
        judge_outcome(c->other_controllers, &class_at, class,
                      SV("the load balancer belongs to a controller whose TLS cannot be judged here"), out);
    else
        judge_listeners(t, c, &spec_at, out);
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
