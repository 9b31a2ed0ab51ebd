/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One format: five functions and a writer that they share. Internal to report/.
 *
 * A format with `is_spooled` gets three temporary files and, at the end, the
 * totals: what it writes to `body`, `notes` and `patches` meanwhile is copied
 * by format_copy() to where it belongs. Others write to `out` at once.
 * Write errors are not looked for line by line: report_finish() asks each
 * stream once.
 */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "base/arena.h"
#include "report/report.h"
#include <stdio.h>

struct writer {
    const struct report_setup *setup;
    FILE *out, *body, *notes, *patches;
    bool is_colored;                      /* `out` is a stream of ours, and setup wants colours there */
    size_t findings, note_count, changes; /* so far, this one not yet counted */
    struct sv last_file;                  /* of the finding before this one; absent at the first */
    struct arena *memory;                 /* for the length of one call */
    size_t items;                         /* what the format counts for itself */
    void *state;                          /* the format's own, from malloc(); freed for it */
    struct {
        size_t suite[4], notes[4], all[4];
    } tally; /* junit: cases by what became of them */
};

struct format {
    const char *name;
    bool is_spooled;
    void (*begin)(struct writer *w); /* any may be NULL */
    void (*finding)(struct writer *w, const struct report_finding *f);
    void (*note)(struct writer *w, const struct report_note *n);
    void (*change)(struct writer *w, const struct report_change *c);
    void (*end)(struct writer *w, const struct report_summary *s);
};

extern const struct format format_text, format_json, format_sarif, format_junit, format_github, format_gitlab,
    format_markdown, format_html;

void format_copy(FILE *to, FILE *spool);

/*
 * Text from outside. All of these print it valid and printable (base/text.h),
 * and take the meaning from what CI systems read in logs ("##[", "##vso[").
 */
void format_print(FILE *out, struct sv text);
/* The ASCII characters of `special` written as `texts` has it, in the same order. */
void format_print_as(FILE *out, struct sv text, const char *special, const char *const *texts);
/* As a view, cut as text_printable() does. */
struct sv format_printable(struct arena *a, struct sv text, size_t max);
/* With what XML and HTML give a meaning escaped. */
void format_escape(FILE *out, struct sv text);
/* As a JSON string literal, fit for a <script> too; absent: null. */
void format_json_string(FILE *out, struct sv text);
/* A list as `controls` joins it ("SC-13, SC-28"), as a JSON array. */
void format_json_list(FILE *out, struct sv joined);

const char *format_severity(enum severity severity);      /* "low", "medium", "high" */
const char *format_effect(enum report_effect effect);     /* "none", "record", "warn", "deny" */
const char *format_note_kind(enum report_note_kind kind); /* "error", "refused", "skipped" */

/* What CI systems are told of: nothing that passes, is excepted or known. */
bool format_is_news(const struct report_finding *f);

/* `file` as seen from the working directory, without a leading "./". */
struct sv format_relative(struct sv file);

/* In the memory of the caller's writer, neither printable nor escaped yet. */
struct sv format_place(struct arena *a, struct sv file, struct place place); /* "web.yaml:12:20" or "web.yaml" */
struct sv format_object(struct arena *a, const struct report_object *o);     /* "Pod payments/plain" */
/* What it says; of a pass, which says nothing, what its rule judges. */
struct sv format_message(const struct report_finding *f);
/* What becomes of it: "would be refused", "excepted by legacy-batch until 2027-01-31: ..." */
struct sv format_outcome(struct arena *a, const struct report_finding *f);
/* The last word: "Would be refused: 3 denials, 1 warning (9 objects in 4 files)." */
struct sv format_sentence(struct arena *a, const struct report_summary *s);

#endif
