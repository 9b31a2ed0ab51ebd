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
#include <stddef.h>

enum { INPUT_MAX_BYTES = 256 << 20 }; /* of one text */

struct input {
    const char *name; /* as it is shown and reported: "-", "deploy/web.yaml", "helm:charts/web" */
    const char *path; /* to read; NULL: `text` is already there */
    struct sv text;
    bool is_editable; /* a file of its own, that --diff and --fix may change */
};

struct input_skip {
    const char *name;
    const char *why;
};

struct inputs {
    struct input *items;
    size_t count;
    struct input_skip *skips; /* links that lead out, ignored files */
    size_t skip_count;
};

/* All of them, by name only: no file is read yet, "-" and renderers are. A path
 * that is not there, a directory without any such file, "-" given twice: an error. */
MUST_CHECK bool input_find(const char *const *paths, size_t count, struct arena *a, struct inputs *out, struct err *e);

/* The text of one, in `a`; UTF-8, UTF-16 with a byte order mark, a BOM: as YAML 1.2 says, libyaml reads them. */
MUST_CHECK bool input_read(const struct input *input, struct arena *a, struct sv *text, struct err *e);

#endif
