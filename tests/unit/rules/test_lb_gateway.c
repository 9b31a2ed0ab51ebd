/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: " value ", verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: a note}"
#define POLICIES ROW("FIPS-strict", "strict", "A") "," ROW("FIPS-allow", "allow", "A") "," ROW("FIPS-1-0", "deny", "A")
#define PROFILES ROW("2023-06-S", "allow", "B") "," ROW("Intermediate", "allow", "A") "," ROW("Old", "deny", "A")
#define SUITES                                                                                                         \
    ROW("ECDHE-RSA-AES128-GCM-SHA256", "strict", "A")                                                                  \
    "," ROW("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "strict", "A") "," ROW("AES128-SHA", "deny", "A")
#define GROUPS ROW("CurveP256", "strict", "A") "," ROW("X25519", "deny", "C")
#define VERSIONS                                                                                                       \
    ROW("'1.3'", "strict", "A")                                                                                        \
    "," ROW("'1.2'", "strict", "A") "," ROW("VersionTLS12", "strict", "A") "," ROW("TLSv1.2", "strict", "A") "," ROW(  \
        "TLSv1.3", "strict", "A") "," ROW("VersionTLS10", "deny", "A")
#define GCM "ECDHE-RSA-AES128-GCM-SHA256"
#define GO_GCM "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"

#define OBJECT(version, kind, spec) "{apiVersion: " version ", kind: " kind ", spec: {" spec "}}"
#define GATEWAY(class, listeners)                                                                                      \
    OBJECT("gateway.networking.k8s.io/v1", "Gateway", "gatewayClassName: " class ", listeners: [" listeners "]")
#define LISTENER(protocol, tls) "{name: x, protocol: " protocol ", tls: {" tls "}}"
#define AWS(listeners)                                                                                                 \
    OBJECT("gateway.k8s.aws/v1", "LoadBalancerConfiguration", "listenerConfigurations: [" listeners "]")
#define TARGET(spec) OBJECT("gateway.k8s.aws/v1beta1", "TargetGroupConfiguration", spec)
#define GCP(spec) OBJECT("networking.gke.io/v1", "GCPGatewayPolicy", spec)
#define AZURE(spec) OBJECT("alb.networking.azure.io/v1", "FrontendTLSPolicy", spec)
#define CONTOUR(spec) OBJECT("projectcontour.io/v1", "HTTPProxy", spec)
#define TRAEFIK(spec) OBJECT("traefik.io/v1alpha1", "TLSOption", spec)
#define ROUTE(spec) OBJECT("route.openshift.io/v1", "Route", spec)
#define OPENSHIFT(spec) OBJECT("operator.openshift.io/v1", "IngressController", spec)
#define AT "/spec/listeners/0"

struct gateway_case {
    const char *object, *summary;
};

static void begin(struct bench *b)
{
    bench_begin(b, &rule_lb_gateway);
    bench_facts(b, "elb-policies", POLICIES);
    bench_facts(b, "tls-profiles", PROFILES);
    bench_facts(b, "tls-suites", SUITES);
    bench_facts(b, "tls-groups", GROUPS);
    bench_facts(b, "tls-versions", VERSIONS);
}

static void check_cases(const char *options, enum level level, const struct gateway_case *cases, size_t count)
{
    struct bench b;

    begin(&b);
    bench_must_compile(&b, options);
    for (size_t i = 0; i < count; i++) {
        bench_check(&b, cases[i].object, level);
        if (strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s", cases[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void mistakes_in_the_options_point(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        { "allow: []", "allow" },
        { "allow: ['@elb-policy']", "did you mean `elb-policies`?" },
        { "profiles: ['@tls-profile']", "did you mean `tls-profiles`?" },
        { "groups: ['@tls-group']", "did you mean `tls-groups`?" },
        { "names: ['@gcp-policies']", "no fact set is called `gcp-policies`" },
        { "classes: [{name: x}]", "controller" },
        { "classes: [{name: x, controller: isto}]", "did you mean `istio`?" },
        { "backendplaintext: pass", "did you mean `backendPlaintext`?" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        begin(&b);
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        if (!strstr(b.e.msg, cases[i].message) || !strstr(b.e.msg, "test.yaml:1:"))
            fail_msg("%s: %s", cases[i].options, b.e.msg);
        bench_end(&b);
    }
}

static void listeners_tell_what_their_controller_reads(void **state UNUSED)
{
    static const struct gateway_case cases[] = {
        { GATEWAY("nobody", LISTENER("HTTPS", "mode: Terminate")), "unknown " AT "/tls/options" },
        /* Keys of a controller that does not serve the class say nothing. */
        { GATEWAY("nobody", LISTENER("HTTPS", "options: {nginx.org/ssl-protocols: TLSv1.2}")),
          "unknown " AT "/tls/options" },
        { GATEWAY("azure-alb-external", LISTENER("HTTPS", "options: {nginx.org/ssl-protocols: TLSv1.2}")),
          "unknown " AT "/tls/options" },
        { GATEWAY("nginx", LISTENER("HTTPS", "mode: Terminate")),
          "unknown " AT "/tls/options/nginx.org~1ssl-protocols; unknown " AT "/tls/options/nginx.org~1ssl-ciphers" },
        { GATEWAY("nginx", LISTENER("HTTPS", "options: {nginx.org/ssl-protocols: TLSv1.1 TLSv1.2,"
                                             " nginx.org/ssl-ciphers: 'HIGH:!aNULL'}")),
          "violation " AT "/tls/options/nginx.org~1ssl-protocols; violation " AT
          "/tls/options/nginx.org~1ssl-ciphers" },
        { GATEWAY("nginx", LISTENER("HTTPS", "options: {nginx.org/ssl-protocols: TLSv1.2 TLSv1.3,"
                                             " nginx.org/ssl-ciphers: '" GCM ":!aNULL'}")),
          "pass " AT "/tls/options/nginx.org~1ssl-protocols; pass " AT "/tls/options/nginx.org~1ssl-ciphers" },
        { GATEWAY("edge", LISTENER("TLS", "options: {gateway.istio.io/tls-cipher-suites: '" GCM ",AES128-SHA'}")),
          "unknown " AT "/tls/options; violation " AT "/tls/options/gateway.istio.io~1tls-cipher-suites" },
        { GATEWAY("edge", LISTENER("TLS", "options: {gateway.istio.io/tls-cipher-suites: " GCM "}")),
          "unknown " AT "/tls/options; pass " AT "/tls/options/gateway.istio.io~1tls-cipher-suites" },
        { GATEWAY("nginx", LISTENER("HTTP", "")), "violation " AT "/protocol warns" },
        { GATEWAY("nginx", LISTENER("TCP", "")), "unknown " AT "/protocol" },
        { GATEWAY("nginx", LISTENER("HBONE", "mode: Terminate")), "unknown " AT "/protocol" },
        { GATEWAY("nginx", LISTENER("https", "")), "unknown " AT "/protocol" },
        { GATEWAY("nginx", LISTENER("TLS", "mode: Passthrough")), "unknown " AT "/tls/mode" },
        { GATEWAY("nginx", ""), "" },
        { OBJECT("gateway.networking.k8s.io/v1", "ListenerSet", "listeners: [" LISTENER("HTTPS", "") "]"),
          "unknown " AT "/tls/options" },
        { OBJECT("gateway.networking.x-k8s.io/v1alpha1", "XListenerSet", "listeners: [" LISTENER("HTTP", "") "]"),
          "violation " AT "/protocol warns" },
        { OBJECT("gateway.networking.k8s.io/v1", "BackendTLSPolicy", "validation: {hostname: x}"), "pass /spec" },
    };

    check_cases("classes: [{name: edge, controller: istio}]", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

/* The policy's own list goes before a well-known name. */
static void a_class_may_belong_to_another_controller(void **state UNUSED)
{
    static const struct gateway_case cases[] = {
        { GATEWAY("nginx", LISTENER("HTTPS", "options: {nginx.org/ssl-protocols: TLSv1.2}")),
          "unknown " AT "/tls/options" },
    };

    check_cases("classes: [{name: nginx, controller: aws}]", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

static void aws_listeners_name_an_allowed_policy(void **state UNUSED)
{
#define AT_AWS "/spec/listenerConfigurations/"
    static const struct gateway_case cases[] = {
        { AWS("{protocolPort: 'HTTPS:443'}"), "violation " AT_AWS "0/sslPolicy" },
        { AWS("{protocolPort: 'HTTPS:443', sslPolicy: ''}"), "violation " AT_AWS "0/sslPolicy" },
        { AWS("{protocolPort: 'TLS:443', sslPolicy: FIPS-1-0}"), "violation " AT_AWS "0/sslPolicy" },
        { AWS("{protocolPort: ':443', sslPolicy: ELBSecurityPolicy-2016-08}"), "violation " AT_AWS "0/sslPolicy" },
        { AWS("{sslPolicy: fips-allow}"), "violation " AT_AWS "0/sslPolicy" },
        { AWS("{protocolPort: 'HTTPS:443', sslPolicy: FIPS-allow}, {protocolPort: 'TLS:8443'}"),
          "pass " AT_AWS "0/sslPolicy; violation " AT_AWS "1/sslPolicy" },
        { AWS("{protocolPort: 'HTTP:80'}, {protocolPort: 'TCP_UDP:53', sslPolicy: FIPS-1-0}"), "" },
        { AWS(""), "unknown /spec/listenerConfigurations" },
        { AWS("{protocolPort: 'TLS:443', sslPolicy: FIPS-strict}"), "pass " AT_AWS "0/sslPolicy" },
    };
    static const struct gateway_case strict[] = {
        { AWS("{protocolPort: 'TLS:443', sslPolicy: FIPS-allow}"), "violation " AT_AWS "0/sslPolicy" },
    };
    static const struct gateway_case targets[] = {
        { TARGET("defaultConfiguration: {protocol: HTTP}"), "violation /spec/defaultConfiguration/protocol" },
        { TARGET("defaultConfiguration: {protocol: TCP}"), "violation /spec/defaultConfiguration/protocol" },
        { TARGET("defaultConfiguration: {protocol: UDP}"), "unknown /spec/defaultConfiguration/protocol" },
        { TARGET(""), "unknown /spec/defaultConfiguration/protocol" },
        { TARGET("defaultConfiguration: {protocol: HTTPS}, routeConfigurations: [{identifier: x, targetGroupProps:"
                 " {protocol: HTTP}}, {identifier: y, targetGroupProps: {}}]"),
          "pass /spec/defaultConfiguration/protocol;"
          " violation /spec/routeConfigurations/0/targetGroupProps/protocol" },
        { TARGET("defaultConfiguration: {protocol: TLS}"), "pass /spec/defaultConfiguration/protocol" },
    };

    check_cases("defaults: unknown", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
    check_cases("defaults: unknown", LEVEL_STRICT, strict, ARRAY_LEN(strict));
    check_cases("backendPlaintext: violation", LEVEL_STANDARD, targets, ARRAY_LEN(targets));
}

static void names_are_vouched_for_or_unknown(void **state UNUSED)
{
    static const struct gateway_case named[] = {
        { GCP("default: {sslPolicy: theirs}"), "violation /spec/default/sslPolicy" },
        { GCP("default: {allowGlobalAccess: true}"), "unknown /spec/default/sslPolicy" },
        { GCP("default: {sslPolicy: ours}"), "pass /spec/default/sslPolicy" },
    };
    static const struct gateway_case nobody[] = {
        { GCP("default: {sslPolicy: theirs}"), "unknown /spec/default/sslPolicy" },
        { AZURE("default: {policyType: {type: predefined, name: 2022-01}}"),
          "violation /spec/default/policyType/name" },
        { AZURE("default: {verify: {}}"), "unknown /spec/default/policyType/name" },
        { AZURE("default: {policyType: {type: predefined, name: 2023-06-S}}"), "pass /spec/default/policyType/name" },
    };

    check_cases("names: [ours]", LEVEL_STANDARD, named, ARRAY_LEN(named));
    check_cases("defaults: unknown", LEVEL_STANDARD, nobody, ARRAY_LEN(nobody));
}

static void contour_and_traefik_are_read(void **state UNUSED)
{
#define HOST "/spec/virtualhost/tls"
    static const struct gateway_case cases[] = {
        { CONTOUR("virtualhost: {tls: {minimumProtocolVersion: '1.1'}}"), "violation " HOST "/minimumProtocolVersion" },
        { CONTOUR("virtualhost: {tls: {minimumProtocolVersion: '1.20'}}"),
          "violation " HOST "/minimumProtocolVersion" },
        { CONTOUR("virtualhost: {tls: {secretName: x}}"), "unknown " HOST "/minimumProtocolVersion" },
        { CONTOUR("virtualhost: {tls: {passthrough: true}}"), "unknown " HOST },
        { CONTOUR("virtualhost: {fqdn: x}"), "violation " HOST " warns" },
        { CONTOUR("virtualhost: {tls: {minimumProtocolVersion: '1.2'}}, routes: [{}, {permitInsecure: true}]"),
          "pass " HOST "/minimumProtocolVersion; violation /spec/routes/1/permitInsecure warns" },
        /* A part that others include. */
        { CONTOUR("routes: [{permitInsecure: true}]"), "violation /spec/routes/0/permitInsecure warns" },
        { CONTOUR("routes: [{}]"), "" },
        { CONTOUR("virtualhost: {tls: {minimumProtocolVersion: '1.3', maximumProtocolVersion: '1.3'}}"),
          "pass " HOST "/minimumProtocolVersion; pass " HOST "/maximumProtocolVersion" },
        { TRAEFIK(""), "unknown /spec/minVersion; unknown /spec/cipherSuites; unknown /spec/curvePreferences" },
        /* Nothing, or nothing in it. */
        { TRAEFIK("minVersion: '', cipherSuites: [" GO_GCM "], curvePreferences: [CurveP256]"),
          "unknown /spec/minVersion; pass /spec/cipherSuites/0; pass /spec/curvePreferences/0" },
        { TRAEFIK("minVersion: VersionTLS10, cipherSuites: [" GO_GCM "], curvePreferences: [CurveP256]"),
          "violation /spec/minVersion; pass /spec/cipherSuites/0; pass /spec/curvePreferences/0" },
        { TRAEFIK("minVersion: VersionTLS12, maxVersion: VersionTLS10, cipherSuites: [TLS_RSA_WITH_RC4_128_SHA],"
                  " curvePreferences: [X25519, X448]"),
          "pass /spec/minVersion; violation /spec/maxVersion; violation /spec/cipherSuites/0;"
          " violation /spec/curvePreferences/0 warns; violation /spec/curvePreferences/1" },
        { OBJECT("traefik.containo.us/v1alpha1", "TLSOption",
                 "minVersion: VersionTLS12, cipherSuites: [" GO_GCM "], curvePreferences: [CurveP256]"),
          "pass /spec/minVersion; pass /spec/cipherSuites/0; pass /spec/curvePreferences/0" },
    };

    check_cases("defaults: unknown", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

static void openshift_is_read(void **state UNUSED)
{
#define PROFILE "/spec/tlsSecurityProfile/"
    static const struct gateway_case cases[] = {
        { ROUTE("host: x"), "violation /spec/tls" },
        { ROUTE("tls: {termination: passthrough}"), "violation /spec/tls/termination warns" },
        { ROUTE("tls: {termination: edge, insecureEdgeTerminationPolicy: Allow}"),
          "unknown /spec/tls/termination; violation /spec/tls/insecureEdgeTerminationPolicy" },
        { ROUTE("tls: {termination: reencrypt, insecureEdgeTerminationPolicy: Redirect}"),
          "unknown /spec/tls/termination; pass /spec/tls/insecureEdgeTerminationPolicy" },
        { ROUTE("tls: {termination: edge}"), "unknown /spec/tls/termination" },
        { OPENSHIFT("tlsSecurityProfile: {type: Old}"), "violation " PROFILE "type" },
        { OPENSHIFT("tlsSecurityProfile: {type: Newer}"), "violation " PROFILE "type" },
        { OPENSHIFT(""), "unknown " PROFILE "type" },
        /* What Custom would say counts for nothing under another type. */
        { OPENSHIFT("tlsSecurityProfile: {type: Old, custom: {minTLSVersion: VersionTLS12}}"),
          "violation " PROFILE "type" },
        { OPENSHIFT("tlsSecurityProfile: {type: Custom}"),
          "unknown " PROFILE "custom/minTLSVersion; unknown " PROFILE "custom/ciphers" },
        { OPENSHIFT("tlsSecurityProfile: {type: Custom, custom: {minTLSVersion: VersionTLS10, ciphers: [" GCM
                    ", AES128-SHA]}}"),
          "violation " PROFILE "custom/minTLSVersion; pass " PROFILE "custom/ciphers/0; violation " PROFILE
          "custom/ciphers/1" },
        { OPENSHIFT("tlsSecurityProfile: {type: Custom, custom: {minTLSVersion: VersionTLS12, ciphers: [" GCM "]}}"),
          "pass " PROFILE "custom/minTLSVersion; pass " PROFILE "custom/ciphers/0" },
        { OPENSHIFT("tlsSecurityProfile: {type: Intermediate}"), "pass " PROFILE "type" },
    };
    struct bench b;

    check_cases("plaintext: violation, passthrough: warn", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
    begin(&b);
    bench_must_compile(&b, "defaults: pass");
    bench_says(bench_check(&b, OPENSHIFT("tlsSecurityProfile: {type: Intermediate}"), LEVEL_STANDARD), "a note");
    bench_check(&b, ROUTE("tls: {termination: edge}"), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "pass /spec/tls/termination");
    bench_end(&b);
}

/* Every kind of the family has a row: none passes because nobody looked. */
static void no_kind_of_the_family_is_forgotten(void **state UNUSED)
{
    for (size_t i = 0; i < kind_count(); i++) {
        const struct kind *k = kind_at(i);
        struct bench b;
        struct sv object;

        if (k->family != FAMILY_GATEWAY)
            continue;
        begin(&b);
        bench_must_compile(&b, "defaults: unknown");
        object = arena_printf(&b.arena,
                              "{apiVersion: %.*s/v1, kind: %.*s, spec: {listeners: [{protocol: HTTPS}],"
                              " virtualhost: {tls: {}}, tls: {}}}",
                              SV_ARG(k->group), SV_ARG(k->kind));
        if (!bench_check(&b, object.p, LEVEL_STANDARD))
            fail_msg("nothing is said of %.*s", SV_ARG(object));
        bench_end(&b);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_point),
        cmocka_unit_test(listeners_tell_what_their_controller_reads),
        cmocka_unit_test(a_class_may_belong_to_another_controller),
        cmocka_unit_test(aws_listeners_name_an_allowed_policy),
        cmocka_unit_test(names_are_vouched_for_or_unknown),
        cmocka_unit_test(contour_and_traefik_are_read),
        cmocka_unit_test(openshift_is_read),
        cmocka_unit_test(no_kind_of_the_family_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
