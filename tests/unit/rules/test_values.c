/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"
#include "rules/values.h"

#define ROW(value, verdict, sure)                                                                                      \
    "{value: " value ", verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22}"

/* The options of a rule that only has values. */
struct config {
    struct rule_head head;
    struct strings allow;
    struct sv single, resolved;
    struct values values;
};
static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .help = "values"),
    FIELD(struct config, single, "single", FIELD_STRING, .help = "one value"),
    FIELD_END,
};
static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    struct config *c = config;
    const struct pointer allow_at = pointer_key(b->at, SV("allow"));
    const struct pointer single_at = pointer_key(b->at, SV("single"));

    if (!values_compile(b, &allow_at, &c->allow, &c->values, e))
        return false;
    return !c->single.p || values_single(b, &single_at, c->single, &c->resolved, e);
}
static const struct rule rule = {
    .id = "test", .fields = fields, .config_size = sizeof(struct config), .compile = compile
};

static void begin(struct bench *b)
{
    bench_begin(b, &rule);
    bench_facts(b, "elb",
                ROW("good", "strict", "A") "," ROW("fine", "allow", "B") "," ROW("poor", "warn", "A") "," ROW(
                    "bad", "deny", "A") "," ROW("rumour", "deny", "C"));
    bench_facts(b, "site-empty", ROW("never", "deny", "A"));
    bench_facts(b, "site-mirror", ROW("old", "deny", "A") "," ROW("new", "allow", "A") "," ROW("newer", "strict", "A"));
}

static void bad_references_are_errors_that_point(void **state UNUSED)
{
    static const struct {
        const char *options, *message;
    } cases[] = {
        { "allow: ['@elc']", "test.yaml:1:31: no fact set is called `elc`, did you mean `elb`?" },
        { "allow: [x, '@nothing-like-it']", "test.yaml:1:34: no fact set is called `nothing-like-it`" },
        { "allow: ['@']", "test.yaml:1:31: an empty set name" },
        { "allow: ['']", "test.yaml:1:31: an empty value" },
        { "single: '@elb'", "test.yaml:1:31: one value is wanted: only a site set (`@site-...`) can give it" },
        { "single: '@elc'", "test.yaml:1:31: no fact set is called `elc`, did you mean `elb`?" },
        { "single: ''", "test.yaml:1:31: an empty value" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;

        begin(&b);
        if (bench_compile(&b, cases[i].options))
            fail_msg("accepted: %s", cases[i].options);
        assert_string_equal(b.e.msg, cases[i].message);
        assert_int_equal(b.missing.count, 0);
        bench_end(&b);
    }
}

static void a_missing_site_set_is_recorded_once_and_holds_nothing(void **state UNUSED)
{
    struct bench b;
    const struct config *c;

    begin(&b);
    bench_must_compile(&b, "allow: ['@site-x', '@site-x', '@site-y', literal], single: '@site-x'");
    c = b.config;
    assert_true(c->values.is_incomplete);
    assert_int_equal(c->values.count, 1);
    assert_null(c->resolved.p);
    assert_int_equal(b.missing.count, 2);
    assert_true(sv_eq(b.missing.names[0], SV("site-x")));
    assert_true(sv_eq(b.missing.names[1], SV("site-y")));
    assert_true(bench_has(c->values.missing, "site-y"));
    bench_end(&b);
}

static void opinions_follow_verdict_sureness_and_level(void **state UNUSED)
{
    static const struct {
        const char *value;
        enum opinion standard, strict;
    } cases[] = {
        { "nowhere", OPINION_DENY, OPINION_DENY }, { "bad", OPINION_DENY, OPINION_DENY },
        { "rumour", OPINION_WARN, OPINION_WARN },  { "poor", OPINION_WARN, OPINION_WARN },
        { "fine", OPINION_PASS, OPINION_DENY },    { "good", OPINION_PASS, OPINION_PASS },
        { "literal", OPINION_PASS, OPINION_PASS }, { "Good", OPINION_DENY, OPINION_DENY },
        { "goo", OPINION_DENY, OPINION_DENY },     { "", OPINION_DENY, OPINION_DENY },
    };
    struct bench b;
    const struct config *c;

    begin(&b);
    bench_must_compile(&b, "allow: ['@elb', literal]");
    c = b.config;
    assert_false(c->values.is_incomplete);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct fact *row = values_find(&c->values, sv_from(cases[i].value));

        if (values_opinion(row, LEVEL_STANDARD) != cases[i].standard)
            fail_msg("standard: %s", cases[i].value);
        if (values_opinion(row, LEVEL_STRICT) != cases[i].strict)
            fail_msg("strict: %s", cases[i].value);
    }
    bench_end(&b);
}

