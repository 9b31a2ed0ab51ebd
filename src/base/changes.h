/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Says that something changed at some paths; what changed, and whether it is
 * any good, is for others to find out. inotify(7) on directories, never on
 * files: the kubelet replaces a mounted ConfigMap or Secret by renaming a link
 * (`..data`) beside them, editors rename a new file over the old one, and a
 * watch on the file itself would go with it.
 *
 * A directory that is removed, replaced or not there yet is looked for again
 * whenever changes_happened() is called; call it at least every few seconds.
 */
#ifndef BASE_CHANGES_H
#define BASE_CHANGES_H

#include "base/attr.h"
#include "base/err.h"
#include <stdbool.h>

struct changes;

MUST_CHECK struct changes *changes_new(struct err *e);
/* Accepts NULL. */
void changes_free(struct changes *c);

/* A file (its directory is watched), or a directory (it and the one above it are). */
MUST_CHECK bool changes_watch(struct changes *c, const char *path, struct err *e);

/* Readable when there may be something. */
int changes_fd(const struct changes *c);

/* Whether anything changed since the last call. Never waits. Says so once too
 * often rather than once too little: after an overflow of the queue, and when a
 * directory is there again. */
bool changes_happened(struct changes *c);

#endif
