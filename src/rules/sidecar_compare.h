/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the sidecar that a pod has the one of the template: every scalar that is
 * required equal, nothing added but what the API server adds, nothing weakened.
 * One violation for each fault, at the value that is wrong.
 */
#ifndef RULES_SIDECAR_COMPARE_H
#define RULES_SIDECAR_COMPARE_H

#include "rules/sidecar_template.h"

/* Appends what is wrong with the pod's container `found` and with the volumes
 * it mounts; nothing when all is well. */
void sidecar_compare(const struct sidecar_config *c, const struct sidecar_expected *expected, const struct pod *pod,
                     const struct container *found, struct findings *out);

/* A volume of the pod that has the name of one of ours and is another, API defaults aside. */
struct sidecar_clash {
    struct sv name;
    const struct json *ours, *theirs;
    size_t index; /* of theirs in the pod */
};

/* The next one, of the volumes of the template that `ours` has yet to give. False: there is none. */
bool sidecar_compare_next_clash(const struct sidecar_config *c, const struct pod *pod, struct value_iter *ours,
                                struct sidecar_clash *out);

/* The pod's volume of that name; absent: none. *index is its place. */
const struct json *sidecar_compare_find_volume(const struct pod *pod, struct sv name, size_t *index);

#endif
