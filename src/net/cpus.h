/* SPDX-License-Identifier: Apache-2.0 */
/* How many workers make sense here. */
#ifndef NET_CPUS_H
#define NET_CPUS_H

#include "base/sv.h"
#include <stddef.h>

/* The CPUs this process may run on, or fewer if its cgroup's quota says so. At least 1. */
size_t cpus_available(void);

/* The text of a cgroup v2 `cpu.max` ("150000 100000" is 2, "max 100000" no
 * limit), at most `online`, at least 1. */
size_t cpus_of_quota(struct sv text, size_t online);

#endif
