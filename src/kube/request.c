/* SPDX-License-Identifier: Apache-2.0 */
/* The words of admission.k8s.io/v1 for operations, and what a request is about. */
#include "kube/request.h"
#include "base/attr.h"
#include "base/bug.h"

static const char *const names[OP_COUNT] = {
    [OP_CREATE] = "CREATE",
    [OP_UPDATE] = "UPDATE",
    [OP_DELETE] = "DELETE",
    [OP_CONNECT] = "CONNECT",
};

const char *request_operation_name(enum operation op)
{
    BUG_IF(op >= OP_COUNT);
    return names[op];
}

bool request_operation_parse(struct sv text, enum operation *out)
{
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!sv_eq(text, sv_from(names[i])))
            continue;
        *out = (enum operation)i;
        return true;
    }
    return false;
}

const struct json *request_subject(const struct request *r)
{
    return r->operation == OP_DELETE ? r->old_object : r->object;
}
