/* SPDX-License-Identifier: Apache-2.0 */
/* What the sidecar in a pod says against the template. Cases write the
 * container's own text; its place is /spec/initContainers/0. */
#include "rule_bench.h"

#define TEMPLATE                                                                                                       \
    "parameters: [{name: PORT, type: port, annotation: x/port, default: '8443'},"                                      \
    " {name: TO, type: hostports, annotation: x/to, default: 'db:5432'}],"                                             \
    "container: {name: proxy, image: 'r.example/p:1', args: [serve],"                                                  \
    " ports: [{containerPort: '${PORT}'}, {containerPort: 9000, protocol: UDP}],"                                      \
    " env: [{name: TO, value: 'tcp://${TO}/${PORT}'}, {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}],"  \
    " volumeMounts: [{name: tls, mountPath: /etc/tls, readOnly: true}],"                                               \
    " livenessProbe: {httpGet: {path: /live, port: 9001}},"                                                            \
    " securityContext: {runAsNonRoot: true, runAsUser: 65532, readOnlyRootFilesystem: true,"                           \
    " capabilities: {drop: [ALL]}},"                                                                                   \
    " resources: {limits: {memory: 64Mi}}},"                                                                           \
    "volumes: [{name: tls, secret: {secretName: proxy-tls}}]"

#define IMAGE "image: 'r.example/p:1'"
#define ARGS "args: [serve]"
#define PORTS "ports: [{containerPort: 8443}, {containerPort: 9000, protocol: UDP}]"
#define TO_ENV "{name: TO, value: 'tcp://db:5432/8443'}"
#define IP_ENV "{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}"
#define ENV "env: [" TO_ENV ", " IP_ENV "]"
#define MOUNT "{name: tls, mountPath: /etc/tls, readOnly: true}"
#define MOUNTS "volumeMounts: [" MOUNT "]"
#define PROBE "livenessProbe: {httpGet: {path: /live, port: 9001}}"
#define SECURITY                                                                                                       \
    "securityContext: {runAsNonRoot: true, runAsUser: 65532, readOnlyRootFilesystem: true, capabilities: {drop: "      \
    "[ALL]}}"
#define AT "/spec/initContainers/0"

/* All fields but one, so that a case can say that one its own way. */
#define BUT_IMAGE ARGS ", " PORTS ", " ENV ", " MOUNTS ", " PROBE ", " SECURITY ", "
#define BUT_ARGS IMAGE ", " PORTS ", " ENV ", " MOUNTS ", " PROBE ", " SECURITY ", "
#define BUT_PORTS IMAGE ", " ARGS ", " ENV ", " MOUNTS ", " PROBE ", " SECURITY ", "
#define BUT_ENV IMAGE ", " ARGS ", " PORTS ", " MOUNTS ", " PROBE ", " SECURITY ", "
#define BUT_MOUNTS IMAGE ", " ARGS ", " PORTS ", " ENV ", " PROBE ", " SECURITY ", "
#define BUT_PROBE IMAGE ", " ARGS ", " PORTS ", " ENV ", " MOUNTS ", " SECURITY ", "
#define BUT_SECURITY IMAGE ", " ARGS ", " PORTS ", " ENV ", " MOUNTS ", " PROBE ", "
#define ALL BUT_SECURITY SECURITY ", "

struct compare_case {
    const char *container, *summary;
};

static void check_container(struct bench *b, const char *pod, const struct compare_case *c)
{
    struct sv text = arena_printf(&b->arena,
                                  "{apiVersion: v1, kind: Pod, metadata: {annotations: {a: b}}, spec: {%s"
                                  " initContainers: [{name: proxy, restartPolicy: Always, %s}]}}",
                                  pod, c->container);

    bench_check(b, text.p, LEVEL_STANDARD);
    if (strcmp(bench_summary(b), c->summary) != 0)
        fail_msg("%s: %s", c->container, bench_summary(b));
}

static void check_cases(const char *options, const char *pod, const struct compare_case *cases, size_t count)
{
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, options);
    for (size_t i = 0; i < count; i++)
        check_container(&b, pod, &cases[i]);
    bench_end(&b);
}

