/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: " value ", verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: a note}"
#define VERSIONS ROW("TLSV1_3", "strict", "C") "," ROW("TLSV1_2", "strict", "A") "," ROW("TLSV1_1", "deny", "A")
#define SUITES                                                                                                         \
    ROW("ECDHE-RSA-AES128-GCM-SHA256", "strict", "A")                                                                  \
    "," ROW("ECDHE-RSA-AES256-SHA384", "allow", "A") "," ROW("ECDHE-RSA-AES128-SHA", "warn", "A")
#define GCM "ECDHE-RSA-AES128-GCM-SHA256"

#define PEER(spec) "{apiVersion: security.istio.io/v1, kind: PeerAuthentication, spec: {" spec "}}"
#define DESTINATION(spec) "{apiVersion: networking.istio.io/v1, kind: DestinationRule, spec: {" spec "}}"
#define SERVER(protocol, tls) "{port: {number: 443, name: x, protocol: " protocol "}" tls "}"
#define GATEWAY(servers) "{apiVersion: networking.istio.io/v1, kind: Gateway, spec: {servers: [" servers "]}}"
#define TLS(members) ", tls: {mode: SIMPLE, " members "}"
#define GOOD "minProtocolVersion: TLSV1_2, cipherSuites: [" GCM "]"
#define AT "/spec/servers/0"

struct mesh_case {
    const char *object, *summary;
};

static void begin(struct bench *b)
{
    bench_begin(b, &rule_mesh_tls);
    bench_facts(b, "tls-versions", VERSIONS);
    bench_facts(b, "tls-suites", SUITES);
}

static void check_cases(const char *options, enum level level, const struct mesh_case *cases, size_t count)
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
        { "suites: []", "suites" },
        { "versions: []", "versions" },
        { "suites: ['@tls-suits']", "did you mean `tls-suites`?" },
        { "versions: ['@tls-version']", "did you mean `tls-versions`?" },
        { "passthrough: maybe", "passthrough" },
        { "default: pass", "did you mean `defaults`?" },
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

