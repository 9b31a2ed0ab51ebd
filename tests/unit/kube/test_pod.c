/* SPDX-License-Identifier: Apache-2.0 */
/* The one iterator over everything with an image: it forgets nothing, in any
 * workload, and says where each thing stands. */
#include "kube/pod.h"

#include "base/attr.h"
#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SPEC                                                                                                           \
    "{\"containers\":[{\"name\":\"a\",\"image\":\"img/a\"},{\"name\":\"b\"}],"                                         \
    "\"volumes\":[{\"name\":\"x\",\"emptyDir\":{}},{\"name\":\"v\",\"image\":{\"reference\":\"img/v\"}},"              \
    "{\"name\":\"n\",\"image\":null},{\"name\":\"w\",\"image\":{}}],"                                                  \
    "\"ephemeralContainers\":[{\"name\":\"e\",\"image\":\"img/e\"}],"                                                  \
    "\"initContainers\":[{\"name\":\"i\",\"image\":\"img/i\"}]}"

static const struct {
    const char *group, *kind, *before, *after, *at;
} workloads[] = {
    { "", "Pod", "{\"spec\":", "}", "/spec" },
    { "", "PodTemplate", "{\"template\":{\"spec\":", "}}", "/template/spec" },
    { "", "ReplicationController", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "apps", "Deployment", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "apps", "StatefulSet", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "apps", "DaemonSet", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "apps", "ReplicaSet", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "batch", "Job", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "batch", "CronJob", "{\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":", "}}}}}",
      "/spec/jobTemplate/spec/template/spec" },
    { "argoproj.io", "Rollout", "{\"spec\":{\"template\":{\"spec\":", "}}}", "/spec/template/spec" },
    { "", "EphemeralContainers", "", "", "" },
};

static const struct {
    enum container_list list;
    const char *name, *image, *at, *image_at;
} things[] = {
    { LIST_CONTAINERS, "a", "img/a", "/containers/0", "/containers/0/image" },
    { LIST_CONTAINERS, "b", NULL, "/containers/1", "/containers/1/image" },
    { LIST_INIT_CONTAINERS, "i", "img/i", "/initContainers/0", "/initContainers/0/image" },
    { LIST_EPHEMERAL_CONTAINERS, "e", "img/e", "/ephemeralContainers/0", "/ephemeralContainers/0/image" },
    { LIST_IMAGE_VOLUMES, "v", "img/v", "/volumes/1", "/volumes/1/image/reference" },
    { LIST_IMAGE_VOLUMES, "w", NULL, "/volumes/3", "/volumes/3/image/reference" },
};

static void init(struct pod_iter *pods, size_t row, const char *spec, struct arena *a)
{
    struct err e = { 0 };
    struct sv text = arena_printf(a, "%s%s%s", workloads[row].before, spec, workloads[row].after);
    const struct json *object = doc_parse(text, a, &e);

    if (!object)
        fail_msg("%s", e.msg);
    pod_iter_init(pods, kind_find(sv_from(workloads[row].group), sv_from(workloads[row].kind)), object);
    assert_true(pod_next(pods));
}

static bool stands_at(const struct pointer *at, size_t row, const char *tail, struct arena *a)
{
    return sv_eq(pointer_print(at, a), arena_printf(a, "%s%s", workloads[row].at, tail));
}

static void finds_every_image_in_every_workload(void **state UNUSED)
{
    for (size_t row = 0; row < ARRAY_LEN(workloads); row++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct pod_iter pods;
        struct container_iter it;
        size_t n = 0;

        init(&pods, row, SPEC, &a);
        for (it = container_iter(&pods.pod); container_next(&it); n++) {
            if (n == ARRAY_LEN(things))
                fail_msg("%s: more than there is", workloads[row].kind);
            if (it.now.list != things[n].list || !sv_eq(it.now.name, sv_from(things[n].name)) ||
                !sv_eq(it.now.image, sv_from(things[n].image)) || !stands_at(&it.now.at, row, things[n].at, &a) ||
                !stands_at(&it.now.image_at, row, things[n].image_at, &a))
                fail_msg("%s: %s", workloads[row].kind, things[n].name);
            assert_int_equal(it.now.image.p == NULL, things[n].image == NULL);
            assert_int_equal(container_is_image_volume(&it.now), things[n].list == LIST_IMAGE_VOLUMES);
        }
        assert_int_equal(n, ARRAY_LEN(things));
        assert_false(container_next(&it));
    }
}

