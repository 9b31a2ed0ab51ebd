/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files, within a limit. Errors name the path and the reason. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"

/* Reads a regular file (or what a link leads to) of at most `max` bytes. */
MUST_CHECK bool file_read(const char *path, size_t max, struct arena *a, struct sv *out, struct err *e);

/* What an open descriptor gives until its end; `name` is for messages. */
MUST_CHECK bool file_read_open(int fd, const char *name, size_t max, struct arena *a, struct sv *out, struct err *e);

/* The names of the plain entries of a directory that do not begin with a dot
 * and end in one of `suffixes`, in bytewise order. Links are followed and
 * sub-directories passed over. A link that leads nowhere, a socket or a FIFO is
 * an error: what was meant to be read must not be missed. The names are `dir`
 * and the entry's name. */
struct file_names {
    const char **items;
    size_t count;
};
MUST_CHECK bool file_list(const char *dir, const char *const *suffixes, size_t suffix_count, struct arena *a,
                          struct file_names *out, struct err *e);

enum file_type { FILE_ABSENT, FILE_PLAIN, FILE_DIRECTORY, FILE_OTHER };
enum file_type file_type(const char *path);

#endif
