/* SPDX-License-Identifier: Apache-2.0 */
#include "api/in_cluster.h"

#include "base/attr.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *host, *port;
} outside[] = { { NULL, "443" }, { "10.0.0.1", NULL }, { "", "443" }, { "10.0.0.1", "" } };

static void says_that_it_is_not_in_a_cluster(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct client_target t;

    for (size_t i = 0; i < ARRAY_LEN(outside); i++) {
        struct err e = { 0 };

        assert_false(in_cluster_read("/nowhere", outside[i].host, outside[i].port, &a, &t, &e));
        assert_err(e, ERR_INPUT, "give --kubeconfig FILE");
    }
}

static void says_that_nothing_is_mounted(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct client_target t;
    struct err e = { 0 };

    assert_false(in_cluster_read("/nowhere", "10.0.0.1", "443", &a, &t, &e));
    assert_err(e, ERR_IO, "automountServiceAccountToken");
    assert_err(e, ERR_IO, "/nowhere/ca.crt");
}

static void reads_what_is_mounted(void **state UNUSED)
{
    static const char *const names[] = { "ca.crt", "token", "namespace" };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char dir[] = "/tmp/fipsgate-in-cluster-XXXXXX", path[64];
    struct client_target t;
    struct err e = { 0 };

    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        FILE *out;

        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        out = fopen(path, "w");
        assert_non_null(out);
        fprintf(out, "%s\n", names[i]);
        fclose(out);
    }
    assert_true(in_cluster_read(dir, "10.0.0.1", "443", &a, &t, &e));
    assert_sv(t.server, "https://10.0.0.1:443");
    assert_sv(t.ca, "ca.crt\n");
    assert_sv(t.token, "token");
    assert_sv(t.name_space, "namespace");
    assert_true(in_cluster_read(dir, "fd00::1", "6443", &a, &t, &e));
    assert_sv(t.server, "https://[fd00::1]:6443");
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_that_it_is_not_in_a_cluster),
        cmocka_unit_test(says_that_nothing_is_mounted),
        cmocka_unit_test(reads_what_is_mounted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
