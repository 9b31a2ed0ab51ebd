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

#define SNIPPET "nginx.ingress.kubernetes.io/server-snippet: "
#define AT_SNIPPET "/metadata/annotations/nginx.ingress.kubernetes.io~1server-snippet"
#define PASSES ", " NGINX GCM

static void snippets_that_speak_of_tls_cannot_be_read(void **state UNUSED)
{
    static const struct ingress_case cases[] = {
        { INGRESS("nginx", SNIPPET "'ssl_protocols TLSv1;'" PASSES, TLS), "unknown " AT_SNIPPET "; pass " AT_NGINX },
        { INGRESS("nginx", SNIPPET "'proxy_ssl_verify on;ssl_ciphers x;'" PASSES, TLS),
          "unknown " AT_SNIPPET "; pass " AT_NGINX },
        { INGRESS("nginx", SNIPPET "'proxy_ssl_verify on;'" PASSES, TLS), "pass " AT_NGINX },
        { INGRESS("nginx", SNIPPET "'add_header X ssl;'" PASSES, TLS), "pass " AT_NGINX },
        { INGRESS("nginx", SNIPPET "''" PASSES, TLS), "pass " AT_NGINX },
        { INGRESS("nginx", "nginx.ingress.kubernetes.io/configuration-snippet: 'x; ssl_ciphers y;'" PASSES, TLS),
          "unknown /metadata/annotations/nginx.ingress.kubernetes.io~1configuration-snippet; pass " AT_NGINX },
        { INGRESS("f5", "nginx.org/server-snippets: 'ssl_ciphers y;', nginx.org/ssl-ciphers: " GCM, TLS),
          "unknown /metadata/annotations/nginx.org~1server-snippets; "
          "pass /metadata/annotations/nginx.org~1ssl-ciphers" },
        { INGRESS("nginx", "nginx.org/server-snippets: 'ssl_ciphers y;'" PASSES, TLS), "pass " AT_NGINX },
    };

    check_cases(OPTIONS ", classes: [{name: f5, controller: nginx-inc}]", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

#define CLASS(name, spec) CLASS_MARKED(name, spec, "{}")
#define CLASS_MARKED(name, spec, annotations)                                                                          \
    "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: " name ", annotations: " annotations      \
    "}, spec: {" spec "}}"
#define DEFAULT "{ingressclass.kubernetes.io/is-default-class: 'true'}"
#define IS_ALB "controller: ingress.k8s.aws/alb"
#define NAMES_PARAMS IS_ALB ", parameters: {apiGroup: elbv2.k8s.aws, kind: IngressClassParams, name: p}"
#define PARAMS(spec)                                                                                                   \
    "{apiVersion: elbv2.k8s.aws/v1beta1, kind: IngressClassParams, metadata: {name: p}, spec: {" spec "}}"
#define CERTIFICATE ALB "certificate-arn: arn"
#define POLICY(name) ALB "ssl-policy: " name
#define AT_CLASS "/spec/ingressClassName"

struct beside {
    const char *what;
    const char *others[3]; /* that stand beside the Ingress */
    const char *ingress, *summary;
};

static void check_beside(const char *options, const struct beside *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bench b;

        begin(&b);
        bench_must_compile(&b, options);
        for (size_t k = 0; k < ARRAY_LEN(rows[i].others) && rows[i].others[k]; k++)
            bench_beside(&b, rows[i].others[k]);
        bench_check(&b, rows[i].ingress, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s gives: %s", rows[i].what, bench_summary(&b));
        bench_end(&b);
    }
}

static void a_class_that_stands_beside_it_tells_the_controller(void **state UNUSED)
{
    static const struct beside rows[] = {
        { "an ALB without a policy, which is not repaired",
          { CLASS("web", IS_ALB) },
          INGRESS("web", CERTIFICATE, ""),
          "violation " AT_ALB "ssl-policy" },
        { "an ALB with one",
          { CLASS("web", IS_ALB) },
          INGRESS("web", CERTIFICATE ", " POLICY("FIPS-strict"), ""),
          "pass " AT_ALB "ssl-policy" },
        { "an ALB with a bad one",
          { CLASS("web", IS_ALB) },
          INGRESS("web", POLICY("FIPS-1-0") ", " CERTIFICATE, ""),
          "violation " AT_ALB "ssl-policy" },
        { "nginx",
          { CLASS("web", "controller: k8s.io/ingress-nginx") },
          INGRESS("web", NGINX "AES128-SHA", TLS),
          "violation " AT_NGINX },
        { "Contour",
          { CLASS("web", "controller: projectcontour.io/ingress-controller") },
          INGRESS("web", CONTOUR "'1.2'", TLS),
          "pass " AT_CONTOUR },
        { "a controller nobody knows",
          { CLASS("web", "controller: example.com/x") },
          INGRESS("web", "", TLS),
          "unknown " AT_CLASS },
        { "no controller", { CLASS("web", "") }, INGRESS("web", "", TLS), "unknown " AT_CLASS },
        { "another class", { CLASS("other", IS_ALB) }, INGRESS("web", "", TLS), "unknown " AT_CLASS },
        { "two that differ", { CLASS("web", IS_ALB), CLASS("web", "") }, INGRESS("web", "", TLS), "unknown " AT_CLASS },
        { "the default",
          { CLASS_MARKED("web", IS_ALB, DEFAULT) },
          INGRESS("null", CERTIFICATE, ""),
          "violation " AT_ALB "ssl-policy" },
        { "one that is no default", { CLASS("web", IS_ALB) }, INGRESS("null", CERTIFICATE, ""), "unknown " AT_CLASS },
        { "an empty name is not the default",
          { CLASS_MARKED("web", IS_ALB, DEFAULT) },
          INGRESS("''", CERTIFICATE, ""),
          "unknown " AT_CLASS },
        { "the old annotation is not looked up",
          { CLASS("web", IS_ALB) },
          INGRESS("null", "kubernetes.io/ingress.class: web", TLS),
          "unknown " AT_CLASS },
        { "both, and the old one is another's",
          { CLASS("web", IS_ALB) },
          INGRESS("web", CERTIFICATE ", " POLICY("FIPS-allow") ", kubernetes.io/ingress.class: other", ""),
          "pass " AT_ALB "ssl-policy; unknown " AT_CLASS },
        { "both, and the old one is known by its name, which is repaired",
          { CLASS("web", NAMES_PARAMS), PARAMS("sslPolicy: FIPS-strict") },
          INGRESS("web", CERTIFICATE ", kubernetes.io/ingress.class: alb", ""),
          "violation " AT_ALB "ssl-policy repaired" },
        { "a well-known name goes before it",
          { CLASS("nginx", IS_ALB) },
          INGRESS("nginx", NGINX GCM, TLS),
          "pass " AT_NGINX },
    };

    check_beside(OPTIONS, rows, ARRAY_LEN(rows));
}

static void parameters_that_stand_beside_it_override_the_ingress(void **state UNUSED)
{
    static const struct beside rows[] = {
        { "they do not stand there",
          { CLASS("web", NAMES_PARAMS) },
          INGRESS("web", POLICY("FIPS-allow"), ""),
          "unknown " AT_CLASS },
        { "they are of another kind",
          { CLASS("web", IS_ALB ", parameters: {apiGroup: '', kind: Namespace, name: p}"),
            "{apiVersion: v1, kind: Namespace, metadata: {name: p}}" },
          INGRESS("web", POLICY("FIPS-allow"), ""),
          "unknown " AT_CLASS },
        { "a good policy over a bad one",
          { CLASS("web", NAMES_PARAMS), PARAMS("sslPolicy: FIPS-strict") },
          INGRESS("web", POLICY("FIPS-1-0") ", " CERTIFICATE, ""),
          "pass " AT_CLASS },
        { "a bad policy over a good one",
          { CLASS("web", NAMES_PARAMS), PARAMS("sslPolicy: FIPS-1-0") },
          INGRESS("web", POLICY("FIPS-strict") ", " CERTIFICATE, ""),
          "violation " AT_CLASS },
        { "no policy, so the Ingress chooses",
          { CLASS("web", NAMES_PARAMS), PARAMS("scheme: internal") },
          INGRESS("web", POLICY("FIPS-strict") ", " CERTIFICATE, ""),
          "pass " AT_ALB "ssl-policy" },
        { "no spec",
          { CLASS("web", NAMES_PARAMS), PARAMS("") },
          INGRESS("web", CERTIFICATE, ""),
          "violation " AT_ALB "ssl-policy" },
        { "a certificate of the class",
          { CLASS("web", NAMES_PARAMS), PARAMS("certificateArn: [arn]") },
          INGRESS("web", "", ""),
          "violation " AT_ALB "ssl-policy" },
        { "listeners of the class go before those of the Ingress",
          { CLASS("web", NAMES_PARAMS), PARAMS("listeners: [{protocol: HTTP, port: 80}]") },
          INGRESS("web", ALB "listen-ports: '[{\"HTTPS\":443}]'", ""),
          "violation /spec/tls warns" },
        { "a redirect of the class",
          { CLASS("web", NAMES_PARAMS), PARAMS("sslRedirectPort: '443', sslPolicy: FIPS-allow") },
          INGRESS("web", CERTIFICATE ", " ALB "listen-ports: '[{\"HTTP\":80},{\"HTTPS\":443}]'", ""),
          "pass " AT_CLASS },
    };

    check_beside(OPTIONS, rows, ARRAY_LEN(rows));
}

static void what_the_policy_says_of_unlisted_classes_goes_before_context(void **state UNUSED)
{
    static const struct beside rows[] = {
        { "refused",
          { CLASS("web", IS_ALB) },
          INGRESS("web", POLICY("FIPS-strict") ", " CERTIFICATE, ""),
          "violation " AT_CLASS },
    };

    check_beside(OPTIONS ", unknownClass: violation", rows, ARRAY_LEN(rows));
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
        cmocka_unit_test(snippets_that_speak_of_tls_cannot_be_read),
        cmocka_unit_test(a_class_that_stands_beside_it_tells_the_controller),
        cmocka_unit_test(parameters_that_stand_beside_it_override_the_ingress),
        cmocka_unit_test(what_the_policy_says_of_unlisted_classes_goes_before_context),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
