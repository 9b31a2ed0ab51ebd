/* SPDX-License-Identifier: Apache-2.0 */
/* "1200 of 20000 files, 3 violations" on a terminal's stderr, one line that is
 * written over, from the second second of a run on, at most ten times a second; nothing where stderr
 * is not a terminal. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    bool is_on, is_shown;
    uint64_t started_ms, shown_ms;
    size_t total;
};

void progress_start(struct progress *p, size_t total);
void progress_step(struct progress *p, size_t done, size_t violations);
/* Takes the line away. Call it before anything else is written to a terminal, and at the end. */
void progress_clear(struct progress *p);

#endif
