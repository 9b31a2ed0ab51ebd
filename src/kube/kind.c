/* SPDX-License-Identifier: Apache-2.0 */
/* The table itself. A new workload kind is a new row: rules, patches and shape
 * checks find its pod through the pointers here. */
#include "kube/kind.h"
#include "base/attr.h"

#define WORKLOAD(the_group, the_kind, the_versions, at, ...)                                                           \
    {                                                                                                                  \
        .group = SV_INIT(the_group), .kind = SV_INIT(the_kind), .versions = SV_INIT(the_versions),                     \
        .family = FAMILY_WORKLOAD, .pod = SV_INIT(at), .spec = SV_INIT(at "/spec"), __VA_ARGS__                        \
    }
#define TEMPLATE(the_group, the_kind, the_versions, ...)                                                               \
    WORKLOAD(the_group, the_kind, the_versions, "/spec/template", .is_template = true, __VA_ARGS__)
/* Replica types by name, each with its template. */
#define KUBEFLOW(the_kind, replicas)                                                                                   \
    WORKLOAD("kubeflow.org", the_kind, "v1", "/spec/" replicas "/*/template", .is_template = true, .is_job = true)
#define OTHER(the_group, the_kind, the_versions, the_family, cluster)                                                  \
    {                                                                                                                  \
        .group = SV_INIT(the_group), .kind = SV_INIT(the_kind), .versions = SV_INIT(the_versions),                     \
        .family = (the_family), .cluster_scoped = (cluster)                                                            \
    }

static const struct kind kinds[] = {
    WORKLOAD("", "Pod", "v1", "", .is_template = false),
    { .group = SV_INIT(""),
      .kind = SV_INIT("EphemeralContainers"),
      .versions = SV_INIT("v1"),
      .family = FAMILY_WORKLOAD,
      .pod = SV_INIT(""),
      .spec = SV_INIT(""),
      .is_partial = true },
    WORKLOAD("", "PodTemplate", "v1", "/template", .is_template = true),
    TEMPLATE("", "ReplicationController", "v1", .is_job = false),
    TEMPLATE("apps", "Deployment", "v1 v1beta2 v1beta1", .is_job = false),
    TEMPLATE("apps", "ReplicaSet", "v1 v1beta2", .is_job = false),
    TEMPLATE("apps", "StatefulSet", "v1 v1beta2 v1beta1", .claims = SV_INIT("/spec/volumeClaimTemplates")),
    TEMPLATE("apps", "DaemonSet", "v1 v1beta2", .is_job = false),
    TEMPLATE("extensions", "Deployment", "v1beta1", .is_job = false),
    TEMPLATE("extensions", "ReplicaSet", "v1beta1", .is_job = false),
    TEMPLATE("extensions", "DaemonSet", "v1beta1", .is_job = false),
    TEMPLATE("batch", "Job", "v1", .is_job = true),
    WORKLOAD("batch", "CronJob", "v1 v1beta1", "/spec/jobTemplate/spec/template", .is_template = true, .is_job = true),

    TEMPLATE("argoproj.io", "Rollout", "v1alpha1", .is_job = false),
    TEMPLATE("apps.kruise.io", "CloneSet", "v1alpha1", .claims = SV_INIT("/spec/volumeClaimTemplates")),
    TEMPLATE("apps.kruise.io", "DaemonSet", "v1alpha1", .is_job = false),
    TEMPLATE("apps.kruise.io", "StatefulSet", "v1beta1 v1alpha1", .claims = SV_INIT("/spec/volumeClaimTemplates")),
    TEMPLATE("serving.knative.dev", "Service", "v1", .is_job = false),
    TEMPLATE("serving.knative.dev", "Configuration", "v1", .is_job = false),
    WORKLOAD("jobset.x-k8s.io", "JobSet", "v1alpha2", "/spec/replicatedJobs/*/template/spec/template",
             .is_template = true, .is_job = true),
    KUBEFLOW("PyTorchJob", "pytorchReplicaSpecs"),
    KUBEFLOW("TFJob", "tfReplicaSpecs"),
    KUBEFLOW("MPIJob", "mpiReplicaSpecs"),
    KUBEFLOW("XGBoostJob", "xgbReplicaSpecs"),
    KUBEFLOW("PaddleJob", "paddleReplicaSpecs"),

    OTHER("", "PersistentVolumeClaim", "v1", FAMILY_CLAIM, false),
    OTHER("", "PersistentVolume", "v1", FAMILY_VOLUME, true),
    OTHER("storage.k8s.io", "StorageClass", "v1 v1beta1", FAMILY_STORAGE_CLASS, true),
    OTHER("storage.k8s.io", "VolumeAttributesClass", "v1 v1beta1 v1alpha1", FAMILY_ATTRIBUTES_CLASS, true),
    OTHER("", "Service", "v1", FAMILY_SERVICE, false),
    OTHER("networking.k8s.io", "Ingress", "v1 v1beta1", FAMILY_INGRESS, false),
    OTHER("extensions", "Ingress", "v1beta1", FAMILY_INGRESS, false),
    OTHER("elbv2.k8s.aws", "IngressClassParams", "v1beta1", FAMILY_INGRESS_PARAMS, true),

    OTHER("security.istio.io", "PeerAuthentication", "v1 v1beta1", FAMILY_MESH, false),
    OTHER("networking.istio.io", "DestinationRule", "v1 v1beta1 v1alpha3", FAMILY_MESH, false),
    OTHER("networking.istio.io", "Gateway", "v1 v1beta1 v1alpha3", FAMILY_MESH, false),

    OTHER("gateway.networking.k8s.io", "Gateway", "v1 v1beta1", FAMILY_GATEWAY, false),
    OTHER("gateway.networking.k8s.io", "ListenerSet", "v1", FAMILY_GATEWAY, false),
    OTHER("gateway.networking.x-k8s.io", "XListenerSet", "v1alpha1", FAMILY_GATEWAY, false),
    OTHER("gateway.networking.k8s.io", "BackendTLSPolicy", "v1 v1alpha3", FAMILY_GATEWAY, false),
    OTHER("gateway.k8s.aws", "LoadBalancerConfiguration", "v1 v1beta1", FAMILY_GATEWAY, false),
    OTHER("gateway.k8s.aws", "TargetGroupConfiguration", "v1 v1beta1", FAMILY_GATEWAY, false),
    OTHER("networking.gke.io", "GCPGatewayPolicy", "v1", FAMILY_GATEWAY, false),
    OTHER("alb.networking.azure.io", "FrontendTLSPolicy", "v1", FAMILY_GATEWAY, false),
    OTHER("projectcontour.io", "HTTPProxy", "v1", FAMILY_GATEWAY, false),
    OTHER("traefik.io", "TLSOption", "v1alpha1", FAMILY_GATEWAY, false),
    OTHER("traefik.containo.us", "TLSOption", "v1alpha1", FAMILY_GATEWAY, false),
    OTHER("route.openshift.io", "Route", "v1", FAMILY_GATEWAY, false),
    OTHER("operator.openshift.io", "IngressController", "v1", FAMILY_GATEWAY, false),
};

const struct kind kind_unlisted = { .family = FAMILY_UNLISTED };

const struct kind *kind_find(struct sv group, struct sv kind)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (sv_eq(kinds[i].kind, kind) && sv_eq(kinds[i].group, group))
            return &kinds[i];
    }
    return NULL;
}

size_t kind_count(void)
{
    return ARRAY_LEN(kinds);
}

const struct kind *kind_at(size_t index)
{
    return &kinds[index];
}