static void finds_nothing_where_nothing_is(void **state UNUSED)
{
    static const char *const specs[] = { "null",
                                         "{}",
                                         "[]",
                                         "{\"containers\":null}",
                                         "{\"containers\":{}}",
                                         "{\"containers\":[],\"volumes\":[{}]}",
                                         "\"containers\"" };

    for (size_t row = 0; row < ARRAY_LEN(workloads); row++) {
        for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
            CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
            struct pod_iter pods;

            init(&pods, row, specs[i], &a);
            struct container_iter it = container_iter(&pods.pod);
            if (container_next(&it))
                fail_msg("%s with %s", workloads[row].kind, specs[i]);
        }
    }
}

/* The first pod of `object`; NULL: there is none. */
static const struct pod *first_pod(struct pod_iter *pods, struct sv group, struct sv kind, const char *object,
                                   struct arena *a)
{
    struct err e = { 0 };

    pod_iter_init(pods, kind_find(group, kind), doc_parse(sv_from(object), a, &e));
    return pod_next(pods) ? &pods->pod : NULL;
}

static void tells_a_missing_spec_from_an_empty_one(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pod_iter pods;
    const struct pod *p = first_pod(&pods, SV("apps"), SV("Deployment"), "{\"spec\":{}}", &a);

    assert_null(p->spec);
    assert_null(p->holder);
    assert_true(sv_eq(pointer_print(&p->spec_at, &a), SV("/spec/template/spec")));
    p = first_pod(&pods, SV("apps"), SV("Deployment"), "{\"spec\":{\"template\":{\"spec\":{}}}}", &a);
    assert_non_null(p->spec);
    assert_non_null(p->holder);
    assert_true(sv_eq(pointer_print(&p->holder_at, &a), SV("/spec/template")));
    assert_false(pod_next(&pods));
}

static void finds_every_pod_of_an_object_that_makes_several(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pod_iter pods;
    const struct pod *p =
        first_pod(&pods, SV("jobset.x-k8s.io"), SV("JobSet"),
                  "{\"spec\":{\"replicatedJobs\":[{\"template\":{\"spec\":{\"template\":{\"spec\":{}}}}},{}]}}", &a);

    assert_non_null(p->spec);
    assert_true(sv_eq(pointer_print(&p->spec_at, &a), SV("/spec/replicatedJobs/0/template/spec/template/spec")));
    assert_true(pod_next(&pods));
    assert_null(p->spec);
    assert_true(sv_eq(pointer_print(&p->holder_at, &a), SV("/spec/replicatedJobs/1/template/spec/template")));
    assert_false(pod_next(&pods));

    p = first_pod(&pods, SV("kubeflow.org"), SV("PyTorchJob"),
                  "{\"spec\":{\"pytorchReplicaSpecs\":{\"Ma/ster\":{\"template\":{\"spec\":{}}}}}}", &a);
    assert_non_null(p->spec);
    assert_true(sv_eq(pointer_print(&p->spec_at, &a), SV("/spec/pytorchReplicaSpecs/Ma~1ster/template/spec")));
}

static void says_that_it_cannot_find_the_list_of_pods(void **state UNUSED)
{
    static const char *const objects[] = { "{}", "{\"spec\":{}}", "{\"spec\":{\"replicatedJobs\":null}}" };

    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct pod_iter pods;
        const struct pod *p = first_pod(&pods, SV("jobset.x-k8s.io"), SV("JobSet"), objects[i], &a);

        assert_non_null(p);
        assert_null(p->spec);
        assert_true(sv_eq(pointer_print(&p->spec_at, &a), SV("/spec/replicatedJobs/*/template/spec/template/spec")));
        assert_false(pod_next(&pods));
    }
}

static void finds_no_pod_in_an_empty_list(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pod_iter pods;

    assert_null(first_pod(&pods, SV("jobset.x-k8s.io"), SV("JobSet"), "{\"spec\":{\"replicatedJobs\":[]}}", &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_image_in_every_workload),
        cmocka_unit_test(finds_nothing_where_nothing_is),
        cmocka_unit_test(tells_a_missing_spec_from_an_empty_one),
        cmocka_unit_test(finds_every_pod_of_an_object_that_makes_several),
        cmocka_unit_test(says_that_it_cannot_find_the_list_of_pods),
        cmocka_unit_test(finds_no_pod_in_an_empty_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
