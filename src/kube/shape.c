/* SPDX-License-Identifier: Apache-2.0 */
/* What rules read, as a tree of tables; the walk goes through the object and
 * looks each member up in a handful of rows, so it is linear in the object. */
#include "kube/shape.h"
#include "base/text.h"
#include "json/pointer.h"

enum { PATH_MAX_SHOWN = 200 }; /* bytes of a path in a message */

/* What a value must be, and what stands inside it. */
struct shape {
    enum value_type type;
    const struct member *members; /* of an object; ends with a row without a key */
    const struct shape *each;     /* every element of an array, every value of a map */
};

struct member {
    struct sv key;
    struct shape shape;
};

#define IS(the_key, the_type)                                                                                          \
    {                                                                                                                  \
        .key = SV_INIT(the_key), .shape = {.type = (the_type) }                                                        \
    }
#define STRING(the_key) IS(the_key, VALUE_STRING)
#define OBJECT(the_key, inside)                                                                                        \
    {                                                                                                                  \
        .key = SV_INIT(the_key), .shape = {.type = VALUE_OBJECT, .members = (inside) }                                 \
    }
#define MAP_OF(the_key, item)                                                                                          \
    {                                                                                                                  \
        .key = SV_INIT(the_key), .shape = {.type = VALUE_OBJECT, .each = &(item) }                                     \
    }
#define MAP(the_key) MAP_OF(the_key, text)
#define LIST(the_key, item)                                                                                            \
    {                                                                                                                  \
        .key = SV_INIT(the_key), .shape = {.type = VALUE_ARRAY, .each = &(item) }                                      \
    }
#define MEMBER_END                                                                                                     \
    {                                                                                                                  \
        .key = { NULL, 0 }                                                                                             \
    }

static const struct shape text = { .type = VALUE_STRING };
static const struct shape anything = { .type = VALUE_OBJECT };

static const struct member owner_members[] = { STRING("apiVersion"), STRING("kind"), STRING("name"),
                                               IS("controller", VALUE_BOOL), MEMBER_END };
static const struct shape owner = { .type = VALUE_OBJECT, .members = owner_members };

static const struct member metadata_members[] = {
    STRING("name"),     STRING("generateName"),         STRING("namespace"),         MAP("labels"),
    MAP("annotations"), LIST("ownerReferences", owner), STRING("deletionTimestamp"), MEMBER_END,
};

static const struct member env_members[] = { STRING("name"), STRING("value"), IS("valueFrom", VALUE_OBJECT),
                                             MEMBER_END };
static const struct shape env = { .type = VALUE_OBJECT, .members = env_members };

static const struct member port_members[] = { STRING("name"), STRING("protocol"), IS("containerPort", VALUE_NUMBER),
                                              IS("hostPort", VALUE_NUMBER), MEMBER_END };
static const struct shape port = { .type = VALUE_OBJECT, .members = port_members };

static const struct member mount_members[] = { STRING("name"), STRING("mountPath"), STRING("subPath"),
                                               IS("readOnly", VALUE_BOOL), MEMBER_END };
static const struct shape mount = { .type = VALUE_OBJECT, .members = mount_members };

static const struct member container_members[] = {
    STRING("name"),
    STRING("image"),
    STRING("restartPolicy"),
    LIST("command", text),
    LIST("args", text),
    LIST("env", env),
    LIST("envFrom", anything),
    LIST("ports", port),
    LIST("volumeMounts", mount),
    LIST("volumeDevices", anything),
    IS("securityContext", VALUE_OBJECT),
    IS("lifecycle", VALUE_OBJECT),
    IS("resources", VALUE_OBJECT),
    MEMBER_END,
};
static const struct shape container = { .type = VALUE_OBJECT, .members = container_members };

static const struct member claim_spec_members[] = { STRING("storageClassName"), STRING("volumeName"),
                                                    STRING("volumeAttributesClassName"), STRING("volumeMode"),
                                                    MEMBER_END };
static const struct member claim_members[] = { OBJECT("metadata", metadata_members), OBJECT("spec", claim_spec_members),
                                               MEMBER_END };
static const struct shape claim = { .type = VALUE_OBJECT, .members = claim_members };

static const struct member ephemeral_members[] = { OBJECT("volumeClaimTemplate", claim_members), MEMBER_END };
static const struct member image_volume_members[] = { STRING("reference"), MEMBER_END };
static const struct member inline_csi_members[] = { STRING("driver"), MAP("volumeAttributes"), MEMBER_END };
static const struct member named_claim_members[] = { STRING("claimName"), MEMBER_END };

