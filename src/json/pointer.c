/* SPDX-License-Identifier: Apache-2.0 */
/* From steps to text and from text to a value; nothing here allocates but
 * what is asked to. */
#include "json/pointer.h"

void pointer_escape(struct buf *out, struct sv key)
{
    for (size_t i = 0, from = 0; i <= key.n; i++) {
        if (i < key.n && key.p[i] != '~' && key.p[i] != '/')
            continue;
        if (i > from)
            buf_add(out, (struct sv){ key.p + from, i - from });
        if (i < key.n)
            buf_add(out, key.p[i] == '~' ? SV("~0") : SV("~1"));
        from = i + 1;
    }
}

static void add_step(struct buf *out, const struct pointer *p)
{
    if (p->text.p) {
        buf_add(out, p->text);
        return;
    }
    if (!p->up)
        return;
    buf_add_char(out, '/');
    if (p->key.p)
        pointer_escape(out, p->key);
    else
        buf_printf(out, "%zu", p->index);
}

/* The chain leads upwards and the text downwards. Chains are as short as
 * documents are deep, so that walking up again for each step costs nothing. */
void pointer_add(struct buf *out, const struct pointer *p)
{
    size_t steps = 0;

    for (const struct pointer *s = p; s; s = s->up)
        steps++;
    for (; steps > 0; steps--) {
        const struct pointer *s = p;

        for (size_t up = 1; up < steps; up++)
            s = s->up;
        add_step(out, s);
    }
}

struct sv pointer_print(const struct pointer *p, struct arena *a)
{
    struct buf out = BUF_IN(a);

    pointer_add(&out, p);
    return buf_ok(&out) ? buf_sv(&out) : (struct sv){ NULL, 0 };
}

/* What an escaped token says at `i`: the character, and how long it is written;
 * 0 for a tilde that escapes nothing. */
static size_t unescape(struct sv token, size_t i, char *c)
{
    *c = token.p[i];
    if (*c != '~')
        return 1;
    if (i + 1 == token.n || (token.p[i + 1] != '0' && token.p[i + 1] != '1'))
        return 0;
    *c = token.p[i + 1] == '0' ? '~' : '/';
    return 2;
}

static struct sv cut_token(struct sv *rest)
{
    struct sv after = sv_skip(*rest, 1);
    struct sv token = { after.p, sv_find(after, '/') };

    *rest = sv_skip(after, token.n);
    return token;
}

bool pointer_token(struct sv *rest, struct arena *a, struct sv *token)
{
    struct sv raw;
    char *p;
    size_t n = 0;

    if (rest->n == 0 || rest->p[0] != '/')
        return false;
    raw = cut_token(rest);
    *token = raw;
    if (sv_find(raw, '~') == raw.n)
        return true;
    p = arena_alloc(a, raw.n);
    for (size_t i = 0, step; p && i < raw.n; n++, i += step) {
        step = unescape(raw, i, &p[n]);
        step = step ? step : 1;
    }
    *token = (struct sv){ p, p ? n : 0 };
    return true;
}

static bool token_is(struct sv token, struct sv key)
{
    size_t n = 0;
    char c;

    for (size_t i = 0, step; i < token.n; n++, i += step) {
        step = unescape(token, i, &c);
        if (step == 0 || n == key.n || key.p[n] != c)
            return false;
    }
    return n == key.n;
}

static const struct json *member(const struct json *object, struct sv token)
{
    if (sv_find(token, '~') == token.n)
        return value_get(object, token);
    for (struct value_iter it = value_iter(object); value_next(&it);)
        if (token_is(token, it.key))
            return it.value;
    return NULL;
}

/* RFC 6901 section 4: digits without leading zeros. */
static const struct json *element(const struct json *array, struct sv token)
{
    size_t index = 0;

    if (token.n == 0 || token.n > 9 || (token.n > 1 && token.p[0] == '0'))
        return NULL;
    for (size_t i = 0; i < token.n; i++) {
        if (token.p[i] < '0' || token.p[i] > '9')
            return NULL;
        index = index * 10 + (size_t)(token.p[i] - '0');
    }
    return value_at(array, index);
}

const struct json *pointer_get(const struct json *root, struct sv pointer)
{
    const struct json *v = root;

    while (v && pointer.n) {
        struct sv token;

        if (pointer.p[0] != '/')
            return NULL;
        token = cut_token(&pointer);
        v = value_is(v, VALUE_ARRAY) ? element(v, token) : member(v, token);
    }
    return v;
}
