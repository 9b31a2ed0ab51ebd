/* SPDX-License-Identifier: Apache-2.0 */
/* The table of kinds: looked up exactly, and consistent in itself. */
#include "kube/kind.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void knows_no_kind_by_half_its_name(void **state UNUSED)
{
    static const struct {
        const char *group, *kind;
    } rows[] = {
        { "", "pod" },
        { "", "Pods" },
        { "", "" },
        { "apps", "Pod" },
        { "core", "Pod" },
        { "", "Deployment" },
        { "batch", "Pod" },
        { "APPS", "Deployment" },
        { "", "StorageClass" },
        { "gateway.k8s.io", "Gateway" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (kind_find(sv_from(rows[i].group), sv_from(rows[i].kind)))
            fail_msg("%s/%s was found", rows[i].group, rows[i].kind);
}

static const struct {
    const char *group, *kind, *pod, *spec;
    bool is_template, is_job;
} workloads[] = {
    { "", "Pod", "", "/spec", false, false },
    { "", "EphemeralContainers", "", "", false, false },
    { "", "PodTemplate", "/template", "/template/spec", true, false },
    { "", "ReplicationController", "/spec/template", "/spec/template/spec", true, false },
    { "apps", "Deployment", "/spec/template", "/spec/template/spec", true, false },
    { "apps", "ReplicaSet", "/spec/template", "/spec/template/spec", true, false },
    { "apps", "StatefulSet", "/spec/template", "/spec/template/spec", true, false },
    { "apps", "DaemonSet", "/spec/template", "/spec/template/spec", true, false },
    { "extensions", "Deployment", "/spec/template", "/spec/template/spec", true, false },
    { "extensions", "ReplicaSet", "/spec/template", "/spec/template/spec", true, false },
    { "extensions", "DaemonSet", "/spec/template", "/spec/template/spec", true, false },
    { "batch", "Job", "/spec/template", "/spec/template/spec", true, true },
    { "batch", "CronJob", "/spec/jobTemplate/spec/template", "/spec/jobTemplate/spec/template/spec", true, true },
    { "argoproj.io", "Rollout", "/spec/template", "/spec/template/spec", true, false },
    { "apps.kruise.io", "CloneSet", "/spec/template", "/spec/template/spec", true, false },
    { "apps.kruise.io", "DaemonSet", "/spec/template", "/spec/template/spec", true, false },
    { "apps.kruise.io", "StatefulSet", "/spec/template", "/spec/template/spec", true, false },
    { "serving.knative.dev", "Service", "/spec/template", "/spec/template/spec", true, false },
    { "serving.knative.dev", "Configuration", "/spec/template", "/spec/template/spec", true, false },
    { "jobset.x-k8s.io", "JobSet", "/spec/replicatedJobs/*/template/spec/template",
      "/spec/replicatedJobs/*/template/spec/template/spec", true, true },
    { "kubeflow.org", "PyTorchJob", "/spec/pytorchReplicaSpecs/*/template", "/spec/pytorchReplicaSpecs/*/template/spec",
      true, true },
    { "kubeflow.org", "TFJob", "/spec/tfReplicaSpecs/*/template", "/spec/tfReplicaSpecs/*/template/spec", true, true },
    { "kubeflow.org", "MPIJob", "/spec/mpiReplicaSpecs/*/template", "/spec/mpiReplicaSpecs/*/template/spec", true,
      true },
    { "kubeflow.org", "XGBoostJob", "/spec/xgbReplicaSpecs/*/template", "/spec/xgbReplicaSpecs/*/template/spec", true,
      true },
    { "kubeflow.org", "PaddleJob", "/spec/paddleReplicaSpecs/*/template", "/spec/paddleReplicaSpecs/*/template/spec",
      true, true },
};

static void finds_the_pod_of_every_workload(void **state UNUSED)
{
    size_t count = 0;

    for (size_t i = 0; i < ARRAY_LEN(workloads); i++) {
        const struct kind *k = kind_find(sv_from(workloads[i].group), sv_from(workloads[i].kind));

        if (!k || k->family != FAMILY_WORKLOAD || !sv_eq(k->pod, sv_from(workloads[i].pod)) ||
            !sv_eq(k->spec, sv_from(workloads[i].spec)) || k->is_template != workloads[i].is_template ||
            k->is_job != workloads[i].is_job)
            fail_msg("%s/%s", workloads[i].group, workloads[i].kind);
    }
    for (size_t i = 0; i < kind_count(); i++)
        count += kind_at(i)->family == FAMILY_WORKLOAD;
    assert_int_equal(count, ARRAY_LEN(workloads));
}

static void only_what_makes_claims_has_claim_templates(void **state UNUSED)
{
    for (size_t i = 0; i < kind_count(); i++)
        assert_int_equal(kind_at(i)->claims.p != NULL,
                         sv_eq(kind_at(i)->kind, SV("StatefulSet")) || sv_eq(kind_at(i)->kind, SV("CloneSet")));
}

static void every_row_is_found_as_itself(void **state UNUSED)
{
    for (size_t i = 0; i < kind_count(); i++) {
        const struct kind *k = kind_at(i);

        assert_ptr_equal(kind_find(k->group, k->kind), k);
        assert_true(k->versions.n > 0);
        assert_true(k->family != 0 && (k->family & (k->family - 1)) == 0);
        assert_int_equal(k->family == FAMILY_WORKLOAD, k->spec.p != NULL);
        assert_true(sv_starts_with(k->spec, k->pod));
    }
}

static void knows_what_has_no_namespace(void **state UNUSED)
{
    static const char *const cluster_scoped[] = { "PersistentVolume", "StorageClass", "VolumeAttributesClass",
                                                  "IngressClassParams" };
    size_t count = 0;

    for (size_t i = 0; i < kind_count(); i++) {
        bool wanted = false;

        for (size_t k = 0; k < ARRAY_LEN(cluster_scoped); k++)
            wanted = wanted || sv_eq(kind_at(i)->kind, sv_from(cluster_scoped[k]));
        assert_int_equal(kind_at(i)->cluster_scoped, wanted);
        count += wanted;
    }
    assert_int_equal(count, ARRAY_LEN(cluster_scoped));
}

/* It stands for kinds by not being one of them. */
static void what_is_not_listed_is_no_kind_by_name(void **state UNUSED)
{
    assert_int_equal(kind_unlisted.family, FAMILY_UNLISTED);
    assert_null(kind_unlisted.kind.p);
    for (size_t i = 0; i < kind_count(); i++) {
        assert_true(kind_at(i)->family != FAMILY_UNLISTED);
        assert_true(kind_at(i)->family & FAMILY_ANY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_no_kind_by_half_its_name),
        cmocka_unit_test(finds_the_pod_of_every_workload),
        cmocka_unit_test(only_what_makes_claims_has_claim_templates),
        cmocka_unit_test(every_row_is_found_as_itself),
        cmocka_unit_test(knows_what_has_no_namespace),
        cmocka_unit_test(what_is_not_listed_is_no_kind_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
