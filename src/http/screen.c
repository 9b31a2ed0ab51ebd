/* SPDX-License-Identifier: Apache-2.0 */
/* Line by line through a head, by count through a body. */
#include "http/screen.h"

/* RFC 9110 section 5.6.2. */
static bool is_token(struct sv s)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

        if (!alnum && (!c || !strchr(others, c)))
            return false;
    }
    return s.n > 0;
}

/* No control characters, a tab apart. */
static bool is_text(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < ' ' && s.p[i] != '\t') || s.p[i] == 0x7f)
            return false;
    return true;
}

static enum refusal request_line(struct screen *s, struct sv line)
{
    struct sv rest = line, method = sv_cut(&rest, ' '), target = sv_cut(&rest, ' ');

    if (!is_token(method) || !target.n || !is_text(target) || sv_find(target, '\t') < target.n)
        return REFUSAL_NOT_HTTP;
    if (!sv_eq(rest, SV("HTTP/1.1")) && !sv_eq(rest, SV("HTTP/1.0")))
        return REFUSAL_NOT_HTTP;
    s->state = SCREEN_FIELDS;
    return REFUSAL_NONE;
}

static enum refusal field(struct screen *s, struct sv line)
{
    struct sv value = line, name = sv_cut(&value, ':');

    if (!value.p || !is_token(name) || !is_text(value))
        return REFUSAL_NOT_HTTP;
    if (++s->fields > SCREEN_FIELDS_MAX)
        return REFUSAL_HEAD_TOO_LARGE;
    if (sv_eq_nocase(name, SV("host")))
        s->hosts++;
    framing_add(&s->framing, name, sv_trim(value));
    return REFUSAL_NONE;
}

static void next_request(struct screen *s)
{
    s->state = SCREEN_REQUEST_LINE;
    s->requests++;
    s->framing = (struct framing){ 0 };
    s->head = s->fields = s->hosts = 0;
}

/* What exchange.c refuses by itself passes, for it knows path and method: but
 * what follows such a head may be a body, or not. */
static enum refusal head_is_complete(struct screen *s)
{
    enum refusal refusal = framing_judge(&s->framing);

    if (s->hosts != 1)
        return REFUSAL_HOST;
    /* libmicrohttpd has its own answer to these, of one version or another. */
    if (refusal == REFUSAL_BAD_LENGTH || refusal == REFUSAL_CODING)
        return refusal;
    if (refusal != REFUSAL_NONE && refusal != REFUSAL_NO_LENGTH) {
        s->state = SCREEN_LAST;
        return REFUSAL_NONE;
    }
    s->body_left = refusal == REFUSAL_NONE ? s->framing.length : 0;
    if (s->body_left)
        s->state = SCREEN_BODY;
    else
        next_request(s);
    return REFUSAL_NONE;
}

/* A line without its line feed. */
static enum refusal line_is_complete(struct screen *s, struct sv line)
{
    if (!line.n || line.p[line.n - 1] != '\r')
        return REFUSAL_NOT_HTTP;
    line.n--;
    if (s->state == SCREEN_REQUEST_LINE)
        return request_line(s, line);
    return line.n ? field(s, line) : head_is_complete(s);
}

static bool keep(struct screen *s, struct sv piece)
{
    char *grown = realloc(s->line, s->line_len + piece.n + 1);

    if (!grown)
        return false;
    memcpy(grown + s->line_len, piece.p, piece.n);
    s->line = grown;
    s->line_len += piece.n;
    return true;
}

static void forget(struct screen *s)
{
    free(s->line);
    s->line = NULL;
    s->line_len = 0;
}

static enum refusal take_line(struct screen *s, struct sv *bytes)
{
    size_t n = sv_find(*bytes, '\n');
    bool is_whole = n < bytes->n;
    struct sv piece = { bytes->p, n };
    enum refusal refusal;

    *bytes = sv_skip(*bytes, is_whole ? n + 1 : n);
    s->head += n + 1;
    if (s->head > s->head_max)
        return REFUSAL_HEAD_TOO_LARGE;
    if ((s->line || !is_whole) && !keep(s, piece))
        return REFUSAL_BUSY;
    if (!is_whole)
        return REFUSAL_NONE;
    refusal = line_is_complete(s, s->line ? (struct sv){ s->line, s->line_len } : piece);
    forget(s);
    return refusal;
}

static void take_body(struct screen *s, struct sv *bytes)
{
    size_t n = bytes->n < s->body_left ? bytes->n : s->body_left;

    *bytes = sv_skip(*bytes, n);
    s->body_left -= n;
    if (!s->body_left)
        next_request(s);
}

enum refusal screen_bytes(struct screen *s, struct sv bytes, size_t *good)
{
    struct sv left = bytes;

    *good = 0;
    while (left.n && s->state != SCREEN_LAST) {
        enum refusal refusal = REFUSAL_NONE;

        if (s->state == SCREEN_BODY)
            take_body(s, &left);
        else
            refusal = take_line(s, &left);
        if (refusal != REFUSAL_NONE) {
            forget(s);
            return refusal;
        }
        if (s->state == SCREEN_REQUEST_LINE && !s->head)
            *good = bytes.n - left.n;
    }
    *good = bytes.n;
    return REFUSAL_NONE;
}

void screen_fini(struct screen *s)
{
    forget(s);
}
