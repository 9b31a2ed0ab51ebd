/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of a rotation: reads both Secrets and both webhook configurations,
 * has rotation.c decide, and writes in the order CA, caBundle, leaf. Each write
 * fails if somebody changed the object since it was read; then nothing of the
 * decision counts any more, and the caller begins again. Two runs at once are
 * therefore as good as one after the other.
 */
#ifndef CLI_ROTATE_H
#define CLI_ROTATE_H

#include "api/object.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/rotation.h"

struct rotate_config {
    struct client *client;
    struct sv name_space, secret, ca_secret, webhooks;
    const struct sv *names; /* that the leaf is for */
    size_t name_count;
    struct rotation_settings settings;
};

struct rotate_result {
    struct rotation_plan plan;
    struct rotation_span ca, leaf; /* as they are now */
    size_t bundle_cas;             /* that are published */
    size_t webhooks_written;
    bool has_webhooks;  /* at least one of the configurations is there */
    bool wrote_ca_list; /* only ca.crt of the serving Secret */
};

/* Keys stand in the arena: wipe it. */
MUST_CHECK enum object_outcome rotate(const struct rotate_config *config, int64_t now, struct arena *a,
                                      struct rotate_result *out, struct err *e);

#endif
