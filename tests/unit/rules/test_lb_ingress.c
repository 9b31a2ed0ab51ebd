/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: " value ", verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: a note}"
#define POLICIES ROW("FIPS-strict", "strict", "A") "," ROW("FIPS-allow", "allow", "A") "," ROW("FIPS-1-0", "deny", "A")
#define SUITES                                                                                                         \
    ROW("ECDHE-RSA-AES128-GCM-SHA256", "strict", "A")                                                                  \
    "," ROW("ECDHE-RSA-AES256-SHA384", "allow", "A") "," ROW("ECDHE-RSA-AES128-SHA", "warn",                           \
                                                             "A") "," ROW("AES128-SHA", "deny", "A")
#define OPTIONS "allow: ['@elb-policies'], set: FIPS-allow"

#define INGRESS(class, annotations, spec)                                                                              \
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {annotations: {" annotations                          \
    "}}, spec: {ingressClassName: " class ", " spec "}}"
#define TLS "tls: [{secretName: x}]"
#define ALB "alb.ingress.kubernetes.io/"
#define AT_ALB "/metadata/annotations/alb.ingress.kubernetes.io~1"
#define NGINX "nginx.ingress.kubernetes.io/ssl-ciphers: "
#define AT_NGINX "/metadata/annotations/nginx.ingress.kubernetes.io~1ssl-ciphers"
#define CONTOUR "projectcontour.io/tls-minimum-protocol-version: "
#define AT_CONTOUR "/metadata/annotations/projectcontour.io~1tls-minimum-protocol-version"
#define GKE "networking.gke.io/v1beta1.FrontendConfig: "
#define AT_GKE "/metadata/annotations/networking.gke.io~1v1beta1.FrontendConfig"
#define TRAEFIK "traefik.ingress.kubernetes.io/router.tls"
#define AT_TRAEFIK "/metadata/annotations/traefik.ingress.kubernetes.io~1router.tls.options"
#define AGIC "appgw.ingress.kubernetes.io/appgw-ssl-"
#define AT_AGIC "/metadata/annotations/appgw.ingress.kubernetes.io~1appgw-ssl-profile"
#define GCM "ECDHE-RSA-AES128-GCM-SHA256"

struct ingress_case {
    const char *object, *summary;
};

static void begin(struct bench *b)
{
    bench_begin(b, &rule_lb_ingress);
    bench_facts(b, "elb-policies", POLICIES);
    bench_facts(b, "tls-suites", SUITES);
}

static void check_cases(const char *options, enum level level, const struct ingress_case *cases, size_t count)
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
        { "set: FIPS-allow", "allow" },
        { "allow: ['@elb-policies'], set: FIPS-1-0", "is nothing that `allow` passes" },
        { "allow: ['@elb-policies'], ciphers: []", "ciphers" },
        { "allow: ['@elb-policies'], ciphers: ['@tls-suits']", "did you mean `tls-suites`?" },
        { "allow: ['@elb-policies'], names: ['@frontends']", "no fact set is called `frontends`" },
        { "allow: ['@elb-policies'], classes: [{name: x}]", "controller" },
        { "allow: ['@elb-policies'], classes: [{name: x, controller: ngnix}]", "did you mean `nginx`?" },
        { "allow: ['@elb-policies'], plaintext: no-way", "plaintext" },
        { "allow: ['@elb-policies'], unknownclass: pass", "did you mean `unknownClass`?" },
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

