/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Walks the text towards a pointer, token by token, and past everything that
 * stands before it. How far the walk came in long arrays is remembered.
 */
#include "yaml/jsonwalk.h"
#include "base/text.h"
#include "json/doc.h"
#include "json/pointer.h"

enum {
    MARKS = 4,            /* arrays within arrays whose items are remembered */
    MARK_DISTANCE = 4096, /* bytes; what is nearer is found as fast without */
    SCRATCH = 1 << 20,    /* for a key or a token with escapes; longer ones equal nothing */
};

struct cursor {
    size_t at;
    struct place place;
};

/* Item `index` of the array `prefix` begins at `cursor`. */
struct mark {
    struct sv prefix;
    size_t index;
    struct cursor cursor;
};

struct jsonwalk {
    struct sv text;
    struct arena *arena;
    struct mark marks[MARKS];
};

struct jsonwalk *jsonwalk_new(struct sv text, struct arena *a)
{
    struct jsonwalk *p = arena_new(a, struct jsonwalk);

    if (p)
        *p = (struct jsonwalk){ .text = text, .arena = a };
    return p;
}

static char peek(const struct jsonwalk *p, const struct cursor *c)
{
    return c->at < p->text.n ? p->text.p[c->at] : '\0';
}

static void step(const struct jsonwalk *p, struct cursor *c)
{
    char byte = peek(p, c);

    c->at++;
    if (byte == '\n' || (byte == '\r' && peek(p, c) != '\n'))
        c->place = (struct place){ c->place.line + 1, 1 };
    else
        c->place.column += ((unsigned char)byte & 0xC0) != 0x80;
}

static void skip_space(const struct jsonwalk *p, struct cursor *c)
{
    while (c->at < p->text.n && strchr(" \t\r\n,:", p->text.p[c->at]))
        step(p, c);
}

/* Behind the closing quote. */
static void skip_string(const struct jsonwalk *p, struct cursor *c)
{
    step(p, c);
    while (c->at < p->text.n && peek(p, c) != '"') {
        if (peek(p, c) == '\\')
            step(p, c);
        step(p, c);
    }
    step(p, c);
}

/* Behind the value, however deep it is nested. */
static void skip_value(const struct jsonwalk *p, struct cursor *c)
{
    size_t depth = 0;

    do {
        char byte = peek(p, c);

        depth += byte == '{' || byte == '[';
        depth -= byte == '}' || byte == ']';
        if (byte == '"')
            skip_string(p, c);
        else
            step(p, c);
    } while (c->at < p->text.n && (depth || !strchr(" \t\r\n,]}", peek(p, c))));
}

/* `literal` is quoted, as it is written. */
static bool is_key(struct sv literal, struct sv key)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(SCRATCH);
    struct err ignored = { .code = ERR_NONE };

    if (!memchr(literal.p, '\\', literal.n))
        return sv_eq((struct sv){ literal.p + 1, literal.n - 2 }, key);
    return sv_eq(value_string(doc_parse(literal, &a, &ignored)), key);
}

/* To the member's value; *key is where its key stands. */
static bool enter_object(const struct jsonwalk *p, struct cursor *c, struct sv token, struct place *key)
{
    step(p, c);
    for (skip_space(p, c); peek(p, c) == '"'; skip_space(p, c)) {
        struct cursor begin = *c;
        bool is_it;

        skip_string(p, c);
        is_it = is_key((struct sv){ p->text.p + begin.at, c->at - begin.at }, token);
        skip_space(p, c);
        if (is_it) {
            *key = begin.place;
            return true;
        }
        skip_value(p, c);
    }
    return false;
}

/* To the first item, or to one nearer to what is wanted. */
static size_t enter_near(const struct jsonwalk *p, struct cursor *c, struct sv prefix, size_t index)
{
    for (size_t i = 0; i < MARKS; i++) {
        const struct mark *m = &p->marks[i];

        if (!m->prefix.p || m->index > index || !sv_eq(m->prefix, prefix))
            continue;
        *c = m->cursor;
        return m->index;
    }
    step(p, c);
    skip_space(p, c);
    return 0;
}

/* One mark for each level of arrays, of which `level` counts. */
static void remember(struct jsonwalk *p, size_t level, struct sv prefix, size_t index, struct cursor at)
{
    struct mark *m = level < MARKS ? &p->marks[level] : NULL;

    if (!m)
        return;
    if (!m->prefix.p || !sv_eq(m->prefix, prefix))
        m->prefix = arena_copy(p->arena, prefix);
    m->index = index;
    m->cursor = at;
}

/* To the item; false: there are not so many. */
static bool enter_array(struct jsonwalk *p, struct cursor *c, struct sv token, struct sv prefix, size_t level)
{
    size_t begin = c->at, index = 0, i;

    if (!text_to_size(token, &index))
        return false;
    for (i = enter_near(p, c, prefix, index); i < index && peek(p, c) != ']'; i++) {
        skip_value(p, c);
        skip_space(p, c);
    }
    if (c->at < begin + MARK_DISTANCE || peek(p, c) == ']')
        return peek(p, c) != ']';
    remember(p, level, prefix, i, *c);
    return true;
}

struct jsonwalk_place jsonwalk_find(struct jsonwalk *p, struct sv pointer)
{
    CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(SCRATCH);
    struct cursor c = { 0, { 1, 1 } };
    struct sv rest = pointer, token;
    struct jsonwalk_place found;
    size_t level = 0;

    skip_space(p, &c);
    found = (struct jsonwalk_place){ .value = c.place };
    for (size_t used = 0; pointer_token(&rest, &scratch, &token) && token.p; used = pointer.n - rest.n) {
        struct sv prefix = { pointer.p, used };
        struct place key = { 0, 0 };
        bool is_there = false;

        if (peek(p, &c) == '{')
            is_there = enter_object(p, &c, token, &key);
        else if (peek(p, &c) == '[')
            is_there = enter_array(p, &c, token, prefix, level++);
        if (!is_there)
            break;
        found = (struct jsonwalk_place){ .key = key, .value = c.place };
    }
    return found;
}
