/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every so many characters the offset is noted, so that any character is found
 * in a few steps; text that is ASCII needs no notes. libyaml says where a flow
 * collection ends, but for a block only where the next thing begins: that end
 * is the end of what stands last in it.
 */
#include "yaml/extent.h"

enum { STRIDE = 64 };

struct extents {
    struct sv text;
    size_t first;  /* after a byte order mark, which libyaml does not count */
    size_t *notes; /* the offset of every STRIDE-th character; NULL: all are one byte long */
    size_t count;  /* of notes */
};

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

bool extent_is_break(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Where `text` goes on behind the last `c` of from..to. */
static size_t after_last(struct sv text, size_t from, size_t to, char c)
{
    size_t at = sv_find_last((struct sv){ text.p + from, to - from }, c);

    return at < to - from ? from + at + 1 : from;
}

size_t extent_line_start(struct sv text, size_t i)
{
    size_t first = sv_starts_with(text, SV("\xef\xbb\xbf")) ? 3 : 0;

    return i > first ? after_last(text, after_last(text, first, i, '\n'), i, '\r') : i;
}

size_t extent_line_end(struct sv text, size_t i)
{
    struct sv line = { text.p + i, sv_find(sv_skip(text, i), '\n') };

    return i + sv_find(line, '\r');
}

size_t extent_skip(struct sv text, size_t i)
{
    while (i < text.n) {
        if (text.p[i] == '#')
            i = extent_line_end(text, i);
        else if (is_blank(text.p[i]) || extent_is_break(text.p[i]))
            i++;
        else
            break;
    }
    return i;
}

static bool is_ascii(struct sv text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0x80)
            return false;
    return true;
}

static bool note_offsets(struct extents *x, struct arena *a)
{
    size_t characters = 0;

    if (is_ascii(sv_skip(x->text, x->first)))
        return true;
    x->notes = arena_array(a, x->text.n / STRIDE + 1, size_t);
    for (size_t i = x->first; x->notes && i < x->text.n; i++)
        if (!is_continuation(x->text.p[i]) && characters++ % STRIDE == 0)
            x->notes[x->count++] = i;
    return x->notes;
}

static size_t offset_of(const struct extents *x, size_t character)
{
    size_t i = x->first + character;

    if (x->notes) {
        i = character / STRIDE < x->count ? x->notes[character / STRIDE] : x->text.n;
        for (size_t left = character % STRIDE; left > 0 && i < x->text.n; left--)
            do
                i++;
            while (i < x->text.n && is_continuation(x->text.p[i]));
    }
    return i < x->text.n ? i : x->text.n;
}

/* Behind `count` tags and anchors, at what they belong to. */
static size_t skip_properties(struct sv text, size_t i, unsigned count)
{
    while (count-- > 0) {
        if (sv_starts_with(sv_skip(text, i), SV("!<")))
            i += sv_find(sv_skip(text, i), '>');
        while (i < text.n && !is_blank(text.p[i]) && !extent_is_break(text.p[i]) && !memchr(",]}", text.p[i], 3))
            i++;
        i = extent_skip(text, i);
    }
    return i;
}

/* The header of | or > may say that the blank lines after it belong to it. */
static bool keeps_blank_lines(struct sv text, const struct node *n)
{
    size_t i = n->content + 1;

    while (i < n->end && memchr("+-123456789", text.p[i], 11))
        if (text.p[i++] == '+')
            return true;
    return false;
}

static size_t block_scalar_end(struct sv text, const struct node *n)
{
    size_t end = n->end;

    if (keeps_blank_lines(text, n)) {
        end -= end > n->content && text.p[end - 1] == '\n';
        end -= end > n->content && text.p[end - 1] == '\r';
        return end;
    }
    while (end > n->content + 1 && (is_blank(text.p[end - 1]) || extent_is_break(text.p[end - 1])))
        end--;
    return extent_line_end(text, end);
}

/* A value that is not written has its place after the colon. */
static void resolve_missing(struct sv text, struct node *n, const struct node *key)
{
    size_t colon = extent_skip(text, key->end);

    n->is_left_out = colon == text.n || text.p[colon] != ':';
    n->start = n->end = n->is_left_out ? key->end : colon + 1;
}

static void resolve(const struct extents *x, struct node *n, const struct node *key)
{
    bool has_end = n->kind == NODE_SCALAR || n->kind == NODE_ALIAS;
    const struct node *before = NULL;

    n->start = offset_of(x, n->start);
    n->end = offset_of(x, n->end);
    if (key && n->kind == NODE_SCALAR && n->start == n->end)
        resolve_missing(x->text, n, key);
    n->content = skip_properties(x->text, n->start, n->properties);
    if (has_end && n->content > n->end)
        n->content = n->end;
    if (n->kind == NODE_SCALAR && n->style == STYLE_BLOCK)
        n->end = block_scalar_end(x->text, n);
    for (struct node *child = n->first; child; child = child->next) {
        resolve(x, child, n->kind == NODE_MAPPING ? before : NULL);
        before = before ? NULL : child;
    }
    has_end = has_end || (n->style == STYLE_FLOW && n->content < x->text.n && memchr("[{", x->text.p[n->content], 2));
    if (!has_end && n->last)
        n->end = n->last->end;
}

bool extent_resolve(struct sv text, struct node *roots, struct arena *a)
{
    struct extents x = { .text = text, .first = sv_starts_with(text, SV("\xef\xbb\xbf")) ? 3 : 0 };

    if (!note_offsets(&x, a))
        return false;
    for (struct node *root = roots; root; root = root->next)
        resolve(&x, root, NULL);
    return true;
}
