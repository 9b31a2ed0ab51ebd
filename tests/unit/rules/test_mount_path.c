/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "base/attr.h"
#include "rules/mount_path.h"

static void a_path_is_cleaned_as_a_runtime_does(void **state UNUSED)
{
    static const struct {
        const char *path, *clean;
    } rows[] = {
        { "/etc/tls", "/etc/tls" },
        { "/etc//tls/", "/etc/tls" },
        { "/etc/./tls/.", "/etc/tls" },
        { "/etc/x/../tls", "/etc/tls" },
        { "/../../etc", "/etc" },
        { "etc/tls", "/etc/tls" },
        { "/..hidden/...", "/..hidden/..." },
        { "/", "" },
        { "", "" },
        { "//", "" },
        { "/a/..", "" },
    };
    struct arena a = ARENA_INIT(1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_sv(mount_path_clean(sv_from(rows[i].path), &a), rows[i].clean);
    arena_fini(&a);
}

static void a_clean_path_is_not_copied(void **state UNUSED)
{
    struct arena none = ARENA_INIT(0);
    const char *path = "/usr/lib64/ossl-modules";

    assert_ptr_equal(mount_path_clean(sv_from(path), &none).p, path);
    assert_null(mount_path_clean(SV("/usr//lib64"), &none).p);
    arena_fini(&none);
}

static void paths_touch_by_whole_segments(void **state UNUSED)
{
    static const struct {
        const char *a, *b;
        bool touches;
    } rows[] = {
        { "/etc/tls", "/etc/tls", true },    { "/etc", "/etc/tls", true },
        { "/etc/tls/x", "/etc/tls", true },  { "", "/etc", true },
        { "/etc/tls", "/etc/tls2", false },  { "/etc/tl", "/etc/tls", false },
        { "/usr/lib", "/usr/lib64", false }, { "/a/b", "/a/c", false },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (mount_path_touches(sv_from(rows[i].a), sv_from(rows[i].b)) != rows[i].touches ||
            mount_path_touches(sv_from(rows[i].b), sv_from(rows[i].a)) != rows[i].touches)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_cleaned_as_a_runtime_does),
        cmocka_unit_test(a_clean_path_is_not_copied),
        cmocka_unit_test(paths_touch_by_whole_segments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
