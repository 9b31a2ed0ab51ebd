/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gateways of all makes: Gateway API and the objects in which its controllers
 * keep what it has no field for, and the custom resources of ingress
 * controllers. One row a kind, or a part of it.
 */
#include "rules/lb_gateway_class.h"
#include "rules/rules.h"

struct class_of {
    struct sv name;
    int controller;
};

struct config {
    struct rule_head head;
    struct strings allow, names, profiles, suites, groups, versions;
    struct records classes; /* struct class_of */
    enum outcome plaintext, passthrough, backend_plaintext, defaults;

    struct tls_options options;
};

static const struct field class_fields[] = {
    FIELD(struct class_of, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "name of a GatewayClass"),
    FIELD(struct class_of, controller, "controller", FIELD_ENUM, .required = true,
          .names = lb_gateway_class_controllers, .help = "the controller that serves it"),
    FIELD_END,
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .not_empty = true,
          .help = "AWS security policies a LoadBalancerConfiguration may name; default the fact set @elb-policies"),
    FIELD(struct config, names, "names", FIELD_STRINGS, .help = "names of GCP SSL policies known to be FIPS"),
    FIELD(struct config, profiles, "profiles", FIELD_STRINGS, .not_empty = true,
          .help = "TLS profiles of Azure and OpenShift that pass; default the fact set @tls-profiles"),
    FIELD(struct config, suites, "suites", FIELD_STRINGS, .not_empty = true,
          .help = "cipher suites that pass; default the fact set @tls-suites"),
    FIELD(struct config, groups, "groups", FIELD_STRINGS, .not_empty = true,
          .help = "key exchange groups that pass; default the fact set @tls-groups"),
    FIELD(struct config, versions, "versions", FIELD_STRINGS, .not_empty = true,
          .help = "least TLS versions that pass; default the fact set @tls-versions"),
    FIELD(struct config, classes, "classes", FIELD_RECORDS, .fields = class_fields,
          .item_size = sizeof(struct class_of), .help = "the cluster's gateway classes, beside the well-known names"),
    FIELD(struct config, plaintext, "plaintext", FIELD_ENUM, .names = values_outcomes,
          .help = "what a listener or route without TLS is; default warn"),
    FIELD(struct config, passthrough, "passthrough", FIELD_ENUM, .names = values_outcomes,
          .help = "what a listener or route is that passes TLS on; default unknown"),
    FIELD(struct config, backend_plaintext, "backendPlaintext", FIELD_ENUM, .names = values_outcomes,
          .help = "what plaintext between load balancer and pods is; default unknown"),
    FIELD(struct config, defaults, "defaults", FIELD_ENUM, .names = values_outcomes,
          .help = "what is left to another object or to the proxy's own defaults is; default unknown"),
    FIELD_END,
};

#define WORDS_END                                                                                                      \
    {                                                                                                                  \
        .word = { NULL, 0 }                                                                                            \
    }
#define SETTINGS_END                                                                                                   \
    {                                                                                                                  \
        .path = { NULL, 0 }                                                                                            \
    }
#define FLOOR(the_path, says)                                                                                          \
    {                                                                                                                  \
        .path = SV_INIT(the_path), .reading = TLS_FLOOR, .lack = (says), .wanted = "TLS 1.2 or 1.3",                   \
        .fix = "set it to TLS 1.2 or 1.3"                                                                              \
    }
#define CEILING(the_path)                                                                                              \
    {                                                                                                                  \
        .path = SV_INIT(the_path), .reading = TLS_CEILING, .absent = TLS_SILENT, .orphan = TLS_SILENT                  \
    }
#define LISTED(the_path, the_reading, says)                                                                            \
    {                                                                                                                  \
        .path = SV_INIT(the_path), .reading = (the_reading), .lack = (says), .wanted = "a list of allowed ones",       \
        .fix = "list allowed ones by name"                                                                             \
    }

/* A listener that ends TLS is judged by its controller's row. */
static enum tls_meaning end_of_listener(const struct json *listener, struct sv *at)
{
    struct sv protocol = value_string(value_get(listener, SV("protocol")));
    bool passes = sv_eq(value_string(pointer_get(listener, SV("/tls/mode"))), SV("Passthrough"));

    *at = SV("/protocol");
    if (sv_eq(protocol, SV("HTTP")))
        return TLS_PLAINTEXT;
    if (sv_eq(protocol, SV("TCP")) || sv_eq(protocol, SV("UDP")))
        return TLS_PASSTHROUGH;
    if (!sv_eq(protocol, SV("HTTPS")) && !sv_eq(protocol, SV("TLS")))
        return TLS_DEFAULT;
    *at = SV("/tls/mode");
    return passes ? TLS_PASSTHROUGH : TLS_FINE;
}

