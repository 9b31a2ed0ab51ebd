/* SPDX-License-Identifier: Apache-2.0 */
/* The paths that the webhook configurations register. */
#include "http/route.h"
#include "base/attr.h"

#define REVIEW(the_path, the_stage)                                                                                    \
    {                                                                                                                  \
        .path = SV_INIT(the_path), .method = SV_INIT("POST"), .content_type = SV_INIT("application/json"),             \
        .stage = (the_stage)                                                                                           \
    }

static const struct route routes[] = {
    REVIEW("/mutate", STAGE_MUTATE),
    REVIEW("/validate", STAGE_VALIDATE),
    REVIEW("/validate/audit", STAGE_AUDIT),
    REVIEW("/validate/enforce", STAGE_ENFORCE),
};

const struct route *route_find(struct sv path)
{
    for (size_t i = 0; i < ARRAY_LEN(routes); i++)
        if (sv_eq(routes[i].path, path))
            return &routes[i];
    return NULL;
}

bool route_takes(const struct route *r, struct sv content_type)
{
    struct sv rest = content_type;

    return sv_eq_nocase(sv_trim(sv_cut(&rest, ';')), r->content_type);
}