static const struct member volume_members[] = {
    STRING("name"),
    OBJECT("image", image_volume_members),
    OBJECT("ephemeral", ephemeral_members),
    OBJECT("csi", inline_csi_members),
    OBJECT("persistentVolumeClaim", named_claim_members),
    IS("hostPath", VALUE_OBJECT),
    IS("nfs", VALUE_OBJECT),
    IS("emptyDir", VALUE_OBJECT),
    IS("configMap", VALUE_OBJECT),
    IS("secret", VALUE_OBJECT),
    IS("projected", VALUE_OBJECT),
    MEMBER_END,
};
static const struct shape volume = { .type = VALUE_OBJECT, .members = volume_members };

static const struct member pod_spec_members[] = {
    LIST("containers", container),
    LIST("initContainers", container),
    LIST("ephemeralContainers", container),
    LIST("volumes", volume),
    MAP("nodeSelector"),
    IS("affinity", VALUE_OBJECT),
    IS("securityContext", VALUE_OBJECT),
    STRING("restartPolicy"),
    STRING("serviceAccountName"),
    STRING("nodeName"),
    IS("hostNetwork", VALUE_BOOL),
    MEMBER_END,
};
static const struct shape pod_spec = { .type = VALUE_OBJECT, .members = pod_spec_members };

static const struct member driver_members[] = { STRING("driver"), MAP("volumeAttributes"), MEMBER_END };
static const struct member volume_spec_members[] = {
    STRING("storageClassName"), OBJECT("csi", driver_members), IS("hostPath", VALUE_OBJECT),
    IS("nfs", VALUE_OBJECT),    IS("local", VALUE_OBJECT),     MEMBER_END,
};

static const struct member service_port_members[] = { STRING("name"), STRING("protocol"), IS("port", VALUE_NUMBER),
                                                      MEMBER_END };
static const struct shape service_port = { .type = VALUE_OBJECT, .members = service_port_members };
static const struct member service_spec_members[] = { STRING("type"), STRING("loadBalancerClass"),
                                                      LIST("ports", service_port), MEMBER_END };

static const struct member ingress_tls_members[] = { STRING("secretName"), LIST("hosts", text), MEMBER_END };
static const struct shape ingress_tls = { .type = VALUE_OBJECT, .members = ingress_tls_members };
static const struct member ingress_spec_members[] = { STRING("ingressClassName"), LIST("tls", ingress_tls),
                                                      LIST("rules", anything), MEMBER_END };

static const struct member listener_members[] = { STRING("protocol"), IS("port", VALUE_NUMBER), MEMBER_END };
static const struct shape listener = { .type = VALUE_OBJECT, .members = listener_members };
static const struct member ingress_params_members[] = {
    STRING("sslPolicy"),         STRING("sslRedirectPort"), LIST("certificateArn", text),
    LIST("listeners", listener), STRING("scheme"),          MEMBER_END
};

static const struct member tls_mode_members[] = { STRING("mode"), MEMBER_END };
static const struct shape tls_mode = { .type = VALUE_OBJECT, .members = tls_mode_members };
static const struct member port_settings_members[] = { OBJECT("tls", tls_mode_members), MEMBER_END };
static const struct shape port_settings = { .type = VALUE_OBJECT, .members = port_settings_members };
static const struct member traffic_members[] = { OBJECT("tls", tls_mode_members),
                                                 LIST("portLevelSettings", port_settings), MEMBER_END };
static const struct member subset_members[] = { STRING("name"), OBJECT("trafficPolicy", traffic_members), MEMBER_END };
static const struct shape subset = { .type = VALUE_OBJECT, .members = subset_members };
static const struct member server_port_members[] = { STRING("name"), STRING("protocol"), MEMBER_END };
static const struct member server_tls_members[] = { STRING("mode"),
                                                    IS("httpsRedirect", VALUE_BOOL),
                                                    STRING("minProtocolVersion"),
                                                    STRING("maxProtocolVersion"),
                                                    LIST("cipherSuites", text),
                                                    MEMBER_END };
static const struct member server_members[] = { OBJECT("port", server_port_members), OBJECT("tls", server_tls_members),
                                                MEMBER_END };
static const struct shape server = { .type = VALUE_OBJECT, .members = server_members };

/* All kinds of a family share a table: none of them uses another's key for
 * another type. */
static const struct member mesh_spec_members[] = {
    OBJECT("mtls", tls_mode_members), MAP_OF("portLevelMtls", tls_mode), OBJECT("trafficPolicy", traffic_members),
    LIST("subsets", subset),          LIST("servers", server),           MEMBER_END,
};