/* Whatever is none of these may be TLS (`:443` leaves the protocol open). */
static enum tls_meaning end_of_lb_listener(const struct json *listener, struct sv *at)
{
    static const struct sv plain[] = { SV_INIT("HTTP"), SV_INIT("TCP"), SV_INIT("TCP_UDP"), SV_INIT("UDP") };
    struct sv rest = value_string(value_get(listener, SV("protocolPort"))), protocol = sv_cut(&rest, ':');

    *at = SV("/protocolPort");
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (sv_eq(protocol, plain[i]))
            return TLS_SILENT;
    return TLS_FINE;
}

static const struct tls_setting lb_listener_settings[] = {
    { .path = SV_INIT("/sslPolicy"),
      .reading = TLS_POLICY,
      .absent = TLS_WRONG,
      .lack = "the load balancer does TLS without a named policy, and the default is not FIPS",
      .wanted = "an allowed FIPS policy",
      .fix = "name an allowed policy in sslPolicy" },
    SETTINGS_END,
};

static const struct tls_word backend_protocols[] = {
    { SV_INIT("HTTPS"), TLS_FINE, NULL },
    { SV_INIT("TLS"), TLS_FINE, NULL },
    { SV_INIT("HTTP"), TLS_BACKEND, "plaintext between load balancer and pods" },
    { SV_INIT("TCP"), TLS_BACKEND, "no TLS between load balancer and pods but what the bytes bring" },
    { SV_INIT("QUIC"), TLS_PASSTHROUGH, "QUIC is passed through to the pods" },
    { SV_INIT("TCP_QUIC"), TLS_PASSTHROUGH, "bytes are passed through to the pods" },
    { SV_INIT("TCP_UDP"), TLS_PASSTHROUGH, "bytes are passed through to the pods" },
    { SV_INIT("UDP"), TLS_PASSTHROUGH, "bytes are passed through to the pods" },
    WORDS_END,
};
static const struct tls_setting target_group_settings[] = {
    { .path = SV_INIT("/spec/defaultConfiguration/protocol"),
      .words = backend_protocols,
      .lack = "the protocol between load balancer and pods is inferred",
      .wanted = "HTTPS or TLS",
      .fix = "set the protocol to HTTPS or TLS" },
    { .path = SV_INIT("/spec/routeConfigurations/*/targetGroupProps/protocol"),
      .words = backend_protocols,
      .absent = TLS_SILENT,
      .orphan = TLS_SILENT,
      .none = TLS_SILENT,
      .wanted = "HTTPS or TLS",
      .fix = "set the protocol to HTTPS or TLS" },
    SETTINGS_END,
};

static const struct tls_setting gcp_settings[] = {
    { .path = SV_INIT("/spec/default/sslPolicy"),
      .reading = TLS_NAME,
      .lack = "no SSL policy: the load balancer's own default begins with TLS 1.0",
      .wanted = "an SSL policy with the profile FIPS_202205",
      .fix = "name one in spec.default.sslPolicy" },
    SETTINGS_END,
};

static const struct tls_setting azure_settings[] = {
    { .path = SV_INIT("/spec/default/policyType/name"),
      .reading = TLS_PROFILE,
      .lack = "no TLS policy is named: the default one applies",
      .wanted = "2023-06-S",
      .fix = "name a policy in spec.default.policyType" },
    SETTINGS_END,
};

/* A proxy without a host is a part that others include. */
static enum tls_meaning end_of_http_proxy(const struct json *proxy, struct sv *at)
{
    const struct json *host = pointer_get(proxy, SV("/spec/virtualhost")), *tls = value_get(host, SV("tls"));

    *at = SV("/spec/virtualhost/tls");
    if (value_is_nothing(host))
        return TLS_SILENT;
    if (value_is_nothing(tls))
        return TLS_PLAINTEXT;
    return value_is_true(value_get(tls, SV("passthrough"))) ? TLS_PASSTHROUGH : TLS_FINE;
}

static const struct tls_setting contour_settings[] = {
    FLOOR("/spec/virtualhost/tls/minimumProtocolVersion", "the least TLS version is left to Contour's configuration"),
    CEILING("/spec/virtualhost/tls/maximumProtocolVersion"),
    SETTINGS_END,
};
static const struct tls_word insecure_words[] = {
    { SV_INIT("true"), TLS_PLAINTEXT, "this route is served without TLS too" },
    { SV_INIT("false"), TLS_FINE, NULL },
    WORDS_END,
};
static const struct tls_setting contour_route_settings[] = {
    { .path = SV_INIT("/permitInsecure"),
      .words = insecure_words,
      .absent = TLS_SILENT,
      .wanted = "no plaintext",
      .fix = "remove permitInsecure" },
    SETTINGS_END,
};

