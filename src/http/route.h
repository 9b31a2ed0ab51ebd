/* SPDX-License-Identifier: Apache-2.0 */
/* The four webhook paths: one table, path -> method, content type, stage. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/sv.h"
#include "policy/verdict.h"

struct route {
    struct sv path, method, content_type;
    enum stage stage;
};

/* NULL: there is no such path. Paths match exactly; the query is not part of it. */
const struct route *route_find(struct sv path);

/* "application/json", whatever parameters follow it. */
bool route_takes(const struct route *r, struct sv content_type);

#endif
