/* SPDX-License-Identifier: Apache-2.0 */
/* Finds case directories: those that hold a file `today`. */
#ifndef CLI_CASE_FIND_H
#define CLI_CASE_FIND_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/file.h"

/* Appends all at or below `path`, in bytewise order. A case is not searched for
 * others; links to directories are not followed, nor are names that begin with a dot. */
MUST_CHECK bool case_find(const char *path, struct arena *a, struct file_names *out, struct err *e);

#endif
