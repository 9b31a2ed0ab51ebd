/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of registry endpoints: HOST[:PORT][/PATH]. The host is compared
 * label by label, where `*` is any one label and `{account}` exactly 12
 * digits; without a port only the default port matches; PATH is a prefix by
 * whole segments, of which one may be `*`:
 *
 *     {account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com/payments
 *
 * Compiled once; matching allocates nothing.
 */
#ifndef RULES_IMAGE_PATTERN_H
#define RULES_IMAGE_PATTERN_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "kube/image_ref.h"

enum image_part_kind { IMAGE_PART_TEXT, IMAGE_PART_ANY, IMAGE_PART_ACCOUNT };

struct image_part {
    enum image_part_kind kind;
    struct sv text;
};

struct image_pattern {
    const struct image_part *labels, *segments;
    size_t label_count, segment_count;
    size_t host_length; /* of every host that can match; 0: it may differ */
    struct sv host_end; /* what every such host ends with */
    struct sv port;     /* absent: the default */
};

/* The message says what is wrong; where it stands the caller knows. */
MUST_CHECK bool image_pattern_compile(struct sv text, struct arena *a, struct image_pattern *out, struct err *e);

bool image_pattern_matches(const struct image_pattern *p, const struct image_ref *r);

/* What is left of the repository behind the segments that `p`, which matches,
 * names; empty when they are all of it. */
struct sv image_pattern_rest(const struct image_pattern *p, const struct image_ref *r);

#endif