static const struct tls_setting traefik_settings[] = {
    FLOOR("/spec/minVersion", "the least TLS version is left to Traefik's own default"),
    CEILING("/spec/maxVersion"),
    LISTED("/spec/cipherSuites/*", TLS_SUITES, "the cipher suites are left to Traefik's own default"),
    LISTED("/spec/curvePreferences/*", TLS_GROUPS, "the key exchange groups are left to Traefik's own default"),
    SETTINGS_END,
};

static enum tls_meaning end_of_route(const struct json *route, struct sv *at)
{
    const struct json *tls = pointer_get(route, SV("/spec/tls"));
    bool passes = sv_eq(value_string(value_get(tls, SV("termination"))), SV("passthrough"));

    *at = value_is_nothing(tls) ? SV("/spec/tls") : SV("/spec/tls/termination");
    if (value_is_nothing(tls))
        return TLS_PLAINTEXT;
    return passes ? TLS_PASSTHROUGH : TLS_FINE;
}

static const struct tls_word termination_words[] = {
    { SV_INIT("edge"), TLS_DEFAULT, NULL },
    { SV_INIT("reencrypt"), TLS_DEFAULT, NULL },
    WORDS_END,
};
static const struct tls_word insecure_policies[] = {
    { SV_INIT("Allow"), TLS_PLAINTEXT, "the route is served without TLS too" },
    { SV_INIT("None"), TLS_FINE, NULL },
    { SV_INIT("Redirect"), TLS_FINE, NULL },
    WORDS_END,
};
static const struct tls_setting route_settings[] = {
    { .path = SV_INIT("/spec/tls/termination"),
      .words = termination_words,
      .lack = "TLS versions and suites are those of the IngressController",
      .wanted = "a least TLS version and suites that can be read",
      .fix = "see to the tlsSecurityProfile of the IngressController" },
    { .path = SV_INIT("/spec/tls/insecureEdgeTerminationPolicy"),
      .words = insecure_policies,
      .absent = TLS_SILENT,
      .wanted = "None or Redirect",
      .fix = "set insecureEdgeTerminationPolicy to Redirect" },
    SETTINGS_END,
};

static const struct tls_word custom_word[] = {
    { SV_INIT("Custom"), TLS_SILENT, NULL },
    WORDS_END,
};
static const struct tls_setting profile_settings[] = {
    { .path = SV_INIT("/spec/tlsSecurityProfile/type"),
      .reading = TLS_PROFILE,
      .words = custom_word,
      .lack = "no TLS profile: that of the cluster's API server applies",
      .wanted = "Intermediate, Modern or Custom",
      .fix = "set spec.tlsSecurityProfile" },
    SETTINGS_END,
};
static enum tls_meaning end_of_custom_profile(const struct json *controller, struct sv *at UNUSED)
{
    struct sv type = value_string(pointer_get(controller, SV("/spec/tlsSecurityProfile/type")));

    return sv_eq(type, SV("Custom")) ? TLS_FINE : TLS_SILENT;
}
static const struct tls_setting custom_profile_settings[] = {
    FLOOR("/spec/tlsSecurityProfile/custom/minTLSVersion", "no least TLS version"),
    LISTED("/spec/tlsSecurityProfile/custom/ciphers/*", TLS_SUITES, "no cipher suites"),
    SETTINGS_END,
};

#define ROW(the_group, the_kind, the_units, ...)                                                                       \
    {                                                                                                                  \
        .group = SV_INIT(the_group), .kind = SV_INIT(the_kind), .each = SV_INIT(the_units), __VA_ARGS__                \
    }