static void an_alb_names_its_policy_where_it_does_tls(void **state UNUSED)
{
    static const struct ingress_case cases[] = {
        { INGRESS("alb", ALB "ssl-policy: ELBSecurityPolicy-2016-08", ""),
          "violation " AT_ALB "ssl-policy repaired; violation /spec/tls warns" },
        { INGRESS("alb", ALB "ssl-policy: FIPS-1-0", TLS),
          "violation " AT_ALB "ssl-policy repaired; violation /spec/tls warns" },
        { INGRESS("alb", ALB "ssl-policy: ' '", TLS),
          "violation " AT_ALB "ssl-policy repaired; violation /spec/tls warns" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTP\":80},{\"HTTPS\":443}]'", ""),
          "violation " AT_ALB "ssl-policy repaired; violation " AT_ALB "listen-ports warns" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTP\":80},{\"HTTPS\":443}]', " ALB "ssl-redirect: '443'", ""),
          "violation " AT_ALB "ssl-policy repaired" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTPS\":443}]'", ""), "violation " AT_ALB "ssl-policy repaired" },
        /* What is said goes before what a certificate would mean. */
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTP\":80}]', " ALB "certificate-arn: 'arn:x'", ""),
          "violation /spec/tls warns" },
        { INGRESS("alb", ALB "listen-ports: '[{\"https\":443}]', " ALB "certificate-arn: 'arn:x'", ""),
          "violation /spec/tls warns" },
        { INGRESS("alb", ALB "ssl-policy: FIPS-allow, " ALB "listen-ports: '[{\"HTTP\":80}]'", ""),
          "pass " AT_ALB "ssl-policy; violation /spec/tls warns" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTP\":80}]', " ALB "ssl-redirect: '443'", ""), "" },
        { INGRESS("alb", ALB "certificate-arn: 'arn:x'", ""), "violation " AT_ALB "ssl-policy repaired" },
        { INGRESS("alb", ALB "create-acm-cert: 'true'", ""), "violation " AT_ALB "ssl-policy repaired" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTPS\":443}'", ""),
          "violation " AT_ALB "ssl-policy repaired; unknown " AT_ALB "listen-ports" },
        { INGRESS("alb", ALB "listen-ports: '{\"HTTPS\":443}'", ""),
          "violation " AT_ALB "ssl-policy repaired; unknown " AT_ALB "listen-ports" },
        { INGRESS("alb", ALB "listen-ports: 'HTTPS'", ""),
          "violation " AT_ALB "ssl-policy repaired; unknown " AT_ALB "listen-ports" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTPS\":443,\"HTTPS\":443}]'", ""),
          "violation " AT_ALB "ssl-policy repaired; unknown " AT_ALB "listen-ports" },
        { INGRESS("alb", ALB "listen-ports: 'HTTPS', " ALB "ssl-policy: FIPS-allow", ""),
          "pass " AT_ALB "ssl-policy; unknown " AT_ALB "listen-ports" },
        { INGRESS("alb", ALB "listen-ports: 'HTTPS', " ALB "certificate-arn: 'arn:x'", ""),
          "violation " AT_ALB "ssl-policy repaired; unknown " AT_ALB "listen-ports" },
        { INGRESS("alb", "", TLS), "violation /spec/tls warns" },
        { INGRESS("alb", ALB "certificate-arn: ' ', " ALB "create-acm-cert: 'false'", ""),
          "violation /spec/tls warns" },
        { INGRESS("alb", ALB "listen-ports: '[{\"HTTP\":80}]'", ""), "violation /spec/tls warns" },
        { INGRESS("alb", ALB "listen-ports: ''", ""), "violation /spec/tls warns" },
        { INGRESS("alb", ALB "ssl-policy: FIPS-allow", ""), "pass " AT_ALB "ssl-policy; violation /spec/tls warns" },
        { INGRESS("alb", ALB "ssl-policy: FIPS-strict, " ALB "certificate-arn: 'arn:x'", ""),
          "pass " AT_ALB "ssl-policy" },
    };

    check_cases(OPTIONS, LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

static void the_repair_sets_the_annotation(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b);
    bench_must_compile(&b, OPTIONS);
    f = bench_check(&b, INGRESS("alb", ALB "ssl-policy: FIPS-1-0", ""), LEVEL_STANDARD);
    assert_int_equal(f->repairs->class, PATCH_REPLACE);
    assert_true(sv_eq(f->repairs->pointer, SV(AT_ALB "ssl-policy")));
    assert_true(sv_eq(f->repairs->value, SV("\"FIPS-allow\"")));
    assert_true(sv_eq(f->found, SV("FIPS-1-0")));
    f = bench_check(&b, INGRESS("alb", ALB "create-acm-cert: 'true'", ""), LEVEL_STANDARD);
    assert_int_equal(f->repairs->class, PATCH_MEMBER);
    assert_null(f->found.p);
    assert_true(rule_lb_ingress.repairs_updates);
    bench_end(&b);
}

