/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules say: a growing list of findings in the request's arena, each with
 * the repairs that would mend it. Appending never fails for the caller: when
 * the arena is full the list says so once, at the end, and the review is
 * denied.
 */
#ifndef RULES_FINDING_H
#define RULES_FINDING_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include "kube/pod.h"
#include "patch/patch.h"
#include "json/pointer.h"
#include <stdbool.h>
#include <stddef.h>

enum finding_kind {
    FINDING_UNKNOWN = 0, /* cannot be told from this object */
    FINDING_VIOLATION,
    FINDING_PASS,
};

struct finding {
    enum finding_kind kind;
    bool warn_only;   /* rests on a `warn` or `sure: C` fact: never denies, never repairs */
    bool on_template; /* a controller will make the thing: its own admission can still repair it */
    struct sv path;   /* JSON pointer of the value, or of where it is missing */

    /* With the policy and rule these tell whether an older state had the same:
     * which container, volume or port, and which of its fields. */
    struct sv subject;
    struct sv field;
    struct sv found; /* the offending value; absent when something is missing */
    struct sv image; /* of the container it is about, as written; absent: about no one container */

    struct sv message; /* "image is not from a FIPS registry endpoint" */
    struct sv wanted;
    struct sv fix;

    struct patch_op *repairs; /* in order; NULL: none */
    struct finding *next;
};

struct findings {
    struct arena *arena;
    struct finding *first, *last;
    size_t count;
    bool keep_passes; /* `check --show`, tests: else passes cost nothing */
    bool failed;      /* the arena is full */
    struct finding sink;
};

void findings_init(struct findings *out, struct arena *a, bool keep_passes);

/* Appends one; never NULL. The path is printed; the caller fills the rest. */
struct finding *findings_add(struct findings *out, enum finding_kind kind, const struct pointer *at);

/* One about the image of a container of `pod`, with all but what is wrong with it. */
struct finding *findings_add_image(struct findings *out, enum finding_kind kind, const struct pod *pod,
                                   const struct container *k);

/* A pass at `at`, kept only where somebody asked for passes. */
void findings_pass(struct findings *out, const struct pointer *at, struct sv subject);

/* Adds an operation to what mends `f`. `at` is the value, member or array. The
 * text is kept, not copied: it lives in the arena or with the policy. */
void findings_repair(struct findings *out, struct finding *f, enum patch_class class, const struct pointer *at,
                     struct sv json_text);
/* The same with a string value, which is quoted. */
void findings_repair_string(struct findings *out, struct finding *f, enum patch_class class, const struct pointer *at,
                            struct sv text);

/* `text` from outside, printable and cut to `max` bytes. */
struct sv findings_text(struct findings *out, struct sv text, size_t max);
/* Text in the findings' arena; marks them failed when it is full. */
struct sv findings_printf(struct findings *out, const char *fmt, ...) PRINTF(2, 3);

#endif
