/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD(image) "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: '" image "'}]}}"

static void only_a_digest_pins_an_image(void **state UNUSED)
{
    static const struct {
        const char *object, *summary;
    } rows[] = {
        { POD("nginx"), "violation /spec/containers/0/image" },
        { POD("r.example.com/a:1"), "violation /spec/containers/0/image" },
        { POD("r.example.com/a:sha256-" HEX), "violation /spec/containers/0/image" },
        { POD("r.example.com/a@sha256:0123"), "violation /spec/containers/0/image" },
        { POD("r.example.com/a@md5:0123456789abcdef0123456789abcdef"), "violation /spec/containers/0/image" },
        { POD("r.example.com/fixed2/a:1"), "violation /spec/containers/0/image" },
        { POD("r.example.com/fixed/a:1"), "pass /spec/containers/0/image" },
        { POD("r.example.com/fixed/A:1"), "violation /spec/containers/0/image" },
        { POD("r.example.com/a@sha256:" HEX), "pass /spec/containers/0/image" },
        { POD("r.example.com/a:1@sha256:" HEX), "pass /spec/containers/0/image" },
        { POD("a@sha512:" HEX HEX), "pass /spec/containers/0/image" },
        { "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a}]}}", "unknown /spec/containers/0/image" },
        { "{apiVersion: v1, kind: Pod, spec: {volumes: [{name: m, image: {reference: 'a:1'}}, {name: n, image: {}}]}}",
          "violation /spec/volumes/0/image/reference; unknown /spec/volumes/1/image/reference" },
        { "{apiVersion: apps/v1, kind: DaemonSet, spec: {template: {spec: {initContainers: [{name: i, image: a}],"
          " ephemeralContainers: [{name: e, image: b}]}}}}",
          "violation /spec/template/spec/initContainers/0/image template; "
          "violation /spec/template/spec/ephemeralContainers/0/image template" },
    };
    struct bench b;

    bench_begin(&b, &rule_image_digest);
    bench_must_compile(&b, "except: [r.example.com/fixed]");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bench_check(&b, rows[i].object, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s\ngives: %s", rows[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void a_finding_says_which_image_and_which_tag(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    bench_begin(&b, &rule_image_digest);
    bench_must_compile(&b, "");
    f = bench_check(&b, POD("r.example.com/a:1"), LEVEL_STANDARD);
    assert_true(sv_eq(f->image, SV("r.example.com/a:1")) && sv_eq(f->found, f->image) && sv_eq(f->subject, SV("a")));
    bench_says(f, "tag `1` can be moved");
    f = bench_check(&b, POD("nginx"), LEVEL_STANDARD);
    bench_says(f, "tag `latest`, the default,");
    f = bench_check(&b, POD("Nginx"), LEVEL_STANDARD);
    bench_says(f, "upper case");
    bench_end(&b);
}

static void an_exception_that_is_no_endpoint_does_not_compile(void **state UNUSED)
{
    struct bench b;

    bench_begin(&b, &rule_image_digest);
    assert_false(bench_compile(&b, "except: [ok.example.com, 'https://r']"));
    assert_non_null(strstr(b.e.msg, "test.yaml:1:"));
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_digest_pins_an_image),
        cmocka_unit_test(a_finding_says_which_image_and_which_tag),
        cmocka_unit_test(an_exception_that_is_no_endpoint_does_not_compile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
