/* SPDX-License-Identifier: Apache-2.0 */
/* The line is written with one write(2) past stdio, so that it never waits in a buffer. */
#include "cli/progress.h"
#include <time.h>
#include <unistd.h>

enum { QUIET_MS = 1000, STEP_MS = 100 };

static uint64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* A terminal that cannot go back in a line would be filled with copies of it. */
static bool can_show(void)
{
    const char *terminal = getenv("TERM");

    return isatty(STDERR_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

void progress_start(struct progress *p, size_t total)
{
    *p = (struct progress){ .is_on = can_show(), .total = total, .started_ms = now_ms() };
}

void progress_step(struct progress *p, size_t done, size_t violations)
{
    uint64_t now = p->is_on ? now_ms() : 0;

    if (!p->is_on || now - p->started_ms < QUIET_MS || now - p->shown_ms < STEP_MS)
        return;
    dprintf(STDERR_FILENO, "\r\033[K%zu of %zu file%s, %zu violation%s", done, p->total, p->total == 1 ? "" : "s",
            violations, violations == 1 ? "" : "s");
    p->is_shown = true;
    p->shown_ms = now;
}

void progress_clear(struct progress *p)
{
    if (p->is_shown)
        dprintf(STDERR_FILENO, "\r\033[K");
    p->is_shown = false;
}