static void cipher_lists_hold_allowed_suites_only(void **state UNUSED)
{
    static const struct ingress_case standard[] = {
        { INGRESS("nginx", NGINX "'HIGH:!aNULL:!MD5'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'" GCM ":AES128-SHA'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'ECDHE-RSA-AES128-SHA:AES128-SHA'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'AES128-SHA:ECDHE-RSA-AES128-SHA'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'" GCM " ECDHE-RSA-CHACHA20-POLY1305'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'" GCM ",CAMELLIA'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'+" GCM "'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'ecdhe-rsa-aes128-gcm-sha256'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'" GCM ":ECDHE-RSA-AES128-SHA'", TLS), "violation " AT_NGINX " warns" },
        { INGRESS("nginx", NGINX "'" GCM ":ECDHE-RSA-AES256-SHA384:!aNULL:-SHA1:@STRENGTH:'", TLS), "pass " AT_NGINX },
        { INGRESS("nginx", NGINX "'" GCM ":@SECLEVEL=0'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'!aNULL'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "':'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "''", TLS), "unknown " AT_NGINX },
        { INGRESS("nginx", "", TLS), "unknown " AT_NGINX },
        { INGRESS("nginx", "", ""), "violation /spec/tls warns" },
    };
    static const struct ingress_case strict[] = {
        { INGRESS("nginx", NGINX "'" GCM ":ECDHE-RSA-AES256-SHA384'", TLS), "violation " AT_NGINX },
        { INGRESS("nginx", NGINX "'" GCM "'", TLS), "pass " AT_NGINX },
    };

    check_cases(OPTIONS, LEVEL_STANDARD, standard, ARRAY_LEN(standard));
    check_cases(OPTIONS, LEVEL_STRICT, strict, ARRAY_LEN(strict));
}

static void each_controller_is_judged_by_what_it_reads(void **state UNUSED)
{
    static const struct ingress_case cases[] = {
        { INGRESS("contour", CONTOUR "'1.1'", TLS), "violation " AT_CONTOUR },
        { INGRESS("contour", CONTOUR "'1.20'", TLS), "violation " AT_CONTOUR },
        { INGRESS("contour", CONTOUR "'TLSv1.2'", TLS), "violation " AT_CONTOUR },
        { INGRESS("contour", "contour.heptio.com/tls-minimum-protocol-version: '1.1'", TLS),
          "violation /metadata/annotations/contour.heptio.com~1tls-minimum-protocol-version" },
        { INGRESS("contour", "", TLS), "unknown " AT_CONTOUR },
        { INGRESS("contour", CONTOUR "'1.2'", TLS), "pass " AT_CONTOUR },
        { INGRESS("contour", CONTOUR "'1.3'", TLS), "pass " AT_CONTOUR },
        { INGRESS("gce", GKE "theirs", TLS), "violation " AT_GKE },
        { INGRESS("gce-internal", "", TLS), "violation " AT_GKE },
        { INGRESS("gce", "networking.gke.io/managed-certificates: x", ""), "violation " AT_GKE },
        { INGRESS("gce", GKE "fips", TLS), "pass " AT_GKE },
        { INGRESS("traefik", TRAEFIK ".options: default-theirs@kubernetescrd", TLS), "violation " AT_TRAEFIK },
        { INGRESS("traefik", TRAEFIK ": 'true'", ""), "unknown " AT_TRAEFIK },
        { INGRESS("traefik", TRAEFIK ": 'false'", ""), "violation /spec/tls warns" },
        { INGRESS("traefik", TRAEFIK ".options: fips", TLS), "pass " AT_TRAEFIK },
        { INGRESS("azure-application-gateway", AGIC "profile: theirs", TLS), "violation " AT_AGIC },
        { INGRESS("azure-application-gateway", AGIC "certificate: x", ""), "unknown " AT_AGIC },
        { INGRESS("azure-application-gateway", AGIC "profile: fips", TLS), "pass " AT_AGIC },
        { INGRESS("inc", "nginx.org/ssl-ciphers: HIGH", TLS),
          "violation /metadata/annotations/nginx.org~1ssl-ciphers" },
    };

    check_cases(OPTIONS ", names: [fips], classes: [{name: inc, controller: nginx-inc}]", LEVEL_STANDARD, cases,
                ARRAY_LEN(cases));
}

static void names_nobody_vouched_for_are_unknown(void **state UNUSED)
{
    static const struct ingress_case cases[] = {
        { INGRESS("gce", GKE "theirs", TLS), "unknown " AT_GKE },
    };
    static const struct ingress_case missing[] = {
        { INGRESS("gce", GKE "theirs", TLS), "unknown " AT_GKE },
        { INGRESS("gce", GKE "fips", TLS), "pass " AT_GKE },
    };

    check_cases(OPTIONS, LEVEL_STANDARD, cases, ARRAY_LEN(cases));
    check_cases(OPTIONS ", names: [fips, '@site-frontends']", LEVEL_STANDARD, missing, ARRAY_LEN(missing));
}

