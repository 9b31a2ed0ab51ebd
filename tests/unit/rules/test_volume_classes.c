/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: '" value "', verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22}"
#define OPTIONS "allow: ['@site-classes', mine], default: '@site-classes', hostPath: warn, nfs: violation"
#define CLAIM(rest) "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, " rest "}"
#define VOLUME(rest) "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, " rest "}"
#define POD(volume) "{apiVersion: v1, kind: Pod, spec: {volumes: [{name: v, " volume "}]}}"
#define BETA(class)                                                                                                    \
    "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, annotations: "                               \
    "{volume.beta.kubernetes.io/storage-class: '" class "'}}, spec: {storageClassName: gp3}}"
#define BETA_AT "/metadata/annotations/volume.beta.kubernetes.io~1storage-class"

#define DRIVER(value, sure, rest)                                                                                      \
    "{value: " value ", verdict: allow, sure: " sure ", source: x, asOf: 2026-11-22, " rest "}"
#define ASKS "encryption: parameters, parameters: [{name: encrypted, values: ['true']}]"
#define CLASS(name, driver, parameters) CLASS_MARKED(name, driver, parameters, "{}")
#define CLASS_MARKED(name, driver, parameters, annotations)                                                            \
    "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: " name ", annotations: " annotations "}, "   \
    "provisioner: " driver ", parameters: {" parameters "}}"
#define DEFAULT "{storageclass.kubernetes.io/is-default-class: 'true'}"
#define OLD_DEFAULT "{storageclass.beta.kubernetes.io/is-default-class: 'true'}"

static const char drivers[] = DRIVER("ebs", "A", ASKS) "," DRIVER("rumour", "C", ASKS) "," DRIVER(
    "efs", "A",
    "encryption: not-visible, forbidden: [{name: plain, values: ['true']}]") "," DRIVER("raw", "A",
                                                                                        "encryption: never");

static void begin(struct bench *b, const char *options)
{
    bench_begin(b, &rule_volume_classes);
    bench_facts(b, "storage-drivers", drivers);
    bench_facts(b, "site-classes", ROW("gp3", "allow", "A") "," ROW("old", "warn", "A") "," ROW("bad", "deny", "A"));
    bench_must_compile(b, options);
}

static void mistakes_in_the_options_are_errors(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        { "default: gp3", "allow" },
        { "allow: [a], default: b", "the default class `b` does not pass `allow`" },
        { "allow: ['@site-classes'], default: bad", "the default class `bad` does not pass `allow`" },
        { "allow: [a], default: '@classes'", "no fact set is called `classes`" },
        { "allow: [a], hostPath: maybe", "hostPath" },
        { "allow: [a], hostpath: warn", "did you mean `hostPath`?" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        begin(&b, OPTIONS);
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        if (!strstr(b.e.msg, cases[i].message))
            fail_msg("%s: %s", cases[i].options, b.e.msg);
        bench_end(&b);
    }
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

static void claims_are_judged_by_the_class_they_name(void **state UNUSED)
{
    static const struct row rows[] = {
        { CLAIM("spec: {storageClassName: gp2}"), "violation /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: GP3}"), "violation /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: bad}"), "violation /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: old}"), "violation /spec/storageClassName warns" },
        { CLAIM("spec: {storageClassName: gp3}"), "pass /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: mine}"), "pass /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: ''}"), "unknown /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: null}"), "unknown /spec/storageClassName repaired" },
        { CLAIM("spec: {}"), "unknown /spec/storageClassName repaired" },
        { CLAIM("spec: null"), "unknown /spec/storageClassName repaired" },
        { CLAIM("spec: {volumeName: pv}"), "unknown /spec/storageClassName" },
        { BETA("gp2"), "violation " BETA_AT },
        { BETA("mine"), "pass " BETA_AT },
        { BETA(""), "unknown " BETA_AT },
    };
    static const struct row strict[] = {
        { CLAIM("spec: {storageClassName: gp3}"), "violation /spec/storageClassName" },
        { CLAIM("spec: {storageClassName: mine}"), "pass /spec/storageClassName" },
        { CLAIM("spec: {}"), "unknown /spec/storageClassName" },
    };

    run(OPTIONS, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
    run(OPTIONS, LEVEL_STRICT, strict, ARRAY_LEN(strict));
}

