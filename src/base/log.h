/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log lines to stderr: one JSON object a line, or text for people. Only cli/,
 * http/exchange.c and net/session.c log; everything else returns errors.
 *
 * A line is shorter than PIPE_BUF (4096) bytes: a field that does not fit is
 * left out and the line says "cut". Logging never waits and, while the thread
 * of log_start() runs, makes no system call but the one that wakes it: a line
 * that nobody takes in time is dropped and counted, and the next that gets
 * through says how many.
 *
 * At warn and above the same message with the same `reason` more than ten
 * times a second is written ten times, then once a second: the last of them,
 * with the number of those that were held back (`repeated`).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_format { LOG_JSON, LOG_TEXT };

/* Once, before there are threads. */
void log_setup(enum log_format format, enum log_level least);
bool log_is_on(enum log_level level);

/* From here on one thread writes for all. Before, and after log_stop(), lines
 * are written by who logs, as far as that needs no waiting. */
bool log_start(struct err *e);
/* Writes what there is; gives up after so long. */
void log_stop(uint64_t limit_ms);
/* Lines dropped since the program began. */
uint64_t log_dropped(void);

/* One member of a line. The value is escaped, and cut at 256 bytes. */
struct log_field {
    const char *name;
    enum { LOG_STRING, LOG_NUMBER, LOG_BOOL, LOG_RAW } type; /* LOG_RAW: JSON text already, not cut */
    struct sv text;
    int64_t number;
};
#define LOG_S(the_name, sv) ((struct log_field){ .name = (the_name), .type = LOG_STRING, .text = (sv) })
#define LOG_N(the_name, n) ((struct log_field){ .name = (the_name), .type = LOG_NUMBER, .number = (int64_t)(n) })
#define LOG_B(the_name, b) ((struct log_field){ .name = (the_name), .type = LOG_BOOL, .number = (b) })
#define LOG_J(the_name, json) ((struct log_field){ .name = (the_name), .type = LOG_RAW, .text = (json) })

/* time, level and msg come first, then the fields. */
void log_line(enum log_level level, struct sv msg, const struct log_field *fields, size_t count);

/* A line with a message only. */
void log_at(enum log_level level, const char *fmt, ...) PRINTF(2, 3);

#endif
