/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the policies say about one request: every finding with what becomes of
 * it, and the patch. Zero is "deny": a verdict nobody filled in admits nothing.
 */
#ifndef POLICY_VERDICT_H
#define POLICY_VERDICT_H

#include "base/sv.h"
#include "kube/request.h"
#include "patch/patch.h"
#include "rules/finding.h"
#include "rules/rule.h"
#include <stdbool.h>

/* Who asks, in the words of the four webhook paths. */
enum stage {
    STAGE_VALIDATE, /* /validate: every policy */
    STAGE_ENFORCE,  /* /validate/enforce: policies in mode enforce */
    STAGE_AUDIT,    /* /validate/audit: policies in warn and audit; never denies */
    STAGE_MUTATE,   /* /mutate: repairs what it can, judges nothing */
    STAGE_COUNT
};
const char *verdict_stage_name(enum stage stage); /* "validate", "enforce", "audit", "mutate" */

/* Mildest first, so that the milder of two is the smaller. */
enum mode { MODE_OFF, MODE_AUDIT, MODE_WARN, MODE_ENFORCE };
const char *verdict_mode_name(enum mode mode);
static inline enum mode verdict_milder(enum mode a, enum mode b)
{
    return a < b ? a : b;
}

/* What `check` prints as `result`. */
enum result {
    RESULT_UNKNOWN,
    RESULT_VIOLATION,
    RESULT_PASS,
    RESULT_WILL_MUTATE,   /* a template whose pod /mutate will repair */
    RESULT_GRANDFATHERED, /* an UPDATE that did not bring it */
    RESULT_EXCEPTED,      /* lifted by a FipsException that counts today */
};
const char *verdict_result_name(enum result result); /* "will-mutate", ... */

struct exception;

/* One finding with its policy, and what it does to the answer. */
struct judgement {
    const struct finding *finding;
    struct sv policy, rule_name;
    const struct rule *rule;
    struct sv layer;
    struct sv controls; /* "SC.L2-3.13.11, SC-13" */
    enum result result;
    enum mode mode;                    /* MODE_ENFORCE denies, MODE_WARN warns, MODE_AUDIT is only recorded */
    const struct exception *exception; /* what lifted it; else one that did until it expired; or NULL */
};

struct verdict {
    bool allowed;
    const struct judgement *judgements; /* worst first; MODE_OFF and pass last */
    size_t judgement_count;
    size_t denied, warned, recorded; /* how many of them act so */
    struct sv patch;                 /* RFC 6902 text; absent: nothing to change */
    struct sv conflict;              /* two policies repair one place differently: the denial's message */
};

#endif
