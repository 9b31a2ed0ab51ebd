/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines are kept as they are written and compared as they stand. There are two
 * places to go back to, the last `*` and the last `**`: an earlier one can do
 * nothing that the last cannot, so none is remembered and nothing recurses.
 */
#include "cli/ignore.h"
#include "base/file.h"
#include <ctype.h>

struct line {
    struct sv pattern; /* without `!`, the first and the last slash */
    size_t number;
    bool takes_back, is_for_directories, is_anchored;
    size_t literal; /* bytes before the first special one */
    const struct line *before;
};

struct ignore {
    const struct ignore *above;
    const char *file;
    size_t prefix; /* bytes of a name that lead to the file's directory */
    const struct line *last;
};

static const struct class
{
    struct sv name;
    int (*has)(int c);
} classes[] = {
    { SV_INIT("alnum"), isalnum }, { SV_INIT("alpha"), isalpha }, { SV_INIT("blank"), isblank },
    { SV_INIT("cntrl"), iscntrl }, { SV_INIT("digit"), isdigit }, { SV_INIT("graph"), isgraph },
    { SV_INIT("lower"), islower }, { SV_INIT("print"), isprint }, { SV_INIT("punct"), ispunct },
    { SV_INIT("space"), isspace }, { SV_INIT("upper"), isupper }, { SV_INIT("xdigit"), isxdigit },
};

/* "[:alpha:]" at the start of *p. False: no such class. */
static bool take_class(struct sv *p, unsigned char c, bool *has)
{
    struct sv name = sv_skip(*p, 2);

    name.n = sv_find(name, ']') - 1;
    *p = sv_skip(*p, name.n + 4);
    for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
        if (!sv_eq(classes[i].name, name))
            continue;
        *has = *has || classes[i].has(c);
        return true;
    }
    return false;
}

static bool is_class(struct sv p)
{
    size_t end = sv_find(p, ']');

    return sv_starts_with(p, SV("[:")) && end < p.n && end > 2 && p.p[end - 1] == ':';
}

/* One byte, or what stands behind a backslash. */
static bool take_byte(struct sv *p, unsigned char *byte)
{
    if (p->n && *p->p == '\\')
        *p = sv_skip(*p, 1);
    if (!p->n)
        return false;
    *byte = (unsigned char)*p->p;
    *p = sv_skip(*p, 1);
    return true;
}

/* Whether `c` is in the brackets that *p begins with, which are skipped. A `]`
 * that comes first is one of the set. False too if nothing closes them. */
static bool take_set(struct sv *p, unsigned char c)
{
    bool is_negated, has = false;
    size_t members = 0;

    *p = sv_skip(*p, 1);
    is_negated = p->n && (*p->p == '!' || *p->p == '^');
    *p = sv_skip(*p, is_negated ? 1 : 0);
    for (; p->n && (members == 0 || *p->p != ']'); members++) {
        unsigned char first, last;

        if (is_class(*p)) {
            if (!take_class(p, c, &has))
                return false;
            continue;
        }
        if (!take_byte(p, &first))
            return false;
        last = first;
        if (p->n > 1 && p->p[0] == '-' && p->p[1] != ']') {
            *p = sv_skip(*p, 1);
            if (!take_byte(p, &last))
                return false;
        }
        has = has || (first <= c && c <= last);
    }
    if (!p->n)
        return false;
    *p = sv_skip(*p, 1);
    return has != is_negated && c != '/';
}

/* Does the element that *p begins with, no star, stand for `c`? It is skipped. */
static bool take_element(struct sv *p, char c)
{
    unsigned char byte;

    if (*p->p == '[')
        return take_set(p, (unsigned char)c);
    if (*p->p == '?') {
        *p = sv_skip(*p, 1);
        return c != '/';
    }
    return take_byte(p, &byte) && byte == (unsigned char)c;
}

/* Where to go on when what was tried did not fit. `p` absent: nowhere. */
struct retry {
    struct sv p, text;
};
struct retries {
    struct retry star, stars;
};

/* `*` takes one byte more, but no slash; else `**` goes on to the next slash. */
static bool go_back(struct retries *r, struct sv *p, struct sv *text)
{
    if (r->star.p.p && r->star.text.n && *r->star.text.p != '/') {
        r->star.text = sv_skip(r->star.text, 1);
        *p = r->star.p;
        *text = r->star.text;
        return true;
    }
    r->star.p.p = NULL;
    if (!r->stars.p.p)
        return false;
    *p = r->stars.p;
    *text = sv_skip(r->stars.text, sv_find(r->stars.text, '/'));
    r->stars.text = sv_skip(*text, 1);
    return text->n > 0;
}

