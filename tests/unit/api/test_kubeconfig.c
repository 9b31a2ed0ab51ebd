/* SPDX-License-Identifier: Apache-2.0 */
/* Kubeconfigs as people and tools write them, and what is refused with its place. */
#include "api/kubeconfig.h"

#include "base/attr.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
    char dir[40];
    struct arena arena;
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof(*p));

    memcpy(p->dir, "/tmp/fipsgate-kubeconfig-XXXXXX", sizeof("/tmp/fipsgate-kubeconfig-XXXXXX"));
    p->arena.max = 16 << 20;
    *state = p;
    return mkdtemp(p->dir) ? 0 : -1;
}

static const char *path_of(const struct place *p, const char *name)
{
    static char path[96];

    snprintf(path, sizeof(path), "%s/%s", p->dir, name);
    return path;
}

static int tear_down(void **state)
{
    struct place *p = *state;

    unlink(path_of(p, "config"));
    unlink(path_of(p, "ca.pem"));
    unlink(path_of(p, "token"));
    rmdir(p->dir);
    arena_fini(&p->arena);
    free(p);
    return 0;
}

static void write_file(const struct place *p, const char *name, const char *text)
{
    FILE *out = fopen(path_of(p, name), "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* One of everything, around a cluster and a user. */
static void write_config(const struct place *p, const char *cluster, const char *user)
{
    char text[4096];

    snprintf(
        text, sizeof(text),
        "apiVersion: v1\nkind: Config\npreferences: {}\nclusters:\n- name: c\n  cluster:\n    %s\n"
        "users:\n- name: u\n  user:\n    %s\ncontexts:\n- name: x\n  context: {cluster: c, user: u, namespace: shop}\n"
        "current-context: x\n",
        cluster, user);
    write_file(p, "config", text);
}

static const char server[] = "server: https://10.0.0.1:6443";

static const struct {
    const char *cluster, *user, *says;
} refused[] = {
    /* whom to call */
    { "certificate-authority: ca.pem", "token: t", ":7:5: `server` is missing" },
    { "server: [1]", "token: t", ":7:13: `server` must be a string" },
    { "server: http://10.0.0.1", "token: t", ":7:13: `server` must read https://HOST:PORT" },
    { "{ server: https://h, insecure-skip-tls-verify: true }", "token: t", "`insecure-skip-tls-verify` is not done" },
    { "{ server: https://h, proxy-url: http://p }", "token: t", "`proxy-url` is not used" },
    { "{ server: https://h, certificate-authority: nowhere.pem }", "token: t", "No such file" },
    { "{ server: https://h, certificate-authority-data: '!!' }", "token: t", "not base64" },
    /* as whom */
    { server, "{}", "the user has no token, no tokenFile and no client certificate" },
    { server, "exec: { command: aws }", ":11:11: `exec` runs a program" },
    { server, "auth-provider: { name: oidc }", "`auth-provider` asks an identity provider" },
    { server, "{ username: a, password: b }", "`username` names and passwords are sent nowhere" },
    { server, "{ token: t, as: admin }", "`as` fipsgate impersonates nobody" },
    { server, "tokenFile: nowhere", "No such file" },
    { server, "client-certificate-data: QQ==", "`client-key` is missing" },
    { server, "client-key-data: QQ==", "`client-certificate` is missing" },
    { server, "token: 7", "`token` must be a string" },
};

static void refuses_with_place_and_remedy(void **state)
{
    struct place *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct client_target t;
        struct err e = { 0 };

        write_config(p, refused[i].cluster, refused[i].user);
        if (kubeconfig_read(path_of(p, "config"), NULL, &p->arena, &t, &e))
            fail_msg("takes %s / %s", refused[i].cluster, refused[i].user);
        if (!strstr(e.msg, refused[i].says) || e.code == ERR_NONE)
            fail_msg("%s\nis not\n%s", e.msg, refused[i].says);
    }
}

static const struct {
    const char *text, *says;
} malformed[] = {
    { "", "empty" },
    { "# nothing\n", "empty" },
    { "- a\n", "must be one mapping" },
    { "a: 1\n---\nb: 2\n", "must be one mapping" },
    { "a: [\n", "config:" },
    { "{}", "`current-context` is missing" },
    { "current-context: x\n", "`contexts` has no `x`" },
    { "current-context: x\ncontexts: 7\n", "`contexts` has no `x`" },
    { "current-context: x\ncontexts: [{name: y, context: {}}]\n", "`contexts` has no `x`" },
    { "current-context: x\ncontexts: [{name: x}]\n", "`context` is missing" },
    { "current-context: x\ncontexts: [{name: x, context: {user: u}}]\n", "`cluster` is missing" },
    { "current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\n", "`user` is missing" },
    { "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n", "`clusters` has no `c`" },
    { "current-context: x\ncurrent-context: y\n", "current-context" },
};

static void refuses_what_is_no_kubeconfig(void **state)
{
    struct place *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(malformed); i++) {
        struct client_target t;
        struct err e = { 0 };

        write_file(p, "config", malformed[i].text);
        if (kubeconfig_read(path_of(p, "config"), NULL, &p->arena, &t, &e))
            fail_msg("takes %s", malformed[i].text);
        if (!strstr(e.msg, malformed[i].says) || !strstr(e.msg, p->dir))
            fail_msg("%s\nis not\n%s", e.msg, malformed[i].says);
    }
}

static void refuses_a_file_that_is_not_there(void **state)
{
    struct place *p = *state;
    struct client_target t;
    struct err e = { 0 };

    assert_false(kubeconfig_read("/nowhere/config", NULL, &p->arena, &t, &e));
    assert_err(e, ERR_IO, "/nowhere/config");
    write_config(p, server, "token: t");
    e = (struct err){ 0 };
    assert_false(kubeconfig_read(path_of(p, "config"), "other", &p->arena, &t, &e));
    assert_err(e, ERR_INPUT, "`contexts` has no `other`");
}

static void reads_data(void **state)
{
    struct place *p = *state;
    struct client_target t;
    struct err e = { 0 };

    write_config(p,
                 "{ server: https://10.0.0.1:6443/, tls-server-name: api, certificate-authority-data: Q0E=, "
                 "certificate-authority: nowhere, extensions: [x] }",
                 "{ client-certificate-data: Q0VSVA==, client-key-data: S0VZ }");
    assert_true(kubeconfig_read(path_of(p, "config"), NULL, &p->arena, &t, &e));
    assert_sv(t.server, "https://10.0.0.1:6443");
    assert_sv(t.tls_name, "api");
    assert_sv(t.ca, "CA");
    assert_sv(t.cert, "CERT");
    assert_sv(t.key, "KEY");
    assert_sv(t.token, NULL);
    assert_sv(t.name_space, "shop");
    assert_false(t.may_be_plain);
    assert_non_null(strstr(t.from.p, "context `x`"));
}

static void reads_files_beside_it(void **state)
{
    struct place *p = *state;
    struct client_target t;
    struct err e = { 0 };

    write_file(p, "ca.pem", "CA\n");
    write_file(p, "token", "secret\n");
    write_config(p, "{ server: https://h, certificate-authority: ca.pem }", "{ token: old, tokenFile: token }");
    assert_true(kubeconfig_read(path_of(p, "config"), "x", &p->arena, &t, &e));
    assert_sv(t.ca, "CA\n");
    assert_sv(t.token, "secret");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_place_and_remedy),
        cmocka_unit_test(refuses_what_is_no_kubeconfig),
        cmocka_unit_test(refuses_a_file_that_is_not_there),
        cmocka_unit_test(reads_data),
        cmocka_unit_test(reads_files_beside_it),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
