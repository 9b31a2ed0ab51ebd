/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

static void unknown_names_find_nothing(void **state UNUSED)
{
    assert_null(rules_find(SV("")));
    assert_null(rules_find(SV("image-endpoint")));
    assert_null(rules_find(SV("Sidecar")));
    assert_null(rules_at(rules_count()));
}

static void the_list_is_alphabetical_and_every_rule_is_found(void **state UNUSED)
{
    for (size_t i = 0; i < rules_count(); i++) {
        const struct rule *rule = rules_at(i);

        assert_ptr_equal(rules_find(sv_from(rule->id)), rule);
        if (i > 0 && strcmp(rules_at(i - 1)->id, rule->id) >= 0)
            fail_msg("%s stands before %s", rules_at(i - 1)->id, rule->id);
    }
}

/* Policies, lint and explain read these without asking whether they are there. */
static void every_rule_is_complete(void **state UNUSED)
{
    for (size_t i = 0; i < rules_count(); i++) {
        const struct rule *rule = rules_at(i);

        if (!rule->layer || !rule->what || !rule->why || !rule->fields || !rule->check || !rule->families)
            fail_msg("%s lacks something", rule->id);
        assert_true(rule->config_size >= sizeof(struct rule_head));
        assert_string_equal(rule->fields[0].key, "name");
        assert_string_equal(rule->fields[1].key, "type");
        for (const struct field *field = rule->fields; field->key; field++)
            if (!field->help)
                fail_msg("%s: option %s has no help", rule->id, field->key);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_names_find_nothing),
        cmocka_unit_test(the_list_is_alphabetical_and_every_rule_is_found),
        cmocka_unit_test(every_rule_is_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
