/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata getters, and what counts as a change. Absent or wrongly typed
 * members read as absent; shape.c has refused the latter before a rule runs. */
#include "kube/object.h"
#include "base/attr.h"

static const struct json *metadata(const struct json *object)
{
    return value_get(object, SV("metadata"));
}

struct sv object_name(const struct json *object)
{
    struct sv name = value_string(value_get(metadata(object), SV("name")));

    return name.n ? name : value_string(value_get(metadata(object), SV("generateName")));
}

struct sv object_annotation(const struct json *object, struct sv key)
{
    return value_string(value_get(value_get(metadata(object), SV("annotations")), key));
}

const struct json *object_labels(const struct json *object)
{
    return value_get(metadata(object), SV("labels"));
}

/* The kubelet sets the annotation on the mirrors it creates. So may anybody on
 * a pod that names its node, who gains nothing: a mirror is judged all the same. */
bool object_is_mirror_pod(const struct json *pod)
{
    return object_annotation(pod, SV("kubernetes.io/config.mirror")).p != NULL;
}

bool object_is_being_deleted(const struct json *object)
{
    return !value_is_nothing(value_get(metadata(object), SV("deletionTimestamp")));
}

const struct json *object_controller(const struct json *object)
{
    for (struct value_iter it = value_iter(value_get(metadata(object), SV("ownerReferences"))); value_next(&it);) {
        if (value_is_true(value_get(it.value, SV("controller"))))
            return it.value;
    }
    return NULL;
}

static const struct sv unjudged_members[] = { SV_INIT("metadata"), SV_INIT("status") };

static const struct sv unjudged_metadata[] = {
    SV_INIT("finalizers"),
    SV_INIT("ownerReferences"),
    SV_INIT("managedFields"),
    SV_INIT("resourceVersion"),
    SV_INIT("generation"),
    SV_INIT("deletionTimestamp"),
    SV_INIT("deletionGracePeriodSeconds"),
};

static bool next_judged(struct value_iter *it, const struct sv *unjudged, size_t count)
{
    while (value_next(it)) {
        bool skip = false;

        for (size_t i = 0; i < count && !skip; i++)
            skip = sv_eq(it->key, unjudged[i]);
        if (!skip)
            return true;
    }
    return false;
}

/* Both are read in step: the API server writes the members of the old and the
 * new object in one order, and looking keys up would be quadratic. Members in
 * another order count as a change, which is then judged like any other. */
static bool equal_but(const struct json *a, const struct json *b, const struct sv *unjudged, size_t count)
{
    struct value_iter left = value_iter(a), right = value_iter(b);

    if (value_type(a) != value_type(b))
        return false;
    for (;;) {
        bool more = next_judged(&left, unjudged, count);

        if (more != next_judged(&right, unjudged, count))
            return false;
        if (!more)
            return true;
        if (!sv_eq(left.key, right.key) || !value_equal(left.value, right.value))
            return false;
    }
}

/* Of an Ingress or a Service the annotations are what its controller obeys,
 * some of them until the object is gone. */
static bool same_annotations(const struct json *a, const struct json *b)
{
    const struct json *left = value_get(metadata(a), SV("annotations"));
    const struct json *right = value_get(metadata(b), SV("annotations"));

    return value_size(left) == value_size(right) && (value_size(left) == 0 || value_equal(left, right));
}

bool object_update_is_bookkeeping(const struct json *old_object, const struct json *object)
{
    if (!value_is(object, VALUE_OBJECT) ||
        !equal_but(old_object, object, unjudged_members, ARRAY_LEN(unjudged_members)))
        return false;
    if (object_is_being_deleted(old_object))
        return same_annotations(old_object, object);
    return equal_but(metadata(old_object), metadata(object), unjudged_metadata, ARRAY_LEN(unjudged_metadata));
}