static void whatever_differs_from_the_whole_template_is_a_violation(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { BUT_IMAGE "image: 'r.example/p:2'", "violation " AT "/image" },
        { BUT_IMAGE "image: 'r.example/p:1@sha256:x'", "violation " AT "/image" },
        { BUT_IMAGE, "violation " AT "/image" },
        { BUT_ARGS "args: [serve, --insecure]", "violation " AT "/args" },
        { BUT_ARGS "args: [other]", "violation " AT "/args" },
        { BUT_ARGS, "violation " AT "/args" },
        { ALL "command: [sh]", "violation " AT "/command" },
        { ALL "envFrom: [{configMapRef: {name: x}}]", "violation " AT "/envFrom" },
        { ALL "lifecycle: {preStop: {exec: {command: [x]}}}", "violation " AT "/lifecycle" },
        { ALL "workingDir: /tmp", "violation " AT "/workingDir" },
        { ALL "stdin: true", "violation " AT "/stdin" },
        { ALL "terminationMessagePath: /etc/tls/key", "violation " AT "/terminationMessagePath" },
        { ALL "startupProbe: {exec: {command: [x]}}", "violation " AT "/startupProbe/exec" },
        { ALL "startupProbe: {httpGet: {port: 1}, periodSeconds: 1}", "violation " AT "/startupProbe" },
        { ALL "volumeDevices: [{name: x, devicePath: /dev/x}]", "violation " AT "/volumeDevices/0" },
        { ALL "fieldOfTheFuture: 1", "violation " AT "/fieldOfTheFuture" },
        { ALL "restartPolicyRules: [{action: Restart}]", "violation " AT "/restartPolicyRules" },
        { BUT_PORTS "ports: [{containerPort: 8443}]", "violation " AT "/ports" },
        { BUT_PORTS, "violation " AT "/ports" },
        { BUT_PORTS "ports: [{containerPort: 8443}, {containerPort: 9000}]",
          "violation " AT "/ports; violation " AT "/ports/1" },
        { BUT_PORTS "ports: [{containerPort: 8443, hostPort: 8443}, {containerPort: 9000, protocol: UDP}]",
          "violation " AT "/ports/0/hostPort" },
        { BUT_PORTS "ports: [{containerPort: 1}, {containerPort: 8443}, {containerPort: 9000, protocol: UDP}]",
          "violation " AT "/ports/0" },
        { BUT_ENV "env: [" IP_ENV ", {name: TO, value: 'tcp://evil:5432/8443'}]", "violation " AT "/env/1/value" },
        { BUT_ENV "env: [" TO_ENV "]", "violation " AT "/env" },
        { BUT_ENV "env: [" TO_ENV ", {name: IP, value: '1.1.1.1'}]",
          "violation " AT "/env/1/valueFrom; violation " AT "/env/1/value" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {name: LD_PRELOAD, value: x}]", "violation " AT "/env/2" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {name: TO, value: 'tcp://db:5432/8443'}]", "violation " AT "/env/2" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {name: TO, value: x}]",
          "violation " AT "/env/2/value; violation " AT "/env/2" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {name: IP}, {name: IP}]",
          "violation " AT "/env/3/valueFrom; violation " AT "/env/3" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {value: x}]", "violation " AT "/env/2" },
        { BUT_MOUNTS, "violation " AT "/volumeMounts" },
        { BUT_MOUNTS "volumeMounts: [{name: other, mountPath: /etc/tls, readOnly: true}]",
          "violation " AT "/volumeMounts/0/name" },
        { BUT_MOUNTS "volumeMounts: [{name: tls, mountPath: /etc/tls}]", "violation " AT "/volumeMounts/0/readOnly" },
        { BUT_MOUNTS "volumeMounts: [{name: tls, mountPath: /etc/tls, readOnly: true, subPath: x}]",
          "violation " AT "/volumeMounts/0/subPath" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: x, mountPath: /data}]", "violation " AT "/volumeMounts/1" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: x, mountPath: /etc/tls/}]", "violation " AT "/volumeMounts/1" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", " MOUNT "]", "violation " AT "/volumeMounts/1" },
        { BUT_PROBE, "violation " AT "/livenessProbe" },
        { BUT_PROBE "livenessProbe: {httpGet: {path: /live, port: 9001, scheme: HTTPS}}",
          "violation " AT "/livenessProbe/httpGet/scheme" },
        { BUT_SECURITY, "violation " AT "/securityContext" },
        { BUT_SECURITY "securityContext: {runAsNonRoot: false, runAsUser: 0, capabilities: {drop: [ALL]}}",
          "violation " AT "/securityContext/runAsNonRoot; violation " AT "/securityContext/runAsUser; violation " AT
          "/securityContext/readOnlyRootFilesystem" },
        { ALL, "pass /spec" },
    };

    check_cases(TEMPLATE, "", cases, ARRAY_LEN(cases));
}

