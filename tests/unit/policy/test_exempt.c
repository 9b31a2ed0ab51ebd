/* SPDX-License-Identifier: Apache-2.0 */
/* What exceptions cost; what they lift is shown by tests/cases/exception/. */
#include "policy/exempt.h"

#include "support/check.h"
#include "support/policies.h"

#define POLICY                                                                                                         \
    "apiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: p }\nspec:\n  mode: enforce\n"              \
    "  rules: [{ name: r, type: image-endpoints, allow: [a.io] }]\n"
#define EXCEPTION                                                                                                      \
    "---\napiVersion: fipsgate.io/v1alpha1\nkind: FipsException\nmetadata: { name: x%d }\nspec:\n"                     \
    "  policies: [{ name: p }]\n  match: { namespaces: [ns], images: [quay.io/a/b%d] }\n"                              \
    "  reason: why\n  owner: who\n  expires: 2027-01-31\n"

enum { EXCEPTIONS = 200 };

static void reads_an_image_once_for_all_exceptions(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena small = ARENA_INIT(4096);
    CLEANUP(buf_fini) struct buf yaml = BUF_INIT(1 << 20);
    CLEANUP(policy_set_freep) struct policy_set *set = NULL;
    const struct request r = { .namespace = SV_INIT("ns") };
    const struct target t = { .request = &r, .kind = kind_find(SV(""), SV("Pod")), .today = { 2026, 11, 22 } };
    struct finding f = { .kind = FINDING_VIOLATION, .image = SV_INIT("quay.io/a/b199") };
    const struct exception *expired = NULL;

    buf_add(&yaml, SV(POLICY));
    for (int i = 0; i < EXCEPTIONS; i++)
        buf_printf(&yaml, EXCEPTION, i, i);
    buf_add_char(&yaml, '\0');
    set = policies_from(yaml.p);
    assert_int_equal(set->exception_count, EXCEPTIONS);
    assert_non_null(exempt_find(set, set->policies, set->policies->rules, &f, &t, &small, &expired));
    f.image = SV("quay.io/a/c");
    assert_null(exempt_find(set, set->policies, set->policies->rules, &f, &t, &small, &expired));
    assert_false(small.is_full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_image_once_for_all_exceptions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
