/* SPDX-License-Identifier: Apache-2.0 */
/* Splits `apiVersion`. Says nothing about whether the group or the version
 * exists: kind.c knows that. */
#include "kube/gvk.h"

struct gvk gvk_from(struct sv api_version, struct sv kind)
{
    struct sv rest = api_version;
    struct sv first = sv_cut(&rest, '/');

    if (!rest.p)
        return (struct gvk){ .group = SV(""), .version = first, .kind = kind };
    return (struct gvk){ .group = first, .version = rest, .kind = kind };
}
