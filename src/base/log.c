/* SPDX-License-Identifier: Apache-2.0 */
/* A line is composed on the stack of who logs and put where the writer finds it. */
#include "base/log.h"
#include "base/log_compose.h"
#include "base/log_repeat.h"
#include "base/log_writer.h"
#include <stdarg.h>

enum { MESSAGE_MAX = 1024 };

static enum log_level least_level = LOG_INFO;

void log_setup(enum log_format format, enum log_level least)
{
    log_compose_format(format);
    least_level = least;
}

bool log_is_on(enum log_level level)
{
    return level >= least_level;
}

bool log_start(struct err *e)
{
    return log_writer_start(e);
}

void log_stop(uint64_t limit_ms)
{
    log_writer_stop(limit_ms);
}

uint64_t log_dropped(void)
{
    return log_writer_lost();
}

static struct sv reason_of(const struct log_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].type == LOG_STRING && strcmp(fields[i].name, "reason") == 0)
            return fields[i].text;
    return (struct sv){ NULL, 0 };
}

void log_line(enum log_level level, struct sv msg, const struct log_field *fields, size_t count)
{
    struct log_line line;

    if (!log_is_on(level))
        return;
    log_compose(&line, level, msg, fields, count);
    log_writer_put((struct sv){ line.p, line.n }, level < LOG_WARN ? 0 : log_repeat_tag(msg, reason_of(fields, count)));
}

void log_at(enum log_level level, const char *fmt, ...)
{
    char text[MESSAGE_MAX + 1];
    va_list args;

    if (!log_is_on(level))
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    log_line(level, sv_from(text), NULL, 0);
}
