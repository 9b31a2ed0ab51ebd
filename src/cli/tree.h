/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The manifests of one directory that was named on the command line: names ending in
 * .yaml, .yml or .json, walked recursively and bytewise in order. Entries that
 * begin with a dot are passed over in silence, what .fipsgateignore leaves out
 * is said (ignore.h; those above the named directory do not count). A link
 * inside the tree is followed after everything that is there by itself, so
 * that a file has its own name if it has one; each directory is walked once.
 */
#ifndef CLI_TREE_H
#define CLI_TREE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <sys/types.h>

enum { TREE_MAX_DEPTH = 100 };

struct tree_file {
    const char *path;
    const char *why; /* it is not to be read; NULL: it is */
    bool is_linked;  /* reached through a link */
    dev_t device;
    ino_t inode;
};

/* Appends to `files` one struct tree_file after the other; their names are in `a`. A
 * directory that cannot be read is an error. */
MUST_CHECK bool tree_find(const char *root, struct arena *a, struct buf *files, struct err *e);

#endif
