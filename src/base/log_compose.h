/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The form of a line: one JSON object, or text for people; always shorter than
 * PIPE_BUF, never two lines. A field that does not fit is left out
 * whole, and the line says "cut". Takes no lock and no memory of the heap.
 */
#ifndef BASE_LOG_COMPOSE_H
#define BASE_LOG_COMPOSE_H

#include "base/log.h"
#include <limits.h>

enum { LOG_LINE_MAX = PIPE_BUF - 1 };

struct log_line {
    size_t n;
    char p[LOG_LINE_MAX + 1]; /* not zeroed, and no NUL at the end */
};

void log_compose_format(enum log_format format);

void log_compose(struct log_line *line, enum log_level level, struct sv msg, const struct log_field *fields,
                 size_t count);

/* Adds the number `repeated` to a line that was composed. */
void log_compose_repeated(struct log_line *line, uint64_t times);

#endif
