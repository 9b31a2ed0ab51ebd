/* SPDX-License-Identifier: Apache-2.0 */
/* How `apiVersion` is taken apart. */
#include "kube/gvk.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
    const char *api_version, *group, *version;
} rows[] = {
    { "v1", "", "v1" },
    { "apps/v1", "apps", "v1" },
    { "networking.k8s.io/v1beta1", "networking.k8s.io", "v1beta1" },
    { "", "", "" },
    { "apps/", "apps", "" },
    { "/v1", "", "v1" },
    { "apps/v1/v2", "apps", "v1/v2" },
};

static void splits_group_and_version(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct gvk gvk = gvk_from(sv_from(rows[i].api_version), SV("Kind"));

        if (!sv_eq(gvk.group, sv_from(rows[i].group)) || !sv_eq(gvk.version, sv_from(rows[i].version)))
            fail_msg("`%s`: group `%.*s`, version `%.*s`", rows[i].api_version, SV_ARG(gvk.group), SV_ARG(gvk.version));
        assert_true(sv_eq(gvk.kind, SV("Kind")));
    }
}

static void takes_what_is_absent(void **state UNUSED)
{
    struct gvk gvk = gvk_from((struct sv){ NULL, 0 }, (struct sv){ NULL, 0 });

    assert_int_equal(gvk.group.n + gvk.version.n + gvk.kind.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_group_and_version),
        cmocka_unit_test(takes_what_is_absent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
