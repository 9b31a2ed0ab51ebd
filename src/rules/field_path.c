/* SPDX-License-Identifier: Apache-2.0 */
/* The walk keeps one iterator for each `*`; going on means advancing the
 * deepest that has something left and going down again from there. */
#include "rules/field_path.h"
#include "base/text.h"

static bool is_star(struct sv token)
{
    return sv_eq(token, SV("*"));
}

/* RFC 6901 section 3: a tilde escapes a tilde or a slash, nothing else. */
static bool escapes_well(struct sv text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '~' && (i + 1 == text.n || (text.p[i + 1] != '0' && text.p[i + 1] != '1')))
            return false;
    return true;
}

bool field_path_parse(struct sv text, struct arena *a, struct field_path *out, struct err *e)
{
    struct sv token;

    *out = (struct field_path){ .count = 0 };
    if (text.n > 0 && text.p[0] != '/')
        return err_set(e, ERR_INPUT, "a JSON pointer begins with `/`");
    if (!escapes_well(text))
        return err_set(e, ERR_INPUT, "`~` in a JSON pointer is written `~0`, and `/` in a key `~1`");
    for (struct sv rest = text; pointer_token(&rest, a, &token);) {
        if (!token.p)
            return arena_error(a, e);
        if (out->count == FIELD_PATH_MAX)
            return err_set(e, ERR_INPUT, "a path has at most %d steps", FIELD_PATH_MAX);
        out->tokens[out->count++] = token;
        out->is_many = out->is_many || is_star(token);
    }
    return true;
}

void field_walk_init(struct field_walk *w, const struct field_path *path, const struct json *root,
                     const struct pointer *root_at)
{
    *w = (struct field_walk){ .path = path, .root = root };
    w->steps[0] = *root_at;
}

static bool stop(struct field_walk *w, enum walk_end end, const struct json *value, size_t step)
{
    w->end = end;
    w->value = value;
    w->at = &w->steps[step];
    return true;
}

static const struct json *enter(struct field_walk *w, size_t i)
{
    const struct value_iter *it = &w->items[i];

    w->has_parent = true;
    w->steps[i + 1] = (struct pointer){ .up = &w->steps[i], .key = it->key, .index = it->index };
    return it->value;
}

/* The element that a token means: digits without a leading zero. */
static const struct json *element(const struct json *list, struct sv token)
{
    size_t index = 0;

    if (!text_to_size(token, &index) || (token.n > 1 && token.p[0] == '0'))
        return NULL;
    return value_at(list, index);
}

/* False: what is here holds no fields. */
static bool step(struct field_walk *w, size_t i, const struct json **v)
{
    struct sv token = w->path->tokens[i];

    w->has_parent = !value_is_nothing(*v);
    w->steps[i + 1] = pointer_key(&w->steps[i], token);
    if (value_is(*v, VALUE_ARRAY))
        *v = element(*v, token);
    else if (value_is_nothing(*v) || value_is(*v, VALUE_OBJECT))
        *v = value_get(*v, token);
    else
        return false;
    return true;
}

static bool descend(struct field_walk *w, size_t i, const struct json *v)
{
    for (; i < w->path->count; i++) {
        if (!is_star(w->path->tokens[i])) {
            if (!step(w, i, &v))
                return stop(w, WALK_BLOCKED, v, i);
            continue;
        }
        if (value_is_nothing(v))
            return stop(w, WALK_NONE, NULL, i);
        if (!value_is(v, VALUE_ARRAY) && !value_is(v, VALUE_OBJECT))
            return stop(w, WALK_BLOCKED, v, i);
        w->items[i] = value_iter(v);
        if (!value_next(&w->items[i]))
            return stop(w, WALK_NONE, NULL, i);
        v = enter(w, i);
    }
    return stop(w, value_is_nothing(v) ? WALK_ABSENT : WALK_FOUND, v, i);
}

bool field_walk_next(struct field_walk *w)
{
    if (!w->has_begun) {
        w->has_begun = true;
        return descend(w, 0, w->root);
    }
    for (size_t i = w->path->count; i-- > 0;)
        if (value_next(&w->items[i]))
            return descend(w, i + 1, enter(w, i));
    return false;
}
