/* SPDX-License-Identifier: Apache-2.0 */
/* A field of a wrong type is refused with its place and both types; whatever no
 * rule reads may be anything. */
#include "kube/shape.h"

#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define POD(spec) "{\"metadata\":{},\"spec\":" spec "}"
#define DEPLOYMENT(spec) "{\"spec\":{\"template\":{\"spec\":" spec "}}}"
#define C(members) "{\"containers\":[{" members "}]}"
#define ISTIO "security.istio.io"
#define GATEWAY_API "gateway.networking.k8s.io"
#define V(members) "{\"volumes\":[{" members "}]}"

static const struct {
    const char *group, *kind, *object, *why;
} refused[] = {
    { "", "Pod", "[]", "the object is an array, wanted an object" },
    { "", "Pod", "\"pod\"", "the object is a string, wanted an object" },
    { "", "Unknown", "{\"metadata\":[]}", "`/metadata` is an array, wanted an object" },
    { "", "Unknown", "{\"metadata\":{\"name\":1}}", "`/metadata/name` is a number, wanted a string" },
    { "", "Unknown", "{\"metadata\":{\"labels\":[]}}", "`/metadata/labels` is an array, wanted an object" },
    { "", "Unknown", "{\"metadata\":{\"labels\":{\"a\":1}}}", "`/metadata/labels/a` is a number, wanted a string" },
    { "", "Unknown", "{\"metadata\":{\"annotations\":{\"a/b~c\":true}}}",
      "`/metadata/annotations/a~1b~0c` is a boolean, wanted a string" },
    { "", "Unknown", "{\"metadata\":{\"annotations\":{\"a\\n\":true}}}", "\\x0a` is a boolean, wanted a string" },
    { "", "Unknown", "{\"metadata\":{\"ownerReferences\":{}}}", "is an object, wanted an array" },
    { "", "Unknown", "{\"metadata\":{\"ownerReferences\":[{\"controller\":\"true\"}]}}",
      "`/metadata/ownerReferences/0/controller` is a string, wanted a boolean" },
    { "", "Pod", POD("[]"), "`/spec` is an array, wanted an object" },
    { "", "Pod", POD("{\"containers\":{}}"), "`/spec/containers` is an object, wanted an array" },
    { "", "Pod", POD("{\"initContainers\":{}}"), "`/spec/initContainers` is an object, wanted an array" },
    { "", "Pod", POD("{\"ephemeralContainers\":1}"), "`/spec/ephemeralContainers` is a number, wanted an array" },
    { "", "Pod", POD("{\"containers\":[[]]}"), "`/spec/containers/0` is an array, wanted an object" },
    { "", "Pod", POD(C("\"image\":1")), "`/spec/containers/0/image` is a number, wanted a string" },
    { "", "Pod", POD(C("\"image\":{\"a\":1}")), "`/spec/containers/0/image` is an object, wanted a string" },
    { "", "Pod", POD(C("\"name\":false")), "`/spec/containers/0/name` is a boolean, wanted a string" },
    { "", "Pod", POD(C("\"command\":\"sh\"")), "`/spec/containers/0/command` is a string, wanted an array" },
    { "", "Pod", POD(C("\"args\":[\"a\",1]")), "`/spec/containers/0/args/1` is a number, wanted a string" },
    { "", "Pod", POD(C("\"env\":{}")), "`/spec/containers/0/env` is an object, wanted an array" },
    { "", "Pod", POD(C("\"env\":[{\"value\":1}]")), "`/spec/containers/0/env/0/value` is a number" },
    { "", "Pod", POD(C("\"envFrom\":{}")), "`/spec/containers/0/envFrom` is an object, wanted an array" },
    { "", "Pod", POD(C("\"ports\":[{\"containerPort\":\"80\"}]")), "containerPort` is a string, wanted a number" },
    { "", "Pod", POD(C("\"volumeMounts\":{}")), "`/spec/containers/0/volumeMounts` is an object, wanted an array" },
    { "", "Pod", POD(C("\"volumeMounts\":[{\"mountPath\":1}]")), "volumeMounts/0/mountPath` is a number" },
    { "", "Pod", POD(C("\"securityContext\":[]")), "securityContext` is an array, wanted an object" },
    { "", "Pod", POD(C("\"lifecycle\":[]")), "lifecycle` is an array, wanted an object" },
    { "", "Pod", POD("{\"volumes\":{}}"), "`/spec/volumes` is an object, wanted an array" },
    { "", "Pod", POD(V("\"image\":\"a\"")), "`/spec/volumes/0/image` is a string, wanted an object" },
    { "", "Pod", POD(V("\"image\":{\"reference\":1}")), "`/spec/volumes/0/image/reference` is a number" },
    { "", "Pod", POD(V("\"hostPath\":\"/\"")), "`/spec/volumes/0/hostPath` is a string, wanted an object" },
    { "", "Pod", POD(V("\"csi\":[]")), "`/spec/volumes/0/csi` is an array, wanted an object" },
    { "", "Pod", POD(V("\"nfs\":[]")), "`/spec/volumes/0/nfs` is an array, wanted an object" },
    { "", "Pod", POD(V("\"emptyDir\":\"\"")), "`/spec/volumes/0/emptyDir` is a string, wanted an object" },
    { "", "Pod", POD(V("\"ephemeral\":{\"volumeClaimTemplate\":{\"spec\":{\"storageClassName\":1}}}")),
      "`/spec/volumes/0/ephemeral/volumeClaimTemplate/spec/storageClassName` is a number, wanted a string" },
    { "", "Pod", POD("{\"nodeSelector\":{\"a\":true}}"), "`/spec/nodeSelector/a` is a boolean, wanted a string" },
    { "", "EphemeralContainers", "{\"ephemeralContainers\":{}}", "`/ephemeralContainers` is an object" },
    { "apps", "Deployment", "{\"spec\":[]}", "`/spec` is an array, wanted an object" },
    { "apps", "Deployment", "{\"spec\":{\"template\":\"x\"}}", "`/spec/template` is a string, wanted an object" },
    { "apps", "Deployment", "{\"spec\":{\"template\":{\"metadata\":{\"labels\":{\"a\":1}}}}}",
      "`/spec/template/metadata/labels/a` is a number, wanted a string" },
    { "apps", "Deployment", DEPLOYMENT("[]"), "`/spec/template/spec` is an array, wanted an object" },
    { "apps", "Deployment", DEPLOYMENT(C("\"image\":[]")), "`/spec/template/spec/containers/0/image` is an array" },
    { "batch", "CronJob", "{\"spec\":{\"jobTemplate\":[]}}", "`/spec/jobTemplate` is an array, wanted an object" },
    { "batch", "CronJob", "{\"spec\":{\"jobTemplate\":{\"spec\":1}}}", "`/spec/jobTemplate/spec` is a number" },
    { "apps", "StatefulSet", "{\"spec\":{\"volumeClaimTemplates\":{}}}",
      "`/spec/volumeClaimTemplates` is an object, wanted an array" },
    { "apps", "StatefulSet", "{\"spec\":{\"volumeClaimTemplates\":[{\"spec\":{\"storageClassName\":[]}}]}}",
      "`/spec/volumeClaimTemplates/0/spec/storageClassName` is an array, wanted a string" },
    { "", "PersistentVolumeClaim", "{\"spec\":{\"storageClassName\":5}}", "`/spec/storageClassName` is a number" },
    { "", "PersistentVolume", "{\"spec\":{\"csi\":{\"driver\":5}}}", "`/spec/csi/driver` is a number" },
    { "", "PersistentVolume", "{\"spec\":{\"csi\":{\"volumeAttributes\":{\"encrypted\":true}}}}",
      "`/spec/csi/volumeAttributes/encrypted` is a boolean, wanted a string" },
    { "storage.k8s.io", "StorageClass", "{\"provisioner\":[]}", "`/provisioner` is an array, wanted a string" },
    { "storage.k8s.io", "StorageClass", "{\"parameters\":{\"encrypted\":true}}",
      "`/parameters/encrypted` is a boolean, wanted a string" },
    { "storage.k8s.io", "VolumeAttributesClass", "{\"parameters\":[]}", "`/parameters` is an array" },
    { "", "Service", "{\"spec\":{\"type\":1}}", "`/spec/type` is a number, wanted a string" },
    { "", "Service", "{\"spec\":{\"ports\":{}}}", "`/spec/ports` is an object, wanted an array" },
    { "", "Service", "{\"spec\":{\"ports\":[{\"port\":\"443\"}]}}", "`/spec/ports/0/port` is a string" },
    { "", "Service", "{\"spec\":{\"loadBalancerClass\":[]}}", "`/spec/loadBalancerClass` is an array" },
    { "networking.k8s.io", "Ingress", "{\"spec\":{\"ingressClassName\":1}}", "`/spec/ingressClassName` is a number" },
    { "networking.k8s.io", "Ingress", "{\"spec\":{\"tls\":{}}}", "`/spec/tls` is an object, wanted an array" },
    { "elbv2.k8s.aws", "IngressClassParams", "{\"spec\":{\"sslPolicy\":[\"x\"]}}", "`/spec/sslPolicy` is an array" },
    { "elbv2.k8s.aws", "IngressClassParams", "{\"spec\":{\"certificateArn\":\"x\"}}",
      "`/spec/certificateArn` is a string, wanted an array" },
    { ISTIO, "PeerAuthentication", "{\"spec\":{\"mtls\":\"STRICT\"}}", "`/spec/mtls` is a string" },
    { ISTIO, "PeerAuthentication", "{\"spec\":{\"mtls\":{\"mode\":1}}}", "`/spec/mtls/mode` is a number" },
    { ISTIO, "PeerAuthentication", "{\"spec\":{\"portLevelMtls\":{\"80\":{\"mode\":2}}}}",
      "`/spec/portLevelMtls/80/mode` is a number, wanted a string" },
    { "networking.istio.io", "DestinationRule", "{\"spec\":{\"subsets\":{}}}", "`/spec/subsets` is an object" },
    { "networking.istio.io", "DestinationRule", "{\"spec\":{\"trafficPolicy\":{\"tls\":[]}}}",
      "`/spec/trafficPolicy/tls` is an array" },
    { "networking.istio.io", "DestinationRule",
      "{\"spec\":{\"subsets\":[{\"trafficPolicy\":{\"portLevelSettings\":[{\"tls\":{\"mode\":0}}]}}]}}",
      "`/spec/subsets/0/trafficPolicy/portLevelSettings/0/tls/mode` is a number" },
    { "networking.istio.io", "Gateway", "{\"spec\":{\"servers\":[{\"tls\":{\"cipherSuites\":\"RC4\"}}]}}",
      "`/spec/servers/0/tls/cipherSuites` is a string, wanted an array" },
    { "networking.istio.io", "Gateway", "{\"spec\":{\"servers\":[{\"tls\":{\"httpsRedirect\":\"true\"}}]}}",
      "`/spec/servers/0/tls/httpsRedirect` is a string, wanted a boolean" },
    { GATEWAY_API, "Gateway", "{\"spec\":{\"listeners\":{}}}", "`/spec/listeners` is an object" },
    { GATEWAY_API, "Gateway", "{\"spec\":{\"listeners\":[{\"tls\":{\"options\":{\"a\":1}}}]}}",
      "`/spec/listeners/0/tls/options/a` is a number" },
    { "gateway.k8s.aws", "LoadBalancerConfiguration", "{\"spec\":{\"listenerConfigurations\":[{\"sslPolicy\":[]}]}}",
      "`/spec/listenerConfigurations/0/sslPolicy` is an array" },
    { "gateway.k8s.aws", "TargetGroupConfiguration", "{\"spec\":{\"defaultConfiguration\":{\"protocol\":1}}}",
      "`/spec/defaultConfiguration/protocol` is a number" },
    { "projectcontour.io", "HTTPProxy", "{\"spec\":{\"virtualhost\":{\"tls\":true}}}",
      "`/spec/virtualhost/tls` is a boolean" },
    { "projectcontour.io", "HTTPProxy", "{\"spec\":{\"routes\":[{\"permitInsecure\":\"true\"}]}}",
      "`/spec/routes/0/permitInsecure` is a string, wanted a boolean" },
    { "traefik.io", "TLSOption", "{\"spec\":{\"minVersion\":12}}", "`/spec/minVersion` is a number" },
    { "route.openshift.io", "Route", "{\"spec\":{\"tls\":[]}}", "`/spec/tls` is an array, wanted an object" },
    { "operator.openshift.io", "IngressController", "{\"spec\":{\"tlsSecurityProfile\":\"Old\"}}",
      "`/spec/tlsSecurityProfile` is a string" },
};