static void the_class_tells_the_controller(void **state UNUSED)
{
#define LEGACY(annotations, spec)                                                                                      \
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {annotations: {" annotations "}}, spec: {" spec "}}"
    static const struct ingress_case cases[] = {
        { INGRESS("other", "", TLS), "unknown /spec/ingressClassName" },
        { INGRESS("ALB", "", TLS), "unknown /spec/ingressClassName" },
        { LEGACY("", TLS), "unknown /spec/ingressClassName" },
        { LEGACY("kubernetes.io/ingress.class: other", TLS), "unknown /spec/ingressClassName" },
        { LEGACY("kubernetes.io/ingress.class: azure/application-gateway", TLS), "unknown " AT_AGIC },
        { LEGACY("kubernetes.io/ingress.class: alb, " ALB "ssl-policy: x", ""),
          "violation " AT_ALB "ssl-policy repaired; violation /spec/tls warns" },
        /* Of two classes that differ each is judged: controllers differ in which they follow. */
        { INGRESS("contour", "kubernetes.io/ingress.class: alb, " ALB "certificate-arn: 'arn:x'", TLS),
          "unknown " AT_CONTOUR "; violation " AT_ALB "ssl-policy repaired" },
        { INGRESS("other", "kubernetes.io/ingress.class: alb, " ALB "certificate-arn: 'arn:x'", TLS),
          "violation " AT_ALB "ssl-policy repaired; unknown /spec/ingressClassName" },
        { INGRESS("alb", "kubernetes.io/ingress.class: other, " ALB "certificate-arn: 'arn:x'", TLS),
          "violation " AT_ALB "ssl-policy repaired; unknown /spec/ingressClassName" },
        { INGRESS("alb", "kubernetes.io/ingress.class: nginx, " ALB "certificate-arn: 'arn:x'", TLS),
          "violation " AT_ALB "ssl-policy repaired" },
        { INGRESS("edge", ALB "ssl-policy: x, " ALB "certificate-arn: 'arn:x'", ""),
          "violation " AT_ALB "ssl-policy repaired" },
        { INGRESS("nginx", ALB "ssl-policy: x, " ALB "certificate-arn: 'arn:x'", ""),
          "violation " AT_ALB "ssl-policy repaired" },
    };
    static const struct ingress_case chosen[] = {
        { INGRESS("other", "", TLS), "violation /spec/ingressClassName" },
        { INGRESS("contour", "", ""), "pass /spec/tls" },
    };

    check_cases(OPTIONS ", classes: [{name: edge, controller: alb}, {name: nginx, controller: alb}]", LEVEL_STANDARD,
                cases, ARRAY_LEN(cases));
    check_cases(OPTIONS ", unknownClass: violation, plaintext: pass", LEVEL_STANDARD, chosen, ARRAY_LEN(chosen));
#undef LEGACY
}

static void class_parameters_are_judged_and_never_repaired(void **state UNUSED)
{
#define PARAMS(spec) "{apiVersion: elbv2.k8s.aws/v1beta1, kind: IngressClassParams, spec: {" spec "}}"
    static const struct ingress_case cases[] = {
        { PARAMS("sslPolicy: FIPS-1-0"), "violation /spec/sslPolicy" },
        { PARAMS("sslPolicy: ''"), "unknown /spec/sslPolicy" },
        { PARAMS(""), "unknown /spec/sslPolicy" },
        { PARAMS("certificateArn: []"), "unknown /spec/sslPolicy" },
        { PARAMS("certificateArn: ['arn:x']"), "violation /spec/sslPolicy" },
        { PARAMS("listeners: [{protocol: HTTP, port: 80}, {protocol: HTTPS, port: 443}]"),
          "violation /spec/listeners warns; violation /spec/sslPolicy" },
        { PARAMS("sslRedirectPort: '443', listeners: [{protocol: HTTP, port: 80}, {protocol: HTTPS, port: 443}]"),
          "violation /spec/sslPolicy" },
        { PARAMS("listeners: [{protocol: HTTP, port: 80}]"),
          "violation /spec/listeners warns; unknown /spec/sslPolicy" },
        { PARAMS("sslPolicy: FIPS-allow, certificateArn: ['arn:x']"), "pass /spec/sslPolicy" },
    };

    check_cases(OPTIONS, LEVEL_STANDARD, cases, ARRAY_LEN(cases));
#undef PARAMS
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_point),
        cmocka_unit_test(an_alb_names_its_policy_where_it_does_tls),
        cmocka_unit_test(the_repair_sets_the_annotation),
        cmocka_unit_test(cipher_lists_hold_allowed_suites_only),
        cmocka_unit_test(each_controller_is_judged_by_what_it_reads),
        cmocka_unit_test(names_nobody_vouched_for_are_unknown),
        cmocka_unit_test(the_class_tells_the_controller),
        cmocka_unit_test(class_parameters_are_judged_and_never_repaired),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
