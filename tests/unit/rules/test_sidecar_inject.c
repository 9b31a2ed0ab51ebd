/* SPDX-License-Identifier: Apache-2.0 */
/* How the sidecar gets in: what is changed, what stands in the way, and that
 * the same rule is content with what it made. */
#include "patch/apply.h"
#include "rule_bench.h"

#define SIDECAR                                                                                                        \
    "parameters: [{name: TO, type: hostports, annotation: x/to, default: 'db:5432'}],"                                 \
    "container: {name: proxy, image: 'r.example/p:1', ports: [{containerPort: 8443}],"                                 \
    " env: [{name: TO, value: '${TO}'}], volumeMounts: [{name: tls, mountPath: /etc/tls}]},"                           \
    "volumes: [{name: tls, secret: {secretName: proxy-tls}}, {name: run, emptyDir: {}}],"                              \
    "annotations: {x/injected: 'yes'}"
#define POD(metadata, spec) "{apiVersion: v1, kind: Pod, metadata: {" metadata "}, spec: {" spec "}}"
#define WEB "containers: [{name: web, image: x}]"

#define CONTAINER(to)                                                                                                  \
    "\"name\":\"proxy\",\"image\":\"r.example/p:1\",\"ports\":[{\"containerPort\":8443}],"                             \
    "\"env\":[{\"name\":\"TO\",\"value\":\"" to                                                                        \
    "\"}],\"volumeMounts\":[{\"name\":\"tls\",\"mountPath\":\"/etc/tls\"}]}"

/* "class pointer value", one a line. */
static const char *print_repairs(struct bench *b, const struct finding *f)
{
    static const char *const classes[] = {
        [PATCH_REPLACE] = "replace", [PATCH_MEMBER] = "member", [PATCH_APPEND] = "append", [PATCH_INSERT] = "insert"
    };
    struct buf text = BUF_IN(&b->arena);

    for (const struct patch_op *op = f ? f->repairs : NULL; op; op = op->next)
        buf_printf(&text, "%s %.*s %.*s\n", classes[op->class], SV_ARG(op->pointer), (int)op->value.n, op->value.p);
    buf_add_char(&text, '\0');
    assert_true(buf_ok(&text));
    return text.p;
}