static void what_the_api_server_adds_passes(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { ALL "x: null, command: null, envFrom: []", "pass /spec" },
        { ALL "resources: {}, terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File,"
              " imagePullPolicy: Always, stdin: false, lifecycle: {}",
          "pass /spec" },
        { ALL "resources: {requests: {cpu: 1}}, resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]",
          "pass /spec" },
        { BUT_PORTS "ports: [{containerPort: 9000, protocol: UDP}, {containerPort: 8443, protocol: TCP}]",
          "pass /spec" },
        { BUT_ENV "env: [{name: IP, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}}, " TO_ENV "]",
          "pass /spec" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: kube-api-access-x, readOnly: true,"
                     " mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]",
          "pass /spec" },
        { BUT_PROBE "livenessProbe: {httpGet: {path: /live, port: 9001, scheme: HTTP}, timeoutSeconds: 1,"
                    " periodSeconds: 10, successThreshold: 1, failureThreshold: 3}",
          "pass /spec" },
        { BUT_PROBE "livenessProbe: {httpGet: {path: /live, port: 9001}, timeoutSeconds: 2}",
          "violation " AT "/livenessProbe/timeoutSeconds" },
    };

    check_cases(TEMPLATE, "", cases, ARRAY_LEN(cases));
}

static void a_pod_on_the_hosts_network_gets_host_ports(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { BUT_PORTS "ports: [{containerPort: 8443, hostPort: 8443}, {containerPort: 9000, hostPort: 9000,"
                    " protocol: UDP}]",
          "pass /spec" },
        { BUT_PORTS "ports: [{containerPort: 8443, hostPort: 443}, {containerPort: 9000, protocol: UDP}]",
          "violation " AT "/ports/0/hostPort" },
    };

    check_cases(TEMPLATE, "hostNetwork: true,", cases, ARRAY_LEN(cases));
}

