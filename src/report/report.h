/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `check` found, in every format somebody asked for at once. The caller
 * tells what it sees, in the order in which it should be read, and forgets it:
 * nothing is kept here that grows with the number of files or findings. A
 * format whose head needs the totals keeps its body in a temporary file
 * meanwhile (format.h).
 *
 * Adding a format: 1 write src/report/<name>.c; 2 name it in report.c's table; 3 add
 * what it prints for the manifests of tests/report/ to want/.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/attr.h"
#include "base/date.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/sv.h"
#include "policy/policy.h"
#include "policy/verdict.h"
#include "yaml/positions.h"
#include <stdbool.h>
#include <stddef.h>

/* What a run rests on. Outlives the report. */
struct report_setup {
    const struct policy_set *policies;
    struct date today;
    const char *version;     /* of fipsgate */
    bool is_colored;         /* text: ANSI colours */
    bool shows_skipped;      /* text, markdown and html name what was skipped; others always do */
    bool has_text_elsewhere; /* stdout is taken by --mutate or --diff: text without a file goes to stderr */
    bool exits_zero;         /* denials do not fail the run: sarif tells the exit code */
};

struct report_object {
    struct sv api_version, kind, namespace, name; /* name: as object_name() has it */
};

/* What a finding does, in the words of exit codes; the worst last. */
enum report_effect {
    EFFECT_NONE,   /* passes, will be mutated, excepted, or known by the baseline */
    EFFECT_RECORD, /* audit */
    EFFECT_WARN,
    EFFECT_DENY,
};

/* One finding, where it stands. All is borrowed for the call. */
struct report_finding {
    const struct judgement *judgement;
    enum result result; /* what `check` makes of it: a violation that /mutate mends first is will-mutate */
    enum mode mode;     /* likewise: MODE_OFF for what does nothing */
    bool is_brought;    /* by /mutate: the object as it is written does not have it */
    bool is_known;      /* it stands in the baseline: shown, but does not fail the run */
    struct report_object object;
    struct sv path;     /* JSON pointer in the object, as it is written in the file */
    struct sv file;     /* as it was named; "-" is standard input */
    struct place place; /* of the value at `path`, or of its nearest parent; line 0: the file has no lines to show */
    struct sv line;     /* that line without its end; absent: not at hand */
    char fingerprint[DIGEST_HEX + 1]; /* of policy, rule, object and path; not of the line */
};
enum report_effect report_effect(const struct report_finding *f);
/* Fills it in: SHA-256, hex, over policy, rule, apiVersion without version, kind, namespace, name, path and
 * found. Empty where there is no SHA-256. */
void report_fingerprint(struct report_finding *f);

/* What is not a finding of a policy. */
struct report_note {
    enum report_note_kind {
        NOTE_ERROR,   /* an input that cannot be read: exit 2 */
        NOTE_REFUSED, /* an object that the webhook refuses without judging it: exit 1 */
        NOTE_SKIPPED, /* a document that is no Kubernetes object, or that is not for the API server */
    } kind;
    struct sv file;
    struct place place; /* line 0: about the whole file */
    struct sv message;  /* without the place */
};

/* An object that /mutate would change. */
struct report_change {
    struct report_object object;
    struct sv file;
    struct place place;
    struct sv patch; /* RFC 6902, as the webhook would send it, byte for byte */
};

/* The totals. `by_layer` follows report_layers. */
enum { REPORT_LAYERS = 6 };
extern const char *const report_layers[REPORT_LAYERS + 1]; /* "node-os", ... in DESIGN's order; the last NULL */
struct report_summary {
    size_t files, objects;
    size_t denied;     /* findings for which the webhook would refuse the object, and NOTE_REFUSED */
    size_t violations; /* findings with this result, whatever their mode; the known ones are not among them */
    size_t warnings;   /* findings that warn */
    size_t unknown;    /* findings with this result */
    size_t mutations;  /* objects that /mutate would change */
    size_t excepted, known, skipped, errors;
    bool is_partial; /* only some layers or severities were asked for: what is left out may be refused */
    struct {
        size_t denied, warned, recorded, mended;
    } by_layer[REPORT_LAYERS];
};
/* Counts one finding: into denied, violations, warnings, unknown, excepted or known, and
 * by_layer; the rest is the caller's. A layer that is not among the six counts in the totals only. */
void report_count(struct report_summary *s, const struct report_finding *f);

/* "FORMAT" or "FORMAT=FILE" as --output takes it ("FORMAT=-": standard output);
 * the names of all formats, the last NULL, for its help. */
extern const char *const report_formats[];

/* The JSON Schema (2020-12) of what format `json` prints: src/report/schema.json. */
struct sv report_schema(void);

struct report;

/* Opens every output. `outputs` NULL or count 0: text on stdout. Two formats on
 * stdout, an unknown format ("did you mean") and a file that cannot be made are
 * errors. */
MUST_CHECK struct report *report_new(const struct report_setup *setup, const char *const *outputs, size_t count,
                                     struct err *e);
void report_finding(struct report *r, const struct report_finding *f);
void report_note(struct report *r, const struct report_note *n);
void report_change(struct report *r, const struct report_change *c);

/* Writes what is left. False when anything could not be written to the end. */
MUST_CHECK bool report_finish(struct report *r, const struct report_summary *s, struct err *e);
/* Closes what report_finish() did not. */
void report_free(struct report *r);

#endif
