/* SPDX-License-Identifier: Apache-2.0 */
/* Which files have been reached, by device and inode: two names of one file are one. */
#ifndef CLI_SEEN_H
#define CLI_SEEN_H

#include "base/attr.h"
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct seen_file {
    dev_t device;
    ino_t inode;
};

/* Zeroed: none. */
struct seen {
    struct seen_file *slots; /* open addressing; inode 0 is a free one */
    size_t count, size;
};

enum seen_result { SEEN_NO_MEMORY, SEEN_BEFORE, SEEN_FIRST };
MUST_CHECK enum seen_result seen_add(struct seen *s, dev_t device, ino_t inode);

bool seen_has(const struct seen *s, dev_t device, ino_t inode);

/* Frees; a CLEANUP function. */
void seen_fini(struct seen *s);

#endif
