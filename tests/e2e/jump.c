/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A wall clock that can be set, for one process (LD_PRELOAD): adds the seconds
 * written at the beginning of the file $JUMP_FILE to what the clock says. The
 * monotonic clock goes on as it does when an administrator sets the other.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static const _Atomic int64_t *offset;

__attribute__((constructor)) static void open_offset(void)
{
    const char *path = getenv("JUMP_FILE");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    const void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*offset), PROT_READ, MAP_SHARED, fd, 0);

    if (at != MAP_FAILED)
        offset = at;
    if (fd >= 0)
        close(fd);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    int (*next)(clockid_t, struct timespec *) = 0;
    int result;

    *(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
    result = next(clock, out);
    if (result == 0 && offset && clock == CLOCK_REALTIME)
        out->tv_sec += (time_t)*offset;
    return result;
}

time_t time(time_t *out)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_REALTIME, &t);
    if (out)
        *out = t.tv_sec;
    return t.tv_sec;
}
