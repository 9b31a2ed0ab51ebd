/* SPDX-License-Identifier: Apache-2.0 */
/* What falls under a policy, and what a selector must never let slip. */
#include "policy/match.h"

#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DEFAULT_OPS (1u << OP_CREATE | 1u << OP_UPDATE)

static const char plain[] = "{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{}}";
static const char owned[] = "{\"metadata\":{\"labels\":{\"app\":\"web\"},\"ownerReferences\":"
                            "[{\"kind\":\"ReplicaSet\",\"controller\":true}]},\"spec\":{}}";
static const char templated[] = "{\"metadata\":{\"labels\":{\"app\":\"x\"}},\"spec\":"
                                "{\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{}}}}";

static const struct sv kube_globs[] = { SV_INIT("kube-*") };
static const struct sv prod_globs[] = { SV_INIT("prod"), SV_INIT("pay*") };
static const struct sv node_globs[] = { SV_INIT("system:node:*") };
static const struct string_pair web_label[] = { { SV_INIT("app"), SV_INIT("web") } };

#define EXCLUDE_KUBE .exclude = { kube_globs, 1 }
#define ONLY_PROD .include = { prod_globs, 2 }
#define WITHOUT_NODES .user_excludes = { node_globs, 1 }
#define ONLY_WEB .labels = { .match_labels = { web_label, 1 } }

static const struct {
    const char *what, *kind, *object, *namespace, *user;
    enum operation op;
    struct match match;
    bool matches;
} rows[] = {
    { "everything", "Pod", plain, "x", "u", OP_CREATE, { .operations = DEFAULT_OPS }, true },
    { "an operation not named", "Pod", plain, "x", "u", OP_DELETE, { .operations = DEFAULT_OPS }, false },
    { "an excluded namespace",
      "Pod",
      plain,
      "kube-system",
      "u",
      OP_CREATE,
      { EXCLUDE_KUBE, .operations = DEFAULT_OPS },
      false },
    { "another namespace",
      "Pod",
      plain,
      "akube-system",
      "u",
      OP_CREATE,
      { EXCLUDE_KUBE, .operations = DEFAULT_OPS },
      true },
    { "an included namespace",
      "Pod",
      plain,
      "payments",
      "u",
      OP_CREATE,
      { ONLY_PROD, .operations = DEFAULT_OPS },
      true },
    { "one not included", "Pod", plain, "produce", "u", OP_CREATE, { ONLY_PROD, .operations = DEFAULT_OPS }, false },
    { "cluster-scoped ignores the list",
      "StorageClass",
      plain,
      NULL,
      "u",
      OP_CREATE,
      { ONLY_PROD, .operations = DEFAULT_OPS },
      true },
    { "clusterScoped: false",
      "StorageClass",
      plain,
      NULL,
      "u",
      OP_CREATE,
      { .skip_cluster_scoped = true, .operations = DEFAULT_OPS },
      false },
    { "an excluded user",
      "Pod",
      plain,
      "x",
      "system:node:a",
      OP_CREATE,
      { WITHOUT_NODES, .operations = DEFAULT_OPS },
      false },
    { "but not for a controller's pod",
      "Pod",
      owned,
      "x",
      "system:node:a",
      OP_CREATE,
      { WITHOUT_NODES, .operations = DEFAULT_OPS },
      true },
    { "and not for a template",
      "Deployment",
      templated,
      "x",
      "system:node:a",
      OP_CREATE,
      { WITHOUT_NODES, .operations = DEFAULT_OPS },
      true },
    { "a label", "Pod", plain, "x", "u", OP_CREATE, { ONLY_WEB, .operations = DEFAULT_OPS }, true },
    { "the label of the pod to be",
      "Deployment",
      templated,
      "x",
      "u",
      OP_CREATE,
      { ONLY_WEB, .operations = DEFAULT_OPS },
      true },
    { "no label", "Pod", "{\"metadata\":{}}", "x", "u", OP_CREATE, { ONLY_WEB, .operations = DEFAULT_OPS }, false },
};

static bool matches(size_t i, struct arena *a)
{
    struct err e = { .code = ERR_NONE };
    const char *kind = rows[i].kind;
    struct sv group = strcmp(kind, "StorageClass") == 0 ? SV("storage.k8s.io")
                      : strcmp(kind, "Deployment") == 0 ? SV("apps")
                                                        : SV("");
    struct request r = { .operation = rows[i].op,
                         .namespace = sv_from(rows[i].namespace),
                         .user = sv_from(rows[i].user) };
    struct target t = { .request = &r,
                        .object = doc_parse(sv_from(rows[i].object), a, &e),
                        .kind = kind_find(group, sv_from(kind)) };
    struct pod_iter it;

    assert_non_null(t.object);
    assert_non_null(t.kind);
    if (t.kind->family == FAMILY_WORKLOAD) {
        pod_iter_init(&it, t.kind, t.object);
        assert_true(pod_next(&it));
        t.pod = &it.pod;
    }
    return match_request(&rows[i].match, &t) && match_labels(&rows[i].match, &t);
}

static void matches_what_it_says(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

        if (matches(i, &a) != rows[i].matches)
            fail_msg("%s", rows[i].what);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(matches_what_it_says) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
