/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the affinity mask and the cgroup v2 quota of this process. */
#include "net/cpus.h"
#include "base/file.h"
#include "base/text.h"
#include <sched.h>

enum { FILE_LIMIT = 4096 };

size_t cpus_of_quota(struct sv text, size_t online)
{
    struct sv rest = sv_trim(text), quota_text;
    size_t quota, period, cpus;

    rest.n = sv_find(rest, '\n');
    quota_text = sv_cut(&rest, ' ');
    if (!text_to_size(quota_text, &quota) || !text_to_size(rest, &period) || !period)
        return online;
    cpus = quota / period + (quota % period != 0);
    if (cpus < 1)
        return 1;
    return cpus < online ? cpus : online;
}

static size_t cpus_online(void)
{
    cpu_set_t set;
    int n;

    if (sched_getaffinity(0, sizeof(set), &set) < 0)
        return 1;
    n = CPU_COUNT(&set);
    return n > 0 ? (size_t)n : 1;
}

/* The "0::/path" line of /proc/self/cgroup; "/" inside a container. */
static struct sv cgroup_path(struct arena *a)
{
    struct err ignored = { 0 };
    struct sv text = { NULL, 0 };

    if (!file_read("/proc/self/cgroup", FILE_LIMIT, a, &text, &ignored))
        return SV("/");
    while (text.n) {
        struct sv line = sv_cut(&text, '\n');

        if (sv_starts_with(line, SV("0::/")))
            return sv_skip(line, 3);
    }
    return SV("/");
}

size_t cpus_available(void)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(128 << 10);
    struct err ignored = { 0 };
    struct sv text = { NULL, 0 };
    struct sv cgroup = cgroup_path(&a);
    struct sv path = arena_printf(&a, "/sys/fs/cgroup%.*s/cpu.max", SV_ARG(cgroup));
    size_t online = cpus_online();

    if (path.p && (file_read(path.p, FILE_LIMIT, &a, &text, &ignored) ||
                   file_read("/sys/fs/cgroup/cpu.max", FILE_LIMIT, &a, &text, &ignored)))
        return cpus_of_quota(text, online);
    return online;
}