/* Past the stars that *p begins with. Two or more between slashes lead through
 * directories, at the end through anything. Like git we take it for a slash
 * that the line has nothing special before them. False: go back. */
static bool take_stars(const struct line *line, struct retries *r, struct sv *p, struct sv *text)
{
    size_t at = line->pattern.n - p->n, n = 0;
    bool is_deep;

    while (n < p->n && p->p[n] == '*')
        n++;
    *p = sv_skip(*p, n);
    is_deep = n > 1 && line->is_anchored && (at == line->literal || line->pattern.p[at - 1] == '/') &&
              (p->n == 0 || *p->p == '/' || sv_starts_with(*p, SV("\\/")));
    if (!is_deep) {
        r->star = (struct retry){ *p, *text };
        return true;
    }
    if (p->n == 0)
        *text = sv_skip(*text, text->n);
    r->star.p.p = NULL;
    r->stars = (struct retry){ *p, *text };
    if (p->n && *p->p != '/')
        return false;
    *p = sv_skip(*p, 1);
    return true;
}

static bool step(const struct line *line, struct retries *r, struct sv *p, struct sv *text)
{
    if (!p->n)
        return false;
    if (*p->p == '*')
        return take_stars(line, r, p, text);
    if (!text->n || !take_element(p, *text->p))
        return false;
    *text = sv_skip(*text, 1);
    return true;
}

static bool matches(const struct line *line, struct sv text)
{
    struct retries r = { 0 };
    struct sv p = line->pattern;

    while (p.n || text.n)
        if (!step(line, &r, &p, &text) && !go_back(&r, &p, &text))
            return false;
    return true;
}

/* Spaces at the end do not count, but one behind a backslash. */
static struct sv trim_end(struct sv text)
{
    size_t end = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n)
            i++;
        else if (text.p[i] == ' ')
            continue;
        end = i + 1;
    }
    return (struct sv){ text.p, end };
}

static size_t literal_bytes(struct sv pattern)
{
    size_t n = 0;

    while (n < pattern.n && !memchr("*?[\\", pattern.p[n], 4))
        n++;
    return n;
}

/* NULL: the arena is full. */
static struct line *read_line(struct sv text, size_t number, struct arena *a)
{
    struct line *line = arena_new(a, struct line);

    if (!line)
        return NULL;
    line->number = number;
    line->takes_back = sv_starts_with(text, SV("!"));
    text = sv_skip(text, line->takes_back ? 1 : 0);
    line->is_for_directories = sv_ends_with(text, SV("/"));
    text.n -= line->is_for_directories ? 1 : 0;
    line->is_anchored = sv_find(text, '/') < text.n;
    line->pattern = sv_skip(text, sv_starts_with(text, SV("/")) ? 1 : 0);
    line->literal = literal_bytes(line->pattern);
    return line;
}

static bool read_lines(struct sv text, struct ignore *rules, struct arena *a)
{
    if (sv_starts_with(text, SV("\xef\xbb\xbf")))
        text = sv_skip(text, 3);
    for (size_t number = 1; text.n; number++) {
        struct sv one = sv_cut(&text, '\n');
        struct line *line;

        if (sv_ends_with(one, SV("\r")))
            one.n--;
        if (sv_starts_with(one, SV("#")) || trim_end(one).n == 0)
            continue;
        line = read_line(trim_end(one), number, a);
        if (!line)
            return false;
        line->before = rules->last;
        rules->last = line;
    }
    return true;
}

bool ignore_read(const char *path, size_t prefix, const struct ignore *above, struct arena *a,
                 const struct ignore **out, struct err *e)
{
    struct ignore *rules;
    struct sv text;

    *out = above;
    if (file_type(path) == FILE_ABSENT)
        return true;
    if (!file_read(path, IGNORE_MAX_BYTES, a, &text, e))
        return false;
    rules = arena_new(a, struct ignore);
    if (!rules || !read_lines(text, rules, a))
        return arena_error(a, e);
    rules->above = above;
    rules->file = path;
    rules->prefix = prefix;
    *out = rules;
    return true;
}

static bool decides(const struct line *line, struct sv name, bool is_directory)
{
    if (line->is_for_directories && !is_directory)
        return false;
    if (line->is_anchored)
        return matches(line, name);
    return matches(line, sv_find_last(name, '/') < name.n ? sv_skip(name, sv_find_last(name, '/') + 1) : name);
}

bool ignore_covers(const struct ignore *rules, struct sv name, bool is_directory, struct ignore_line *out)
{
    for (; rules; rules = rules->above) {
        for (const struct line *line = rules->last; line; line = line->before) {
            if (!decides(line, sv_skip(name, rules->prefix), is_directory))
                continue;
            *out = (struct ignore_line){ rules->file, line->number };
            return !line->takes_back;
        }
    }
    return false;
}