static const struct member gateway_tls_members[] = { STRING("mode"), MAP("options"), MEMBER_END };
static const struct member gateway_listener_members[] = { STRING("name"), STRING("protocol"),
                                                          OBJECT("tls", gateway_tls_members), MEMBER_END };
static const struct shape gateway_listener = { .type = VALUE_OBJECT, .members = gateway_listener_members };
static const struct member lb_listener_members[] = { STRING("protocolPort"), STRING("sslPolicy"), MEMBER_END };
static const struct shape lb_listener = { .type = VALUE_OBJECT, .members = lb_listener_members };
static const struct member target_group_members[] = { STRING("protocol"), MEMBER_END };
static const struct member target_route_members[] = { STRING("identifier"),
                                                      OBJECT("targetGroupProps", target_group_members), MEMBER_END };
static const struct shape target_route = { .type = VALUE_OBJECT, .members = target_route_members };
static const struct member policy_type_members[] = { STRING("type"), STRING("name"), MEMBER_END };
static const struct member policy_default_members[] = { STRING("sslPolicy"), OBJECT("policyType", policy_type_members),
                                                        MEMBER_END };
static const struct member virtual_host_tls_members[] = { STRING("minimumProtocolVersion"),
                                                          STRING("maximumProtocolVersion"),
                                                          IS("passthrough", VALUE_BOOL), MEMBER_END };
static const struct member virtual_host_members[] = { OBJECT("tls", virtual_host_tls_members), MEMBER_END };
static const struct member proxy_route_members[] = { IS("permitInsecure", VALUE_BOOL), MEMBER_END };
static const struct shape proxy_route = { .type = VALUE_OBJECT, .members = proxy_route_members };
static const struct member route_tls_members[] = { STRING("termination"), STRING("insecureEdgeTerminationPolicy"),
                                                   MEMBER_END };
static const struct member custom_profile_members[] = { STRING("minTLSVersion"), LIST("ciphers", text), MEMBER_END };
static const struct member profile_members[] = { STRING("type"), OBJECT("custom", custom_profile_members), MEMBER_END };

static const struct member gateway_spec_members[] = {
    STRING("gatewayClassName"),
    LIST("listeners", gateway_listener),
    LIST("listenerConfigurations", lb_listener),
    OBJECT("defaultConfiguration", target_group_members),
    LIST("routeConfigurations", target_route),
    OBJECT("default", policy_default_members),
    OBJECT("virtualhost", virtual_host_members),
    LIST("routes", proxy_route),
    STRING("minVersion"),
    STRING("maxVersion"),
    LIST("cipherSuites", text),
    LIST("curvePreferences", text),
    OBJECT("tls", route_tls_members),
    OBJECT("tlsSecurityProfile", profile_members),
    MEMBER_END,
};

static const struct member root_members[] = { STRING("apiVersion"), STRING("kind"),
                                              OBJECT("metadata", metadata_members), MEMBER_END };
static const struct shape root_shape = { .type = VALUE_OBJECT, .members = root_members };

/* What a kind adds to the root, and a pod's holder to its spec. */
static const struct member volume_root[] = { OBJECT("spec", volume_spec_members), MEMBER_END };
static const struct member class_root[] = { STRING("provisioner"), MAP("parameters"), MEMBER_END };
static const struct member attributes_class_root[] = { STRING("driverName"), MAP("parameters"), MEMBER_END };
static const struct member service_root[] = { OBJECT("spec", service_spec_members), MEMBER_END };
static const struct member ingress_root[] = { OBJECT("spec", ingress_spec_members), MEMBER_END };
static const struct member ingress_params_root[] = { OBJECT("spec", ingress_params_members), MEMBER_END };
static const struct member mesh_root[] = { OBJECT("spec", mesh_spec_members), MEMBER_END };
static const struct member gateway_root[] = { OBJECT("spec", gateway_spec_members), MEMBER_END };

static const struct {
    enum kind_family family;
    struct shape shape;
} families[] = {
    { FAMILY_CLAIM, { .type = VALUE_OBJECT, .members = claim_members } },
    { FAMILY_VOLUME, { .type = VALUE_OBJECT, .members = volume_root } },
    { FAMILY_STORAGE_CLASS, { .type = VALUE_OBJECT, .members = class_root } },
    { FAMILY_ATTRIBUTES_CLASS, { .type = VALUE_OBJECT, .members = attributes_class_root } },
    { FAMILY_SERVICE, { .type = VALUE_OBJECT, .members = service_root } },
    { FAMILY_INGRESS, { .type = VALUE_OBJECT, .members = ingress_root } },
    { FAMILY_INGRESS_PARAMS, { .type = VALUE_OBJECT, .members = ingress_params_root } },
    { FAMILY_MESH, { .type = VALUE_OBJECT, .members = mesh_root } },
    { FAMILY_GATEWAY, { .type = VALUE_OBJECT, .members = gateway_root } },
};

