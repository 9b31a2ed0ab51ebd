/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pod inside any workload, and the one iterator over everything in it that
 * has an image: containers, initContainers, ephemeralContainers and image
 * volumes. No rule walks these lists by itself, so none can forget one.
 */
#ifndef KUBE_POD_H
#define KUBE_POD_H

#include "base/err.h"
#include "base/sv.h"
#include "kube/kind.h"
#include "json/pointer.h"
#include "json/value.h"
#include <stdbool.h>

struct pod {
    const struct kind *kind;
    const struct json *holder; /* has the pod's `metadata`; absent if its path is missing */
    const struct json *spec;   /* absent if its path is missing: judged as unknown */
    struct pointer holder_at, spec_at;
};

/*
 * The pods of an object, in its order: one for most kinds, one for each member
 * of a list or map where the row's paths hold a `*` (JobSet, PyTorchJob):
 *     struct pod_iter it;
 *     for (pod_iter_init(&it, kind, object); pod_next(&it);)
 *         use(&it.pod);
 * The pod's pointers refer into the iterator, which must not be moved. Where
 * the list is not what its path says, one pod without spec stands for it.
 */
struct pod_iter {
    struct pod pod;
    const struct json *object;
    bool is_many, is_done;
    struct value_iter members;
    struct pointer list_at, member_at;
};
/* `kind` is a workload row and `object` an object of that kind. */
void pod_iter_init(struct pod_iter *it, const struct kind *kind, const struct json *object);
bool pod_next(struct pod_iter *it);

enum container_list { LIST_CONTAINERS, LIST_INIT_CONTAINERS, LIST_EPHEMERAL_CONTAINERS, LIST_IMAGE_VOLUMES };

/* One thing with an image. The pointers refer into the iterator: use them
 * before the next container_next(). */
struct container {
    enum container_list list;
    struct sv list_name; /* "initContainers"; "volumes" for image volumes */
    size_t index;
    struct sv name; /* of the container, or of the volume */
    const struct json *value;
    struct sv image; /* as written; absent when there is none */
    struct pointer at, image_at;
};

struct container_iter {
    const struct pod *pod;
    struct container now;
    struct value_iter items;
    struct pointer list_at, volume_at;
    int list; /* the next list to open; -1 before the first */
};
struct container_iter container_iter(const struct pod *p);
bool container_next(struct container_iter *it);

/* Only real containers have ports, env and a security context. */
static inline bool container_is_image_volume(const struct container *c)
{
    return c->list == LIST_IMAGE_VOLUMES;
}

#endif
