/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: '" value "', verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: a note}"
#define OPTIONS                                                                                                        \
    "allow: ['@ecr-fips', '@site-registries', reg.example/ok], rewrite: ["                                             \
    "{from: docker.io/, to: '@site-mirror/docker-hub/'}, {from: docker.io/library, to: '@site-mirror/official'},"      \
    "{from: ghcr.io/, to: '@site-absent/ghcr/'}, {from: quay.io/, to: outside.example/quay/}, {from: old.example/, "   \
    "to: mirror.example/old/}]"
#define POD(container) "{apiVersion: v1, kind: Pod, spec: {containers: [{name: web, " container "}]}}"
#define SHA "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void begin(struct bench *b)
{
    bench_begin(b, &rule_image_endpoints);
    bench_facts(b, "ecr-fips",
                ROW("{account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "strict",
                    "A") "," ROW("{account}.dkr.ecr-fips.ca-west-1.amazonaws.com", "allow", "B"));
    bench_facts(b, "site-registries",
                ROW("mirror.example", "allow", "A") "," ROW("old.example", "warn", "A") "," ROW(
                    "bad.example", "deny", "A") "," ROW("bad.example/good", "allow", "A"));
    bench_facts(b, "site-mirror", ROW("mirror.example/cache", "allow", "A"));
    bench_must_compile(b, OPTIONS);
}

static void mistakes_in_the_options_point(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        { "rewrite: []", "allow" },
        { "allow: []", "allow" },
        { "allow: [nginx]", "test.yaml:1:42: endpoint `nginx`: it names no host" },
        { "allow: ['@ecr-fps']", "no fact set is called `ecr-fps`, did you mean `ecr-fips`?" },
        { "allow: ['@broken']", "test.yaml:1:41: a fact set it names holds endpoint `nope`" },
        { "allow: [a.io], rewrite: [{from: 'https://x', to: a.io}]", "endpoint `https://x`" },
        { "allow: [a.io], rewrite: [{from: b.io}]", "to" },
        { "allow: [a.io], rewrite: [{from: b.io, to: Upper/Case}]", "no reference can begin so" },
        { "allow: [a.io], rewrite: [{from: b.io, to: mirror}]", "`mirror` names no host" },
        { "allow: [a.io], rewrite: [{from: b.io, to: '@ecr-fips/x'}]", "only a site set" },
        { "allow: [a.io], rewrites: []", "did you mean `rewrite`?" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        begin(&b);
        bench_facts(&b, "broken", ROW("nope", "allow", "A"));
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        if (!strstr(b.e.msg, cases[i].message))
            fail_msg("%s: %s", cases[i].options, b.e.msg);
        bench_end(&b);
    }
}

static void images_are_judged_as_the_runtime_reads_them(void **state UNUSED)
{
    static const struct {
        const char *container, *standard, *strict;
    } cases[] = {
        { "image: nginx", "violation /spec/containers/0/image repaired", "violation /spec/containers/0/image" },
        { "image: quay.io/a", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: ghcr.io/a", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: ''", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: 'Not An Image'", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "command: [x]", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: bad.example/x", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: bad.example/good/x", "pass /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: old.example/x", "violation /spec/containers/0/image warns",
          "violation /spec/containers/0/image warns" },
        { "image: old.example/worse/x", "violation /spec/containers/0/image warns",
          "violation /spec/containers/0/image warns" },
        { "image: mirror.example/x", "pass /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: mirror.example:8443/x", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: reg.example/ok/x", "pass /spec/containers/0/image", "pass /spec/containers/0/image" },
        { "image: reg.example/okay/x", "violation /spec/containers/0/image", "violation /spec/containers/0/image" },
        { "image: 123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a@" SHA, "pass /spec/containers/0/image",
          "pass /spec/containers/0/image" },
        { "image: 123456789012.dkr.ecr-fips.ca-west-1.amazonaws.com/a", "pass /spec/containers/0/image",
          "violation /spec/containers/0/image" },
    };
    struct bench b;

    begin(&b);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv pod = arena_printf(&b.arena, POD("%s"), cases[i].container);

        bench_check(&b, pod.p, LEVEL_STANDARD);
        if (strcmp(bench_summary(&b), cases[i].standard) != 0)
            fail_msg("%s: %s", cases[i].container, bench_summary(&b));
        bench_check(&b, pod.p, LEVEL_STRICT);
        if (strcmp(bench_summary(&b), cases[i].strict) != 0)
            fail_msg("strict, %s: %s", cases[i].container, bench_summary(&b));
    }
    bench_end(&b);
}

static void a_rewrite_keeps_tag_and_digest_and_takes_the_longest_path(void **state UNUSED)
{
    static const struct {
        const char *image, *wanted; /* NULL: no repair */
    } cases[] = {
        { "nginx", "\"mirror.example/cache/official/nginx:latest\"" },
        { "docker.io/library/nginx:1.27", "\"mirror.example/cache/official/nginx:1.27\"" },
        { "team/app:2", "\"mirror.example/cache/docker-hub/team/app:2\"" },
        { "team/app@" SHA, "\"mirror.example/cache/docker-hub/team/app@" SHA "\"" },
        { "team/app:2@" SHA, "\"mirror.example/cache/docker-hub/team/app:2@" SHA "\"" },
        { "docker.io:5000/team/app", NULL }, /* another port is another registry */
        { "quay.io/a", NULL },               /* would not pass either */
        { "ghcr.io/a", NULL },               /* nobody supplied the mirror */
        { "old.example/x", NULL },           /* only warns */
        { "bad.example/x", NULL },
    };
    struct bench b;

    begin(&b);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv pod = arena_printf(&b.arena, POD("image: '%s'"), cases[i].image);
        const struct finding *f = bench_check(&b, pod.p, LEVEL_STANDARD);

        if ((f->repairs != NULL) != (cases[i].wanted != NULL))
            fail_msg("%s", cases[i].image);
        if (!f->repairs)
            continue;
        if (!sv_eq(f->repairs->value, sv_from(cases[i].wanted)))
            fail_msg("%s becomes %.*s", cases[i].image, SV_ARG(f->repairs->value));
        assert_int_equal(f->repairs->class, PATCH_REPLACE);
        assert_true(sv_eq(f->repairs->pointer, SV("/spec/containers/0/image")));
        assert_null(f->repairs->next);
    }
    bench_end(&b);
}

