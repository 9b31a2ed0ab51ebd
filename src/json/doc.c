/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yyjson reads, out of the arena; then one pass along its row of values checks
 * what yyjson does not. Nothing here recurses: a hostile document costs as much
 * as any other of its size.
 */
#include "json/doc.h"
#include "base/text.h"
#include "json/pointer.h"
#include <yyjson.h>

/* Up to here comparing every two keys is cheaper than sorting them. */
enum { PAIRWISE_KEYS = 16 };

static void *take(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void *take_more(void *arena, void *old, size_t old_size, size_t size)
{
    return arena_realloc(arena, old, old_size, size);
}

static void leave(void *arena UNUSED, void *p UNUSED)
{
}

/* The containers around the value being looked at, outermost first. */
struct walk {
    struct arena *arena;
    size_t depth;
    yyjson_val *around[DOC_MAX_DEPTH];
};

static struct sv key_text(yyjson_val *key)
{
    return (struct sv){ unsafe_yyjson_get_str(key), unsafe_yyjson_get_len(key) };
}

static yyjson_val *next_key(yyjson_val *key)
{
    return unsafe_yyjson_get_next(key + 1);
}

static yyjson_val *duplicate_among_few(yyjson_val *object, size_t count)
{
    yyjson_val *key = unsafe_yyjson_get_first(object);

    for (size_t i = 0; i < count; i++, key = next_key(key)) {
        yyjson_val *other = unsafe_yyjson_get_first(object);

        for (size_t j = 0; j < i; j++, other = next_key(other))
            if (sv_eq(key_text(key), key_text(other)))
                return key;
    }
    return NULL;
}

static int by_text(const void *a, const void *b)
{
    return sv_cmp(key_text(*(yyjson_val *const *)a), key_text(*(yyjson_val *const *)b));
}

static bool find_duplicate_among_many(yyjson_val *object, size_t count, struct arena *a, yyjson_val **found)
{
    yyjson_val **keys = arena_array(a, count, yyjson_val *), *key = unsafe_yyjson_get_first(object);

    if (!keys)
        return false;
    for (size_t i = 0; i < count; i++, key = next_key(key))
        keys[i] = key;
    qsort(keys, count, sizeof(*keys), by_text);
    for (size_t i = 1; i < count && !*found; i++)
        if (by_text(&keys[i - 1], &keys[i]) == 0)
            *found = keys[i];
    return true;
}

static bool out_of_arena(const struct arena *a, struct err *e)
{
    arena_error(a, e);
    return err_wrap(e, "the JSON");
}

/* The step from `container` to the value that is, or follows, `child`. */
static struct pointer step_to(const struct pointer *up, yyjson_val *container, yyjson_val *child)
{
    struct pointer step = { .up = up };

    for (struct value_iter it = value_iter((const struct json *)container); value_next(&it);) {
        step.key = it.key;
        step.index = it.index;
        if ((const struct json *)child <= it.value)
            break;
    }
    return step;
}

/* Only now, with something to say, is the place worth finding out. */
static bool duplicate_error(const struct walk *w, yyjson_val *key, struct err *e)
{
    struct pointer steps[DOC_MAX_DEPTH + 1] = { POINTER_ROOT };
    struct sv text;

    for (size_t i = 0; i < w->depth; i++)
        steps[i + 1] = step_to(&steps[i], w->around[i], i + 1 < w->depth ? w->around[i + 1] : key);
    text = pointer_print(&steps[w->depth], w->arena);
    text = text.p ? text_printable(w->arena, text, 200) : text;
    return text.p ? err_set(e, ERR_INPUT, "duplicate key at `%.*s`", SV_ARG(text)) : out_of_arena(w->arena, e);
}

static bool check_keys(const struct walk *w, yyjson_val *object, struct err *e)
{
    size_t count = unsafe_yyjson_get_len(object);
    yyjson_val *found = NULL;

    if (count <= PAIRWISE_KEYS)
        found = duplicate_among_few(object, count);
    else if (!find_duplicate_among_many(object, count, w->arena, &found))
        return out_of_arena(w->arena, e);
    return !found || duplicate_error(w, found, e);
}

static bool check_shape(yyjson_val *root, size_t count, struct arena *a, struct err *e)
{
    struct walk w = { .arena = a, .depth = 0 };

    for (yyjson_val *v = root; v < root + count; v++) {
        while (w.depth && v >= unsafe_yyjson_get_next(w.around[w.depth - 1]))
            w.depth--;
        if (!unsafe_yyjson_is_ctn(v))
            continue;
        if (w.depth == DOC_MAX_DEPTH)
            return err_set(e, ERR_LIMIT, "the JSON is nested more than %d levels deep", DOC_MAX_DEPTH);
        w.around[w.depth++] = v;
        if (unsafe_yyjson_is_obj(v) && !check_keys(&w, v, e))
            return false;
    }
    return true;
}

static const struct json *parse(struct sv text, size_t most, struct arena *a, struct err *e)
{
    const yyjson_alc alc = { .malloc = take, .realloc = take_more, .free = leave, .ctx = a };
    yyjson_read_err why = { 0 };
    yyjson_doc *doc;

    if (text.n == 0) {
        err_set(e, ERR_SYNTAX, "byte 0: there is no JSON");
        return NULL;
    }
    /* Without YYJSON_READ_INSITU the text is only read. */
    doc = yyjson_read_opts((char *)(uintptr_t)text.p, text.n, YYJSON_READ_NUMBER_AS_RAW, &alc, &why);
    if (!doc && why.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        out_of_arena(a, e);
    else if (!doc)
        err_set(e, ERR_SYNTAX, "byte %zu: %s", why.pos, why.msg);
    else if (doc->val_read > most)
        err_set(e, ERR_LIMIT, "the JSON holds more than %zu values", most);
    else if (check_shape(doc->root, doc->val_read, a, e))
        return (const struct json *)doc->root;
    return NULL;
}

const struct json *doc_parse(struct sv text, struct arena *a, struct err *e)
{
    return parse(text, DOC_MAX_VALUES, a, e);
}

const struct json *doc_parse_large(struct sv text, struct arena *a, struct err *e)
{
    return parse(text, SIZE_MAX, a, e);
}

const char *doc_library(void)
{
    return YYJSON_VERSION_STRING;
}
