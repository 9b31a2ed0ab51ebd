/* SPDX-License-Identifier: Apache-2.0 */
/* epoll_ctl(2), called only when something changes. */
#include "net/watch.h"
#include <sys/epoll.h>

bool watch_set(int epoll_fd, struct watch *w, uint32_t interest)
{
    struct epoll_event event = { .events = interest, .data.ptr = w };
    int what = !w->interest ? EPOLL_CTL_ADD : interest ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;

    if (w->interest == interest)
        return true;
    if (epoll_ctl(epoll_fd, what, w->fd, &event) < 0)
        return false;
    w->interest = interest;
    return true;
}
