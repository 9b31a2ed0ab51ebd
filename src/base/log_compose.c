/* SPDX-License-Identifier: Apache-2.0 */
/* One line a review: no formatting that copying can do. */
#include "base/log_compose.h"
#include "base/buf.h"
#include "base/text.h"

enum { VALUE_MAX = 256, MESSAGE_MAX = 1024, CUT_MAX = 16, REPEATED_MAX = 40 };

static enum log_format line_format = LOG_TEXT;

void log_compose_format(enum log_format format)
{
    line_format = format;
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

static void add_digits(struct buf *out, uint64_t number, size_t width)
{
    char digits[24];
    size_t at = sizeof(digits);

    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) || sizeof(digits) - at < width);
    buf_add(out, (struct sv){ digits + at, sizeof(digits) - at });
}

static void add_number(struct buf *out, int64_t number)
{
    if (number < 0)
        buf_add_char(out, '-');
    add_digits(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 1);
}

static void add_name(struct buf *out, const char *name)
{
    bool json = line_format == LOG_JSON;

    buf_add(out, json ? SV(",\"") : SV(" "));
    buf_add(out, sv_from(name));
    buf_add(out, json ? SV("\":") : SV("="));
}

static void add_field(struct buf *out, const struct log_field *f)
{
    add_name(out, f->name);
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

/* gmtime_r() takes a lock of the whole process, so each thread asks it once a second. */
static void add_time(struct buf *out)
{
    static _Thread_local char text[64]; /* 20 are used; the compiler thinks of years of ten digits */
    static _Thread_local time_t second = -1;
    struct timespec now = { 0 };
    struct tm utc = { 0 };

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != second) {
        gmtime_r(&now.tv_sec, &utc);
        snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                 utc.tm_hour, utc.tm_min, utc.tm_sec);
        second = now.tv_sec;
    }
    buf_add(out, sv_from(text));
    add_digits(out, (uint64_t)now.tv_nsec / 1000000, 3);
    buf_add_char(out, 'Z');
}

static void add_head(struct buf *out, enum log_level level, struct sv msg)
{
    static const struct sv json[] = { [LOG_DEBUG] = SV_INIT("\",\"level\":\"debug\",\"msg\":"),
                                      [LOG_INFO] = SV_INIT("\",\"level\":\"info\",\"msg\":"),
                                      [LOG_WARN] = SV_INIT("\",\"level\":\"warn\",\"msg\":"),
                                      [LOG_ERROR] = SV_INIT("\",\"level\":\"error\",\"msg\":") };
    static const struct sv text[] = { [LOG_DEBUG] = SV_INIT(" debug "),
                                      [LOG_INFO] = SV_INIT(" info  "),
                                      [LOG_WARN] = SV_INIT(" warn  "),
                                      [LOG_ERROR] = SV_INIT(" error ") };

    if (line_format == LOG_JSON)
        buf_add(out, SV("{\"time\":\""));
    add_time(out);
    buf_add(out, line_format == LOG_JSON ? json[level] : text[level]);
    add_text(out, msg, MESSAGE_MAX, true);
}

/* A buffer that has all the room it may fill never grows. */
static struct buf on(struct log_line *line, size_t reserve)
{
    return (struct buf){ .p = line->p, .len = line->n, .cap = sizeof(line->p), .max = LOG_LINE_MAX - reserve };
}

static void end(struct buf *out)
{
    buf_add(out, line_format == LOG_JSON ? SV("}\n") : SV("\n"));
}

void log_compose(struct log_line *line, enum log_level level, struct sv msg, const struct log_field *fields,
                 size_t count)
{
    struct buf out;
    bool is_cut = false;

    line->n = 0;
    out = on(line, CUT_MAX + REPEATED_MAX);
    add_head(&out, level, msg);
    for (size_t i = 0; i < count; i++) {
        size_t before = out.len;

        add_field(&out, &fields[i]);
        if (buf_ok(&out))
            continue;
        out.failed = false;
        out.len = before;
        is_cut = true;
    }
    out.max = LOG_LINE_MAX - REPEATED_MAX;
    if (is_cut)
        buf_add(&out, line_format == LOG_JSON ? SV(",\"cut\":true") : SV(" cut=true"));
    end(&out);
    line->n = out.len;
}

void log_compose_repeated(struct log_line *line, uint64_t times)
{
    struct buf out = on(line, 0);

    out.len -= line_format == LOG_JSON ? 2 : 1;
    add_name(&out, "repeated");
    add_digits(&out, times, 1);
    end(&out);
    line->n = out.len;
}