static const struct tls_kind kinds[] = {
    ROW("gateway.networking.k8s.io", "Gateway", "/spec/listeners/*", .name = SV_INIT("/name"), .none = TLS_SILENT,
        .end = end_of_listener, .by_class = true),
    ROW("gateway.networking.k8s.io", "ListenerSet", "/spec/listeners/*", .name = SV_INIT("/name"), .none = TLS_SILENT,
        .end = end_of_listener, .by_class = true),
    ROW("gateway.networking.x-k8s.io", "XListenerSet", "/spec/listeners/*", .name = SV_INIT("/name"),
        .none = TLS_SILENT, .end = end_of_listener, .by_class = true),
    ROW("gateway.networking.k8s.io", "BackendTLSPolicy", "/spec", .settings = NULL),
    ROW("gateway.k8s.aws", "LoadBalancerConfiguration", "/spec/listenerConfigurations/*",
        .name = SV_INIT("/protocolPort"), .lack = "no listener is configured: those with TLS get the default policy",
        .end = end_of_lb_listener, .settings = lb_listener_settings),
    ROW("gateway.k8s.aws", "TargetGroupConfiguration", "", .settings = target_group_settings),
    ROW("networking.gke.io", "GCPGatewayPolicy", "", .settings = gcp_settings),
    ROW("alb.networking.azure.io", "FrontendTLSPolicy", "", .settings = azure_settings),
    ROW("projectcontour.io", "HTTPProxy", "", .end = end_of_http_proxy, .settings = contour_settings),
    ROW("projectcontour.io", "HTTPProxy", "/spec/routes/*", .none = TLS_SILENT, .settings = contour_route_settings),
    ROW("traefik.io", "TLSOption", "", .settings = traefik_settings),
    ROW("traefik.containo.us", "TLSOption", "", .settings = traefik_settings),
    ROW("route.openshift.io", "Route", "", .end = end_of_route, .settings = route_settings),
    ROW("operator.openshift.io", "IngressController", "", .settings = profile_settings),
    ROW("operator.openshift.io", "IngressController", "", .end = end_of_custom_profile,
        .settings = custom_profile_settings),
};

/* Which option fills which set, and what stands there by default. */
static const struct {
    struct sv key, by_default;
    size_t offset;
    enum tls_reading reading;
} sets[] = {
    { SV_INIT("allow"), SV_INIT("@elb-policies"), offsetof(struct config, allow), TLS_POLICY },
    { SV_INIT("names"), { NULL, 0 }, offsetof(struct config, names), TLS_NAME },
    { SV_INIT("profiles"), SV_INIT("@tls-profiles"), offsetof(struct config, profiles), TLS_PROFILE },
    { SV_INIT("suites"), SV_INIT("@tls-suites"), offsetof(struct config, suites), TLS_SUITES },
    { SV_INIT("groups"), SV_INIT("@tls-groups"), offsetof(struct config, groups), TLS_GROUPS },
    { SV_INIT("versions"), SV_INIT("@tls-versions"), offsetof(struct config, versions), TLS_FLOOR },
};

static struct strings *list_of(struct config *c, size_t set)
{
    return (struct strings *)((char *)c + sets[set].offset);
}

static void set_defaults(void *config)
{
    struct config *c = config;

    for (size_t i = 0; i < ARRAY_LEN(sets); i++)
        if (sets[i].by_default.p)
            *list_of(c, i) = (struct strings){ &sets[i].by_default, 1 };
    c->plaintext = OUTCOME_WARN;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    struct config *c = config;
    struct tls_options *o = &c->options;

    tls_kind_defaults(o);
    o->outcomes[TLS_DEFAULT] = c->defaults;
    o->outcomes[TLS_PLAINTEXT] = c->plaintext;
    o->outcomes[TLS_PASSTHROUGH] = c->passthrough;
    o->outcomes[TLS_BACKEND] = c->backend_plaintext;
    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        const struct pointer at = pointer_key(b->at, sets[i].key);

        if (!values_compile(b, &at, list_of(c, i), &o->sets[sets[i].reading], e))
            return false;
    }
    o->sets[TLS_CEILING] = o->sets[TLS_FLOOR];
    return true;
}

/* A class in the policy's own list goes before a well-known name. */
static const struct tls_setting *settings_of_class(const struct config *c, struct sv class)
{
    const struct class_of *list = c->classes.items;

    for (size_t i = 0; i < c->classes.count; i++)
        if (sv_eq(list[i].name, class))
            return lb_gateway_class_settings(list[i].controller);
    return lb_gateway_class_settings(lb_gateway_class_find(class));
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    struct sv class = value_string(pointer_get(t->object, SV("/spec/gatewayClassName")));
    const struct tls_kind *row;

    for (size_t i = 0; (row = tls_kind_next(kinds, ARRAY_LEN(kinds), t, &i));) {
        struct tls_kind one = *row;

        if (row->by_class)
            one.settings = settings_of_class(c, class);
        tls_kind_check(&one, &c->options, t, out);
    }
}

const struct rule rule_lb_gateway = {
    .id = "lb-gateway",
    .layer = "load-balancer",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_GATEWAY,
    .what = "gateways and ingress controllers' own resources choose FIPS TLS, as far as they can be read",
    .why = "TLS ends at the gateway, and Gateway API has no field for versions and suites: each vendor keeps them "
           "elsewhere",
    .fix = "name versions, suites or a FIPS policy in the object that the controller reads",
    .example = "name: gateways\n"
               "type: lb-gateway\n"
               "allow: [\"@elb-policies\"]\n"
               "classes: [{ name: aws-alb, controller: aws }]\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
