/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define HEX(c) c c c c c c c c c c c c c c c c
#define SHA(c) "sha256:" HEX(c c c c)
#define ROW(c, verdict, sure)                                                                                          \
    "{value: '" SHA(c) "', verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, note: 'brings ring'}"
#define POD(image) "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: '" image "'}]}}"

static const char scans[] = ROW("a", "strict", "A") "," ROW("b", "deny", "A") "," ROW("c", "warn", "A") "," ROW(
    "d", "deny", "C") "," ROW("e", "allow", "A");

static void run(const char *options, bool with_facts, enum level level, const char *object, const char *summary)
{
    struct bench b;

    bench_begin(&b, &rule_crypto_scan);
    if (with_facts)
        bench_facts(&b, "site-scans", scans);
    bench_must_compile(&b, options);
    bench_check(&b, object, level);
    if (strcmp(bench_summary(&b), summary) != 0)
        fail_msg("%s\ngives: %s", object, bench_summary(&b));
    bench_end(&b);
}

static void what_is_known_of_a_digest_decides(void **state UNUSED)
{
    static const struct {
        const char *object, *standard, *strict;
    } rows[] = {
        { POD("x@" SHA("a")), "pass", "pass" },
        { POD("x:7@" SHA("a")), "pass", "pass" },
        { POD("x@" SHA("e")), "pass", "violation" },
        { POD("x@" SHA("b")), "violation", "violation" },
        { POD("x@" SHA("c")), "violation warns", "violation warns" },
        { POD("x@" SHA("d")), "violation warns", "violation warns" },
        { POD("x@" SHA("f")), "unknown", "unknown" },
        { POD("x@sha512:" HEX("aaaa") HEX("aaaa")), "unknown", "unknown" },
        { POD("x:a"), "unknown", "unknown" },
        { POD("x"), "unknown", "unknown" },
        { POD("X@" SHA("a")), "unknown", "unknown" },
        { POD("ssh://x@" SHA("a")), "unknown", "unknown" },
        { POD(""), "unknown", "unknown" },
    };
    char want[80];

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (int level = LEVEL_STANDARD; level <= LEVEL_STRICT; level++) {
            const char *word = level == LEVEL_STRICT ? rows[i].strict : rows[i].standard;
            size_t kind = strcspn(word, " ");

            snprintf(want, sizeof(want), "%.*s /spec/containers/0/image%s", (int)kind, word, word + kind);
            run("", true, (enum level)level, rows[i].object, want);
        }
}

static void every_image_of_a_template_is_looked_up(void **state UNUSED)
{
    run("", true, LEVEL_STANDARD,
        "{apiVersion: batch/v1, kind: Job, spec: {template: {spec: {containers: [{name: a}],"
        " volumes: [{name: v, image: {reference: 'x@" SHA("b") "'}}]}}}}",
        "unknown /spec/template/spec/containers/0/image template; "
        "violation /spec/template/spec/volumes/0/image/reference template");
}

static void without_the_site_facts_nothing_is_known(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    bench_begin(&b, &rule_crypto_scan);
    bench_must_compile(&b, "");
    assert_int_equal(b.missing.count, 1);
    f = bench_check(&b, POD("x@" SHA("a")), LEVEL_STANDARD);
    assert_int_equal(f->kind, FINDING_UNKNOWN);
    bench_says(f, "supply the site facts site-scans");
    bench_end(&b);
}

static void a_finding_says_what_the_scan_found(void **state UNUSED)
{
    const struct finding *f;
    struct bench b;

    bench_begin(&b, &rule_crypto_scan);
    bench_facts(&b, "site-scans", scans);
    bench_must_compile(&b, "");
    f = bench_check(&b, POD("x@" SHA("b")), LEVEL_STANDARD);
    bench_says(f, "brings ring");
    assert_true(sv_eq(f->image, SV("x@" SHA("b"))) && sv_eq(f->subject, SV("a")));
    bench_end(&b);
}

static void an_operator_may_name_clean_digests(void **state UNUSED)
{
    run("scans: ['" SHA("f") "']", false, LEVEL_STRICT, POD("x@" SHA("f")), "pass /spec/containers/0/image");
}

static void what_is_no_digest_does_not_compile(void **state UNUSED)
{
    static const char *const rows[] = {
        "nginx:1",     "sha256:12",           "sha1:0123456789012345678901234567890123456789",
        "x@" SHA("a"), "sha256:" HEX("AAAA"), " " SHA("a")
    };
    struct bench b;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bench_begin(&b, &rule_crypto_scan);
        if (bench_compile(&b, arena_printf(&b.arena, "scans: ['%s']", rows[i]).p) || !strstr(b.e.msg, "is no digest"))
            fail_msg("%s: %s", rows[i], b.e.msg);
        bench_end(&b);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_known_of_a_digest_decides),
        cmocka_unit_test(every_image_of_a_template_is_looked_up),
        cmocka_unit_test(without_the_site_facts_nothing_is_known),
        cmocka_unit_test(a_finding_says_what_the_scan_found),
        cmocka_unit_test(an_operator_may_name_clean_digests),
        cmocka_unit_test(what_is_no_digest_does_not_compile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