static void of_two_rows_with_one_value_the_better_counts(void **state UNUSED)
{
    struct bench b;
    const struct config *c;

    begin(&b);
    bench_facts(&b, "more", ROW("bad", "allow", "A") "," ROW("good", "deny", "A"));
    bench_must_compile(&b, "allow: ['@elb', '@more', poor]");
    c = b.config;
    assert_int_equal(values_opinion(values_find(&c->values, SV("bad")), LEVEL_STANDARD), OPINION_PASS);
    assert_int_equal(values_opinion(values_find(&c->values, SV("good")), LEVEL_STRICT), OPINION_PASS);
    assert_int_equal(values_opinion(values_find(&c->values, SV("poor")), LEVEL_STRICT), OPINION_PASS);
    bench_end(&b);
}

static void one_value_is_a_literal_or_the_first_row_that_passes(void **state UNUSED)
{
    static const struct {
        const char *options, *value;
        size_t missing;
    } cases[] = {
        { "single: gp3", "gp3", 0 },
        { "single: '@site-mirror'", "new", 0 },
        { "single: '@site-empty'", NULL, 1 },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;
        const struct config *c;

        begin(&b);
        bench_must_compile(&b, cases[i].options);
        c = b.config;
        if (!sv_eq(c->resolved, sv_from(cases[i].value)) || b.missing.count != cases[i].missing)
            fail_msg("%s: %.*s", cases[i].options, SV_ARG(c->resolved));
        bench_end(&b);
    }
}

static void outcomes_become_findings(void **state UNUSED)
{
    static const char *const wanted[] = { [OUTCOME_UNKNOWN] = "unknown ",
                                          [OUTCOME_PASS] = "pass ",
                                          [OUTCOME_WARN] = "violation  warns",
                                          [OUTCOME_VIOLATION] = "violation " };
    static const struct pointer root = { .up = NULL };
    struct bench b;

    begin(&b);
    for (int i = OUTCOME_UNKNOWN; i <= OUTCOME_VIOLATION; i++) {
        const struct finding *f;

        findings_init(&b.out, &b.arena, true);
        f = values_outcome(&b.out, (enum outcome)i, &root, SV("s"));
        assert_true((f == NULL) == (i == OUTCOME_PASS));
        assert_string_equal(bench_summary(&b), wanted[i]);
        assert_true(sv_eq(b.out.first->subject, SV("s")));
    }
    assert_string_equal(values_outcomes[OUTCOME_UNKNOWN], "unknown");
    assert_string_equal(values_outcomes[OUTCOME_PASS], "pass");
    assert_string_equal(values_outcomes[OUTCOME_WARN], "warn");
    assert_string_equal(values_outcomes[OUTCOME_VIOLATION], "violation");
    assert_null(values_outcomes[OUTCOME_VIOLATION + 1]);
    bench_end(&b);
}

static void wanted_names_a_few_and_counts_the_rest(void **state UNUSED)
{
    struct bench b;
    const struct config *c;

    begin(&b);
    bench_must_compile(&b, "allow: ['@elb', a, b, c, d, e]");
    c = b.config;
    assert_true(sv_eq(c->values.wanted, SV("@elb, a, b, c and 2 more")));
    assert_int_equal(c->values.missing.n, 0);
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_references_are_errors_that_point),
        cmocka_unit_test(a_missing_site_set_is_recorded_once_and_holds_nothing),
        cmocka_unit_test(opinions_follow_verdict_sureness_and_level),
        cmocka_unit_test(of_two_rows_with_one_value_the_better_counts),
        cmocka_unit_test(one_value_is_a_literal_or_the_first_row_that_passes),
        cmocka_unit_test(outcomes_become_findings),
        cmocka_unit_test(wanted_names_a_few_and_counts_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
