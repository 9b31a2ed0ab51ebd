/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "cli/explain.h"
#include "rules/rules.h"
#include "support/check.h"
#include "support/policies.h"

static bool has(struct sv text, const char *part)
{
    return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static void says_all_there_is_to_say_about_each_rule(void **state UNUSED)
{
    for (size_t i = 0; i < rules_count(); i++) {
        const struct rule *r = rules_at(i);

        if (!r->what || !r->why || !r->fix || !r->example)
            fail_msg("%s lacks what, why, fix or example", r->id);
        if (!r->repair != !r->repair_options)
            fail_msg("%s: repair and repair_options come together", r->id);
    }
}

static void names_only_options_there_are(void **state UNUSED)
{
    for (size_t i = 0; i < rules_count(); i++)
        for (struct sv rest = sv_from(rules_at(i)->repair_options); rest.p;) {
            struct sv option = sv_cut(&rest, ' ');
            const struct field *f = rules_at(i)->fields;

            while (f->key && !sv_eq(sv_from(f->key), option))
                f++;
            if (!f->key)
                fail_msg("%s has no option %.*s", rules_at(i)->id, SV_ARG(option));
        }
}

static void says_what_every_option_is(void **state UNUSED)
{
    for (size_t i = 0; i < rules_count(); i++)
        for (const struct field *f = rules_at(i)->fields; f->key; f++)
            if (!f->help || !*f->help)
                fail_msg("%s: no help for %s", rules_at(i)->id, f->key);
}

static void gives_examples_that_load(void **state UNUSED)
{
    for (size_t i = 0; i < rules_count(); i++) {
        CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 16);
        CLEANUP(policy_set_freep) struct policy_set *set = NULL;
        struct err e = { 0 };

        explain_example(rules_at(i), &text);
        buf_add_char(&text, '\0');
        set = policies_load(text.p, &e);
        if (!set)
            fail_msg("%s: %s\n%s", rules_at(i)->id, e.msg, text.p);
        assert_int_equal(set->rule_count, 1);
        assert_ptr_equal(set->policies[0].rules[0].rule, rules_at(i));
    }
}

static const char policy[] = "apiVersion: fipsgate.io/v1alpha1\n"
                             "kind: FipsPolicy\n"
                             "metadata: { name: registry }\n"
                             "spec:\n"
                             "  mode: enforce\n"
                             "  controls: [SC-8, SC-13]\n"
                             "  rules:\n"
                             "    - { name: one, type: image-endpoints, allow: [\"@ecr-fips\", \"@site-x\"] }\n"
                             "    - { name: two, type: image-endpoints, allow: [a.example.gov] }\n";

static void says_where_a_type_is_in_use(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(policy_set_freep) struct policy_set *set = policies_from(policy);
    const struct explain_subject type = { .rule = rules_find(SV("image-endpoints")) };
    struct buf out = BUF_IN(&a);
    struct err e = { 0 };

    assert_true(explain_rule(&type, set, &a, &out, &e));
    assert_true(has(buf_sv(&out), "registry/one: mode enforce, onUnknown warn, at "));
    assert_true(has(buf_sv(&out), "policy.yaml:8:7\n"));
    assert_true(has(buf_sv(&out), "policy.yaml:9:7\n"));
    assert_true(has(buf_sv(&out), "controls: SC-8, SC-13\n"));
    assert_true(has(buf_sv(&out), "@ecr-fips: "));
    assert_true(has(buf_sv(&out), "rewrite: list of mappings\n"));
}

static void says_of_one_rule_what_it_is_about(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(policy_set_freep) struct policy_set *set = policies_from(policy);
    struct explain_subject rule = { rules_find(SV("image-endpoints")), &set->policies[0], 0 };
    struct buf out = BUF_IN(&a);
    struct err e = { 0 };

    assert_true(explain_rule(&rule, set, &a, &out, &e));
    assert_true(has(buf_sv(&out), "registry/one:"));
    assert_false(has(buf_sv(&out), "registry/two:"));
    assert_true(has(buf_sv(&out), "@site-x: yours to give"));
    buf_reset(&out);
    rule.index = 1;
    assert_true(explain_rule(&rule, set, &a, &out, &e));
    assert_true(has(buf_sv(&out), "Facts:\n  none\n"));
}

static void keeps_lines_short(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(policy_set_freep) struct policy_set *set = policies_from(policy);
    const struct explain_subject type = { .rule = rules_find(SV("sidecar")) };
    struct buf out = BUF_IN(&a);
    struct err e = { 0 };

    assert_true(explain_rule(&type, set, &a, &out, &e));
    for (struct sv rest = buf_sv(&out); rest.p;) {
        struct sv line = sv_cut(&rest, '\n');

        if (line.n > 100 || sv_ends_with(line, SV(" ")))
            fail_msg("%.*s", SV_ARG(line));
    }
}

static void lists_every_rule(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 16);

    explain_list(&out);
    for (size_t i = 0; i < rules_count(); i++)
        assert_true(has(buf_sv(&out), rules_at(i)->id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_all_there_is_to_say_about_each_rule),
        cmocka_unit_test(names_only_options_there_are),
        cmocka_unit_test(says_what_every_option_is),
        cmocka_unit_test(gives_examples_that_load),
        cmocka_unit_test(says_where_a_type_is_in_use),
        cmocka_unit_test(says_of_one_rule_what_it_is_about),
        cmocka_unit_test(keeps_lines_short),
        cmocka_unit_test(lists_every_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