static void the_whole_sidecar_is_put_in(void **state UNUSED)
{
    static const struct {
        const char *options, *pod, *repairs;
    } cases[] = {
        { SIDECAR, POD("", WEB),
          "insert /spec/initContainers {\"restartPolicy\":\"Always\"," CONTAINER(
              "db:5432") "\n"
                         "append /spec/volumes {\"name\":\"tls\",\"secret\":{\"secretName\":\"proxy-tls\"}}\n"
                         "append /spec/volumes {\"name\":\"run\",\"emptyDir\":{}}\n"
                         "member /metadata/annotations/x~1injected \"yes\"\n" },
        { SIDECAR ", inject: container", POD("annotations: {x/to: 'a:1', x/injected: 'no'}", WEB),
          "append /spec/containers {" CONTAINER(
              "a:1") "\n"
                     "append /spec/volumes {\"name\":\"tls\",\"secret\":{\"secretName\":\"proxy-tls\"}}\n"
                     "append /spec/volumes {\"name\":\"run\",\"emptyDir\":{}}\n"
                     "replace /metadata/annotations/x~1injected \"yes\"\n" },
        { SIDECAR,
          POD("annotations: {x/injected: 'yes'}",
              WEB ", volumes: [{name: run}, {name: tls, secret: {secretName: proxy-tls, defaultMode: 420}}]"),
          "insert /spec/initContainers {\"restartPolicy\":\"Always\"," CONTAINER("db:5432") "\n" },
        { "container: {name: p, image: a}", POD("", WEB),
          "insert /spec/initContainers {\"restartPolicy\":\"Always\",\"name\":\"p\",\"image\":\"a\"}\n" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;
        const struct finding *f;

        bench_begin(&b, &rule_sidecar);
        bench_must_compile(&b, cases[i].options);
        f = bench_check(&b, cases[i].pod, LEVEL_STANDARD);
        assert_int_equal(b.out.count, 1);
        assert_string_equal(print_repairs(&b, f), cases[i].repairs);
        bench_end(&b);
    }
}

static void nothing_is_put_in_where_something_stands_in_the_way(void **state UNUSED)
{
    static const struct {
        const char *options, *object, *summary, *says;
    } cases[] = {
        { SIDECAR, POD("annotations: {x/to: 'a:1;b'}", WEB), "violation /metadata/annotations/x~1to",
          "an entry does not end in `:` and a port" },
        { "parameters: [{name: P, type: port, annotation: x/p}], container: {name: proxy, image: a,"
          " ports: [{containerPort: '${P}'}]}",
          POD("", WEB), "violation /metadata/annotations/x~1p", "needs the annotation `x/p`, which has no default" },
        { SIDECAR, POD("", WEB ", volumes: [{name: a, emptyDir: {}}, {name: tls, emptyDir: {}}]"),
          "violation /spec/volumes/1", "the pod has another volume `tls`" },
        { SIDECAR, POD("", WEB ", volumes: [{name: run, hostPath: {path: /}}]"), "violation /spec/volumes/0",
          "the pod has another volume `run`" },
        { SIDECAR, POD("", WEB ", ephemeralContainers: [{name: proxy, image: x}]"),
          "violation /spec/ephemeralContainers/0/name; violation /spec/initContainers", "another name" },
        { "container: {name: proxy, image: '@site-sidecar'}", POD("", WEB), "violation /spec/initContainers",
          "site facts" },
        { SIDECAR ", inject: container",
          POD("ownerReferences: [{apiVersion: batch/v1, kind: Job, controller: true}]", WEB),
          "violation /spec/containers", "use inject: native" },
        { SIDECAR ", inject: container", "{apiVersion: batch/v1, kind: Job, spec: {template: {spec: {" WEB "}}}}",
          "violation /spec/template/spec/containers", "use inject: native" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;
        const struct finding *f;

        bench_begin(&b, &rule_sidecar);
        bench_must_compile(&b, cases[i].options);
        f = bench_check(&b, cases[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s", cases[i].object, bench_summary(&b));
        bench_says(f, cases[i].says);
        bench_end(&b);
    }
}

static void a_template_says_what_its_pods_will_get(void **state UNUSED)
{
    static const struct {
        const char *object, *summary;
    } cases[] = {
        { "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {" WEB "}}}}",
          "violation /spec/template/spec/initContainers template repaired" },
        { "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec: {" WEB "}}}}}}",
          "violation /spec/jobTemplate/spec/template/spec/initContainers template repaired" },
        { "{apiVersion: v1, kind: PodTemplate, template: {spec: {" WEB "}}}",
          "violation /template/spec/initContainers template repaired" },
    };
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, SIDECAR);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        bench_check(&b, cases[i].object, LEVEL_STANDARD);
        assert_string_equal(bench_summary(&b), cases[i].summary);
    }
    bench_end(&b);
}

static const char *apply_repairs(struct bench *b, const struct finding *f, const char *pod)
{
    const struct json *object = bench_yaml(b, pod)->root;
    const struct patch_op *left, *right;
    struct patch patch = { 0 };
    struct sv text, result;
    struct err e = { 0 };

    for (struct patch_op *op = f->repairs, *next; op; op = next) {
        next = op->next;
        patch_add(&patch, op);
    }
    assert_int_equal(patch_finish(&patch, object, &b->arena, &text, &left, &right), PATCH_READY);
    if (!apply_patch(object, text, &b->arena, &result, &e))
        fail_msg("%s", e.msg);
    return arena_cstr(&b->arena, result);
}

static void what_was_injected_passes_and_is_not_injected_again(void **state UNUSED)
{
    static const char *const options[] = { SIDECAR, SIDECAR ", inject: container" };
    static const char *const pods[] = {
        POD("", WEB),
        POD("annotations: {x/to: 'a.b:1,10.0.0.1:2', x/injected: 'no'}", WEB),
        POD("annotations: null", WEB ", initContainers: null, volumes: null"),
        POD("", WEB ", initContainers: [{name: migrate, image: x}], volumes: [{name: run, emptyDir: {}}]"),
    };

    for (size_t i = 0; i < ARRAY_LEN(options); i++)
        for (size_t k = 0; k < ARRAY_LEN(pods); k++) {
            struct bench b;
            const char *patched;

            bench_begin(&b, &rule_sidecar);
            bench_must_compile(&b, options[i]);
            patched = apply_repairs(&b, bench_check(&b, pods[k], LEVEL_STANDARD), pods[k]);
            bench_check(&b, patched, LEVEL_STANDARD);
            if (strcmp(bench_summary(&b), "pass /spec") != 0)
                fail_msg("%s: %s", patched, bench_summary(&b));
            bench_end(&b);
        }
}

static void values_of_annotations_are_quoted(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, "container: {name: p, image: 'a\"b', env: [{name: A, value: \"x\\\"\\n$(B)\"}]},"
                           " annotations: {'q\"': \"v\\\"\"}");
    f = bench_check(&b, POD("", WEB), LEVEL_STANDARD);
    assert_string_equal(print_repairs(&b, f),
                        "insert /spec/initContainers {\"restartPolicy\":\"Always\",\"name\":\"p\",\"image\":\"a\\\"b\","
                        "\"env\":[{\"name\":\"A\",\"value\":\"x\\\"\\n$(B)\"}]}\n"
                        "member /metadata/annotations/q\" \"v\\\"\"\n");
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_sidecar_is_put_in),
        cmocka_unit_test(nothing_is_put_in_where_something_stands_in_the_way),
        cmocka_unit_test(a_template_says_what_its_pods_will_get),
        cmocka_unit_test(what_was_injected_passes_and_is_not_injected_again),
        cmocka_unit_test(values_of_annotations_are_quoted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
