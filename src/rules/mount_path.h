/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mount paths as the container runtime takes them: cleaned before use, so that
 * `/etc//x/../tls/` is `/etc/tls`. Symbolic links inside the image cannot be
 * seen from here.
 */
#ifndef RULES_MOUNT_PATH_H
#define RULES_MOUNT_PATH_H

#include "base/arena.h"
#include "base/sv.h"
#include <stdbool.h>

/* "/a/b" without `.`, `..`, doubled and trailing slashes; the root is "".
 * `path` itself where it is clean; absent only when the arena is full. */
struct sv mount_path_clean(struct sv path, struct arena *a);

/* Of two clean paths, is one at, above or below the other? */
bool mount_path_touches(struct sv a, struct sv b);

#endif
