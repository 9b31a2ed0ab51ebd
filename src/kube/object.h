/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata of any object, and comparing two states of one. */
#ifndef KUBE_OBJECT_H
#define KUBE_OBJECT_H

#include "base/sv.h"
#include "json/value.h"
#include <stdbool.h>

/* `object` is anything with a `metadata` member (a pod template too). */
struct sv object_name(const struct json *object); /* name, else generateName, else absent */
struct sv object_annotation(const struct json *object, struct sv key);
const struct json *object_labels(const struct json *object);

/* A mirror of a static pod: the kubelet runs it whatever we say. */
bool object_is_mirror_pod(const struct json *pod);
bool object_is_being_deleted(const struct json *object);
/* The controller owner (ownerReferences[] with controller: true); absent if none. */
const struct json *object_controller(const struct json *object);

/* True when an UPDATE changes nothing that a rule could judge: apart from
 * metadata.{finalizers, ownerReferences, managedFields, resourceVersion,
 * generation, deletionTimestamp, deletionGracePeriodSeconds} and status both
 * are equal; or the old object is already being deleted and everything but
 * status and metadata other than the annotations is equal. */
bool object_update_is_bookkeeping(const struct json *old_object, const struct json *object);

#endif
