/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The caBundle of every webhook in the validating and in the mutating
 * configuration of one name: the only thing in them that fipsgate changes, and
 * only by patches that fail if anything else changed meanwhile.
 */
#ifndef CLI_CA_BUNDLE_H
#define CLI_CA_BUNDLE_H

#include "api/object.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"

enum { CA_BUNDLE_CONFIGURATIONS = 2 };

struct ca_bundle {
    struct object_ref refs[CA_BUNDLE_CONFIGURATIONS];
    const struct json *roots[CA_BUNDLE_CONFIGURATIONS]; /* NULL: there is none */
    size_t written;                                     /* webhooks that were given another one */
};

/* None of the two is no failure: on a first install they come last. */
MUST_CHECK enum object_outcome ca_bundle_read(struct client *c, struct sv name, struct arena *a, struct ca_bundle *out,
                                              struct err *e);

/* Of each webhook, what it says: PEM, or absent (none, or no base64):
 *     struct ca_bundle_iter it = { .bundle = &b };
 *     while (ca_bundle_next(&it, a)) use(it.pem); */
struct ca_bundle_iter {
    const struct ca_bundle *bundle;
    size_t configuration, webhook;
    struct sv pem;
};
bool ca_bundle_next(struct ca_bundle_iter *it, struct arena *a);

/* Writes `pem` into those that say something else. */
MUST_CHECK enum object_outcome ca_bundle_write(struct client *c, struct ca_bundle *b, struct sv pem, struct arena *a,
                                               struct err *e);

/* Deletes both. */
MUST_CHECK enum object_outcome ca_bundle_delete(struct client *c, struct sv name, struct arena *a, size_t *deleted,
                                                struct err *e);

#endif
