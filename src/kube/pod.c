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

void pod_init(struct pod *p, const struct kind *kind, const struct json *object)
{
    p->kind = kind;
    p->holder = pointer_get(object, kind->pod);
    p->spec = pointer_get(object, kind->spec);
    p->holder_at = pointer_text(&root, kind->pod);
    p->spec_at = pointer_text(&root, kind->spec);
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
