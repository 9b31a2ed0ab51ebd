/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers, in one place. */
#include "net/limits.h"
#include <sys/resource.h>

enum {
    CONNECTIONS_MIN = 16,
    CONNECTIONS_MAX = 16384, /* at 40 KiB each: 640 MiB, more than anyone means to give us */
};

size_t limits_raise_descriptors(void)
{
    struct rlimit now;

    if (getrlimit(RLIMIT_NOFILE, &now) < 0)
        return 1024;
    now.rlim_cur = now.rlim_max;
    setrlimit(RLIMIT_NOFILE, &now);
    if (getrlimit(RLIMIT_NOFILE, &now) < 0)
        return 1024;
    return now.rlim_cur == RLIM_INFINITY ? SIZE_MAX : (size_t)now.rlim_cur;
}

static size_t clamp(size_t n, size_t least, size_t most)
{
    return n < least ? least : n > most ? most : n;
}

size_t limits_connections(size_t descriptors)
{
    size_t free_fds = descriptors > LIMITS_FDS_RESERVED ? descriptors - LIMITS_FDS_RESERVED : 0;

    return clamp(free_fds / LIMITS_FDS_PER_CONNECTION, CONNECTIONS_MIN, CONNECTIONS_MAX);
}
