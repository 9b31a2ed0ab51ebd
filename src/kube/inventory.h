/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects that `check` found among its inputs, by group, kind and name: what a
 * cluster would hold beside the object that is judged. A webhook has none: it
 * looks nothing up. A rule may let it turn an unknown into a pass or a
 * violation, and nothing else; what a rule does beyond that stands in its head.
 *
 * Holds cluster-scoped objects only: StorageClass, VolumeAttributesClass, IngressClass,
 * IngressClassParams, GatewayClass, Namespace.
 */
#ifndef KUBE_INVENTORY_H
#define KUBE_INVENTORY_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include "json/value.h"

struct inventory;

struct inventory *inventory_new(struct arena *a); /* NULL: arena full */
/* Whether objects of this kind are kept. */
bool inventory_wants(struct sv group, struct sv kind);
/* A shortcut for who reads many files: false when `text` cannot hold such an object in any spelling
 * without escapes; then it need not be read for the inventory's sake. UTF-16 may always hold one. */
bool inventory_may_be_in(struct sv text);

/* Copies the object; one of no such kind is left out. Two of one name with different contents: neither is
 * known, for nobody can tell which the cluster has. Nor is one without a name of its own (generateName).
 * False: arena full. */
MUST_CHECK bool inventory_add(struct inventory *inv, struct sv group, struct sv kind, const struct json *object);

/* NULL: not there, there twice, or no inventory (`inv` NULL). */
const struct json *inventory_find(const struct inventory *inv, struct sv group, struct sv kind, struct sv name);
/* The one that is marked as default by the annotation `key`, or by its older spelling `old_key` (absent: it
 * has none), = "true"; NULL if none or more than one is, or if of another object of the kind it cannot be told. */
const struct json *inventory_default(const struct inventory *inv, struct sv group, struct sv kind, struct sv key,
                                     struct sv old_key);

#endif