static void require_lifts_all_but_what_is_never_allowed(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { IMAGE ", " ARGS ", " PORTS, "pass /spec" },
        { IMAGE ", " ARGS ", " PORTS ", workingDir: /x, env: [{name: A, value: b}], fieldOfTheFuture: 1,"
                " readinessProbe: {httpGet: {port: 1}}, volumeMounts: [{name: d, mountPath: /data}]",
          "pass /spec" },
        { IMAGE ", " ARGS ", " PORTS ", livenessProbe: {exec: {command: [x]}, periodSeconds: 1}",
          "violation " AT "/livenessProbe/exec" },
        { IMAGE ", " ARGS ", " PORTS ", readinessProbe: {exec: {command: [x]}}",
          "violation " AT "/readinessProbe/exec" },
        { IMAGE ", " ARGS ", " PORTS ", startupProbe: {exec: {}}", "pass /spec" },
        { IMAGE ", " ARGS ", " PORTS ", env: [{name: LD_PRELOAD, value: x}, {name: LD_LIBRARY_PATH}]",
          "violation " AT "/env/0; violation " AT "/env/1" },
        { IMAGE ", " ARGS ", " PORTS ", env: [{name: OPENSSL_CONF, valueFrom: {configMapKeyRef: {name: x, key: y}}}]",
          "violation " AT "/env/0" },
        { IMAGE ", " ARGS ", " PORTS ", env: [{name: OPENSSL, value: x}, {name: OLD_A, value: x}]", "pass /spec" },
        { IMAGE ", " ARGS ", " PORTS ", volumeMounts: [{name: d, mountPath: /usr/lib/x86_64-linux-gnu}]",
          "violation " AT "/volumeMounts/0" },
        { IMAGE ", " ARGS ", " PORTS
                ", volumeMounts: [{name: d, mountPath: /etc/../usr}, {name: d, mountPath: /bin/x}]",
          "violation " AT "/volumeMounts/0; violation " AT "/volumeMounts/1" },
        { IMAGE ", " ARGS ", " PORTS ", volumeMounts: [{name: d, mountPath: /etc/ssl/certs}]", "pass /spec" },
        { IMAGE ", " ARGS, "violation " AT "/ports" },
        { IMAGE ", " PORTS, "violation " AT "/args" },
        { ARGS ", " PORTS ", image: x", "violation " AT "/image" },
        { IMAGE ", " ARGS ", " PORTS ", command: [x]", "violation " AT "/command" },
        { IMAGE ", " ARGS ", " PORTS ", lifecycle: {postStart: {exec: {command: [x]}}}", "violation " AT "/lifecycle" },
        { IMAGE ", " ARGS ", " PORTS ", envFrom: [{secretRef: {name: x}}]", "violation " AT "/envFrom" },
        { IMAGE ", " ARGS ", " PORTS ", env: [{name: A, value: b}, {name: A, value: b}]", "violation " AT "/env/1" },
        { IMAGE ", " ARGS ", " PORTS ", volumeMounts: [{name: d, mountPath: /etc/tls}]",
          "violation " AT "/volumeMounts/0/name; violation " AT "/volumeMounts/0/readOnly" },
        { IMAGE ", " ARGS ", " PORTS ", volumeMounts: [{name: d, mountPath: /etc}]",
          "violation " AT "/volumeMounts/0" },
        { IMAGE ", " ARGS ", " PORTS ", volumeMounts: [{name: d, mountPath: /etc/tls/x}]",
          "violation " AT "/volumeMounts/0" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {runAsUser: 1000, runAsGroup: 5}", "pass /spec" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {runAsUser: 0}",
          "violation " AT "/securityContext/runAsUser" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {runAsNonRoot: false}",
          "violation " AT "/securityContext/runAsNonRoot" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {privileged: true}",
          "violation " AT "/securityContext/privileged" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {privileged: false, allowPrivilegeEscalation: false}",
          "pass /spec" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {allowPrivilegeEscalation: true}",
          "violation " AT "/securityContext/allowPrivilegeEscalation" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {capabilities: {add: [NET_ADMIN, NET_RAW]}}",
          "violation " AT "/securityContext/capabilities/add/0; violation " AT "/securityContext/capabilities/add/1" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {capabilities: {drop: [NET_RAW]}}",
          "violation " AT "/securityContext/capabilities/drop" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {readOnlyRootFilesystem: false}",
          "violation " AT "/securityContext/readOnlyRootFilesystem" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {seccompProfile: {type: Unconfined}}",
          "violation " AT "/securityContext/seccompProfile/type" },
        { IMAGE ", " ARGS ", " PORTS ", securityContext: {seccompProfile: {type: RuntimeDefault}}", "pass /spec" },
    };

    check_cases(TEMPLATE ", require: [image, ports]", "", cases, ARRAY_LEN(cases));
}

