/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: '" value "', verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: 'so it is'}"
#define POD(rest) "{apiVersion: v1, kind: Pod, spec: {containers: [{name: app, image: x, " rest "}]}}"
#define ENV(name, value) POD("env: [{name: " name ", value: '" value "'}]")
#define FROM(name) POD("env: [{name: " name ", valueFrom: {secretKeyRef: {name: s, key: k}}}]")
#define ARG(text) POD("args: ['" text "']")
#define MOUNT(path) POD("volumeMounts: [{name: v, mountPath: '" path "'}]")
#define AT "/spec/containers/0"

static const char *const switches[] = {
    ROW("env:GODEBUG~fips140=off", "deny", "A"),
    ROW("env:GODEBUG~fips140=", "deny", "C"),
    ROW("env:CONF", "deny", "A"),
    ROW("env:FORCE=0", "deny", "B"),
    ROW("env:GOLANG_FIPS!=1", "deny", "A"),
    ROW("env:PRELOAD", "warn", "A"),
    ROW("env:HARMLESS", "allow", "A"),
    ROW("arg:-Dfips!=true", "deny", "A"),
    ROW("arg:--open-conf", "deny", "A"),
    ROW("arg:--shared", "warn", "A"),
    ROW("mount:/usr/lib64/modules", "deny", "A"),
    ROW("mount:/etc/ssl/openssl.cnf", "deny", "C"),
    ROW("sysctl:crypto.fips_enabled!=1", "deny", "A"),
};

static void begin(struct bench *b)
{
    struct buf rows = BUF_INIT(1 << 16);

    bench_begin(b, &rule_fips_off_switches);
    for (size_t i = 0; i < ARRAY_LEN(switches); i++)
        buf_printf(&rows, "%s%s", i ? ", " : "", switches[i]);
    buf_add_char(&rows, '\0');
    bench_facts(b, "off-switches", rows.p);
    buf_fini(&rows);
}

struct row {
    const char *object, *summary;
};

