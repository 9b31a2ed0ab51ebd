/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects of a cluster: get, create, replace, patch (RFC 6902), delete. A
 * request that does not succeed gives one line: verb, resource, host, what the
 * server says (its Status, decoded), and what helps.
 */
#ifndef API_OBJECT_H
#define API_OBJECT_H

#include "api/client.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "json/value.h"

/* Where a kind is kept. */
struct object_kind {
    const char *api, *plural, *kind; /* "/api/v1", "secrets", "Secret" */
    bool is_namespaced;
};
extern const struct object_kind object_secret, object_validating_webhooks, object_mutating_webhooks;

struct object_ref {
    const struct object_kind *kind;
    struct sv name_space, name; /* name_space: only of kinds that have one */
};

/* Whatever is not OBJECT_DONE has set `e`. */
enum object_outcome {
    OBJECT_FAILED = 0, /* and will the next time */
    OBJECT_DONE,
    OBJECT_ABSENT,   /* there is no such object */
    OBJECT_CONFLICT, /* somebody else was faster, or it is there already: read it again */
    OBJECT_BUSY,     /* no answer, or none yet: try again */
};

struct object_reply {
    const struct json *root; /* in the arena */
    int64_t date;            /* the server's clock; 0: it does not say */
};

MUST_CHECK enum object_outcome object_get(struct client *c, const struct object_ref *ref, struct arena *a,
                                          struct object_reply *out, struct err *e);
/* `body` is the object, as JSON. */
MUST_CHECK enum object_outcome object_create(struct client *c, const struct object_ref *ref, struct sv body,
                                             struct arena *a, struct err *e);
/* The body's metadata.resourceVersion is that of the object it replaces, or it is a conflict. */
MUST_CHECK enum object_outcome object_replace(struct client *c, const struct object_ref *ref, struct sv body,
                                              struct arena *a, struct err *e);
/* A `test` that fails is a conflict. */
MUST_CHECK enum object_outcome object_patch(struct client *c, const struct object_ref *ref, struct sv body,
                                            struct arena *a, struct err *e);
MUST_CHECK enum object_outcome object_delete(struct client *c, const struct object_ref *ref, struct arena *a,
                                             struct err *e);

#endif
