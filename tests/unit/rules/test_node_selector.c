/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define TERMS_AT "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms"
#define POD(spec) "{apiVersion: v1, kind: Pod, spec: {" spec "}}"
#define SELECTOR(pairs) POD("nodeSelector: {" pairs "}")
#define AFFINITY(terms)                                                                                                \
    POD("affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: " terms "}}}")
#define IN(key, values) "{key: " key ", operator: In, values: " values "}"
#define REPAIRED " repaired"

static const char labels[] =
    "{value: azure/fips=true, verdict: allow, sure: A, source: x, asOf: 2026-11-22, ignoreCase: true},"
    "{value: rumour/fips=true, verdict: allow, sure: C, source: x, asOf: 2026-11-22},"
    "{value: guess/fips=true, verdict: warn, sure: A, source: x, asOf: 2026-11-22},"
    "{value: azure/fips=maybe, verdict: deny, sure: A, source: x, asOf: 2026-11-22}";

static void begin(struct bench *b, const char *options)
{
    bench_begin(b, &rule_node_selector);
    bench_facts(b, "node-labels", labels);
    bench_must_compile(b, options);
}

struct row {
    const char *object, *summary;
};

static void run(const char *options, enum level level, const struct row *rows, size_t count)
{
    struct bench b;

    begin(&b, options);
    for (size_t i = 0; i < count; i++) {
        bench_check(&b, rows[i].object, level);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s\ngives: %s", rows[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static const char options[] = "allow: [nr/fips=true, '@node-labels'], set: nr/fips=true";

static void pods_that_ask_for_no_fips_node_are_violations(void **state UNUSED)
{
    static const struct row rows[] = {
        { POD(""), "violation /spec/nodeSelector" REPAIRED },
        { POD("nodeSelector: null, affinity: null"), "violation /spec/nodeSelector" REPAIRED },
        { SELECTOR("disk: ssd"), "violation /spec/nodeSelector" REPAIRED },
        { SELECTOR("nr/fips: 'false'"), "violation /spec/nodeSelector/nr~1fips" },
        { SELECTOR("nr/fips: 'TRUE'"), "violation /spec/nodeSelector/nr~1fips" },
        { SELECTOR("nr/fips: ''"), "violation /spec/nodeSelector/nr~1fips" },
        { SELECTOR("azure/fips: maybe"), "violation /spec/nodeSelector/azure~1fips" },
        { SELECTOR("NR/fips: 'true'"), "violation /spec/nodeSelector" REPAIRED },
        { AFFINITY("[]"), "violation /spec/nodeSelector" REPAIRED },
        { AFFINITY("[null]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: []}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "[]") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "['true', x]") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "[true]") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "[x, 'true']") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "{a: 'true'}") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("other", "['true']") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [{key: nr/fips, operator: Exists}]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [{key: nr/fips, operator: NotIn, values: ['true']}]}]"),
          "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [{key: nr/fips, operator: in, values: ['true']}]}]"),
          "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: {a: " IN("nr/fips", "['true']") "}}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("{a: {matchExpressions: [" IN("nr/fips", "['true']") "]}}"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchFields: [" IN("nr/fips", "['true']") "]}]"), "violation " TERMS_AT "/0" REPAIRED },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "['true']") "]}, {matchFields: []}]"),
          "violation " TERMS_AT "/1" REPAIRED },
        { POD("nodeName: n1"), "violation /spec/nodeSelector" REPAIRED },
    };

    run(options, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void pods_that_ask_for_a_fips_node_pass(void **state UNUSED)
{
    static const struct row rows[] = {
        { SELECTOR("nr/fips: 'true'"), "pass /spec" },
        { SELECTOR("disk: ssd, nr/fips: 'true'"), "pass /spec" },
        { SELECTOR("azure/fips: 'True'"), "pass /spec" },
        { SELECTOR("azure/fips: 'false', nr/fips: 'true'"), "pass /spec" },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "['true']") "]}]"), "pass /spec" },
        { AFFINITY("[{matchExpressions: [" IN("zone", "[a, b]") ", " IN("azure/fips", "['true', 'True']") "]}]"),
          "pass /spec" },
        { AFFINITY("[{matchExpressions: [" IN("nr/fips", "['true']") "]}, {matchFields: [], matchExpressions: [" IN(
              "azure/fips", "['true']") "]}]"),
          "pass /spec" },
    };

    run(options, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void what_rests_on_a_weak_fact_warns(void **state UNUSED)
{
    static const struct row rows[] = {
        { SELECTOR("guess/fips: 'true'"), "violation /spec/nodeSelector warns" },
        { SELECTOR("guess/fips: 'false'"), "violation /spec/nodeSelector/guess~1fips" },
        { SELECTOR("guess/fips: 'true', azure/fips: 'true'"), "pass /spec" },
        { AFFINITY("[{matchExpressions: [" IN("guess/fips",
                                              "['true']") "]}, {matchExpressions: [" IN("nr/fips", "['true']") "]}]"),
          "violation " TERMS_AT "/0 warns" },
    };

    run(options, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void level_strict_wants_a_strict_fact(void **state UNUSED)
{
    static const struct row rows[] = {
        { SELECTOR("azure/fips: 'true'"), "violation /spec/nodeSelector/azure~1fips" },
        { SELECTOR("nr/fips: 'true'"), "pass /spec" },
        { POD(""), "violation /spec/nodeSelector" REPAIRED },
    };
    static const struct row weak[] = { { POD(""), "violation /spec/nodeSelector" } };

    run(options, LEVEL_STRICT, rows, ARRAY_LEN(rows));
    run("allow: ['@node-labels'], set: azure/fips=true", LEVEL_STRICT, weak, ARRAY_LEN(weak));
}

static void a_node_named_past_the_scheduler_is_unknown(void **state UNUSED)
{
    static const struct row rows[] = {
        { POD("nodeName: n1, nodeSelector: {nr/fips: 'true'}"), "unknown /spec/nodeName" },
        { POD("nodeName: '', nodeSelector: {nr/fips: 'true'}"), "pass /spec" },
        { "{apiVersion: v1, kind: Pod, spec: {nodeName: n1, nodeSelector: {nr/fips: 'true'}},"
          " status: {conditions: [{type: PodScheduled, status: 'True'}]}}",
          "pass /spec" },
        { "{apiVersion: v1, kind: Pod, spec: {nodeName: n1, nodeSelector: {nr/fips: 'true'}},"
          " status: {conditions: [{type: PodScheduled, status: 'False'}, {type: Ready, status: 'True'}]}}",
          "unknown /spec/nodeName" },
        { "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {nodeName: n1,"
          " nodeSelector: {nr/fips: 'true'}}}}, status: {conditions: [{type: PodScheduled, status: 'True'}]}}",
          "unknown /spec/template/spec/nodeName template" },
    };

    run(options, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void the_repair_adds_one_label(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    begin(&b, "allow: [node-restriction.kubernetes.io/fips=true], set: node-restriction.kubernetes.io/fips=true");
    f = bench_check(&b, SELECTOR("disk: ssd"), LEVEL_STANDARD);
    assert_non_null(f->repairs);
    assert_int_equal(f->repairs->class, PATCH_MEMBER);
    assert_true(sv_eq(f->repairs->pointer, SV("/spec/nodeSelector/node-restriction.kubernetes.io~1fips")));
    assert_true(sv_eq(f->repairs->value, SV("\"true\"")));
    assert_null(f->repairs->next);
    bench_says(f, "add nodeSelector `node-restriction.kubernetes.io/fips: \"true\"`");
    bench_end(&b);
}

static void without_set_nothing_is_repaired(void **state UNUSED)
{
    static const struct row rows[] = { { POD(""), "violation /spec/nodeSelector" } };

    run("allow: [nr/fips=true]", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void without_the_sites_labels_nothing_is_known(void **state UNUSED)
{
    static const struct row rows[] = { { POD(""), "unknown /spec/nodeSelector" } };

    run("allow: ['@site-labels'], set: '@site-labels'", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
    run("allow: ['@site-labels'], set: nr/fips=true", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void a_pod_without_its_spec_is_not_judged(void **state UNUSED)
{
    static const struct row rows[] = {
        { "{apiVersion: v1, kind: EphemeralContainers, ephemeralContainers: [{name: e}]}", "" },
    };

    run(options, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void options_that_make_no_sense_do_not_compile(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } rows[] = {
        { "allow: [fips]", "is no label" },
        { "allow: ['=true']", "is no label" },
        { "allow: ['a b=true']", "is no label" },
        { "allow: [a=b], set: c", "is no label" },
        { "allow: [a=b], set: a=c", "does not pass `allow`" },
        { "allow: ['@node-labels'], set: guess/fips=true", "does not pass `allow`" },
        { "allow: ['@node-labels'], set: '@node-labels'", "only a site set" },
        { "allow: []", "allow" },
    };
    struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bench_begin(&b, &rule_node_selector);
        bench_facts(&b, "node-labels", labels);
        if (bench_compile(&b, rows[i].options) || !strstr(b.e.msg, rows[i].message))
            fail_msg("%s: %s", rows[i].options, b.e.msg);
        bench_end(&b);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(pods_that_ask_for_no_fips_node_are_violations),
        cmocka_unit_test(pods_that_ask_for_a_fips_node_pass),
        cmocka_unit_test(what_rests_on_a_weak_fact_warns),
        cmocka_unit_test(level_strict_wants_a_strict_fact),
        cmocka_unit_test(a_node_named_past_the_scheduler_is_unknown),
        cmocka_unit_test(the_repair_adds_one_label),
        cmocka_unit_test(without_set_nothing_is_repaired),
        cmocka_unit_test(without_the_sites_labels_nothing_is_known),
        cmocka_unit_test(a_pod_without_its_spec_is_not_judged),
        cmocka_unit_test(options_that_make_no_sense_do_not_compile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
