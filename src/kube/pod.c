/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the pod by the kind's row and walks everything in it that has an
 * image. Knows no kind by name. */
#include "kube/pod.h"
#include "base/attr.h"

static const struct pointer root = { .up = NULL };

static const struct sv list_names[] = {
    [LIST_CONTAINERS] = SV_INIT("containers"),
    [LIST_INIT_CONTAINERS] = SV_INIT("initContainers"),
    [LIST_EPHEMERAL_CONTAINERS] = SV_INIT("ephemeralContainers"),
    [LIST_IMAGE_VOLUMES] = SV_INIT("volumes"),
};

/* What stands behind the `*` of a path, "" at least; the path before it. */
static struct sv after_star(struct sv path)
{
    return sv_skip(path, sv_find(path, '*') + 1);
}

static struct sv before_star(struct sv path)
{
    return (struct sv){ path.p, sv_find(path, '*') - 1 };
}

void pod_iter_init(struct pod_iter *it, const struct kind *kind, const struct json *object)
{
    const struct json *list = NULL;

    *it = (struct pod_iter){ .pod = { .kind = kind }, .object = object };
    it->is_many = sv_find(kind->spec, '*') < kind->spec.n;
    if (!it->is_many)
        return;
    list = pointer_get(object, before_star(kind->spec));
    it->members = value_iter(list);
    it->list_at = pointer_text(&root, before_star(kind->spec));
    /* Not there, or no container: nobody knows whether pods are. */
    it->is_many = value_type(list) >= VALUE_ARRAY;
}

static void set_pod(struct pod_iter *it, const struct json *base, const struct pointer *at, struct sv holder,
                    struct sv spec)
{
    it->pod.holder = pointer_get(base, holder);
    it->pod.spec = pointer_get(base, spec);
    it->pod.holder_at = pointer_text(at, holder);
    it->pod.spec_at = pointer_text(at, spec);
}

bool pod_next(struct pod_iter *it)
{
    const struct kind *kind = it->pod.kind;

    if (it->is_many) {
        if (!value_next(&it->members))
            return false;
        it->member_at = (struct pointer){ .up = &it->list_at, .key = it->members.key, .index = it->members.index };
        set_pod(it, it->members.value, &it->member_at, after_star(kind->pod), after_star(kind->spec));
        return true;
    }
    if (it->is_done)
        return false;
    it->is_done = true;
    set_pod(it, it->object, &root, kind->pod, kind->spec);
    return true;
}

struct container_iter container_iter(const struct pod *p)
{
    return (struct container_iter){ .pod = p, .list = -1 };
}

static bool next_item(struct container_iter *it)
{
    while (it->list < 0 || !value_next(&it->items)) {
        if (it->list + 1 == (int)ARRAY_LEN(list_names))
            return false;
        it->list++;
        it->items = value_iter(value_get(it->pod->spec, list_names[it->list]));
        it->list_at = pointer_key(&it->pod->spec_at, list_names[it->list]);
    }
    return true;
}

static void read_item(struct container_iter *it, const struct json *image)
{
    struct container *c = &it->now;

    c->list = (enum container_list)it->list;
    c->list_name = list_names[it->list];
    c->index = it->items.index;
    c->value = it->items.value;
    c->name = value_string(value_get(c->value, SV("name")));
    c->at = pointer_index(&it->list_at, c->index);
    if (c->list != LIST_IMAGE_VOLUMES) {
        c->image = value_string(image);
        c->image_at = pointer_key(&c->at, SV("image"));
        return;
    }
    c->image = value_string(value_get(image, SV("reference")));
    it->volume_at = pointer_key(&c->at, SV("image"));
    c->image_at = pointer_key(&it->volume_at, SV("reference"));
}

bool container_next(struct container_iter *it)
{
    while (next_item(it)) {
        const struct json *image = value_get(it->items.value, SV("image"));

        if (it->list == LIST_IMAGE_VOLUMES && value_is_nothing(image))
            continue;
        read_item(it, image);
        return true;
    }
    return false;
}
