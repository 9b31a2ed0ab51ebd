/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of kinds fipsgate knows: which rules look at them, and where a
 * pod spec and volume claim templates stand inside them. Kinds are found by
 * group and kind; a version the table does not list keeps the same paths.
 */
#ifndef KUBE_KIND_H
#define KUBE_KIND_H

#include "base/sv.h"
#include "kube/gvk.h"
#include <stdbool.h>

/* What a rule says it looks at; one bit a family. */
enum kind_family {
    FAMILY_WORKLOAD = 1 << 0, /* holds a pod spec: Pod, Deployment, CronJob, ... */
    FAMILY_CLAIM = 1 << 1,    /* PersistentVolumeClaim */
    FAMILY_VOLUME = 1 << 2,   /* PersistentVolume */
    FAMILY_STORAGE_CLASS = 1 << 3,
    FAMILY_ATTRIBUTES_CLASS = 1 << 4, /* VolumeAttributesClass */
    FAMILY_SERVICE = 1 << 5,
    FAMILY_INGRESS = 1 << 6,
    FAMILY_INGRESS_PARAMS = 1 << 7, /* IngressClassParams (elbv2.k8s.aws) */
    FAMILY_MESH = 1 << 8,           /* PeerAuthentication, DestinationRule, Gateway of Istio */
    FAMILY_GATEWAY = 1 << 9,        /* Gateway API, its vendors' objects, and others of the kind */
    FAMILY_UNLISTED = 1 << 10,      /* kind_unlisted: any kind that has no row */
    FAMILY_ANY = (1 << 11) - 1,
};

struct kind {
    struct sv group, kind;
    struct sv versions; /* known ones, separated by spaces; any other keeps the same paths */
    enum kind_family family;
    bool cluster_scoped;

    /* Workloads only; JSON pointers. A `*` in both `pod` and `spec` is every
     * member of a list or map (kube/pod.h). */
    struct sv pod;    /* what holds the pod's metadata: "" or "/spec/template" */
    struct sv spec;   /* the pod spec */
    struct sv claims; /* volumeClaimTemplates; absent where there are none */
    bool is_template; /* a controller makes the pods; false for Pod itself */
    bool is_job;      /* its pods run to completion */
    bool is_partial;  /* only ephemeralContainers are there (kind EphemeralContainers, before 1.22) */
};

/* NULL: no row. */
const struct kind *kind_find(struct sv group, struct sv kind);
/* Stands for every kind without a row: nothing is known but that it is an
 * object. Only rules that are told its name look at it. */
extern const struct kind kind_unlisted;

/* For tests, lint and `explain`. */
size_t kind_count(void);
const struct kind *kind_at(size_t index);

#endif