static void tolerate_lifts_what_is_beyond_the_template_only(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {name: A, value: b}]", "pass /spec" },
        { BUT_ENV "env: [" TO_ENV ", {name: A, value: b}]", "violation " AT "/env" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", " TO_ENV "]", "violation " AT "/env/2" },
        { BUT_ENV "env: [{name: TO, value: x}, " IP_ENV "]", "violation " AT "/env/0/value" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: x, mountPath: /data}]", "pass /spec" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: x, mountPath: /etc/tls/a}]", "violation " AT "/volumeMounts/1" },
        { BUT_SECURITY "securityContext: {runAsNonRoot: true, runAsUser: 65532, readOnlyRootFilesystem: true,"
                       " capabilities: {drop: [ALL]}, runAsGroup: 65532}",
          "pass /spec" },
        { BUT_SECURITY "securityContext: {runAsNonRoot: true, runAsUser: 65532, readOnlyRootFilesystem: true,"
                       " capabilities: {drop: [ALL]}, privileged: true}",
          "violation " AT "/securityContext/privileged" },
        { BUT_ENV "env: [" TO_ENV ", " IP_ENV ", {name: OPENSSL_MODULES, value: b}]", "violation " AT "/env/2" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: x, mountPath: /lib}]", "violation " AT "/volumeMounts/1" },
        { ALL "startupProbe: {httpGet: {port: 1}}", "violation " AT "/startupProbe" },
        { ALL "readinessProbe: {httpGet: {port: 1}}", "pass /spec" },
        { ALL "readinessProbe: {exec: {command: [x]}}", "violation " AT "/readinessProbe/exec" },
    };

    check_cases(TEMPLATE ", tolerate: [env, volumeMounts, securityContext, readinessProbe]", "", cases,
                ARRAY_LEN(cases));
}

static void what_the_template_itself_asks_for_is_no_weakness(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { "image: a, securityContext: {privileged: true, runAsUser: 0, capabilities: {add: [NET_ADMIN]}}",
          "pass /spec" },
        { "image: a, securityContext: {privileged: true, runAsUser: 0, capabilities: {add: [NET_ADMIN, SYS_ADMIN]}}",
          "violation " AT "/securityContext/capabilities/add/1" },
    };

    check_cases("container: {name: proxy, image: a, securityContext: {privileged: true, runAsUser: 0,"
                " capabilities: {add: [NET_ADMIN]}}}",
                "", cases, ARRAY_LEN(cases));
}

static void a_command_and_a_configuration_of_the_template_cannot_be_swapped(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { "image: a, command: [/app/proxy], env: [{name: OPENSSL_CONF, value: /c}],"
          " livenessProbe: {exec: {command: [/app/live]}}",
          "pass /spec" },
        { "image: a, command: [/app/proxy], env: [{name: OPENSSL_CONF, value: /c}]", "pass /spec" },
        { "image: a, command: [/app/proxy], env: [{name: OPENSSL_CONF, value: /c}],"
          " livenessProbe: {exec: {command: [sh]}}",
          "violation " AT "/livenessProbe/exec/command" },
        { "image: a, command: [/app/proxy], env: [{name: OPENSSL_CONF, value: /d}]", "violation " AT "/env/0/value" },
        { "image: a, command: [/app/proxy]", "pass /spec" },
        { "image: a, command: [/app/proxy], env: [{name: OPENSSL_CONF, value: /c}],"
          " volumeMounts: [{name: d, mountPath: /app}, {name: d, mountPath: /application}]",
          "violation " AT "/volumeMounts/0" },
    };

    check_cases("container: {name: proxy, image: a, command: [/app/proxy], env: [{name: OPENSSL_CONF, value: /c}],"
                " livenessProbe: {exec: {command: [/app/live]}}}, require: [image]",
                "", cases, ARRAY_LEN(cases));
}

