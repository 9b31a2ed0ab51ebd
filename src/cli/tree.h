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

#include "base/attr.h"
#include "base/err.h"
#include <stdbool.h>
#include <sys/stat.h>

enum { TREE_MAX_DEPTH = 100 };

/* Who is told. False: `e` says why, and the walk ends. */
struct tree_listener {
    bool (*file)(void *context, const char *path, const struct stat *st, bool is_linked, struct err *e);
    bool (*skip)(void *context, const char *path, const char *why, struct err *e);
    void *context;
};

/* A directory that cannot be read is an error. Nothing is kept that grows with the number of files. */
MUST_CHECK bool tree_find(const char *root, const struct tree_listener *listener, struct err *e);

#endif
