/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define RDS "kinds: [{group: rds.services.k8s.aws, kind: DBInstance, versions: [v1, v1alpha1]}], "
#define ENCRYPTED "path: /spec/storageEncrypted, operator: Equals, values: [true]"
#define ONE(field) RDS "fields: [{" field "}]"
#define OBJECT(spec) "{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBInstance, spec: {" spec "}}"

static void mistakes_in_the_options_point(void **state UNUSED)
{
    static const struct {
        const char *options, *message, *place;
    } cases[] = {
        { "fields: [{" ENCRYPTED "}]", "`kinds` is missing", "1:" },
        { "kinds: [{kind: A}]", "`fields` is missing", "1:" },
        { "kinds: [], fields: [{" ENCRYPTED "}]", "`kinds` must not be empty", "1:" },
        { "kinds: [{kind: A}], fields: []", "`fields` must not be empty", "1:" },
        { "kinds: [{group: a}], fields: [{" ENCRYPTED "}]", "`kind` is missing", "1:" },
        { "kinds: [{kind: ''}], fields: [{" ENCRYPTED "}]", "must not be empty", "1:" },
        { "kinds: [{kind: A, versions: []}], fields: [{" ENCRYPTED "}]", "must not be empty", "1:" },
        { "\nkinds: [{kind: A}],\nfields: [{operator: Exists}]", "`path` is missing", "3:10:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: spec.x, operator: Exists}]", "begins with `/`", "3:17:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a~b, operator: Exists}]", "is written `~0`", "3:17:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: equals, values: [1]}]", "did you mean `Equals`?",
          "3:31:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a}]", "`operator` is missing", "3:10:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Equals}]", "a list of exactly one", "3:10:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Equals, values: []}]", "a list of exactly one",
          "3:47:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: In, values: [1, {}]}]", "this is an object", "3:47:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Exists, values: [1]}]", "takes no `values`", "3:47:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: DoesNotExist, absent: pass}]",
          "is content with a field that is not there", "3:53:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Exists, absent: maybe}]", "`absent` is `maybe`",
          "3:47:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Exists, none: pass}]", "a path with a `*`", "3:45:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a/*, operator: Equals, values: [1], set: 1}]", "a path without `*`",
          "3:59:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a/0/b, operator: Equals, values: [1], set: 1}]",
          "leads through no list", "3:61:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Equals, values: [true], set: 'true'}]",
          "`set` is no value that passes", "3:60:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: DoesNotExist, set: 1}]",
          "`set` is no value that passes", "3:50:" },
        { "\nkinds: [{kind: A}],\nfields: [{path: /a, operator: Exists, vaules: [1]}]", "did you mean `values`?",
          "3:39:" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        bench_begin(&b, &rule_fields);
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        if (!strstr(b.e.msg, cases[i].message) || !strstr(b.e.msg, "test.yaml:") || !strstr(b.e.msg, cases[i].place))
            fail_msg("%s: %s", cases[i].options, b.e.msg);
        bench_end(&b);
    }
}

static void what_is_not_as_wanted_is_a_violation(void **state UNUSED)
{
    static const struct {
        const char *options, *object, *summary;
    } cases[] = {
        { ONE(ENCRYPTED), OBJECT("storageEncrypted: false"), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), OBJECT("storageEncrypted: 'true'"), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), OBJECT("storageEncrypted: 1"), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), OBJECT("storageEncrypted: [true]"), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), OBJECT("storageEncrypted: null"), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), OBJECT("storageencrypted: true"), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), OBJECT(""), "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), "{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBInstance}",
          "violation /spec/storageEncrypted" },
        { ONE(ENCRYPTED), "{apiVersion: rds.services.k8s.aws/v1alpha1, kind: DBInstance, spec: text}",
          "violation /spec" },
        { ONE(ENCRYPTED), OBJECT("storageEncrypted: true"), "pass /spec/storageEncrypted" },
        { ONE(ENCRYPTED ", absent: unknown"), OBJECT(""), "unknown /spec/storageEncrypted" },
        { ONE(ENCRYPTED ", absent: warn"), OBJECT(""), "violation /spec/storageEncrypted warns" },
        { ONE(ENCRYPTED ", absent: pass"), OBJECT(""), "pass /spec/storageEncrypted" },
        { ONE(ENCRYPTED ", absent: pass"), OBJECT("storageEncrypted: false"), "violation /spec/storageEncrypted" },
        { ONE("path: /spec/public, operator: DoesNotExist"), OBJECT("public: false"), "violation /spec/public" },
        { ONE("path: /spec/public, operator: DoesNotExist"), OBJECT(""), "pass /spec/public" },
        { ONE("path: /spec/public, operator: DoesNotExist"), OBJECT("public: null"), "pass /spec/public" },
        { ONE("path: /spec/public/x, operator: DoesNotExist"), OBJECT("public: text"), "violation /spec/public" },
        { ONE("path: /spec/rules/*/sse, operator: In, values: [kms]"),
          OBJECT("rules: [{sse: kms}, {sse: none}, {}, text]"),
          "pass /spec/rules/0/sse; violation /spec/rules/1/sse; violation /spec/rules/2/sse;"
          " violation /spec/rules/3" },
        { ONE("path: /spec/rules/*/sse, operator: In, values: [kms]"), OBJECT("rules: []"), "violation /spec/rules" },
        { ONE("path: /spec/rules/*/sse, operator: In, values: [kms]"), OBJECT(""), "violation /spec/rules" },
        { ONE("path: /spec/rules/*/sse, operator: In, values: [kms], none: pass"), OBJECT("rules: [{}]"),
          "violation /spec/rules/0/sse" },
        { ONE("path: /spec/rules/*/sse, operator: In, values: [kms], none: pass"), OBJECT(""), "pass /spec/rules" },
        { ONE("path: /spec/rules/*/sse, operator: In, values: [kms], absent: pass"), OBJECT("rules: [{}]"),
          "pass /spec/rules/0/sse" },
        { ONE("path: /spec/a~1b/c~0d, operator: Exists"), OBJECT("a/b: {c~d: 0}"), "pass /spec/a~1b/c~0d" },
        { ONE(ENCRYPTED "}, {path: /spec/days, operator: GreaterOrEqual, values: [7]"), OBJECT("days: 6"),
          "violation /spec/storageEncrypted; violation /spec/days" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        bench_begin(&b, &rule_fields);
        bench_must_compile(&b, cases[i].options);
        bench_check(&b, cases[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s: %s", cases[i].options, cases[i].object, bench_summary(&b));
        bench_end(&b);
    }
}

static void only_the_named_kinds_are_judged(void **state UNUSED)
{
    static const struct {
        const char *kinds, *object, *summary;
        bool concerned;
    } cases[] = {
        { "kind: Lease", "{apiVersion: v1, kind: Lease}", "violation /x", true },
        { "kind: Lease", "{apiVersion: coordination.k8s.io/v1, kind: Lease}", "", false },
        { "kind: lease", "{apiVersion: v1, kind: Lease}", "", false },
        { "group: coordination.k8s.io, kind: Lease", "{apiVersion: coordination.k8s.io/v9, kind: Lease}",
          "violation /x", true },
        { "group: apps, kind: Deployment", "{apiVersion: apps/v1, kind: Deployment}", "violation /x", true },
        { "kind: Pod", "{apiVersion: v1, kind: Pod, spec: {}}", "violation /x", true },
        /* Of a version nobody listed only what is there can be judged. */
        { "kind: A, versions: [v1, v2]", "{apiVersion: v2, kind: A}", "violation /x", true },
        { "kind: A, versions: [v1, v2]", "{apiVersion: v3, kind: A}", "unknown /x", true },
        { "kind: A, versions: [v1, v2]", "{apiVersion: v3, kind: A, x: 2}", "violation /x", true },
        { "kind: A, versions: [v1]}, {kind: A, versions: [v2]", "{apiVersion: v2, kind: A}", "violation /x", true },
        { "kind: A, versions: [v1]}, {kind: A, versions: [v2]", "{apiVersion: v3, kind: A}", "unknown /x", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;
        struct sv options;
        struct request r = { .operation = OP_CREATE };
        const struct json *object;

        bench_begin(&b, &rule_fields);
        options = arena_printf(&b.arena, "kinds: [{%s}], fields: [{path: /x, operator: Equals, values: [1]}]",
                               cases[i].kinds);
        bench_must_compile(&b, options.p);
        bench_check(&b, cases[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s: %s", cases[i].kinds, cases[i].object, bench_summary(&b));
        object = bench_yaml(&b, cases[i].object)->root;
        r.gvk =
            gvk_from(value_string(value_get(object, SV("apiVersion"))), value_string(value_get(object, SV("kind"))));
        assert_int_equal(rule_fields.concerns(&r, b.config), cases[i].concerned);
        bench_end(&b);
    }
}

static void the_repair_sets_the_field(void **state UNUSED)
{
    static const struct {
        const char *field, *object;
        enum patch_class class;
        const char *at, *value; /* NULL: nothing is repaired */
    } cases[] = {
        { ENCRYPTED ", set: true", OBJECT("storageEncrypted: false"), PATCH_REPLACE, "/spec/storageEncrypted", "true" },
        { ENCRYPTED ", set: true", OBJECT(""), PATCH_MEMBER, "/spec/storageEncrypted", "true" },
        { ENCRYPTED ", set: true, absent: unknown", OBJECT(""), PATCH_MEMBER, "/spec/storageEncrypted", "true" },
        { ENCRYPTED ", set: true", "{apiVersion: rds.services.k8s.aws/v1, kind: DBInstance}", PATCH_MEMBER,
          "/spec/storageEncrypted", "true" },
        { ENCRYPTED ", set: true", "{apiVersion: rds.services.k8s.aws/v1, kind: DBInstance, spec: x}", PATCH_MEMBER,
          NULL, NULL },
        { ENCRYPTED, OBJECT(""), PATCH_MEMBER, NULL, NULL },
        /* Of a version nobody listed nobody knows where the field is. */
        { ENCRYPTED ", set: true", "{apiVersion: rds.services.k8s.aws/v9, kind: DBInstance}", PATCH_MEMBER, NULL,
          NULL },
        { "path: /spec/a~1b, operator: In, values: [x, 'y\"'], set: 'y\"'", OBJECT("a/b: 1"), PATCH_REPLACE,
          "/spec/a~1b", "\"y\\\"\"" },
        { "path: /spec/tags, operator: Exists, set: {fips: 'yes'}", OBJECT(""), PATCH_MEMBER, "/spec/tags",
          "{\"fips\":\"yes\"}" },
    };

    assert_true(rule_fields.repairs_updates);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;
        struct sv options;
        const struct patch_op *op;

        bench_begin(&b, &rule_fields);
        options = arena_printf(&b.arena, RDS "fields: [{%s}]", cases[i].field);
        bench_must_compile(&b, options.p);
        op = bench_check(&b, cases[i].object, LEVEL_STANDARD)->repairs;
        assert_int_equal(op != NULL, cases[i].at != NULL);
        if (op && (op->class != cases[i].class || !sv_eq(op->pointer, sv_from(cases[i].at)) ||
                   !sv_eq(op->value, sv_from(cases[i].value))))
            fail_msg("%s: %d %.*s %.*s", cases[i].object, (int)op->class, SV_ARG(op->pointer), SV_ARG(op->value));
        bench_end(&b);
    }
}

static void the_finding_says_what_the_policy_says(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    bench_begin(&b, &rule_fields);
    bench_must_compile(&b, ONE(ENCRYPTED ", message: the database is not encrypted, fix: make a new one"));
    f = bench_check(&b, OBJECT("storageEncrypted: false"), LEVEL_STANDARD);
    assert_true(sv_eq(f->message, SV("the database is not encrypted")));
    assert_true(sv_eq(f->fix, SV("make a new one")));
    assert_true(sv_eq(f->wanted, SV("true")));
    assert_true(sv_eq(f->found, SV("false")));
    assert_true(sv_eq(f->field, SV("/spec/storageEncrypted")));
    assert_null(f->subject.p);
    bench_must_compile(&b, ONE("path: /spec/rules/*/sse, operator: In, values: [kms]"));
    f = bench_check(&b, OBJECT("rules: [{sse: [1, {a: b}]}]"), LEVEL_STANDARD);
    assert_true(sv_eq(f->subject, SV("/spec/rules/0/sse")));
    assert_true(sv_eq(f->field, SV("/spec/rules/*/sse")));
    assert_true(sv_eq(f->found, SV("[1,{\"a\":\"b\"}]")));
    bench_says(f, "`/spec/rules/0/sse`, an array, is not what the policy wants");
    bench_says(f, "one of \"kms\"");
    bench_says(f, "set it to one of these values");
    bench_says(bench_check(&b, OBJECT(""), LEVEL_STANDARD), "`/spec/rules` has no elements");
    bench_says(bench_check(&b, OBJECT("rules: 1"), LEVEL_STANDARD),
               "`/spec/rules`, a number, is in the way of the field");
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_point),         cmocka_unit_test(what_is_not_as_wanted_is_a_violation),
        cmocka_unit_test(only_the_named_kinds_are_judged),       cmocka_unit_test(the_repair_sets_the_field),
        cmocka_unit_test(the_finding_says_what_the_policy_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