static void peers_accept_mutual_tls_only(void **state UNUSED)
{
    static const struct mesh_case cases[] = {
        { PEER("mtls: {mode: DISABLE}"), "violation /spec/mtls/mode" },
        { PEER("mtls: {mode: PERMISSIVE}"), "violation /spec/mtls/mode" },
        { PEER("mtls: {mode: strict}"), "unknown /spec/mtls/mode" },
        { PEER("mtls: {mode: UNSET}"), "unknown /spec/mtls/mode" },
        { PEER("mtls: {mode: ''}"), "unknown /spec/mtls/mode" },
        { PEER("mtls: {}"), "unknown /spec/mtls/mode" },
        { PEER(""), "unknown /spec/mtls/mode" },
        { "{apiVersion: security.istio.io/v1beta1, kind: PeerAuthentication}", "unknown /spec/mtls/mode" },
        { PEER("mtls: {mode: STRICT}, portLevelMtls: {'8080': {mode: DISABLE}, '9090': {mode: STRICT}}"),
          "pass /spec/mtls/mode; violation /spec/portLevelMtls/8080/mode; pass /spec/portLevelMtls/9090/mode" },
        { PEER("mtls: {mode: STRICT}, portLevelMtls: {'8080': {mode: PERMISSIVE}}"),
          "pass /spec/mtls/mode; violation /spec/portLevelMtls/8080/mode" },
        { PEER("portLevelMtls: {'8080': {mode: STRICT}}"),
          "unknown /spec/mtls/mode; pass /spec/portLevelMtls/8080/mode" },
        /* A port that says nothing does what the workload does. */
        { PEER("mtls: {mode: STRICT}, portLevelMtls: {'1': {mode: UNSET}, '2': {}, '3': null}"),
          "pass /spec/mtls/mode" },
        { PEER("mtls: {mode: STRICT}"), "pass /spec/mtls/mode" },
    };

    check_cases("defaults: unknown", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

static void clients_speak_tls(void **state UNUSED)
{
#define POLICY "/spec/trafficPolicy"
    static const struct mesh_case cases[] = {
        { DESTINATION("trafficPolicy: {tls: {mode: DISABLE}}"), "violation " POLICY "/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {}}"), "violation " POLICY "/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {sni: x}}"), "violation " POLICY "/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: null}"), "unknown " POLICY "/tls/mode" },
        { DESTINATION("trafficPolicy: {}"), "unknown " POLICY "/tls/mode" },
        { DESTINATION("host: x"), "unknown " POLICY "/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 1}}]}"),
          "pass " POLICY "/tls/mode; unknown " POLICY "/portLevelSettings/0/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{tls: {mode: SIMPLE}},"
                      " {tls: {mode: DISABLE}}, {tls: {}}]}"),
          "pass " POLICY "/tls/mode; pass " POLICY "/portLevelSettings/0/tls/mode; violation " POLICY
          "/portLevelSettings/1/tls/mode; violation " POLICY "/portLevelSettings/2/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {mode: MUTUAL}}, subsets: [{name: a}, {name: b, trafficPolicy: {}},"
                      " {name: c, trafficPolicy: {tls: {mode: DISABLE}}}, {name: d, trafficPolicy: {tls: {}}}]"),
          "pass " POLICY "/tls/mode; violation /spec/subsets/2/trafficPolicy/tls/mode;"
          " violation /spec/subsets/3/trafficPolicy/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {mode: SIMPLE}}, subsets: [{trafficPolicy: {portLevelSettings:"
                      " [{tls: {mode: DISABLE}}, {}]}}]"),
          "pass " POLICY "/tls/mode; violation /spec/subsets/0/trafficPolicy/portLevelSettings/0/tls/mode;"
          " unknown /spec/subsets/0/trafficPolicy/portLevelSettings/1/tls/mode" },
        { DESTINATION("trafficPolicy: {tls: {mode: MUTUAL}}"), "pass " POLICY "/tls/mode" },
    };

    check_cases("defaults: unknown", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

static void gateways_say_their_versions_and_suites(void **state UNUSED)
{
    static const struct mesh_case cases[] = {
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_0, cipherSuites: [" GCM "]"))),
          "violation " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites/0" },
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_1, cipherSuites: [" GCM "]"))),
          "violation " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites/0" },
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLS_AUTO, cipherSuites: [" GCM "]"))),
          "unknown " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites/0" },
        { GATEWAY(SERVER("HTTPS", TLS("credentialName: x"))),
          "unknown " AT "/tls/minProtocolVersion; unknown " AT "/tls/cipherSuites" },
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_2, cipherSuites: []"))),
          "pass " AT "/tls/minProtocolVersion; unknown " AT "/tls/cipherSuites" },
        { GATEWAY(SERVER("TLS", TLS("minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_1,"
                                    " cipherSuites: [ECDHE-RSA-CHACHA20-POLY1305, " GCM ", ECDHE-RSA-AES128-SHA]"))),
          "pass " AT "/tls/minProtocolVersion; violation " AT "/tls/maxProtocolVersion; violation " AT
          "/tls/cipherSuites/0; pass " AT "/tls/cipherSuites/1; violation " AT "/tls/cipherSuites/2 warns" },
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_2, cipherSuites: ['" GCM ":AES128-SHA']"))),
          "pass " AT "/tls/minProtocolVersion; violation " AT "/tls/cipherSuites/0" },
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_2, cipherSuites: [ALL]"))),
          "pass " AT "/tls/minProtocolVersion; violation " AT "/tls/cipherSuites/0" },
        /* The FIPS mode of Istio itself. */
        { GATEWAY(SERVER("HTTPS", TLS(GOOD ", maxProtocolVersion: TLSV1_2"))),
          "pass " AT "/tls/minProtocolVersion; pass " AT "/tls/maxProtocolVersion; pass " AT "/tls/cipherSuites/0" },
        { GATEWAY(SERVER("HTTPS", TLS(GOOD ", maxProtocolVersion: TLS_AUTO"))),
          "pass " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites/0" },
        { GATEWAY(""), "" },
        { "{apiVersion: networking.istio.io/v1alpha3, kind: Gateway}", "" },
    };
    static const struct mesh_case strict[] = {
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_2, cipherSuites: [ECDHE-RSA-AES256-SHA384]"))),
          "pass " AT "/tls/minProtocolVersion; violation " AT "/tls/cipherSuites/0" },
    };

    check_cases("defaults: unknown", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
    check_cases("defaults: unknown", LEVEL_STRICT, strict, ARRAY_LEN(strict));
}

