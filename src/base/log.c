/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line is composed aside and written at once. It is never longer than what a
 * pipe takes whole (PIPE_BUF) and never waits for a reader: a line that would
 * block is dropped and counted, and the count is told when there is room again.
 */
#include "base/log.h"
#include "base/buf.h"
#include "base/text.h"
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

enum { VALUE_MAX = 256, MESSAGE_MAX = 1024, ENDING_MAX = 16 };

static enum log_format line_format = LOG_TEXT;
static enum log_level least_level = LOG_INFO;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t dropped; /* under `lock` */

static const char *level_name(enum log_level level)
{
    static const char *const names[] = {
        [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARN] = "warn", [LOG_ERROR] = "error"
    };

    return names[level];
}

void log_setup(enum log_format format, enum log_level least)
{
    line_format = format;
    least_level = least;
}

bool log_is_on(enum log_level level)
{
    return level >= least_level;
}

static bool reads_as_word(struct sv s)
{
    return s.n && sv_find(s, ' ') == s.n && sv_find(s, '"') == s.n && sv_find(s, '=') == s.n;
}

static bool needs_backslash(char c)
{
    return c == '"' || c == '\\';
}

/* What stands behind `start` holds no control characters any more; from the
 * end backwards each quote and backslash gets one before it. */
static void escape_from(struct buf *out, size_t start)
{
    size_t more = 0, to;

    for (size_t i = start; i < out->len; i++)
        more += needs_backslash(out->p[i]);
    if (!more || !buf_room(out, more))
        return;
    to = out->len + more;
    for (size_t i = out->len; i > start; i--) {
        out->p[--to] = out->p[i - 1];
        if (needs_backslash(out->p[i - 1]))
            out->p[--to] = '\\';
    }
    out->len += more;
}

static void add_text(struct buf *out, struct sv text, size_t max, bool is_message)
{
    size_t quote = out->len;

    buf_add_char(out, '"');
    text_add_printable(out, text, max);
    if (!buf_ok(out))
        return;
    if (line_format == LOG_TEXT && (is_message || reads_as_word(sv_skip(buf_sv(out), quote + 1)))) {
        out->len--;
        memmove(out->p + quote, out->p + quote + 1, out->len - quote);
        return;
    }
    escape_from(out, quote + 1);
    buf_add_char(out, '"');
}

static void add_number(struct buf *out, int64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--at] = '-';
    buf_add(out, (struct sv){ digits + at, sizeof(digits) - at });
}

/* One line a review: no formatting that copying can do. */
static void add_field(struct buf *out, const struct log_field *f)
{
    bool json = line_format == LOG_JSON;

    buf_add(out, json ? SV(",\"") : SV(" "));
    buf_add(out, sv_from(f->name));
    buf_add(out, json ? SV("\":") : SV("="));
    switch (f->type) {
    case LOG_STRING:
        add_text(out, f->text, VALUE_MAX, false);
        break;
    case LOG_NUMBER:
        add_number(out, f->number);
        break;
    case LOG_BOOL:
        buf_add(out, f->number ? SV("true") : SV("false"));
        break;
    case LOG_RAW:
        buf_add(out, f->text);
        break;
    }
}

static void add_head(struct buf *out, enum log_level level, struct sv msg)
{
    struct timespec now = { 0 };
    struct tm utc = { 0 };
    bool json = line_format == LOG_JSON;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    buf_printf(out, "%s%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ", json ? "{\"time\":\"" : "", utc.tm_year + 1900,
               utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, now.tv_nsec / 1000000);
    buf_printf(out, json ? "\",\"level\":\"%s\",\"msg\":" : " %-5s ", level_name(level));
    add_text(out, msg, MESSAGE_MAX, true);
}

/* A field that does not fit is left out whole, and the line says so. */
static void compose(struct buf *out, enum log_level level, struct sv msg, const struct log_field *fields, size_t count)
{
    bool is_cut = false;

    add_head(out, level, msg);
    out->max = PIPE_BUF - ENDING_MAX;
    for (size_t i = 0; i < count && buf_ok(out); i++) {
        size_t before = out->len;

        add_field(out, &fields[i]);
        if (buf_ok(out))
            continue;
        out->failed = false;
        out->len = before;
        is_cut = true;
    }
    out->max = PIPE_BUF;
    if (is_cut)
        buf_add(out, line_format == LOG_JSON ? SV(",\"cut\":true") : SV(" cut=true"));
    buf_add(out, line_format == LOG_JSON ? SV("}\n") : SV("\n"));
}

/* With the lock held nobody else fills the pipe between poll() and write(). */
static bool write_now(struct sv line)
{
    struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

    return poll(&fd, 1, 0) == 1 && (fd.revents & POLLOUT) && write(STDERR_FILENO, line.p, line.n) == (ssize_t)line.n;
}

static void tell_dropped(void)
{
    CLEANUP(buf_fini) struct buf line = BUF_INIT(PIPE_BUF);
    struct log_field lines = LOG_N("lines", dropped);

    compose(&line, LOG_WARN, SV("log lines were dropped, nobody read them"), &lines, 1);
    if (buf_ok(&line) && write_now(buf_sv(&line)))
        dropped = 0;
}

void log_line(enum log_level level, struct sv msg, const struct log_field *fields, size_t count)
{
    CLEANUP(buf_fini) struct buf line = BUF_INIT(PIPE_BUF);

    if (!log_is_on(level))
        return;
    compose(&line, level, msg, fields, count);
    pthread_mutex_lock(&lock);
    if (dropped)
        tell_dropped();
    if (!buf_ok(&line) || !write_now(buf_sv(&line)))
        dropped++;
    pthread_mutex_unlock(&lock);
}

void log_at(enum log_level level, const char *fmt, ...)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(PIPE_BUF);
    va_list args;
    char *p;

    if (!log_is_on(level))
        return;
    p = buf_room(&text, MESSAGE_MAX);
    if (p) {
        va_start(args, fmt);
        vsnprintf(p, MESSAGE_MAX + 1, fmt, args);
        va_end(args);
        text.len = strlen(p);
    }
    log_line(level, buf_sv(&text), NULL, 0);
}
