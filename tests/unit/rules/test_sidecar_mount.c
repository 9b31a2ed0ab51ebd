/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"
#include "rules/sidecar_mount.h"

static void a_path_touches_what_is_at_above_or_below_it(void **state UNUSED)
{
    static const struct {
        const char *path;
        bool covers; /* /etc/proxy/tls or /var/lib/proxy */
    } cases[] = {
        { "/etc/proxy/tls", true },
        { "/etc/proxy/tls/", true },
        { "//etc/./proxy//tls", true },
        { "/etc/x/../proxy/tls", true },
        { "/../../etc/proxy/tls", true },
        { "etc/proxy/tls", true },
        { "/etc/proxy/tls/key.pem", true },
        { "/etc/proxy", true },
        { "/etc", true },
        { "/", true },
        { "", true },
        { "/etc/..", true },
        { "/var/lib/proxy/x", true },
        { "/etc/proxy/tls2", false },
        { "/etc/prox", false },
        { "/etc/proxy/t", false },
        { "/etc/proxy/tls/../other", false },
        { "/var/lib", true },
        { "/tmp", false },
    };
    struct bench b;
    const struct json *mounts;

    bench_begin(&b, &rule_sidecar);
    mounts = bench_yaml(&b, "[{name: a, mountPath: /etc/proxy/tls/}, {name: b, mountPath: /var/lib/./proxy}]")->root;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (sidecar_mount_covers(mounts, sv_from(cases[i].path), &b.arena) != cases[i].covers)
            fail_msg("%s", cases[i].path);
    assert_false(sidecar_mount_covers(NULL, SV("/"), &b.arena));
    bench_end(&b);
}

static void a_full_arena_never_clears_a_mount(void **state UNUSED)
{
    struct bench b;
    struct arena none = ARENA_INIT(1);
    const struct json *mounts;

    bench_begin(&b, &rule_sidecar);
    mounts = bench_yaml(&b, "[{name: a, mountPath: /etc/proxy}]")->root;
    assert_false(sidecar_mount_covers(mounts, SV("/tmp"), &none));
    assert_true(sidecar_mount_covers(mounts, SV("/tmp/"), &none));
    assert_true(sidecar_mount_hides_programs(NULL, SV("/tmp/"), &none));
    arena_fini(&none);
    bench_end(&b);
}

static void the_service_account_is_known_by_its_exact_path(void **state UNUSED)
{
    static const struct {
        const char *mount;
        bool is_it;
    } cases[] = {
        { "{mountPath: /var/run/secrets/kubernetes.io/serviceaccount}", true },
        { "{mountPath: /var/run/secrets/kubernetes.io/serviceaccount/x}", false },
        { "{mountPath: /var/run/secrets/kubernetes.io}", false },
        { "{}", false },
    };
    struct bench b;

    bench_begin(&b, &rule_sidecar);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (sidecar_mount_is_service_account(bench_yaml(&b, cases[i].mount)->root) != cases[i].is_it)
            fail_msg("%s", cases[i].mount);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_touches_what_is_at_above_or_below_it),
        cmocka_unit_test(a_full_arena_never_clears_a_mount),
        cmocka_unit_test(the_service_account_is_known_by_its_exact_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
