/* SPDX-License-Identifier: Apache-2.0 */
/* Each garment leaves the meaning of the object as it is. */
#include "differential/dress.h"
#include "base/attr.h"
#include "differential/noise.h"

static struct tree *metadata_of(struct suspect *s, struct tree *object)
{
    return tree_need(s->arena, object, SV("metadata"), TREE_OBJECT);
}

static void put(struct suspect *s, struct tree *object, const char *key, const char *json)
{
    tree_set(object, sv_from(key), tree_read(s->arena, json));
}

static void put_all(struct suspect *s, struct tree *map, const char *const (*pairs)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (random_one_in(s->random, 2))
            tree_set(map, sv_from(pairs[i][0]), tree_string(s->arena, sv_from(pairs[i][1])));
}

static void claim_by_annotations(struct suspect *s, struct tree *object)
{
    static const char *const claims[][2] = {
        { "fipsgate.io/compliant", "true" },          { "fipsgate.io/skip", "true" },
        { "fipsgate.io/exception", "all" },           { "fips", "enabled" },
        { "admission.kubernetes.io/ignore", "true" }, { "sidecar.istio.io/inject", "false" },
    };

    put_all(s, tree_need(s->arena, metadata_of(s, object), SV("annotations"), TREE_OBJECT), claims, ARRAY_LEN(claims));
}

static void claim_by_labels(struct suspect *s, struct tree *object)
{
    static const char *const claims[][2] = {
        { "fips", "true" },
        { "compliant", "true" },
        { "admission.fipsgate.io/ignore", "true" },
        { "control-plane", "true" },
        { "kubernetes.io/metadata.name", "kube-system" },
        { "k8s-app", "kube-proxy" },
    };

    put_all(s, tree_need(s->arena, metadata_of(s, object), SV("labels"), TREE_OBJECT), claims, ARRAY_LEN(claims));
}

static void show_another_pod_as_applied(struct suspect *s, struct tree *object)
{
    const struct noise plain = { .spaces = 0 };
    struct buf text = BUF_IN(s->arena);
    struct tree *annotations = tree_need(s->arena, metadata_of(s, object), SV("annotations"), TREE_OBJECT);

    noise_write(&text, s->innocent, &plain, s->random);
    tree_set(annotations, SV("kubectl.kubernetes.io/last-applied-configuration"), tree_string(s->arena, buf_sv(&text)));
}

static void be_a_mirror(struct suspect *s, struct tree *object)
{
    struct tree *annotations = tree_need(s->arena, metadata_of(s, object), SV("annotations"), TREE_OBJECT);

    put(s, annotations, "kubernetes.io/config.mirror", "\"8d2f\"");
    put(s, annotations, "kubernetes.io/config.source", "\"file\"");
}

static void be_owned(struct suspect *s, struct tree *object)
{
    put(s, metadata_of(s, object), "ownerReferences",
        random_one_in(s->random, 2)
            ? "[{\"apiVersion\":\"apps/"
              "v1\",\"kind\":\"DaemonSet\",\"name\":\"kube-proxy\",\"uid\":\"1\",\"controller\":true}]"
            : "[{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"n\",\"uid\":\"1\"}]");
}

static void be_deleted(struct suspect *s, struct tree *object)
{
    put(s, metadata_of(s, object), "deletionTimestamp", "\"2026-11-22T00:00:00Z\"");
    put(s, metadata_of(s, object), "deletionGracePeriodSeconds", "0");
}

static void be_managed(struct suspect *s, struct tree *object)
{
    put(s, metadata_of(s, object), "finalizers", "[\"example.com/keep\"]");
    put(s, metadata_of(s, object), "managedFields",
        "[{\"manager\":\"kubectl\",\"operation\":\"Update\",\"fieldsV1\":{\"f:spec\":{\"f:containers\":{}}}}]");
}

static void have_a_status(struct suspect *s, struct tree *object)
{
    put(s, object, "status",
        "{\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"web\",\"image\":\"example.com/"
        "web\",\"ready\":true}]}");
}

/* Keys are compared by case: these are nobody's. */
static void have_look_alikes(struct suspect *s, struct tree *object)
{
    static const char *const keys[] = { "Spec", "SPEC", "spec ", "spe\xc3\xa7", "specs", "", "template2" };
    const struct tree *spec = tree_get(s->innocent, SV("spec"));

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (random_one_in(s->random, 2))
            tree_set(object, sv_from(keys[i]), tree_copy(s->arena, spec));
}

static void have_look_alike_lists(struct suspect *s, struct tree *object)
{
    static const char *const keys[] = { "Containers", "CONTAINERS", "initcontainers", "container", "containers\t" };
    const struct tree *list = tree_get(tree_get(s->innocent, SV("spec")), SV("containers"));
    struct tree *spec = tree_get(object, SV("spec"));

    for (size_t i = 0; spec && i < ARRAY_LEN(keys); i++)
        if (random_one_in(s->random, 2))
            tree_set(spec, sv_from(keys[i]), tree_copy(s->arena, list));
}

/* Next to each image of each container. */
static void have_look_alike_images(struct suspect *s, struct tree *object)
{
    static const char *const lists[] = { "containers", "initContainers", "ephemeralContainers" };
    const struct tree *spec = tree_get(object, SV("spec"));

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct tree *list = tree_get(spec, sv_from(lists[i]));

        for (struct tree *c = list ? list->first : NULL; c; c = c->next) {
            /* The proxy is compared field by field. */
            if (sv_eq(tree_get(c, SV("name"))->text, SV("fips-proxy")))
                continue;
            put(s, c, random_one_in(s->random, 2) ? "Image" : "image ", "\"example.com/app\"");
            put(s, c, "x-image", "{\"image\":\"example.com/app\"}");
        }
    }
}

static void run_elsewhere(struct suspect *s, struct tree *object)
{
    struct tree *spec = tree_get(object, SV("spec"));

    if (!spec)
        return;
    put(s, spec, "nodeName", "\"node-1\"");
    put(s, spec, "schedulerName", "\"none\"");
    put(s, spec, "serviceAccountName", "\"default\"");
    put(s, spec, "priorityClassName", "\"system-node-critical\"");
}

static const struct {
    const char *name;
    void (*wear)(struct suspect *s, struct tree *object);
} garments[] = {
    { "annotations that claim compliance", claim_by_annotations },
    { "labels that claim compliance", claim_by_labels },
    { "another pod as the one last applied", show_another_pod_as_applied },
    { "the annotation of a mirror pod", be_a_mirror },
    { "an owner", be_owned },
    { "a deletionTimestamp", be_deleted },
    { "finalizers and managedFields", be_managed },
    { "a status", have_a_status },
    { "look-alikes of spec", have_look_alikes },
    { "look-alikes of the lists", have_look_alike_lists },
    { "look-alikes of images", have_look_alike_images },
    { "a node and a priority of its own", run_elsewhere },
};

void dress_object(struct suspect *s, struct tree *object)
{
    for (size_t i = 0; i < ARRAY_LEN(garments); i++) {
        if (!random_one_in(s->random, 8))
            continue;
        buf_printf(s->steps, "  %s\n", garments[i].name);
        garments[i].wear(s, object);
    }
}
