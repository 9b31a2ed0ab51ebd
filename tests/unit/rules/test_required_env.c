/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define POD(rest) "{apiVersion: v1, kind: Pod, spec: {containers: [{name: app, image: x, " rest "}]}}"
#define ENV(entries) POD("env: [" entries "]")
#define ENV_AT "/spec/containers/0/env"

static const char plain[] = "env: [{name: FIPS, value: 'true', values: ['True']}], except: ['proxy-*']";
static const char item[] = "env: [{name: GODEBUG, value: fips140=on, values: [fips140=only], item: true}]";

struct row {
    const char *object, *summary;
};

static void run(const char *options, const struct row *rows, size_t count)
{
    struct bench b;

    bench_begin(&b, &rule_required_env);
    bench_must_compile(&b, options);
    for (size_t i = 0; i < count; i++) {
        bench_check(&b, rows[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s\ngives: %s", rows[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void a_variable_that_is_missing_or_wrong_is_a_violation(void **state UNUSED)
{
    static const struct row rows[] = {
        { POD(""), "violation " ENV_AT " repaired" },
        { POD("env: null"), "violation " ENV_AT " repaired" },
        { ENV(""), "violation " ENV_AT " repaired" },
        { ENV("{name: fips, value: 'true'}"), "violation " ENV_AT " repaired" },
        { ENV("{name: FIPS2, value: 'true'}"), "violation " ENV_AT " repaired" },
        { ENV("{name: FIPS, value: 'false'}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: FIPS, value: 'TRUE'}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: FIPS, value: ' true'}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: FIPS, value: ''}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: FIPS}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: FIPS, value: $$(A)}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: FIPS, value: 'true'}, {name: A}, {name: FIPS, value: x}"),
          "violation " ENV_AT "/2/value repaired" },
        { POD("envFrom: [{prefix: A, configMapRef: {name: c}}]"), "violation " ENV_AT " repaired" },
        { "{apiVersion: apps/v1, kind: ReplicaSet, spec: {template: {spec: {initContainers: [{name: i}]}}}}",
          "violation /spec/template/spec/initContainers/0/env template repaired" },
    };

    run(plain, rows, ARRAY_LEN(rows));
}

static void a_variable_as_it_has_to_be_passes(void **state UNUSED)
{
    static const struct row rows[] = {
        { ENV("{name: FIPS, value: 'true'}"), "pass " ENV_AT },
        { ENV("{name: FIPS, value: 'True'}"), "pass " ENV_AT },
        { ENV("{name: FIPS, value: 'false'}, {name: FIPS, value: 'true'}"), "pass " ENV_AT },
        { POD("env: [{name: FIPS, value: 'true'}], envFrom: [{configMapRef: {name: c}}]"), "pass " ENV_AT },
        { "{apiVersion: v1, kind: Pod, spec: {containers: [{name: proxy-1}], volumes: [{name: v, image: {reference: "
          "x}}]}}",
          "" },
    };

    run(plain, rows, ARRAY_LEN(rows));
}

static void what_comes_from_elsewhere_is_unknown(void **state UNUSED)
{
    static const struct row rows[] = {
        { ENV("{name: FIPS, valueFrom: {configMapKeyRef: {name: c, key: k}}}"), "unknown " ENV_AT "/0" },
        { ENV("{name: FIPS, value: '$(A)'}"), "unknown " ENV_AT "/0" },
        { ENV("{name: FIPS, value: 'true'}, {name: FIPS, value: '$(A)'}"), "unknown " ENV_AT "/1" },
        { POD("envFrom: [{configMapRef: {name: c}}]"), "unknown " ENV_AT " repaired" },
        { POD("envFrom: [{prefix: A}, {prefix: FI}]"), "unknown " ENV_AT " repaired" },
    };
    static const struct row lists[] = {
        { POD("envFrom: [{configMapRef: {name: c}}]"), "unknown " ENV_AT },
    };

    run(plain, rows, ARRAY_LEN(rows));
    run(item, lists, ARRAY_LEN(lists));
}

static void an_item_is_one_of_a_list(void **state UNUSED)
{
    static const struct row rows[] = {
        { ENV("{name: GODEBUG, value: fips140=on}"), "pass " ENV_AT },
        { ENV("{name: GODEBUG, value: 'a=b,fips140=only'}"), "pass " ENV_AT },
        { ENV("{name: GODEBUG, value: 'fips140=off,fips140=on'}"), "pass " ENV_AT },
        { ENV("{name: GODEBUG, value: 'fips140=on,fips140=off'}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: GODEBUG, value: 'xfips140=on'}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: GODEBUG, value: 'fips140=one'}"), "violation " ENV_AT "/0/value repaired" },
        { ENV("{name: GODEBUG, value: ''}"), "violation " ENV_AT "/0/value repaired" },
        { POD(""), "violation " ENV_AT " repaired" },
    };

    run(item, rows, ARRAY_LEN(rows));
}

static void ephemeral_containers_are_judged_and_not_repaired(void **state UNUSED)
{
    static const struct row rows[] = {
        { "{apiVersion: v1, kind: Pod, spec: {ephemeralContainers: [{name: e}, {name: f, env: [{name: FIPS, value: "
          "x}]}]}}",
          "violation /spec/ephemeralContainers/0/env; violation /spec/ephemeralContainers/1/env/0/value" },
        { "{apiVersion: v1, kind: EphemeralContainers, ephemeralContainers: [{name: e}]}",
          "violation /ephemeralContainers/0/env" },
    };

    run(plain, rows, ARRAY_LEN(rows));
}

static void check_repair(const char *options, const char *object, enum patch_class class, const char *pointer,
                         const char *value)
{
    const struct finding *f;
    struct bench b;

    bench_begin(&b, &rule_required_env);
    bench_must_compile(&b, options);
    f = bench_check(&b, object, LEVEL_STANDARD);
    assert_non_null(f->repairs);
    assert_int_equal(f->repairs->class, class);
    assert_true(sv_eq(f->repairs->pointer, sv_from(pointer)));
    if (!sv_eq(f->repairs->value, sv_from(value)))
        fail_msg("%.*s", SV_ARG(f->repairs->value));
    bench_end(&b);
}

static void repairs_add_or_replace_and_keep_a_list(void **state UNUSED)
{
    check_repair(plain, POD(""), PATCH_APPEND, ENV_AT, "{\"name\":\"FIPS\",\"value\":\"true\"}");
    check_repair(plain, ENV("{name: FIPS, value: x}"), PATCH_REPLACE, ENV_AT "/0/value", "\"true\"");
    check_repair(plain, ENV("{name: FIPS, value: null}"), PATCH_REPLACE, ENV_AT "/0/value", "\"true\"");
    check_repair(plain, ENV("{name: FIPS}"), PATCH_MEMBER, ENV_AT "/0/value", "\"true\"");
    check_repair(item, ENV("{name: GODEBUG, value: 'a=b'}"), PATCH_REPLACE, ENV_AT "/0/value", "\"a=b,fips140=on\"");
    check_repair(item, ENV("{name: GODEBUG, value: ''}"), PATCH_REPLACE, ENV_AT "/0/value", "\"fips140=on\"");
    check_repair("env: [{name: 'A\"', value: '\\'}]", POD(""), PATCH_APPEND, ENV_AT,
                 "{\"name\":\"A\\\"\",\"value\":\"\\\\\"}");
}

static void each_variable_has_its_containers(void **state UNUSED)
{
    static const struct row rows[] = {
        { "{apiVersion: v1, kind: Pod, spec: {containers: [{name: go-a}, {name: b}]}}",
          "violation /spec/containers/0/env repaired; violation /spec/containers/0/env; "
          "violation /spec/containers/1/env" },
    };

    run("env: [{name: Z, values: [z]}, {name: A, value: a, containers: [go-*, x]}]", rows, ARRAY_LEN(rows));
}

static void a_finding_says_what_is_wanted_and_where(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    bench_begin(&b, &rule_required_env);
    bench_must_compile(&b, item);
    f = bench_check(&b, ENV("{name: GODEBUG, value: fips140=off}"), LEVEL_STANDARD);
    bench_says(f, "set GODEBUG to fips140=only or fips140=on");
    assert_true(sv_eq(f->subject, SV("app")) && sv_eq(f->field, SV("env.GODEBUG")) && sv_eq(f->image, SV("x")) &&
                sv_eq(f->found, SV("fips140=off")));
    bench_end(&b);
}

static void options_that_make_no_sense_do_not_compile(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } rows[] = {
        { "env: []", "env" },
        { "env: [{name: A}]", "needs `value` or `values`" },
        { "env: [{value: a}]", "name" },
        { "env: [{name: A, value: a}, {name: B, value: b}, {name: A, value: c}]", "`A` is required twice" },
        { "env: [{name: A, value: a, item: true}]", "an item is KEY=VALUE" },
        { "env: [{name: A, value: '=a', item: true}]", "an item is KEY=VALUE" },
        { "env: [{name: A, value: a=b, values: [b=c], item: true}]", "have one KEY" },
        { "env: [{name: A, value: a=b, values: [b], item: true}]", "an item is KEY=VALUE" },
    };
    struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bench_begin(&b, &rule_required_env);
        if (bench_compile(&b, rows[i].options) || !strstr(b.e.msg, rows[i].message))
            fail_msg("%s: %s", rows[i].options, b.e.msg);
        bench_end(&b);
    }
}

static void there_is_an_end_to_how_many_one_rule_takes(void **state UNUSED)
{
    struct buf text = BUF_INIT(1 << 16);
    struct bench b;

    for (int i = 0; i <= 32; i++)
        buf_printf(&text, "%s{name: V%d, value: x}", i ? ", " : "env: [", i);
    buf_add(&text, SV("]"));
    buf_add_char(&text, '\0');
    bench_begin(&b, &rule_required_env);
    assert_false(bench_compile(&b, text.p));
    assert_non_null(strstr(b.e.msg, "33 variables, but one rule takes 32"));
    bench_end(&b);
    buf_fini(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variable_that_is_missing_or_wrong_is_a_violation),
        cmocka_unit_test(a_variable_as_it_has_to_be_passes),
        cmocka_unit_test(what_comes_from_elsewhere_is_unknown),
        cmocka_unit_test(an_item_is_one_of_a_list),
        cmocka_unit_test(ephemeral_containers_are_judged_and_not_repaired),
        cmocka_unit_test(repairs_add_or_replace_and_keep_a_list),
        cmocka_unit_test(each_variable_has_its_containers),
        cmocka_unit_test(a_finding_says_what_is_wanted_and_where),
        cmocka_unit_test(options_that_make_no_sense_do_not_compile),
        cmocka_unit_test(there_is_an_end_to_how_many_one_rule_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
