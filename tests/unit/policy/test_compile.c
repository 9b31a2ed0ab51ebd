/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy may not say, and how the mistake is told. */
#include "policy/policy.h"
#include "support/policies.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEAD "apiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: p }\n"
#define RULE "  rules:\n    - { name: r, type: image-endpoints, allow: [registry.example.com] }\n"

static const struct {
    const char *what, *yaml, *message;
} mistakes[] = {
    { "unknown kind", "apiVersion: fipsgate.io/v1alpha1\nkind: FipsPolici\n",
      "policy.yaml:2:7: unknown kind `FipsPolici`, did you mean `FipsPolicy`?" },
    { "another API", "apiVersion: v1\nkind: FipsPolicy\n",
      "policy.yaml:1:13: apiVersion is `v1`, wanted `fipsgate.io/v1alpha1`" },
    { "a list", "- a\n", "policy.yaml:1:1: a policy document is a mapping, not an array" },
    { "misspelt key in spec", HEAD "spec:\n  mode: enforce\n  rulse: []\n",
      "policy.yaml:6:3: unknown key `rulse`, did you mean `rules`?" },
    { "unknown mode", HEAD "spec:\n  mode: enforced\n" RULE, NULL },
    { "no mode", HEAD "spec:\n" RULE, NULL },
    { "no rules", HEAD "spec:\n  mode: warn\n  rules: []\n",
      "policy.yaml:6:10: `rules` is a list with at least one rule" },
    { "unknown rule type", HEAD "spec:\n  mode: warn\n  rules:\n    - { name: r, type: image-endpoint, allow: [] }\n",
      "policy.yaml:7:24: unknown rule type `image-endpoint`, did you mean `image-endpoints`?" },
    { "rule without type", HEAD "spec:\n  mode: warn\n  rules:\n    - { name: r }\n",
      "policy.yaml:7:7: a rule needs `type`: the name of a rule type" },
    { "rule that is a string", HEAD "spec:\n  mode: warn\n  rules: [x]\n",
      "policy.yaml:6:11: a rule is a mapping with `name` and `type`, not a string" },
    { "rule name twice",
      HEAD "spec:\n  mode: warn\n" RULE "    - { name: r, type: image-endpoints, allow: [registry.example.com] }\n",
      "policy.yaml:8:15: rule `r` is defined twice in this policy" },
    { "bad rule name",
      HEAD "spec:\n  mode: warn\n  rules:\n    - { name: 'A b', type: image-endpoints, allow: [x.y] }\n",
      "policy.yaml:7:15: bad name `A b`: 1 to 63 of a-z, 0-9, `-` and `.`" },
    { "unknown layer", HEAD "spec:\n  mode: warn\n  layer: storag\n" RULE,
      "policy.yaml:6:10: unknown layer `storag`, did you mean `storage`?" },
    { "bad glob", HEAD "spec:\n  mode: warn\n  match: { namespaces: { include: ['kube-[a-z]*'] } }\n" RULE,
      "policy.yaml:6:36: bad glob `kube-[a-z]*`: `[` has no meaning here, only `*` has" },
    { "empty glob", HEAD "spec:\n  mode: warn\n  match: { users: { exclude: [''] } }\n" RULE,
      "policy.yaml:6:31: empty glob" },
    { "unknown operation", HEAD "spec:\n  mode: warn\n  match: { operations: [CREAT] }\n" RULE,
      "policy.yaml:6:25: unknown operation `CREAT`, did you mean `CREATE`?" },
    { "unknown fact set",
      HEAD "spec:\n  mode: warn\n  rules:\n    - { name: r, type: image-endpoints, allow: ['@ecr-fpis'] }\n", NULL },
    { "two policies of one name", HEAD "spec:\n  mode: warn\n" RULE "---\n" HEAD "spec:\n  mode: warn\n" RULE,
      "policy.yaml:11:19: FipsPolicy `p` is already defined in policy.yaml" },
    { "no policy at all", "# nothing\n", NULL },
};

