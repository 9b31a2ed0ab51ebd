/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: " value ", verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: a note}"
#define FACTS                                                                                                          \
    ROW("FIPS-strict", "strict", "A")                                                                                  \
    "," ROW("FIPS-allow", "allow", "A") "," ROW("FIPS-warn", "warn", "A") "," ROW("FIPS-1-0", "deny", "A")
#define LB "service.beta.kubernetes.io/aws-load-balancer-"
#define CERT LB "ssl-cert: 'arn:aws:acm:x'"
#define POLICY LB "ssl-negotiation-policy: "
#define PORTS LB "ssl-ports: "
#define QUIC LB "quic-enabled-ports: "
#define UDP LB "enable-tcp-udp-listener: "
#define DNS "; unknown /spec/ports/1"
#define AT "/metadata/annotations/service.beta.kubernetes.io~1aws-load-balancer-ssl-negotiation-policy"
#define AT_PORTS "/metadata/annotations/service.beta.kubernetes.io~1aws-load-balancer-ssl-ports"
#define SERVICE(annotations, spec)                                                                                     \
    "{apiVersion: v1, kind: Service, metadata: {annotations: {" annotations "}}, spec: {" spec "}}"
#define BALANCER "type: LoadBalancer, ports: [{name: https, port: 443, protocol: TCP}]"
#define AND_DNS                                                                                                        \
    "type: LoadBalancer, ports: [{name: https, port: 443, protocol: TCP}, {name: dns, port: 53, protocol: UDP}]"
#define BOTH "type: LoadBalancer, ports: [{name: a, port: 443, protocol: UDP}, {name: b, port: 443}]"

static void begin(struct bench *b, const char *options)
{
    bench_begin(b, &rule_lb_service);
    bench_facts(b, "elb-policies", FACTS);
    bench_must_compile(b, options);
}

static void mistakes_in_the_options_point(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        { "set: FIPS-allow", "allow" },
        { "allow: []", "allow" },
        { "allow: ['@elb-policy']", "no fact set is called `elb-policy`" },
        { "allow: ['@elb-policies'], set: ''", "set" },
        { "allow: ['@elb-policies'], set: FIPS-1-0", "`FIPS-1-0` is nothing that `allow` passes" },
        { "allow: ['@elb-policies'], set: FIPS-warn", "`FIPS-warn` is nothing that `allow` passes" },
        { "allow: ['@elb-policies'], set: Other", "`Other` is nothing that `allow` passes" },
        { "allow: ['@elb-policies'], passthrough: deny", "passthrough" },
        { "allow: ['@elb-policies'], otherController: pass", "did you mean `otherControllers`?" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        bench_begin(&b, &rule_lb_service);
        bench_facts(&b, "elb-policies", FACTS);
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        if (!strstr(b.e.msg, cases[i].message) || !strstr(b.e.msg, "test.yaml:1:"))
            fail_msg("%s: %s", cases[i].options, b.e.msg);
        bench_end(&b);
    }
}

static void the_named_policy_is_judged_by_exact_name(void **state UNUSED)
{
    static const struct {
        const char *annotations, *standard, *strict;
    } cases[] = {
        { CERT, "violation " AT " repaired", "violation " AT },
        { CERT ", " POLICY "''", "violation " AT " repaired", "violation " AT },
        { CERT ", " POLICY "fips-strict", "violation " AT " repaired", "violation " AT },
        { CERT ", " POLICY "' FIPS-strict'", "violation " AT " repaired", "violation " AT },
        { CERT ", " POLICY "FIPS-other", "violation " AT " repaired", "violation " AT },
        { CERT ", " POLICY "FIPS-1-0", "violation " AT " repaired", "violation " AT },
        { CERT ", " POLICY "FIPS-warn", "violation " AT " warns", "violation " AT " warns" },
        { CERT ", " POLICY "FIPS-allow", "pass " AT, "violation " AT },
        { CERT ", " POLICY "FIPS-strict", "pass " AT, "pass " AT },
        { CERT ", " POLICY "our-own", "pass " AT, "pass " AT },
    };
    struct bench b;

    begin(&b, "allow: ['@elb-policies', our-own], set: FIPS-allow");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv service = arena_printf(&b.arena, SERVICE("%s", BALANCER), cases[i].annotations);

        bench_check(&b, service.p, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].standard) != 0)
            fail_msg("%s: %s", cases[i].annotations, bench_summary(&b));
        bench_check(&b, service.p, LEVEL_STRICT); /* the repair would not pass, so there is none */
        if (strncmp(bench_summary(&b), cases[i].strict, strlen(cases[i].strict)) != 0 ||
            strstr(bench_summary(&b), "repaired"))
            fail_msg("strict, %s: %s", cases[i].annotations, bench_summary(&b));
    }
    bench_end(&b);
}