#define SHA "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER_SHA "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void an_image_is_the_same_in_every_spelling(void **state UNUSED)
{
    static const struct compare_case by_tag[] = {
        { "image: proxy", "pass /spec" },
        { "image: 'proxy:latest'", "pass /spec" },
        { "image: docker.io/library/proxy", "pass /spec" },
        { "image: 'index.docker.io:443/library/proxy:latest'", "pass /spec" },
        { "image: DOCKER.IO/proxy", "pass /spec" },
        { "image: docker.io/other/proxy", "violation " AT "/image" },
        { "image: r.example/library/proxy", "violation " AT "/image" },
        { "image: 'docker.io:8443/library/proxy'", "violation " AT "/image" },
        { "image: 'proxy:Latest'", "violation " AT "/image" },
        { "image: 'proxy@" SHA "'", "violation " AT "/image" },
        { "image: Proxy", "violation " AT "/image" },
        { "image: ''", "violation " AT "/image" },
    };
    static const struct compare_case by_digest[] = {
        { "image: 'docker.io/library/proxy@" SHA "'", "pass /spec" },
        { "image: 'proxy:2@" SHA "'", "pass /spec" },
        { "image: 'proxy:1'", "violation " AT "/image" },
        { "image: 'proxy:1@" OTHER_SHA "'", "violation " AT "/image" },
    };

    check_cases("container: {name: proxy, image: proxy}", "", by_tag, ARRAY_LEN(by_tag));
    check_cases("container: {name: proxy, image: 'proxy:1@" SHA "'}", "", by_digest, ARRAY_LEN(by_digest));
}

static void ordered_lists_of_the_template_are_compared_by_place(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { "image: a", "violation " AT "/envFrom" },
        { "image: a, envFrom: [{configMapRef: {name: a}}, {configMapRef: {name: b}}]", "violation " AT "/envFrom" },
        { "image: a, envFrom: [{configMapRef: {name: b}}]", "violation " AT "/envFrom/0/configMapRef/name" },
        { "image: a, envFrom: [{configMapRef: {name: a, optional: true}}]",
          "violation " AT "/envFrom/0/configMapRef/optional" },
        { "image: a, envFrom: [{configMapRef: {name: a}}]", "pass /spec" },
    };

    check_cases("container: {name: proxy, image: a, envFrom: [{configMapRef: {name: a}}]}", "", cases,
                ARRAY_LEN(cases));
}

static void resources_are_judged_where_named(void **state UNUSED)
{
    static const struct compare_case cases[] = {
        { IMAGE ", " ARGS, "violation " AT "/resources" },
        { IMAGE ", " ARGS ", resources: {limits: {memory: 1Gi}}", "violation " AT "/resources/limits/memory" },
        { IMAGE ", " ARGS ", resources: {limits: {memory: 64Mi}}", "pass /spec" },
    };

    check_cases(TEMPLATE ", require: [resources]", "", cases, ARRAY_LEN(cases));
}

static void the_volume_behind_a_mount_is_the_templates(void **state UNUSED)
{
    static const struct {
        const char *volumes, *summary;
    } cases[] = {
        { "{name: tls, emptyDir: {}}", "violation /spec/volumes/0" },
        { "{name: tls, secret: {secretName: other}}", "violation /spec/volumes/0" },
        { "{name: tls, secret: {secretName: proxy-tls, optional: true}}", "violation /spec/volumes/0" },
        { "{name: tls, secret: {secretName: proxy-tls, items: [{key: a, path: b}]}}", "violation /spec/volumes/0" },
        { "{name: data, emptyDir: {}}, {name: tls, secret: {secretName: proxy-tls, defaultMode: 420}}", "pass /spec" },
    };
    static const struct compare_case same = { ALL, "pass /spec" };
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, TEMPLATE);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct compare_case c = { same.container, cases[i].summary };

        check_container(&b, arena_printf(&b.arena, "volumes: [%s],", cases[i].volumes).p, &c);
    }
    bench_end(&b);
}