struct check {
    struct arena *arena;
    struct err *err;
};

static bool has_shape(const struct shape *shape, const struct json *v, const struct pointer *at, const struct check *c);

static bool has_type(enum value_type wanted, const struct json *v, const struct pointer *at, const struct check *c)
{
    const enum value_type type = value_type(v);
    struct sv path;

    if (type == wanted || type <= VALUE_NULL)
        return true;
    path = text_printable(c->arena, pointer_print(at, c->arena), PATH_MAX_SHOWN);
    if (!path.p)
        return err_nomem(c->err);
    return err_set(c->err, ERR_INPUT, "`%.*s` is %s, wanted %s", SV_ARG(path), value_type_name(type),
                   value_type_name(wanted));
}

static const struct shape *shape_of(const struct shape *parent, struct sv key)
{
    if (parent->each)
        return parent->each;
    for (const struct member *m = parent->members; m->key.p; m++) {
        if (sv_eq(m->key, key))
            return &m->shape;
    }
    return NULL;
}

static bool is_leaf(const struct shape *shape)
{
    return !shape->each && !shape->members;
}

/* Recursion goes as deep as the tables, not as the object. */
static bool has_shape(const struct shape *shape, const struct json *v, const struct pointer *at, const struct check *c)
{
    if (!has_type(shape->type, v, at, c))
        return false;
    if (is_leaf(shape))
        return true;
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        const struct shape *inside = shape_of(shape, it.key);
        struct pointer here;

        if (!inside || (is_leaf(inside) && value_is(it.value, inside->type)))
            continue;
        here = (struct pointer){ .up = at, .key = it.key, .index = it.index };
        if (!has_shape(inside, it.value, &here, c))
            return false;
    }
    return true;
}

/* A path such as /spec/template/spec leads through objects only, else its end
 * would read as absent; a `*` in it through every member of a list or map. Then
 * the end itself is checked. Each level of recursion is a token of the path. */
static bool leads_to(const struct shape *shape, const struct json *v, const struct pointer *at, struct sv path,
                     const struct check *c)
{
    struct sv rest = sv_skip(path, 1), token = { rest.p, sv_find(rest, '/') };
    struct pointer here = pointer_key(at, token);

    if (path.n == 0)
        return has_shape(shape, v, at, c);
    rest = sv_skip(rest, token.n);
    if (!sv_eq(token, SV("*")))
        return has_type(VALUE_OBJECT, v, at, c) && leads_to(shape, value_get(v, token), &here, rest, c);
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        here = (struct pointer){ .up = at, .key = it.key, .index = it.index };
        if (!leads_to(shape, it.value, &here, rest, c))
            return false;
    }
    return value_is(v, VALUE_OBJECT) || has_type(VALUE_ARRAY, v, at, c);
}

static bool check_workload(const struct json *root, const struct kind *kind, const struct check *c)
{
    static const struct shape claims = { .type = VALUE_ARRAY, .each = &claim };
    const struct pointer top = POINTER_ROOT;

    if (kind->pod.n > 0 && !leads_to(&root_shape, root, &top, kind->pod, c))
        return false;
    if (kind->claims.p && !leads_to(&claims, root, &top, kind->claims, c))
        return false;
    return leads_to(&pod_spec, root, &top, kind->spec, c);
}

bool shape_check(const struct json *object, const struct kind *kind, struct arena *a, struct err *e)
{
    const struct pointer top = POINTER_ROOT;
    const struct check c = { .arena = a, .err = e };

    if (!value_is_nothing(object) && !value_is(object, VALUE_OBJECT))
        return err_set(e, ERR_INPUT, "the object is %s, wanted an object", value_type_name(value_type(object)));
    if (!has_shape(&root_shape, object, &top, &c))
        return false;
    if (!kind)
        return true;
    if (kind->family == FAMILY_WORKLOAD)
        return check_workload(object, kind, &c);
    for (size_t i = 0; i < ARRAY_LEN(families); i++) {
        if (families[i].family == kind->family)
            return has_shape(&families[i].shape, object, &top, &c);
    }
    return true;
}
