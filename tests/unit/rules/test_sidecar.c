/* SPDX-License-Identifier: Apache-2.0 */
/* Where the sidecar stands; what it says is test_sidecar_compare.c, and how it
 * gets in test_sidecar_inject.c. */
#include "rule_bench.h"

#define TEMPLATE "container: {name: proxy, image: 'r.example/p:1'}"
#define POD(spec) "{apiVersion: v1, kind: Pod, spec: {" spec "}}"
#define WEB "{name: web, image: x}"
#define PROXY "{name: proxy, image: 'r.example/p:1'}"
#define NATIVE "{name: proxy, image: 'r.example/p:1', restartPolicy: Always}"

struct verdict_case {
    const char *object, *summary;
};

static void check_cases(const char *options, const struct verdict_case *cases, size_t count)
{
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, options);
    for (size_t i = 0; i < count; i++) {
        bench_check(&b, cases[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s", cases[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void only_accepted_lists_hold_a_sidecar(void **state UNUSED)
{
    static const struct verdict_case native[] = {
        { POD("containers: [" WEB ", " PROXY "]"), "violation /spec/containers/1/name" },
        { POD("containers: [" WEB "], initContainers: [" PROXY "]"), "violation /spec/initContainers/0/restartPolicy" },
        { POD("containers: [" WEB "], initContainers: [{name: proxy, image: 'r.example/p:1', restartPolicy: Never}]"),
          "violation /spec/initContainers/0/restartPolicy" },
        { POD("containers: [" WEB "], ephemeralContainers: [" PROXY "]"),
          "violation /spec/ephemeralContainers/0/name; violation /spec/initContainers" },
        { POD("containers: [" WEB "], initContainers: [" NATIVE "], ephemeralContainers: [" PROXY "]"),
          "violation /spec/ephemeralContainers/0/name" },
        { POD("containers: [" PROXY "], initContainers: [" NATIVE "]"),
          "violation /spec/containers/0/name; violation /spec/initContainers/0/name" },
        { POD("containers: [" WEB "], initContainers: [" NATIVE "]"), "pass /spec" },
    };
    static const struct verdict_case container[] = {
        { POD("containers: [" WEB "], initContainers: [" NATIVE "]"), "violation /spec/initContainers/0/name" },
        { POD("containers: [{name: proxy, image: 'r.example/p:1', restartPolicy: Never}]"),
          "violation /spec/containers/0/restartPolicy" },
        { POD("containers: [" WEB ", " PROXY "]"), "pass /spec" },
    };
    static const struct verdict_case both[] = {
        { POD("containers: [" PROXY "], initContainers: [" NATIVE "]"), "violation /spec/initContainers/0/name" },
        { POD("containers: [" PROXY ", " PROXY "]"), "violation /spec/containers/1/name" },
        { POD("containers: [" WEB "], initContainers: [" PROXY "]"), "violation /spec/initContainers/0/restartPolicy" },
        { POD("containers: [" WEB "], initContainers: [" NATIVE "]"), "pass /spec" },
        { POD("containers: [" WEB ", " PROXY "]"), "pass /spec" },
    };

    check_cases(TEMPLATE, native, ARRAY_LEN(native));
    check_cases(TEMPLATE ", inject: container", container, ARRAY_LEN(container));
    check_cases(TEMPLATE ", accept: [native, container]", both, ARRAY_LEN(both));
}

static void jobs_have_no_ordinary_sidecar(void **state UNUSED)
{
    static const struct verdict_case cases[] = {
        { "{apiVersion: batch/v1, kind: Job, spec: {template: {spec: {containers: [" PROXY "]}}}}",
          "violation /spec/template/spec/containers/0/name" },
        { "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {containers: [" PROXY
          "]}}}}}}",
          "violation /spec/jobTemplate/spec/template/spec/containers/0/name" },
        { "{apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{kind: Job, controller: true}]},"
          " spec: {containers: [" PROXY "]}}",
          "violation /spec/containers/0/name" },
        { "{apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{kind: Job, controller: false}]},"
          " spec: {containers: [" PROXY "]}}",
          "pass /spec" },
        { "{apiVersion: v1, kind: Pod, metadata: {ownerReferences: [{kind: ReplicaSet, controller: true}]},"
          " spec: {containers: [" PROXY "]}}",
          "pass /spec" },
        { "{apiVersion: batch/v1, kind: Job, spec: {template: {spec: {containers: [" WEB "], initContainers: [" NATIVE
          "]}}}}",
          "pass /spec/template/spec" },
    };

    check_cases(TEMPLATE ", accept: [native, container]", cases, ARRAY_LEN(cases));
    check_cases(TEMPLATE ", inject: container, accept: [native, container]", cases, ARRAY_LEN(cases));
}

static void what_is_only_partly_there_is_not_called_absent(void **state UNUSED)
{
    static const struct verdict_case cases[] = {
        { "{apiVersion: v1, kind: EphemeralContainers, ephemeralContainers: [" PROXY "]}",
          "violation /ephemeralContainers/0/name" },
        { "{apiVersion: v1, kind: EphemeralContainers, ephemeralContainers: [" WEB "]}", "pass " },
        { "{apiVersion: v1, kind: Pod}", "unknown /spec" },
        { "{apiVersion: apps/v9, kind: Deployment, spec: {pod: {}}}", "unknown /spec/template/spec" },
        { POD("containers: [{image: x}]"), "violation /spec/initContainers repaired" },
    };

    check_cases(TEMPLATE, cases, ARRAY_LEN(cases));
}

static void without_site_facts_only_presence_is_judged(void **state UNUSED)
{
    static const struct verdict_case cases[] = {
        { POD("containers: [" WEB "]"), "violation /spec/initContainers" },
        { POD("containers: [" PROXY "]"), "violation /spec/containers/0/name; unknown /spec/containers/0/image" },
        { POD("initContainers: [{name: proxy, image: other, restartPolicy: Always, command: [x]}]"),
          "unknown /spec/initContainers/0/image" },
    };

    check_cases("container: {name: proxy, image: '@site-sidecar'}", cases, ARRAY_LEN(cases));
}

static void image_volumes_of_that_name_are_no_sidecar(void **state UNUSED)
{
    static const struct verdict_case cases[] = {
        { POD("containers: [" WEB "], volumes: [{name: proxy, image: {reference: 'r.example/p:1'}}]"),
          "violation /spec/initContainers repaired" },
    };

    check_cases(TEMPLATE, cases, ARRAY_LEN(cases));
}

static void findings_name_the_sidecar_and_tell_what_to_do(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, TEMPLATE);
    f = bench_check(&b, POD("containers: [" PROXY "]"), LEVEL_STANDARD);
    assert_true(sv_eq(f->subject, SV("proxy")));
    assert_true(sv_eq(f->field, SV("containers")));
    assert_true(sv_eq(f->found, SV("proxy")));
    bench_says(f, "`proxy` in `initContainers` only");
    bench_says(f, "stands in `containers`, which the policy does not accept");
    f = bench_check(&b, POD("initContainers: [" PROXY "]"), LEVEL_STANDARD);
    assert_true(sv_eq(f->field, SV("restartPolicy")));
    assert_null(f->found.p);
    bench_says(f, "set restartPolicy: Always");
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_accepted_lists_hold_a_sidecar),
        cmocka_unit_test(jobs_have_no_ordinary_sidecar),
        cmocka_unit_test(what_is_only_partly_there_is_not_called_absent),
        cmocka_unit_test(without_site_facts_only_presence_is_judged),
        cmocka_unit_test(image_volumes_of_that_name_are_no_sidecar),
        cmocka_unit_test(findings_name_the_sidecar_and_tell_what_to_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
