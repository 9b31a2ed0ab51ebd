/* SPDX-License-Identifier: Apache-2.0 */
/* One descriptor in a worker's epoll set. Level-triggered; interest in nothing
 * takes it out of the set, so that a hang-up nobody can act on does not spin. */
#ifndef NET_WATCH_H
#define NET_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch {
    int fd;
    uint32_t interest; /* EPOLLIN, EPOLLOUT; 0: not in the set */
    void (*ready)(struct watch *w, uint32_t events);
};

/* False: the system refused (memory, or the limit on watches). */
bool watch_set(int epoll_fd, struct watch *w, uint32_t interest);

#endif