static void tells_each_mistake_and_its_place(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        struct err e = { .code = ERR_NONE };
        CLEANUP(policy_set_freep) struct policy_set *set = policies_load(mistakes[i].yaml, &e);

        if (set)
            fail_msg("%s: accepted", mistakes[i].what);
        if (e.code == ERR_NONE || !e.msg[0])
            fail_msg("%s: no message", mistakes[i].what);
        if (mistakes[i].message && strcmp(e.msg, mistakes[i].message) != 0)
            fail_msg("%s: %s", mistakes[i].what, e.msg);
    }
}

static void fills_in_the_defaults(void **state UNUSED)
{
    CLEANUP(policy_set_freep) struct policy_set *set = policies_from(HEAD "spec:\n  mode: audit\n" RULE);
    const struct policy *p = &set->policies[0];

    assert_int_equal(set->policy_count, 1);
    assert_int_equal(p->mode, MODE_AUDIT);
    assert_int_equal(p->on_unknown, MODE_WARN);
    assert_int_equal(p->level, LEVEL_STANDARD);
    assert_true(p->repair);
    assert_false(p->match.skip_cluster_scoped);
    assert_int_equal(p->match.operations, 1u << OP_CREATE | 1u << OP_UPDATE);
    assert_int_equal(p->families, FAMILY_WORKLOAD);
    assert_null(p->layer.p);
}

static void reads_every_key(void **state UNUSED)
{
    CLEANUP(policy_set_freep)
    struct policy_set *set =
        policies_from(HEAD "spec:\n  mode: enforce\n  onUnknown: off\n  level: strict\n  repair: false\n"
                           "  layer: container-registry\n  controls: [SC-13, SC-8]\n"
                           "  match:\n    clusterScoped: false\n    operations: [DELETE]\n"
                           "    namespaces: { include: ['a*'], exclude: [ab] }\n"
                           "    users: { exclude: ['system:node:*'] }\n" RULE);
    const struct policy *p = &set->policies[0];

    assert_int_equal(p->on_unknown, MODE_OFF);
    assert_int_equal(p->level, LEVEL_STRICT);
    assert_false(p->repair);
    assert_true(sv_eq(p->layer, SV("container-registry")));
    assert_true(sv_eq(p->controls, SV("SC-13, SC-8")));
    assert_true(p->match.skip_cluster_scoped);
    assert_int_equal(p->match.operations, 1u << OP_DELETE);
    assert_int_equal(p->match.include.count, 1);
    assert_int_equal(p->match.exclude.count, 1);
    assert_int_equal(p->match.user_excludes.count, 1);
}

static void sorts_policies_by_name(void **state UNUSED)
{
    CLEANUP(policy_set_freep)
    struct policy_set *set =
        policies_from(HEAD "spec:\n  mode: warn\n" RULE "---\napiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\n"
                           "metadata: { name: a }\nspec:\n  mode: warn\n" RULE);

    assert_int_equal(set->policy_count, 2);
    assert_true(sv_eq(set->policies[0].name, SV("a")));
    assert_int_equal(set->rule_count, 2);
}

static void remembers_site_sets_nobody_supplied(void **state UNUSED)
{
    CLEANUP(policy_set_freep)
    struct policy_set *set =
        policies_from(HEAD "spec:\n  mode: warn\n  rules:\n"
                           "    - { name: r, type: image-endpoints, allow: ['@site-registries'] }\n");

    assert_int_equal(set->missing.count, 1);
    assert_true(sv_eq(set->missing.names[0], SV("site-registries")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_each_mistake_and_its_place),
        cmocka_unit_test(fills_in_the_defaults),
        cmocka_unit_test(reads_every_key),
        cmocka_unit_test(sorts_policies_by_name),
        cmocka_unit_test(remembers_site_sets_nobody_supplied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