static void parameters_of_the_pod_are_expected_of_its_sidecar(void **state UNUSED)
{
    static const struct {
        const char *annotations, *summary, *says;
    } cases[] = {
        { "{}", "violation " AT "/ports/0; violation " AT "/ports; violation " AT "/env/0/value", NULL },
        { "{x/port: '9443', x/to: 'a:1,b:2'}", "pass /spec", NULL },
        { "{x/port: '09443', x/to: 'a:1,b:2'}", "violation /metadata/annotations/x~1port",
          "is bad: it is not a number" },
        { "{x/port: '', x/to: 'a:1 b:2'}",
          "violation /metadata/annotations/x~1port; violation /metadata/annotations/x~1to",
          "annotation `x/port` of sidecar `proxy`" },
    };
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, TEMPLATE);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv text = arena_printf(&b.arena,
                                      "{apiVersion: v1, kind: Pod, metadata: {annotations: %s}, spec: {initContainers:"
                                      " [{name: proxy, restartPolicy: Always, " IMAGE ", " ARGS ", " MOUNTS ", " PROBE
                                      ", " SECURITY ", ports: [{containerPort: 9443}, {containerPort: 9000, protocol:"
                                      " UDP}], env: [{name: TO, value: 'tcp://a:1,b:2/9443'}, " IP_ENV "]}]}}",
                                      cases[i].annotations);
        const struct finding *f = bench_check(&b, text.p, LEVEL_STANDARD);

        if (i > 0 && strcmp(bench_summary(&b), cases[i].summary) != 0)
            fail_msg("%s: %s", cases[i].annotations, bench_summary(&b));
        if (i == 0)
            assert_int_equal(b.out.count, 3);
        if (cases[i].says)
            bench_says(f, cases[i].says);
    }
    bench_end(&b);
}

static void findings_tell_one_fault_from_another(void **state UNUSED)
{
    static const struct {
        const char *container, *field, *found, *says;
    } cases[] = {
        { BUT_IMAGE "image: x", "image", "x", "`image` is not what the template says" },
        { BUT_ENV "env: [" IP_ENV ", {name: TO, value: x}]", "env.TO.value", "x", "tcp://db:5432/8443" },
        { BUT_ENV "env: [" TO_ENV "]", "env.IP", NULL, "lacks `env.IP`" },
        { BUT_ENV "env: [" IP_ENV ", {name: X, value: z}, " TO_ENV "]", "env.X", "{\"name\":\"X\",\"value\":\"z\"}",
          "has `env.X`, which the template does not" },
        { BUT_PORTS "ports: [{containerPort: 9000, protocol: UDP}]", "ports.8443", NULL, "lacks `ports.8443`" },
        { ALL "command: [sh, -c]", "command", "[\"sh\",\"-c\"]", "remove it" },
        { BUT_MOUNTS "volumeMounts: [" MOUNT ", {name: x, mountPath: /etc}]", "volumeMounts./etc",
          "{\"name\":\"x\",\"mountPath\":\"/etc\"}", "remove it" },
    };
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    bench_must_compile(&b, TEMPLATE);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv text = arena_printf(&b.arena,
                                      "{apiVersion: v1, kind: Pod, spec: {initContainers: [{name: proxy,"
                                      " restartPolicy: Always, %s}]}}",
                                      cases[i].container);
        const struct finding *f = bench_check(&b, text.p, LEVEL_STANDARD);

        assert_true(sv_eq(f->subject, SV("proxy")));
        if (!sv_eq(f->field, sv_from(cases[i].field)) || !sv_eq(f->found, sv_from(cases[i].found)))
            fail_msg("%s: %.*s is %.*s", cases[i].container, SV_ARG(f->field), SV_ARG(f->found));
        bench_says(f, cases[i].says);
    }
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_differs_from_the_whole_template_is_a_violation),
        cmocka_unit_test(what_the_api_server_adds_passes),
        cmocka_unit_test(a_pod_on_the_hosts_network_gets_host_ports),
        cmocka_unit_test(require_lifts_all_but_what_is_never_allowed),
        cmocka_unit_test(tolerate_lifts_what_is_beyond_the_template_only),
        cmocka_unit_test(what_the_template_itself_asks_for_is_no_weakness),
        cmocka_unit_test(a_command_and_a_configuration_of_the_template_cannot_be_swapped),
        cmocka_unit_test(an_image_is_the_same_in_every_spelling),
        cmocka_unit_test(ordered_lists_of_the_template_are_compared_by_place),
        cmocka_unit_test(resources_are_judged_where_named),
        cmocka_unit_test(the_volume_behind_a_mount_is_the_templates),
        cmocka_unit_test(parameters_of_the_pod_are_expected_of_its_sidecar),
        cmocka_unit_test(findings_tell_one_fault_from_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