static void a_claim_without_a_class_is_given_the_default(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b, OPTIONS);
    f = bench_check(&b, CLAIM("spec: {}"), LEVEL_STANDARD);
    assert_int_equal(f->repairs->class, PATCH_MEMBER);
    assert_true(sv_eq(f->repairs->pointer, SV("/spec/storageClassName")));
    assert_true(sv_eq(f->repairs->value, SV("\"gp3\"")));
    assert_true(sv_eq(f->field, SV("storageClassName")));
    assert_true(sv_eq(f->subject, SV("data")));
    assert_null(f->found.p);
    bench_says(f, "set storageClassName to `gp3`");
    bench_end(&b);
}

static void claims_that_a_controller_will_make_are_templates(void **state UNUSED)
{
    static const struct row rows[] = {
        { "{apiVersion: apps/v1, kind: StatefulSet, spec: {template: {spec: {}}, volumeClaimTemplates: ["
          "{metadata: {name: a}, spec: {storageClassName: gp2}}, {metadata: {name: b}, spec: {}}]}}",
          "violation /spec/volumeClaimTemplates/0/spec/storageClassName template; "
          "unknown /spec/volumeClaimTemplates/1/spec/storageClassName template repaired" },
        { POD("ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}"),
          "violation /spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName template" },
        { POD("ephemeral: {volumeClaimTemplate: {spec: {}}}"),
          "unknown /spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName template repaired" },
        { POD("ephemeral: {}"),
          "unknown /spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName template repaired" },
        { POD("ephemeral: {volumeClaimTemplate: {metadata: {annotations: "
              "{volume.beta.kubernetes.io/storage-class: gp2}}}}"),
          "violation /spec/volumes/0/ephemeral/volumeClaimTemplate" BETA_AT " template" },
    };

    run(OPTIONS, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void volumes_without_a_class_are_what_the_policy_says(void **state UNUSED)
{
    static const struct row rows[] = {
        { POD("hostPath: {path: /var}"), "violation /spec/volumes/0/hostPath warns" },
        { POD("nfs: {server: s, path: /}"), "violation /spec/volumes/0/nfs" },
        { POD("csi: {driver: d}"), "unknown /spec/volumes/0/csi" },
        { POD("emptyDir: {}"), "pass /spec/volumes/0/emptyDir" },
        { POD("emptyDir: {}, hostPath: null"), "pass /spec/volumes/0/emptyDir" },
        { POD("rbd: {image: x}"), "unknown /spec/volumes/0/rbd" },
        { POD("local: {path: /x}"), "unknown /spec/volumes/0/local" },
        { POD("persistentVolumeClaim: {claimName: x}"), "" },
        { POD("configMap: {name: x}"), "" },
        { POD("image: {reference: x}"), "" },
        { "{apiVersion: v1, kind: Pod, spec: {volumes: [{name: v}]}}", "pass /spec/volumes/0/emptyDir" },
        { "{apiVersion: v1, kind: Pod, spec: {}}", "" },
        { "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {volumes: [{name: v, nfs: {}}]}}}}",
          "violation /spec/template/spec/volumes/0/nfs template" },
    };
    static const struct row other[] = {
        { POD("hostPath: {path: /var}"), "pass /spec/volumes/0/hostPath" },
        { POD("emptyDir: {}"), "violation /spec/volumes/0/emptyDir" },
        { POD("nfs: {}"), "unknown /spec/volumes/0/nfs" },
        { POD("csi: {}"), "violation /spec/volumes/0/csi warns" },
    };

    run(OPTIONS, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
    run("allow: [gp3], hostPath: pass, emptyDir: violation, inlineCsi: warn", LEVEL_STANDARD, other, ARRAY_LEN(other));
}

static void volumes_are_judged_by_class_and_by_source(void **state UNUSED)
{
    static const struct row rows[] = {
        { VOLUME("spec: {hostPath: {path: /x}, storageClassName: manual}"),
          "violation /spec/hostPath warns; violation /spec/storageClassName" },
        { VOLUME("spec: {hostPath: {path: /x}}"), "violation /spec/hostPath warns" },
        { VOLUME("spec: {local: {path: /x}, storageClassName: gp3}"),
          "violation /spec/local warns; pass /spec/storageClassName" },
        { VOLUME("spec: {nfs: {server: s}}"), "violation /spec/nfs" },
        { VOLUME("spec: {csi: {driver: d}}"), "unknown /spec/storageClassName" },
        { VOLUME("spec: {csi: {driver: d}, storageClassName: ''}"), "unknown /spec/storageClassName" },
        { VOLUME("spec: {csi: {driver: d}, storageClassName: gp3}"), "pass /spec/storageClassName" },
        { VOLUME("spec: {csi: {driver: d}, storageClassName: gp2}"), "violation /spec/storageClassName" },
    };

    run(OPTIONS, LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void the_found_value_tells_two_volumes_apart(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b, OPTIONS);
    f = bench_check(&b, POD("hostPath: {path: /var}"), LEVEL_STANDARD);
    assert_true(sv_eq(f->found, SV("/var")));
    assert_true(sv_eq(f->field, SV("hostPath")));
    assert_true(sv_eq(f->subject, SV("v")));
    f = bench_check(&b, CLAIM("spec: {storageClassName: gp2}"), LEVEL_STANDARD);
    assert_true(sv_eq(f->found, SV("gp2")));
    bench_says(f, "@site-classes, mine");
    bench_says(f, "such as `gp3`");
    bench_end(&b);
}

static void missing_site_classes_judge_without_repair(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    bench_begin(&b, &rule_volume_classes);
    bench_facts(&b, "storage-drivers", drivers);
    bench_must_compile(&b, "allow: ['@site-classes'], default: '@site-classes'");
    f = bench_check(&b, CLAIM("spec: {storageClassName: gp3}"), LEVEL_STANDARD);
    assert_int_equal(f->kind, FINDING_VIOLATION);
    bench_says(f, "supply the site facts site-classes");
    bench_check(&b, CLAIM("spec: {}"), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "unknown /spec/storageClassName");
    assert_int_equal(b.missing.count, 1);
    /* The list may hold it: nobody knows yet. */
    bench_must_compile(&b, "allow: ['@site-classes'], default: gp3");
    bench_check(&b, CLAIM("spec: {}"), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "unknown /spec/storageClassName");
    bench_end(&b);
}

struct beside {
    const char *what;
    const char *classes[3]; /* that stand beside the object */
    const char *object, *summary;
};

static void run_beside(const struct beside *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct bench b;

        begin(&b, OPTIONS);
        for (size_t k = 0; k < ARRAY_LEN(rows[i].classes) && rows[i].classes[k]; k++)
            bench_beside(&b, rows[i].classes[k]);
        bench_check(&b, rows[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s gives: %s", rows[i].what, bench_summary(&b));
        bench_end(&b);
    }
}

#define AT "/spec/storageClassName"
#define NAMES(class) CLAIM("spec: {storageClassName: " class "}")

static void an_approved_class_that_stands_beside_it_in_the_clear_is_a_violation(void **state UNUSED)
{
    static const struct beside rows[] = {
        { "it does not ask", { CLASS("gp3", "ebs", "") }, NAMES("gp3"), "violation " AT },
        { "it asks for none", { CLASS("gp3", "ebs", "encrypted: 'false'") }, NAMES("gp3"), "violation " AT },
        { "it switches off", { CLASS("mine", "efs", "plain: 'true'") }, NAMES("mine"), "violation " AT },
        { "it never encrypts", { CLASS("mine", "raw", "") }, NAMES("mine"), "violation " AT },
        { "only a rumour says so", { CLASS("gp3", "rumour", "") }, NAMES("gp3"), "violation " AT " warns" },
        { "it only warned", { CLASS("old", "ebs", "") }, NAMES("old"), "violation " AT },
        { "in the old annotation", { CLASS("mine", "ebs", "") }, BETA("mine"), "violation " BETA_AT },
        { "a template of a claim",
          { CLASS("gp3", "ebs", "") },
          POD("ephemeral: {volumeClaimTemplate: {spec: {storageClassName: gp3}}}"),
          "violation /spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName template" },
    };

    run_beside(rows, ARRAY_LEN(rows));
}

static void other_classes_are_what_they_are_alone(void **state UNUSED)
{
    static const struct beside rows[] = {
        { "it encrypts", { CLASS("gp3", "ebs", "encrypted: 'true'") }, NAMES("gp3"), "pass " AT },
        { "it cannot be seen", { CLASS("gp3", "efs", "") }, NAMES("gp3"), "pass " AT },
        { "nobody knows its driver", { CLASS("gp3", "other", "") }, NAMES("gp3"), "pass " AT },
        { "it names no driver",
          { "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp3}}" },
          NAMES("gp3"),
          "pass " AT },
        { "only another stands there", { CLASS("gp2", "ebs", "") }, NAMES("gp3"), "pass " AT },
        { "two of its name differ",
          { CLASS("gp3", "ebs", ""), CLASS("gp3", "ebs", "encrypted: 'true'") },
          NAMES("gp3"),
          "pass " AT },
        { "nobody approved it, though it encrypts",
          { CLASS("gp2", "ebs", "encrypted: 'true'") },
          NAMES("gp2"),
          "violation " AT },
        { "the claim names its volume",
          { CLASS("gp3", "ebs", "") },
          CLAIM("spec: {storageClassName: gp3, volumeName: pv}"),
          "pass " AT },
        { "a volume is not made by its class",
          { CLASS("gp3", "ebs", "") },
          VOLUME("spec: {csi: {driver: d}, storageClassName: gp3}"),
          "pass " AT },
    };

    run_beside(rows, ARRAY_LEN(rows));
}

static void a_claim_without_a_class_takes_the_default_that_stands_beside_it(void **state UNUSED)
{
    static const struct beside rows[] = {
        { "approved", { CLASS_MARKED("gp3", "ebs", "encrypted: 'true'", DEFAULT) }, CLAIM("spec: {}"), "pass " AT },
        { "in the old spelling",
          { CLASS_MARKED("gp3", "ebs", "encrypted: 'true'", OLD_DEFAULT) },
          CLAIM("spec: {}"),
          "pass " AT },
        { "not approved", { CLASS_MARKED("gp2", "ebs", "encrypted: 'true'", DEFAULT) }, CLAIM(""), "violation " AT },
        { "in the clear", { CLASS_MARKED("gp3", "ebs", "", DEFAULT) }, CLAIM("spec: {}"), "violation " AT },
        { "null is none",
          { CLASS_MARKED("gp2", "ebs", "", DEFAULT) },
          CLAIM("spec: {storageClassName: null}"),
          "violation " AT },
        { "a template of a claim",
          { CLASS_MARKED("gp2", "ebs", "", DEFAULT) },
          POD("ephemeral: {volumeClaimTemplate: {spec: {}}}"),
          "violation /spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName template" },
        { "none is marked", { CLASS("gp2", "ebs", "") }, CLAIM("spec: {}"), "unknown " AT " repaired" },
        { "two are marked",
          { CLASS_MARKED("gp2", "ebs", "", DEFAULT), CLASS_MARKED("gp3", "ebs", "", DEFAULT) },
          CLAIM("spec: {}"),
          "unknown " AT " repaired" },
        { "it asks for none",
          { CLASS_MARKED("gp3", "ebs", "", DEFAULT) },
          CLAIM("spec: {storageClassName: ''}"),
          "unknown " AT },
        { "it asks for none in the old annotation",
          { CLASS_MARKED("gp3", "ebs", "", DEFAULT) },
          BETA(""),
          "unknown " BETA_AT },
        { "it names its volume",
          { CLASS_MARKED("gp3", "ebs", "", DEFAULT) },
          CLAIM("spec: {volumeName: pv}"),
          "unknown " AT },
        { "a volume takes no default",
          { CLASS_MARKED("gp3", "ebs", "", DEFAULT) },
          VOLUME("spec: {csi: {driver: d}}"),
          "unknown " AT },
    };

    run_beside(rows, ARRAY_LEN(rows));
}

static void findings_by_context_say_what_class_they_mean(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b, OPTIONS);
    bench_beside(&b, CLASS_MARKED("gp2", "ebs", "", DEFAULT));
    bench_beside(&b, CLASS("gp3", "ebs", ""));
    f = bench_check(&b, CLAIM("spec: {}"), LEVEL_STANDARD);
    assert_true(sv_eq(f->found, SV("gp2")));
    bench_says(f, "takes the default class, which is not approved");
    f = bench_check(&b, NAMES("gp3"), LEVEL_STANDARD);
    bench_says(f, "as it stands here it does not encrypt");
    bench_says(f, "encrypted: \"true\"");
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_are_errors),
        cmocka_unit_test(claims_are_judged_by_the_class_they_name),
        cmocka_unit_test(a_claim_without_a_class_is_given_the_default),
        cmocka_unit_test(claims_that_a_controller_will_make_are_templates),
        cmocka_unit_test(volumes_without_a_class_are_what_the_policy_says),
        cmocka_unit_test(volumes_are_judged_by_class_and_by_source),
        cmocka_unit_test(the_found_value_tells_two_volumes_apart),
        cmocka_unit_test(missing_site_classes_judge_without_repair),
        cmocka_unit_test(an_approved_class_that_stands_beside_it_in_the_clear_is_a_violation),
        cmocka_unit_test(other_classes_are_what_they_are_alone),
        cmocka_unit_test(a_claim_without_a_class_takes_the_default_that_stands_beside_it),
        cmocka_unit_test(findings_by_context_say_what_class_they_mean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
