/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what was found to what is reported: each finding gets its place in the
 * text, is held against the filters and the baseline, counted, and told in the
 * order of the text.
 */
#ifndef CLI_CHECK_TELL_H
#define CLI_CHECK_TELL_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/baseline.h"
#include "cli/check.h"
#include "cli/lines.h"
#include "cli/manifest.h"
#include "cli/opt.h"
#include "cli/progress.h"
#include "report/report.h"

struct check_teller {
    struct report *report;
    struct report_summary summary;
    struct progress *progress; /* taken away before anything is told */
    struct opt_values layers;  /* --only-layer; none: all */
    enum severity least;       /* --min-severity */
    struct baseline *known;    /* NULL: none was given */
    struct baseline *collects; /* NULL: or what --write-baseline will write */
};

/* A text that is being read. */
struct check_text {
    struct sv file, text;
    struct lines lines;
};

/* `doc` NULL: it is about the whole file. */
void check_tell_note(struct check_teller *t, enum report_note_kind kind, const struct check_text *text,
                     struct place place, struct sv message);
/* The same, with the place that begins the error's message (":3:5: ..."), if one does. */
void check_tell_error(struct check_teller *t, enum report_note_kind kind, const struct check_text *text,
                      const struct err *e);

/* All about one object. False: the arena is full. */
MUST_CHECK bool check_tell_object(struct check_teller *t, struct check_text *text, const struct manifest_item *item,
                                  const struct manifest_context *context, const struct checked *checked,
                                  struct arena *a, struct err *e);

#endif
