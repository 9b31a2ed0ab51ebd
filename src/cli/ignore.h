/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a .fipsgateignore, as git reads those of a .gitignore: comments, `!`
 * to take back, a trailing slash for directories only, a slash elsewhere to
 * anchor, `*`, `?`, `[a-z]`, `**`, `\`. The last line that matches decides;
 * a file further down the tree goes before one further up. What lies in a
 * directory that is left out is not looked at, so no line can take it back.
 *
 * A name is compared in time proportional to line times name, whatever the line.
 */
#ifndef CLI_IGNORE_H
#define CLI_IGNORE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stddef.h>

#define IGNORE_FILE ".fipsgateignore"
enum { IGNORE_MAX_BYTES = 1 << 20 };

/* The lines of one file, and those that hold in the directories above it. */
struct ignore;

/* What the file at `path` says about names, of which the first `prefix` bytes lead to
 * its directory ("dir/": 4), on top of `above` (NULL: nothing). *out is `above`
 * where there is no such file. `path` is kept. */
MUST_CHECK bool ignore_read(const char *path, size_t prefix, const struct ignore *above, struct arena *a,
                            const struct ignore **out, struct err *e);

/* The line that leaves `name` out; its file and number (from 1). False: none does. */
struct ignore_line {
    const char *file;
    size_t number;
};
bool ignore_covers(const struct ignore *rules, struct sv name, bool is_directory, struct ignore_line *line);

#endif
