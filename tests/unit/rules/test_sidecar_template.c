/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"
#include "rules/sidecar_template.h"

#define PORT_P "parameters: [{name: P, type: port, annotation: x/p}], "
#define WITH(rest) "container: {name: proxy, image: r.example/p:1, " rest "}"

static void mistakes_in_the_template_point(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        { "inject: native", "container" },
        { "container: x", "test.yaml:1:37: `container` is a string, wanted an object" },
        { "container: {image: a}", "needs a `name`" },
        { "container: {name: Proxy, image: a}", "test.yaml:1:44: the container needs a `name` that is a DNS label" },
        { "container: {name: proxy}", "needs an `image`" },
        { "container: {name: proxy, image: ''}", "needs an `image`" },
        { "container: {name: proxy, image: '@ecr-fips'}", "no fact set is called `ecr-fips`" },
        { WITH("comand: [x]"), "a container has no field `comand`, did you mean `command`?" },
        { WITH("restartPolicy: Always"), "`restartPolicy` comes with the form" },
        { WITH("command: serve"), "in a pod, `/spec/containers/0/command` is a string, wanted an array" },
        { WITH("env: [{name: A, value: 1}]"), "in a pod, `/spec/containers/0/env/0/value` is a number" },
        { WITH("env: [{value: a}]"), "wanted an object with `name`" },
        { WITH("env: {A: b}"), "`env` is an object, wanted an array" },
        { WITH("env: [{name: A}, {name: A}]"), "`A` is there twice" },
        { WITH("ports: [{containerPort: 70000}]"), "containerPort is 70000, wanted a port, 1 to 65535" },
        { WITH("ports: [{containerPort: '8443'}]"), "containerPort is a number or `${NAME}`" },
        { WITH("ports: [{name: x}]"), "wanted an object with `containerPort`" },
        { WITH("ports: [{containerPort: 1}, {containerPort: 1}]"), "`1` is there twice" },
        { WITH("volumeMounts: [{name: v, mountPath: /x}]"), "no volume `v` among the template's `volumes`" },
        { WITH("") ", volumes: {a: b}", "`volumes` is an object, wanted an array" },
        { WITH("") ", volumes: [{emptyDir: {}}]", "wanted an object with `name`" },
        { WITH("") ", volumes: [{name: v, secret: x}]", "`/spec/volumes/0/secret` is a string" },
        { WITH("") ", inject: nativ", "inject" },
        { WITH("") ", accept: [natve]", "unknown form `natve`, did you mean `native`?" },
        { WITH("") ", accept: [container]", "`accept` must hold `native`" },
        { WITH("") ", inject: container, accept: [native]", "`accept` must hold `container`" },
        { WITH("") ", require: []", "require" },
        { WITH("") ", require: [image, port]", "a container has no field `port`, did you mean `ports`?" },
        { WITH("") ", tolerate: [volumemounts]", "did you mean `volumeMounts`?" },
        { WITH("") ", tolerate: [command]", "`command` cannot be tolerated" },
        { WITH("") ", tolerate: [restartPolicy]", "`restartPolicy` cannot be tolerated" },
        { WITH("") ", annotation: {a: b}", "did you mean `annotations`?" },

        { PORT_P WITH("args: ['${P}'], env: [{name: A, value: '${P}'}]"), "may stand only in env values" },
        { PORT_P "container: {name: proxy, image: 'a:${P}'}", "may stand only in env values" },
        { PORT_P WITH("env: [{name: '${P}'}]"), "may stand only in env values" },
        { PORT_P WITH("env: [{name: A, valueFrom: {fieldRef: {fieldPath: '${P}'}}}]"), "may stand only in env" },
        { PORT_P WITH("livenessProbe: {exec: {env: [{value: '${P}'}]}}"), "may stand only in env values" },
        { PORT_P WITH("env: {a: {value: '${P}'}}"), "may stand only in env values" },
        { PORT_P WITH("livenessProbe: {exec: {command: ['${P}']}}"), "may stand only in env values" },
        { PORT_P WITH("securityContext: {seccompProfile: {type: '${P}'}}"), "may stand only in env values" },
        { PORT_P WITH("env: [{name: A, value: '${P}'}]") ", annotations: {a: '${P}'}", "may stand only in env values" },
        { PORT_P WITH("") ", volumes: [{name: '${P}'}]", "may stand only in env values" },
        { PORT_P WITH("env: [{name: A, value: '${Q}'}]"), "no parameter is called `Q`" },
        { PORT_P WITH("env: [{name: A, value: '${P'}]"), "`}` must end it" },
        { PORT_P WITH("ports: [{containerPort: '1${P}'}]"), "takes one parameter of type port" },
        { PORT_P WITH("ports: [{containerPort: '${P}1'}]"), "takes one parameter of type port" },
        { PORT_P WITH("ports: [{containerPort: 1, name: '${P}'}]"), "may stand only in env values" },
        { PORT_P WITH(""), "parameter `P` stands nowhere" },
        { "parameters: [{name: P, type: dnsLabel, annotation: x}], " WITH("ports: [{containerPort: '${P}'}]"),
          "takes one parameter of type port" },
        { "parameters: [{name: 1P, type: port, annotation: x}], " WITH(""), "`1P` is no name" },
        { "parameters: [{name: P, type: prt, annotation: x}], " WITH(""), "did you mean `port`?" },
        { "parameters: [{name: P, type: port}], " WITH(""), "annotation" },
        { "parameters: [{name: P, type: port, annotation: x, default: '0'}], " WITH("env: [{name: A, value: '${P}'}]"),
          "default `0` is bad: it is not a number from 1 to 65535" },
        { "parameters: [{name: P, type: port, annotation: x}, {name: P, type: port, annotation: z}], " WITH(""),
          "parameter `P` is there twice" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        bench_begin(&b, &rule_sidecar);
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        if (!strstr(b.e.msg, cases[i].message) || !strstr(b.e.msg, "test.yaml:1:"))
            fail_msg("%s: %s", cases[i].options, b.e.msg);
        bench_end(&b);
    }
}

static void the_injected_form_is_accepted_by_default(void **state UNUSED)
{
    static const struct {
        const char *options;
        unsigned accepted;
    } cases[] = {
        { WITH(""), 1u << SIDECAR_NATIVE },
        { WITH("") ", inject: container", 1u << SIDECAR_CONTAINER },
        { WITH("") ", accept: [container, native]", 1u << SIDECAR_CONTAINER | 1u << SIDECAR_NATIVE },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        bench_begin(&b, &rule_sidecar);
        bench_must_compile(&b, cases[i].options);
        assert_int_equal(((const struct sidecar_config *)b.config)->accepted, cases[i].accepted);
        bench_end(&b);
    }
}

static void a_missing_site_set_is_recorded_and_leaves_the_image_open(void **state UNUSED)
{
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, "container: {name: proxy, image: '@site-sidecar'}");
    assert_null(((const struct sidecar_config *)b.config)->image.p);
    assert_int_equal(b.missing.count, 1);
    assert_true(sv_eq(b.missing.names[0], SV("site-sidecar")));
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_template_point),
        cmocka_unit_test(the_injected_form_is_accepted_by_default),
        cmocka_unit_test(a_missing_site_set_is_recorded_and_leaves_the_image_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