static void refuses_a_field_of_a_wrong_type(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct kind *kind = kind_find(sv_from(refused[i].group), sv_from(refused[i].kind));
        struct err e = { 0 };
        const struct json *object = doc_parse(sv_from(refused[i].object), &a, &e);

        if (!object)
            fail_msg("%s", e.msg);
        if (shape_check(object, kind, &a, &e))
            fail_msg("%s was accepted", refused[i].object);
        if (e.code != ERR_INPUT || !strstr(e.msg, refused[i].why))
            fail_msg("%s: %s", refused[i].object, e.msg);
    }
}

static const struct {
    const char *group, *kind, *object;
} accepted[] = {
    { "", "Pod", "null" },
    { "", "Pod", "{}" },
    { "", "Pod", "{\"metadata\":null,\"spec\":null}" },
    { "", "Pod", POD("{\"containers\":null,\"volumes\":[null],\"unknown\":[1]}") },
    { "", "Pod", POD(C("\"name\":null,\"image\":null,\"env\":[{\"name\":\"a\",\"value\":null}]")) },
    { "", "Pod", POD(C("\"livenessProbe\":[],\"imagePullPolicy\":7")) },
    { "", "Pod", "{\"status\":[]}" },
    { "", "Unknown", "{\"spec\":[],\"metadata\":{\"labels\":{\"a\":null}}}" },
    { "apps", "Deployment", "{\"spec\":{\"template\":null,\"replicas\":\"3\"}}" },
    { "argoproj.io", "Rollout", "{\"spec\":{\"workloadRef\":{}}}" },
    { "", "Service", "{\"spec\":{\"ports\":[{\"port\":443,\"targetPort\":\"https\"},{\"targetPort\":1}]}}" },
    { "storage.k8s.io", "StorageClass", "{\"provisioner\":\"a\",\"parameters\":{\"b\":\"c\"}}" },
    { GATEWAY_API, "Gateway", "{\"spec\":{\"listeners\":[{\"port\":443,\"tls\":null}],\"tls\":{\"backend\":{}}}}" },
    { "projectcontour.io", "HTTPProxy", "{\"spec\":{\"routes\":[{\"services\":[]}],\"includes\":[{}]}}" },
};

static void accepts_what_is_absent_null_or_read_by_no_rule(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct kind *kind = kind_find(sv_from(accepted[i].group), sv_from(accepted[i].kind));
        struct err e = { 0 };
        const struct json *object = doc_parse(sv_from(accepted[i].object), &a, &e);

        if (!object || !shape_check(object, kind, &a, &e))
            fail_msg("%s: %s", accepted[i].object, e.msg);
    }
}

static void accepts_no_object_at_all(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { 0 };

    assert_true(shape_check(NULL, kind_find(SV(""), SV("Pod")), &a, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_a_field_of_a_wrong_type),
        cmocka_unit_test(accepts_what_is_absent_null_or_read_by_no_rule),
        cmocka_unit_test(accepts_no_object_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