static void every_list_with_images_is_judged(void **state UNUSED)
{
    struct bench b;

    begin(&b);
    bench_check(&b,
                "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: reg.example/ok/x}],"
                " initContainers: [{name: b, image: ghcr.io/b}], ephemeralContainers: [{name: c, image: ghcr.io/c}],"
                " volumes: [{name: d, image: {reference: ghcr.io/d}}, {name: e, image: {}}, {name: f, emptyDir: {}}]}}",
                LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "pass /spec/containers/0/image; violation /spec/initContainers/0/image; "
                                           "violation /spec/ephemeralContainers/0/image; "
                                           "violation /spec/volumes/0/image/reference; "
                                           "unknown /spec/volumes/1/image/reference");
    bench_check(&b,
                "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec:"
                " {containers: [{name: a, image: nginx}]}}}}}}",
                LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b),
                        "violation /spec/jobTemplate/spec/template/spec/containers/0/image template repaired");
    bench_end(&b);
}

static void findings_say_what_was_written_and_what_it_means(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b);
    f = bench_check(&b, POD("image: nginx"), LEVEL_STANDARD);
    assert_true(sv_eq(f->subject, SV("web")));
    assert_true(sv_eq(f->field, SV("image")));
    assert_true(sv_eq(f->found, SV("nginx")));
    assert_true(sv_eq(
        f->message, SV("image (pulled as `docker.io/library/nginx:latest`) is not from an allowed registry endpoint")));
    assert_true(sv_eq(f->wanted, SV("@ecr-fips, @site-registries, reg.example/ok")));
    assert_true(sv_eq(f->fix, SV("use `mirror.example/cache/official/nginx:latest`")));
    f = bench_check(&b, POD("image: 'ghcr.io/a:1'"), LEVEL_STANDARD);
    assert_true(sv_eq(f->message, SV("image is not from an allowed registry endpoint")));
    f = bench_check(&b, POD("image: old.example/a:1"), LEVEL_STANDARD);
    bench_says(f, "passes only with a warning: a note");
    f = bench_check(&b, POD("image: 'a/B'"), LEVEL_STANDARD);
    bench_says(f, "upper case in the repository");
    assert_true(sv_eq(f->found, SV("a/B")));
    f = bench_check(&b, POD("args: []"), LEVEL_STANDARD);
    assert_null(f->found.p);
    bench_end(&b);
}

static void a_huge_reference_is_cut(void **state UNUSED)
{
    char text[6000];
    struct bench b;
    struct sv pod;

    begin(&b);
    memset(text, 'a', sizeof(text));
    pod = arena_printf(&b.arena, POD("image: '%.*s'"), (int)sizeof(text), text);
    assert_int_equal(bench_check(&b, pod.p, LEVEL_STANDARD)->kind, FINDING_VIOLATION);
    assert_true(b.out.first->found.n <= 200);
    assert_true(b.out.first->message.n <= 480);
    bench_end(&b);
}

static void a_missing_site_set_is_a_violation_that_says_so(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    bench_begin(&b, &rule_image_endpoints);
    bench_must_compile(&b, "allow: ['@site-registries'], rewrite: [{from: docker.io, to: '@site-mirror'}]");
    f = bench_check(&b, POD("image: nginx"), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "violation /spec/containers/0/image");
    bench_says(f, "supply the site facts site-registries");
    assert_int_equal(b.missing.count, 2);
    bench_end(&b);
}

static void a_long_mirror_is_kept_whole(void **state UNUSED)
{
    char path[211];
    struct bench b;
    struct sv options;

    memset(path, 'p', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    bench_begin(&b, &rule_image_endpoints);
    options = arena_printf(&b.arena, "allow: [m.io], rewrite: [{from: docker.io/library, to: m.io/%s/}]", path);
    bench_must_compile(&b, options.p);
    bench_check(&b, POD("image: nginx"), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "violation /spec/containers/0/image repaired");
    assert_int_equal(b.out.first->repairs->value.n, strlen("\"m.io//nginx:latest\"") + strlen(path));
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_the_options_point),
        cmocka_unit_test(images_are_judged_as_the_runtime_reads_them),
        cmocka_unit_test(a_rewrite_keeps_tag_and_digest_and_takes_the_longest_path),
        cmocka_unit_test(every_list_with_images_is_judged),
        cmocka_unit_test(findings_say_what_was_written_and_what_it_means),
        cmocka_unit_test(a_huge_reference_is_cut),
        cmocka_unit_test(a_missing_site_set_is_a_violation_that_says_so),
        cmocka_unit_test(a_long_mirror_is_kept_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