static void run(const char *options, const struct row *rows, size_t count)
{
    struct bench b;

    begin(&b);
    bench_must_compile(&b, options);
    for (size_t i = 0; i < count; i++) {
        bench_check(&b, rows[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s\ngives: %s", rows[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void variables_that_switch_fips_off_are_violations(void **state UNUSED)
{
    static const struct row rows[] = {
        { ENV("GODEBUG", "fips140=off"), "violation " AT "/env/0/value" },
        { ENV("GODEBUG", "fips140=on,x=1,fips140=off#3"), "violation " AT "/env/0/value" },
        { ENV("GODEBUG", "fips140="), "violation " AT "/env/0/value warns" },
        { ENV("CONF", "/dev/null"), "violation " AT "/env/0/value" },
        { ENV("CONF", ""), "violation " AT "/env/0/value" },
        { POD("env: [{name: CONF}]"), "violation " AT "/env/0" },
        { FROM("CONF"), "violation " AT "/env/0" },
        { ENV("CONF", "$(A)"), "violation " AT "/env/0/value" },
        { ENV("FORCE", "0"), "violation " AT "/env/0/value" },
        { ENV("GOLANG_FIPS", ""), "violation " AT "/env/0/value" },
        { ENV("PRELOAD", "x"), "violation " AT "/env/0/value warns" },
        { FROM("PRELOAD"), "violation " AT "/env/0 warns" },
        { POD("env: [{name: FORCE, value: '1'}, {name: FORCE, value: '0'}]"), "violation " AT "/env/1/value" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void what_cannot_be_seen_of_a_variable_is_unknown(void **state UNUSED)
{
    static const struct row rows[] = {
        { FROM("GODEBUG"), "unknown " AT "/env/0" },
        { FROM("FORCE"), "unknown " AT "/env/0" },
        { ENV("GOLANG_FIPS", "$(A_SERVICE_HOST)"), "unknown " AT "/env/0/value" },
        { POD("env: [{name: A, valueFrom: {fieldRef: {}}}, {name: GODEBUG, value: '$(A)'}]"),
          "unknown " AT "/env/1/value" },
        { POD("envFrom: [{configMapRef: {}}], env: [{name: GODEBUG, value: '$(A)'}]"), "unknown " AT "/env/0/value" },
        { FROM("HARMLESS"), "pass /spec" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void what_switches_nothing_off_passes(void **state UNUSED)
{
    static const struct row rows[] = {
        { POD(""), "pass /spec" },
        { ENV("GODEBUG", "fips140=off,fips140=on"), "pass /spec" },
        { ENV("GODEBUG", "xfips140=off"), "pass /spec" },
        { ENV("godebug", "fips140=off"), "pass /spec" },
        { ENV("FORCE", "1"), "pass /spec" },
        { ENV("GOLANG_FIPS", "1"), "pass /spec" },
        { ENV("HARMLESS", "1"), "pass /spec" },
        { ENV("X", "CONF=/dev/null"), "pass /spec" },
        { POD("env: [{name: FORCE, value: '0'}, {name: FORCE, value: '1'}]"), "pass /spec" },
        { POD("envFrom: [{configMapRef: {name: c}}]"), "pass /spec" },
        { ARG("-Dfips=true -Dfipsx=false --open-config"), "pass /spec" },
        { ARG("FORCE=1 MY_CONF=x my.CONF=x --CONF=x"), "pass /spec" },
        { MOUNT("/usr/lib64/modules2"), "pass /spec" },
        { MOUNT("/etc/ssl/certs"), "pass /spec" },
        { "{apiVersion: v1, kind: Pod, spec: {securityContext: {sysctls: [{name: crypto.fips_enabled, value: '1'},"
          " {name: net.core.x, value: '0'}, null]}}}",
          "pass /spec" },
        { "{apiVersion: v1, kind: Pod, spec: {volumes: [{name: v, image: {reference: x}}]}}", "pass /spec" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void references_are_replaced_before_anything_is_judged(void **state UNUSED)
{
    static const struct row rows[] = {
        { POD("env: [{name: A, value: 'off'}, {name: GODEBUG, value: 'fips140=$(A)'}]"),
          "violation " AT "/env/1/value" },
        { POD("env: [{name: A, value: fips140}, {name: B, value: '$(A)=off'}, {name: GODEBUG, value: '$(B)'}]"),
          "violation " AT "/env/2/value" },
        { POD("env: [{name: GODEBUG, value: '$(NOBODY),fips140=off'}]"), "violation " AT "/env/0/value" },
        { POD("env: [{name: A, value: '0'}, {name: FORCE, value: '$(A)'}]"), "violation " AT "/env/1/value" },
        { POD("env: [{name: A, value: '0'}, {name: FORCE, value: '$$(A)'}]"), "pass /spec" },
        { POD("env: [{name: FORCE, value: '$(A)'}, {name: A, value: '0'}]"), "pass /spec" },
        { POD("env: [{name: A, value: '0'}, {name: A, value: '1'}, {name: FORCE, value: '$(A)'}]"), "pass /spec" },
        { POD("env: [{name: A, value: open-conf}, {name: B, value: '--$(A)'}]"), "violation " AT "/env/1/value" },
        { POD("env: [{name: A, value: open-conf}], args: ['--$(A)=/x']"), "violation " AT "/args/0" },
        { POD("env: [{name: A, value: open-conf}], args: ['--$$(A)=/x']"), "pass /spec" },
        { POD("env: [{name: A, valueFrom: {fieldRef: {}}}], args: ['$(A) --open-conf']"), "violation " AT "/args/0" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void words_of_a_command_line_are_read(void **state UNUSED)
{
    static const struct row rows[] = {
        { ARG("-Dfips=false"), "violation " AT "/args/0" },
        { ARG("-Dfips"), "violation " AT "/args/0" },
        { ARG("java -Dfips=FALSE -jar x"), "violation " AT "/args/0" },
        { ARG("--open_conf=/x"), "violation " AT "/args/0" },
        { ARG("--shared"), "violation " AT "/args/0 warns" },
        { ARG("--shared --open-conf"), "violation " AT "/args/0" },
        { ARG("--open-conf --shared"), "violation " AT "/args/0" },
        { ARG("GODEBUG=fips140=off ./app"), "violation " AT "/args/0" },
        { ARG("GODEBUG+=,fips140=off; ./app"), "violation " AT "/args/0" },
        { ARG("export CONF=\"/x y\" && app"), "violation " AT "/args/0" },
        { ARG("O=-Dfips=false app"), "violation " AT "/args/0" },
        { POD("command: [env, FORCE=0, app], args: [a, --open-conf]"),
          "violation " AT "/command/1; violation " AT "/args/1" },
        { ENV("JAVA_TOOL_OPTIONS", "-Xmx1g -Dfips=false"), "violation " AT "/env/0/value" },
        { ENV("ANYTHING", "--open-conf=/x"), "violation " AT "/env/0/value" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void mounts_at_above_or_below_are_violations(void **state UNUSED)
{
    static const struct row rows[] = {
        { MOUNT("/usr/lib64/modules"), "violation " AT "/volumeMounts/0/mountPath" },
        { MOUNT("/usr/lib64/modules/fips.so"), "violation " AT "/volumeMounts/0/mountPath" },
        { MOUNT("/usr/lib64"), "violation " AT "/volumeMounts/0/mountPath" },
        { MOUNT("/"), "violation " AT "/volumeMounts/0/mountPath" },
        { MOUNT("usr/./lib64/x/.."), "violation " AT "/volumeMounts/0/mountPath" },
        { MOUNT("/etc/ssl"), "violation " AT "/volumeMounts/0/mountPath warns" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void a_sysctl_is_read_in_both_spellings(void **state UNUSED)
{
    static const struct row rows[] = {
        { "{apiVersion: v1, kind: Pod, spec: {securityContext: {sysctls: [{name: crypto.fips_enabled, value: '0'}]}}}",
          "violation /spec/securityContext/sysctls/0" },
        { "{apiVersion: v1, kind: Pod, spec: {securityContext: {sysctls: [{name: crypto/fips_enabled}]}}}",
          "violation /spec/securityContext/sysctls/0" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void containers_of_every_list_are_judged(void **state UNUSED)
{
    static const struct row rows[] = {
        { "{apiVersion: apps/v1, kind: StatefulSet, spec: {template: {spec: {initContainers: [{args: [CONF=x]}],"
          " ephemeralContainers: [{args: [CONF=x]}]}}}}",
          "violation /spec/template/spec/initContainers/0/args/0 template; "
          "violation /spec/template/spec/ephemeralContainers/0/args/0 template" },
        { "{apiVersion: v1, kind: EphemeralContainers, ephemeralContainers: [{args: [CONF=x]}]}",
          "violation /ephemeralContainers/0/args/0" },
    };

    run("", rows, ARRAY_LEN(rows));
}

static void what_is_allowed_is_not_judged(void **state UNUSED)
{
    static const struct row rows[] = {
        { ENV("CONF", "/etc/fips.cnf"), "pass /spec" },
        { ARG("CONF=/etc/fips.cnf app"), "pass /spec" },
        { ENV("CONF", "/etc/FIPS.cnf"), "violation " AT "/env/0/value" },
        { FROM("CONF"), "violation " AT "/env/0" },
        { MOUNT("/usr/lib64"), "pass /spec" },
        { ARG("--open-conf"), "violation " AT "/args/0" },
    };

    run("allow: ['env:CONF=/etc/fips.cnf', 'mount:/usr/lib64/modules']", rows, ARRAY_LEN(rows));
}

static void a_finding_says_what_and_shows_no_more(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    begin(&b);
    bench_must_compile(&b, "");
    f = bench_check(&b, ARG("--password=secret CONF=/x --token=secret"), LEVEL_STANDARD);
    assert_true(sv_eq(f->found, SV("CONF=/x")) && sv_eq(f->subject, SV("app")) && sv_eq(f->image, SV("x")));
    bench_says(f, "switches FIPS off: so it is");
    bench_says(f, "allow `env:CONF`");
    f = bench_check(&b, FROM("FORCE"), LEVEL_STANDARD);
    bench_says(f, "comes from elsewhere");
    bench_end(&b);
}

static void options_that_make_no_sense_do_not_compile(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } rows[] = {
        { "switches: ['env:X']", "is no fact set" },
        { "switches: ['@off-switch']", "no fact set is called" },
        { "switches: ['@odd']", "a fact set it names holds `X` begins with none" },
        { "allow: [OPENSSL_CONF]", "begins with none of" },
        { "allow: ['env:NOBODY']", "no fact set holds `env:NOBODY`" },
        { "allow: ['env:NOBODY=1']", "no fact set holds" },
        { "allow: ['env:CONF!=1']", "no fact set holds" },
        { "allow: ['arg:--open-conf=/x']", "no fact set holds" },
    };
    struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        begin(&b);
        bench_facts(&b, "odd", ROW("X", "deny", "A"));
        if (bench_compile(&b, rows[i].options) || !strstr(b.e.msg, rows[i].message))
            fail_msg("%s: %s", rows[i].options, b.e.msg);
        bench_end(&b);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_that_switch_fips_off_are_violations),
        cmocka_unit_test(what_cannot_be_seen_of_a_variable_is_unknown),
        cmocka_unit_test(what_switches_nothing_off_passes),
        cmocka_unit_test(references_are_replaced_before_anything_is_judged),
        cmocka_unit_test(words_of_a_command_line_are_read),
        cmocka_unit_test(mounts_at_above_or_below_are_violations),
        cmocka_unit_test(a_sysctl_is_read_in_both_spellings),
        cmocka_unit_test(containers_of_every_list_are_judged),
        cmocka_unit_test(what_is_allowed_is_not_judged),
        cmocka_unit_test(a_finding_says_what_and_shows_no_more),
        cmocka_unit_test(options_that_make_no_sense_do_not_compile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
