/* SPDX-License-Identifier: Apache-2.0 */
/* From /proc/self/stat, proc(5). */
#include "http/process.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "http/exposition.h"
#include <dirent.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STAT_MAX = 8 << 10, NANOSECONDS = 1000000000 };

/* As proc(5) counts fields, from 1; the third is the first behind the name. */
enum { FIELD_STATE = 3, FIELD_STARTED = 22, FIELD_VIRTUAL = 23, FIELD_RESIDENT = 24 };

static double seconds_of(clockid_t clock)
{
    struct timespec t = { 0 };

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / NANOSECONDS;
}

/* The name stands in parentheses and may hold anything, spaces and parentheses included. */
static bool read_field(struct sv stat, unsigned field, size_t *out)
{
    struct sv rest = sv_skip(stat, sv_find_last(stat, ')') + 2);

    for (unsigned i = FIELD_STATE; i < field; i++)
        sv_cut(&rest, ' ');
    return text_to_size(sv_cut(&rest, ' '), out);
}

static struct sv read_stat(struct arena *a)
{
    struct err ignored = { 0 };
    struct sv stat = { NULL, 0 };

    return file_read("/proc/self/stat", STAT_MAX, a, &stat, &ignored) ? stat : (struct sv){ NULL, 0 };
}

/* Once: when the clock is set later, it has still begun when it began. */
static double started;

static void find_start(void)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 10);
    size_t ticks;

    if (read_field(read_stat(&a), FIELD_STARTED, &ticks))
        started =
            seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME) + (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void print_time(struct buf *out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, find_start);
    exposition_family(out, "process_cpu_seconds_total", "counter", "Processor time used, in user and system mode.");
    buf_printf(out, "process_cpu_seconds_total %.6f\n", seconds_of(CLOCK_PROCESS_CPUTIME_ID));
    exposition_family(out, "process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.");
    if (started > 0)
        buf_printf(out, "process_start_time_seconds %.2f\n", started);
}

static void print_memory(struct buf *out)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 10);
    struct sv stat = read_stat(&a);
    size_t value;

    if (read_field(stat, FIELD_RESIDENT, &value))
        exposition_gauge(out, "process_resident_memory_bytes", "Memory in use.",
                         (int64_t)value * sysconf(_SC_PAGESIZE));
    if (read_field(stat, FIELD_VIRTUAL, &value))
        exposition_gauge(out, "process_virtual_memory_bytes", "Address space in use.", (int64_t)value);
}

/* Without `.`, `..` and the descriptor of the directory itself. */
static int64_t count_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int64_t count = -3;

    if (!dir)
        return -1;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void print_descriptors(struct buf *out)
{
    int64_t open_now = count_descriptors();
    struct rlimit limit = { 0 };

    if (open_now >= 0)
        exposition_gauge(out, "process_open_fds", "Descriptors open now.", open_now);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        exposition_gauge(out, "process_max_fds", "Descriptors that may be open.", (int64_t)limit.rlim_cur);
}

void process_print(struct buf *out)
{
    print_time(out);
    print_memory(out);
    print_descriptors(out);
}