static void servers_without_tls_of_their_own_are_the_policys_choice(void **state UNUSED)
{
    static const struct mesh_case cases[] = {
        { GATEWAY(SERVER("HTTP", "")), "violation " AT "/port/protocol" },
        { GATEWAY(SERVER("http2", "")), "violation " AT "/port/protocol" },
        { GATEWAY(SERVER("HTTP", ", tls: {httpsRedirect: false}")), "violation " AT "/port/protocol" },
        /* TLS settings count for nothing where the protocol is HTTP. */
        { GATEWAY(SERVER("grpc", TLS(GOOD))), "violation " AT "/port/protocol" },
        { GATEWAY(SERVER("HTTP", ", tls: {httpsRedirect: true}")), "" },
        { GATEWAY(SERVER("TCP", ", tls: {httpsRedirect: true}")), "violation " AT "/tls/mode warns" },
        { GATEWAY(SERVER("MONGO", "")), "violation " AT "/tls" },
        { GATEWAY(SERVER("HTTPS", "")), "violation " AT "/tls" },
        { GATEWAY("{hosts: [x]}"), "violation " AT "/tls" },
        { GATEWAY(SERVER("TCP", "")), "violation " AT "/port/protocol warns" },
        { GATEWAY(SERVER("TCP", TLS(GOOD))), "pass " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites/0" },
        { GATEWAY(SERVER("TLS", ", tls: {mode: PASSTHROUGH}")), "violation " AT "/tls/mode warns" },
        { GATEWAY(SERVER("TLS", ", tls: {mode: AUTO_PASSTHROUGH}")), "violation " AT "/tls/mode warns" },
        /* The mode whose number is zero. */
        { GATEWAY(SERVER("TLS", ", tls: {minProtocolVersion: TLSV1_2}")), "violation " AT "/tls/mode warns" },
    };
    static const struct mesh_case by_default[] = {
        { GATEWAY(SERVER("HTTP", "")), "violation " AT "/port/protocol warns" },
        { GATEWAY(SERVER("TLS", ", tls: {mode: PASSTHROUGH}")), "unknown " AT "/tls/mode" },
    };
    static const struct mesh_case pass[] = {
        { GATEWAY(SERVER("HTTPS", TLS(""))), "pass " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites" },
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_1"))),
          "violation " AT "/tls/minProtocolVersion; pass " AT "/tls/cipherSuites" },
        { PEER(""), "pass /spec/mtls/mode" },
        { PEER("mtls: {mode: STRICTLY}"), "unknown /spec/mtls/mode" },
        { DESTINATION("trafficPolicy: {tls: {}}"), "violation " POLICY "/tls/mode" },
    };

    check_cases("plaintext: violation, passthrough: warn", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
    check_cases("defaults: unknown", LEVEL_STANDARD, by_default, ARRAY_LEN(by_default));
    check_cases("defaults: pass", LEVEL_STANDARD, pass, ARRAY_LEN(pass));
}

static void a_site_set_nobody_supplied_denies_nothing(void **state UNUSED)
{
    static const struct mesh_case cases[] = {
        { GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_2, cipherSuites: [OTHER, " GCM "]"))),
          "pass " AT "/tls/minProtocolVersion; unknown " AT "/tls/cipherSuites/0; pass " AT "/tls/cipherSuites/1" },
    };

    check_cases("suites: [" GCM ", '@site-suites']", LEVEL_STANDARD, cases, ARRAY_LEN(cases));
}

/* What an UPDATE compares: the server by its name, the setting by its place in it. */
static void a_server_keeps_its_name_when_it_moves(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b);
    bench_must_compile(&b, "defaults: pass");
    f = bench_check(&b, GATEWAY(SERVER("HTTPS", TLS("minProtocolVersion: TLSV1_1, cipherSuites: [" GCM ", RC4]"))),
                    LEVEL_STANDARD);
    assert_true(sv_eq(f->subject, SV("x")));
    assert_true(sv_eq(f->field, SV("/tls/minProtocolVersion")));
    assert_true(sv_eq(f->found, SV("TLSV1_1")));
    bench_says(f, "`TLSV1_1` is not an allowed least TLS version");
    f = f->next->next;
    assert_true(sv_eq(f->field, SV("/tls/cipherSuites")));
    assert_true(sv_eq(f->found, SV("RC4")));
    f = bench_check(&b, GATEWAY("{port: {number: 1, protocol: TLS}" TLS("minProtocolVersion: TLSV1_1") "}"),
                    LEVEL_STANDARD);
    assert_true(sv_eq(f->subject, SV("/spec/servers/0")));
    f = bench_check(&b, PEER("portLevelMtls: {'8080': {mode: DISABLE}}"), LEVEL_STANDARD)->next;
    assert_true(sv_eq(f->field, SV("/spec/portLevelMtls/8080/mode")));
    bench_says(f, "mutual TLS is switched off on this port");
    f = bench_check(&b, DESTINATION("trafficPolicy: {tls: {}}"), LEVEL_STANDARD);
    bench_says(f, "tls without a mode switches TLS to this host off");
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_point),
        cmocka_unit_test(peers_accept_mutual_tls_only),
        cmocka_unit_test(clients_speak_tls),
        cmocka_unit_test(gateways_say_their_versions_and_suites),
        cmocka_unit_test(servers_without_tls_of_their_own_are_the_policys_choice),
        cmocka_unit_test(a_site_set_nobody_supplied_denies_nothing),
        cmocka_unit_test(a_server_keeps_its_name_when_it_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