static void the_repair_sets_the_annotation(void **state UNUSED)
{
    static const struct {
        const char *annotations;
        enum patch_class class;
    } cases[] = {
        { CERT, PATCH_MEMBER },
        { CERT ", " POLICY "''", PATCH_REPLACE },
        { CERT ", " POLICY "FIPS-1-0", PATCH_REPLACE },
    };
    struct bench b;

    begin(&b, "allow: ['@elb-policies'], set: FIPS-allow");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv service = arena_printf(&b.arena, SERVICE("%s", BALANCER), cases[i].annotations);
        const struct finding *f = bench_check(&b, service.p, LEVEL_STANDARD);

        assert_non_null(f->repairs);
        assert_null(f->repairs->next);
        assert_int_equal(f->repairs->class, cases[i].class);
        assert_true(sv_eq(f->repairs->pointer, SV(AT)));
        assert_true(sv_eq(f->repairs->value, SV("\"FIPS-allow\"")));
        bench_says(f, "such as FIPS-allow");
        bench_says(f, "@elb-policies");
    }
    assert_true(rule_lb_service.repairs_updates);
    bench_end(&b);
}

static void only_listeners_that_do_tls_need_a_policy(void **state UNUSED)
{
    static const struct {
        const char *object, *summary;
    } cases[] = {
        { SERVICE(CERT ", " PORTS "https", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "'443'", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "' , 443 ,'", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "''", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "' , '", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT, "type: LoadBalancer, ports: [{port: 443}]"), "violation " AT },
        /* What only the older controller takes for TLS, unless it is not the one. */
        { SERVICE(CERT ", " PORTS "'*'", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "' * '", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "'*,x'", AND_DNS), "unknown " AT_PORTS },
        { SERVICE(CERT ", " PORTS "'*', " LB "type: external", AND_DNS), "unknown " AT_PORTS },
        { SERVICE(CERT ", " PORTS "'*'", AND_DNS ", loadBalancerClass: service.k8s.aws/nlb"), "unknown " AT_PORTS },
        { SERVICE(CERT ", " PORTS "'0443'", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "'+443'", AND_DNS), "violation " AT DNS },
        { SERVICE(CERT ", " PORTS "'+-443'", AND_DNS), "unknown " AT_PORTS },
        { SERVICE(CERT ", " PORTS "'0443'", "type: LoadBalancer, ports: [{name: '0443', port: 8443}]"),
          "violation " AT },
        { SERVICE(CERT ", " QUIC "'443'", BALANCER), "violation " AT },
        { SERVICE(CERT ", " QUIC "'443', " LB "type: nlb", BALANCER), "violation " AT },
        { SERVICE(CERT ", " UDP "'true'", BOTH), "violation " AT "; unknown /spec/ports/0" },
        { SERVICE(CERT ", " PORTS "HTTPS", AND_DNS), "unknown " AT_PORTS },
        { SERVICE(CERT ", " PORTS "'https,8443'", AND_DNS), "unknown " AT_PORTS "; violation " AT DNS },
        { SERVICE(CERT ", " PORTS "dns", AND_DNS), "unknown /spec" },
        { SERVICE(CERT, "type: LoadBalancer, ports: [{port: 53, protocol: UDP}]"), "unknown /spec" },
        { SERVICE(CERT, "type: LoadBalancer, ports: [{port: 53, protocol: TCP_UDP}]"), "unknown /spec" },
        { SERVICE(CERT, "type: LoadBalancer, ports: [{port: 443, protocol: SCTP}]"), "violation " AT },
        /* One good listener does not speak for the others. */
        { SERVICE(CERT ", " POLICY "FIPS-allow, " PORTS "'443'",
                  "type: LoadBalancer, ports: [{port: 443}, {port: 80}]"),
          "pass " AT "; unknown /spec/ports/1" },
        /* What shares its number with UDP, where both become one listener, does no TLS. */
        { SERVICE(CERT ", " POLICY "FIPS-allow", BOTH), "pass " AT "; unknown /spec/ports/0" },
        { SERVICE(CERT ", " POLICY "FIPS-allow, " UDP "'false'", BOTH), "pass " AT "; unknown /spec/ports/0" },
        { SERVICE(CERT ", " POLICY "FIPS-allow, " LB "type: external, " UDP "'true'", BOTH), "unknown /spec" },
        { SERVICE(CERT ", " POLICY "FIPS-allow, " LB "type: external, " QUIC "'443'", BALANCER), "unknown /spec" },
        { SERVICE(CERT ", " POLICY "FIPS-allow, " LB "type: external, " QUIC "' https ,'", BALANCER), "unknown /spec" },
        { SERVICE(CERT ", " POLICY "FIPS-allow, " QUIC "'4430'", BALANCER), "pass " AT },
        { SERVICE("", AND_DNS), "unknown /spec" },
        { SERVICE(LB "ssl-cert: ''", AND_DNS), "unknown /spec" },
        { SERVICE(LB "ssl-cert: ' , '", AND_DNS), "unknown /spec" },
        { SERVICE(POLICY "FIPS-1-0", AND_DNS), "unknown /spec" },
        { SERVICE(CERT, "type: ClusterIP, ports: [{port: 443}]"), "" },
        { SERVICE(CERT, "ports: [{port: 443}]"), "" },
        { SERVICE(CERT, "type: NodePort, ports: [{port: 443}]"), "" },
    };
    struct bench b;

    begin(&b, "allow: ['@elb-policies']");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bench_check(&b, cases[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s", cases[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void what_nobody_can_tell_is_the_policys_choice(void **state UNUSED)
{
    static const struct {
        const char *option, *through, *other;
    } cases[] = {
        { "unknown", "unknown /spec", "unknown /spec/loadBalancerClass" },
        { "pass", "pass /spec", "pass /spec/loadBalancerClass" },
        { "warn", "violation /spec warns", "violation /spec/loadBalancerClass warns" },
        { "violation", "violation /spec", "violation /spec/loadBalancerClass" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        bench_begin(&b, &rule_lb_service);
        bench_facts(&b, "elb-policies", FACTS);
        bench_must_compile(&b, arena_printf(&b.arena, "allow: ['@elb-policies'], passthrough: %s, otherControllers: %s",
                                            cases[i].option, cases[i].option)
                                   .p);
        bench_check(&b, SERVICE("", BALANCER), LEVEL_STANDARD);
        assert_string_equal(bench_summary(&b), cases[i].through);
        bench_check(&b, SERVICE(CERT, BALANCER ", loadBalancerClass: io.cilium/l2"), LEVEL_STANDARD);
        assert_string_equal(bench_summary(&b), cases[i].other);
        bench_check(&b, SERVICE(CERT, BALANCER ", loadBalancerClass: service.k8s.aws/nlb"), LEVEL_STANDARD);
        assert_string_equal(bench_summary(&b), "violation " AT);
        bench_check(&b, SERVICE(CERT, BALANCER ", loadBalancerClass: eks.amazonaws.com/nlb"), LEVEL_STANDARD);
        assert_string_equal(bench_summary(&b), "violation " AT);
        bench_end(&b);
    }
}

/* A list that is looked up in a list has to end somewhere. */
static void more_ports_than_there_can_be_are_not_looked_at(void **state UNUSED)
{
    struct bench b;
    struct buf ports, entries;

    begin(&b, "allow: ['@elb-policies']");
    ports = (struct buf)BUF_IN(&b.arena);
    entries = (struct buf)BUF_IN(&b.arena);
    for (int i = 1; i <= 256; i++) {
        buf_printf(&ports, "{port: %d},", i);
        buf_printf(&entries, "%s%d", i > 1 ? "," : "", i);
    }
    bench_check(&b,
                arena_printf(&b.arena, SERVICE(CERT ", " PORTS "'%.*s'", "type: LoadBalancer, ports: [%.*s]"),
                             (int)entries.len, entries.p, (int)ports.len, ports.p)
                    .p,
                LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "violation " AT);
    bench_check(&b,
                arena_printf(&b.arena, SERVICE(CERT ", " PORTS "'%.*s,1'", "type: LoadBalancer, ports: [%.*s]"),
                             (int)entries.len, entries.p, (int)ports.len, ports.p)
                    .p,
                LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "violation /spec/ports"); /* once more is no way past the rule */
    bench_check(
        &b,
        arena_printf(&b.arena, SERVICE("", "type: LoadBalancer, ports: [%.*s {port: 257}]"), (int)ports.len, ports.p).p,
        LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "unknown /spec/ports");
    bench_end(&b);
}

static void a_missing_site_set_makes_other_names_unknown(void **state UNUSED)
{
    struct bench b;

    begin(&b, "allow: ['@elb-policies', '@site-elb'], set: '@site-elb-choice'");
    assert_int_equal(b.missing.count, 2);
    bench_says(bench_check(&b, SERVICE(CERT ", " POLICY "Theirs", BALANCER), LEVEL_STANDARD), "site-elb");
    assert_string_equal(bench_summary(&b), "unknown " AT);
    bench_check(&b, SERVICE(CERT ", " POLICY "FIPS-1-0", BALANCER), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "violation " AT);
    bench_check(&b, SERVICE(CERT, BALANCER), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "violation " AT);
    bench_must_compile(&b, "allow: ['@site-elb'], set: Theirs");
    bench_check(&b, SERVICE(CERT, BALANCER), LEVEL_STANDARD); /* nobody can say that the repair would pass */
    assert_string_equal(bench_summary(&b), "violation " AT);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_point),
        cmocka_unit_test(the_named_policy_is_judged_by_exact_name),
        cmocka_unit_test(the_repair_sets_the_annotation),
        cmocka_unit_test(only_listeners_that_do_tls_need_a_policy),
        cmocka_unit_test(what_nobody_can_tell_is_the_policys_choice),
        cmocka_unit_test(more_ports_than_there_can_be_are_not_looked_at),
        cmocka_unit_test(a_missing_site_set_makes_other_names_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
