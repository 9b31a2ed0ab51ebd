/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Image references, parsed as the container runtimes parse them
 * (distribution/reference grammar) and normalised: registry default docker.io,
 * `library/`, `index.docker.io` and `registry-1.docker.io` as docker.io,
 * upper-case hosts lower-cased, a trailing dot of the host and the port 443
 * dropped. A digest is authoritative over a tag beside it.
 *
 * Refused, because two readers could understand them differently: hosts that
 * are not ASCII or hold a punycode label (xn--), user info, schemes, empty
 * segments, upper case in the repository, white space, anything longer than
 * IMAGE_REF_MAX bytes.
 */
#ifndef KUBE_IMAGE_REF_H
#define KUBE_IMAGE_REF_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>

enum { IMAGE_REF_MAX = 4096 };

struct image_ref {
    struct sv host;       /* "docker.io", lower case, IPv6 in brackets */
    struct sv port;       /* absent, or digits; never 443 */
    struct sv repository; /* "library/nginx" */
    struct sv tag;        /* absent when none was written and a digest is there; else default "latest" */
    struct sv digest;     /* "sha256:<64 hex>", or absent */
    bool host_is_default; /* no host was written */
    bool tag_is_default;
};

/* The message says what is wrong with which part: "image `Nginx`: upper case in
 * the repository". The text of a bad reference is cut. */
MUST_CHECK bool image_ref_parse(struct sv text, struct arena *a, struct image_ref *out, struct err *e);

/* What one review has parsed already: rules ask for the same few references
 * again and again. Zeroed: nothing. */
enum { IMAGE_REF_CACHE_ROWS = 64 };
struct image_ref_cache {
    struct image_ref_cache_row {
        struct sv text; /* known by its address: the review's own text */
        struct image_ref ref;
    } rows[IMAGE_REF_CACHE_ROWS];
};

/* image_ref_parse() through `c` (NULL: without). `text` and the arena live as
 * long as the cache. */
MUST_CHECK bool image_ref_cached(struct image_ref_cache *c, struct sv text, struct arena *a, struct image_ref *out,
                                 struct err *e);

/* "docker.io/library/nginx:latest": what the runtime will pull. */
struct sv image_ref_print(const struct image_ref *r, struct arena *a);

#endif
