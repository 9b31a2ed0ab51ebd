/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts that `check` is to read: files, directories, standard input ("-"), what
 * helm or kustomize print. Directories are walked recursively, bytewise in
 * order, for names ending in .yaml, .yml or .json; entries beginning with a dot
 * are left out. `.fipsgateignore` in a directory leaves out what its lines say,
 * as .gitignore does, from there down (ignore.h). A link that leads out of the
 * tree it was found in, to a directory above itself, or nowhere is skipped and said so; a file named on the
 * command line is always read. A file reached twice is read once.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "cli/names.h"
#include <stddef.h>

enum { INPUT_MAX_BYTES = 256 << 20 }; /* of one text */

struct input {
    const char *name; /* as it is shown and reported: "-", "deploy/web.yaml", "helm:charts/web" */
    const char *path; /* to read; NULL: `text` is already there */
    struct sv text;
    bool is_piped;    /* standard input or a FIFO: who writes there may fail without a word */
    bool is_editable; /* a file of its own, that --diff and --fix may change */
};

struct input_skip {
    const char *name;
    const char *why;
};

struct inputs {
    struct names names;  /* names.count of them */
    struct names skips;  /* links that lead away, ignored files; a name and a reason each */
    struct input *texts; /* those that are not files */
    size_t text_count;
};

#define INPUTS_INIT                                                                                                    \
    {                                                                                                                  \
        .names = NAMES_INIT, .skips = NAMES_INIT                                                                       \
    }

/* Appends all of them, by name only: no file is read yet, but "-" and FIFOs are, into `a`. A path
 * that is not there, a directory without any such file, "-" given twice: an error. */
MUST_CHECK bool input_find(const char *const *paths, size_t count, struct arena *a, struct inputs *out, struct err *e);
/* Appends a text that is there already. */
MUST_CHECK bool input_add(struct inputs *inputs, const struct input *text, struct arena *a, struct err *e);

/* From the first one on, as often as one likes. What they give is good until
 * they are asked again; `name` is NULL at the end. */
struct input_reader {
    const struct inputs *inputs;
    struct names_reader names;
    size_t text_count; /* so many of the texts have been given */
    struct buf name;   /* of a skip */
};

#define INPUT_READER_INIT                                                                                              \
    {                                                                                                                  \
        .name = BUF_INIT(SIZE_MAX)                                                                                     \
    }

MUST_CHECK bool input_start(struct input_reader *r, struct inputs *inputs, struct err *e);
MUST_CHECK bool input_next(struct input_reader *r, struct input *out, struct err *e);
MUST_CHECK bool input_start_skips(struct input_reader *r, struct inputs *inputs, struct err *e);
MUST_CHECK bool input_next_skip(struct input_reader *r, struct input_skip *out, struct err *e);

/* The text of one, in `a`; UTF-8, UTF-16 with a byte order mark, a BOM: as YAML 1.2 says, libyaml reads them. */
MUST_CHECK bool input_read(const struct input *input, struct arena *a, struct sv *text, struct err *e);

/* Free; CLEANUP functions. */
void input_end(struct input_reader *r);
void input_fini(struct inputs *inputs);

#endif
