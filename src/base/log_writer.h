/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the ring to standard error, several whole lines a write(2), together at
 * most PIPE_BUF bytes: a pipe takes them whole, whoever else writes to it.
 *
 * A pipe that nobody reads is waited for, and meanwhile the ring fills; what
 * the system refuses (a full disk, nobody at the other end) is lost at once.
 * Lost lines are counted, and the count is told with the next line that gets
 * through. After half a line the next one begins on a line of its own.
 */
#ifndef BASE_LOG_WRITER_H
#define BASE_LOG_WRITER_H

#include "base/err.h"
#include "base/sv.h"
#include <stdint.h>

/* Any thread, never waits. Without a thread of the writer's own the caller's
 * writes what can be written without waiting. */
void log_writer_put(struct sv line, uint32_t tag);

/* The thread. Stopping waits at most so long for what has been put. */
bool log_writer_start(struct err *e);
void log_writer_stop(uint64_t limit_ms);

/* Lines lost since the program began. */
uint64_t log_writer_lost(void);

#endif
