/* SPDX-License-Identifier: Apache-2.0 */
/* A mode for a whole set: whatever is shipped is lowered to it, nothing is raised. */
#include "policy/policy.h"

#include "support/check.h"

#include "base/attr.h"

static const char *const shipped[] = { "builtin:baseline", "builtin:aws-govcloud", "builtin:azure-government",
                                       "builtin:gcp-assured-workloads", "builtin:on-prem" };

static struct policy_set *load(const char *name, enum max_mode max_mode)
{
    const struct policy_sources sources = { .policies = &name, .policy_count = 1, .max_mode = max_mode };
    struct err e = { .code = ERR_NONE };
    struct policy_set *set = policy_set_load(&sources, &e);

    if (!set)
        fail_msg("%s: %s", name, e.msg);
    return set;
}

static const struct {
    enum max_mode given;
    enum mode most;
} rows[] = {
    { MAX_MODE_ENFORCE, MODE_ENFORCE },
    { MAX_MODE_WARN, MODE_WARN },
    { MAX_MODE_AUDIT, MODE_AUDIT },
};

static void no_mode_is_above_it_and_none_is_raised(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(shipped) * ARRAY_LEN(rows); i++) {
        const char *name = shipped[i / ARRAY_LEN(rows)];
        enum mode most = rows[i % ARRAY_LEN(rows)].most;
        CLEANUP(policy_set_freep) struct policy_set *written = load(name, MAX_MODE_ENFORCE);
        CLEANUP(policy_set_freep) struct policy_set *lowered = load(name, rows[i % ARRAY_LEN(rows)].given);

        assert_int_equal(lowered->max_mode, most);
        assert_int_equal(lowered->policy_count, written->policy_count);
        for (size_t k = 0; k < written->policy_count; k++) {
            enum mode mode = written->policies[k].mode;

            assert_int_equal(lowered->policies[k].mode, mode < most ? mode : most);
            assert_int_equal(lowered->policies[k].on_unknown, written->policies[k].on_unknown);
        }
    }
}

/* All replicas and all of CI read the same files: that is what the digest is of. */
static void the_digest_is_that_of_the_files(void **state UNUSED)
{
    CLEANUP(policy_set_freep) struct policy_set *written = load(shipped[0], MAX_MODE_ENFORCE);
    CLEANUP(policy_set_freep) struct policy_set *lowered = load(shipped[0], MAX_MODE_AUDIT);

    assert_string_equal(lowered->hash, written->hash);
}

static void names_are_in_the_order_of_the_enum(void **state UNUSED)
{
    assert_string_equal(policy_max_modes[MAX_MODE_ENFORCE], "enforce");
    assert_string_equal(policy_max_modes[MAX_MODE_WARN], "warn");
    assert_string_equal(policy_max_modes[MAX_MODE_AUDIT], "audit");
    assert_null(policy_max_modes[ARRAY_LEN(rows)]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_mode_is_above_it_and_none_is_raised),
        cmocka_unit_test(the_digest_is_that_of_the_files),
        cmocka_unit_test(names_are_in_the_order_of_the_enum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
