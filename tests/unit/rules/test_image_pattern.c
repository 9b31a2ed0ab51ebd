/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"
#include "rules/image_pattern.h"

static void patterns_that_could_never_match_are_errors(void **state UNUSED)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        { "", "names no host" },
        { "/a", "names no host" },
        { "library/nginx", "names no host" },
        { "nginx", "names no host" },
        { "https://quay.io", "scheme" },
        { "quay.io//a", "scheme" },
        { "quay.io:x", "port" },
        { "quay.io:", "port" },
        { "quay.io:0", "port" },
        { "quay.io:65536", "port" },
        { "quay.io:05000", "port" },
        { "index.docker.io/a", "normalised to `docker.io`" },
        { "registry-1.docker.io", "normalised to `docker.io`" },
        { "quay..io", "empty label" },
        { ".quay.io", "empty label" },
        { "quay.io.", "empty label" },
        { "*quay.io", "a label of the host" },
        { "{acct}.x.io", "a label of the host" },
        { "qu\xc3\xa4y.io", "a label of the host" },
        { "user@quay.io", "a label of the host" },
        { "quay.io/A", "a path segment" },
        { "quay.io/a//b", "a path segment" },
        { "quay.io/a:1", "a path segment" },
        { "quay.io/a@sha256:1", "a path segment" },
        { "quay.io/a*", "a path segment" },
        { "[::1", "address" },
        { "[::x]", "address" },
        { "[::1]x", "address" },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct image_pattern p;
        struct err e = { 0 };

        if (image_pattern_compile(sv_from(cases[i].text), &a, &p, &e))
            fail_msg("accepted: %s", cases[i].text);
        if (!strstr(e.msg, cases[i].why))
            fail_msg("%s: %s", cases[i].text, e.msg);
    }
}

static void matching_is_by_label_port_and_segment(void **state UNUSED)
{
    static const struct {
        const char *pattern, *image;
        bool matches;
        const char *rest;
    } cases[] = {
        { "docker.io", "nginx", true, "library/nginx" },
        { "docker.io/", "index.docker.io/nginx", true, "library/nginx" },
        { "docker.io/library", "nginx", true, "nginx" },
        { "docker.io/library/nginx", "nginx", true, "" },
        { "docker.io/lib", "nginx", false, NULL },
        { "docker.io/library/nginx/x", "nginx", false, NULL },
        { "docker.io/library", "library.docker.io/nginx", false, NULL },
        { "quay.io", "quay.io.evil.example/a", false, NULL },
        { "quay.io", "evil.quay.io/a", false, NULL },
        { "*.quay.io", "quay.io/a", false, NULL },
        { "*.quay.io", "a.quay.io/a", true, "a" },
        { "*.quay.io", "a.b.quay.io/a", false, NULL },
        { "QUAY.io", "Quay.IO/a", true, "a" },
        { "quay.io", "quay.io:443/a", true, "a" },
        { "quay.io:443", "quay.io/a", true, "a" },
        { "quay.io", "quay.io:5000/a", false, NULL },
        { "quay.io:5000", "quay.io:5000/a", true, "a" },
        { "quay.io:5000", "quay.io/a", false, NULL },
        { "localhost:5000", "localhost:5000/b", true, "b" },
        { "localhost", "localhost/b", true, "b" },
        { "reg:5000", "reg:5000/b", true, "b" },
        { "quay.io/*/app", "quay.io/team/app", true, "" },
        { "quay.io/*/app", "quay.io/team/app/x:1", true, "x" },
        { "quay.io/*/app", "quay.io/app", false, NULL },
        { "{account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
          "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a/b", true, "a/b" },
        { "{account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
          "12345678901.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a/b", false, NULL },
        { "{account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
          "12345678901x.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a/b", false, NULL },
        { "{account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/a/b",
          false, NULL },
        { "{account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
          "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com.cn/a", false, NULL },
        { "[::1]:5000", "[::1]:5000/a", true, "a" },
        { "[::1]", "[::2]/a", false, NULL },
        { "*", "[::1]/a", false, NULL },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct image_pattern p;
        struct image_ref ref;
        struct err e = { 0 };

        if (!image_pattern_compile(sv_from(cases[i].pattern), &a, &p, &e) ||
            !image_ref_parse(sv_from(cases[i].image), &a, &ref, &e))
            fail_msg("%s", e.msg);
        if (image_pattern_matches(&p, &ref) != cases[i].matches)
            fail_msg("%s with %s", cases[i].pattern, cases[i].image);
        if (cases[i].matches && !sv_eq(image_pattern_rest(&p, &ref), sv_from(cases[i].rest)))
            fail_msg("%s leaves `%.*s` of %s", cases[i].pattern, SV_ARG(image_pattern_rest(&p, &ref)), cases[i].image);
    }
}

static void a_full_arena_is_an_error(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(16);
    struct image_pattern p;
    struct err e = { 0 };

    assert_false(image_pattern_compile(SV("quay.io/a"), &a, &p, &e));
    assert_int_equal(e.code, ERR_NOMEM);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_that_could_never_match_are_errors),
        cmocka_unit_test(matching_is_by_label_port_and_segment),
        cmocka_unit_test(a_full_arena_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
