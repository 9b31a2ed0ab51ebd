/* SPDX-License-Identifier: Apache-2.0 */
/* Group, version and kind of an object; group "" is the core group. */
#ifndef KUBE_GVK_H
#define KUBE_GVK_H

#include "base/sv.h"

struct gvk {
    struct sv group, version, kind;
};

/* From `apiVersion` ("v1", "apps/v1") and `kind`. */
struct gvk gvk_from(struct sv api_version, struct sv kind);

#endif
