/* SPDX-License-Identifier: Apache-2.0 */
/* Rewrites the object once for each operation: the members on the way to its
 * place are copied, the place gets the new value. Recursion goes as deep as
 * json/doc.c lets documents be. */
#include "patch/apply.h"
#include "base/buf.h"
#include "base/text.h"
#include "json/doc.h"
#include "json/pointer.h"

struct edit {
    struct buf *out;
    struct arena *arena;
    const struct json *value;
    bool adds; /* else it replaces */
    bool done; /* the place was found */
};

static void write_edited(struct edit *ed, const struct json *v, struct sv rest);

static void write_comma(struct edit *ed, bool *first)
{
    if (!*first)
        buf_add_char(ed->out, ',');
    *first = false;
}

static void write_value(struct edit *ed)
{
    value_print(ed->out, ed->value);
    ed->done = true;
}

static void write_object(struct edit *ed, const struct json *v, struct sv token, struct sv rest)
{
    bool first = true, seen = false;

    buf_add_char(ed->out, '{');
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        bool is_way = sv_eq(it.key, token);

        write_comma(ed, &first);
        value_print_string(ed->out, it.key);
        buf_add_char(ed->out, ':');
        if (is_way)
            write_edited(ed, it.value, rest);
        else
            value_print(ed->out, it.value);
        seen = seen || is_way;
    }
    if (!seen && ed->adds && rest.n == 0) {
        write_comma(ed, &first);
        value_print_string(ed->out, token);
        buf_add_char(ed->out, ':');
        write_value(ed);
    }
    buf_add_char(ed->out, '}');
}

/* RFC 6901 section 4: digits without leading zeros; `-` is behind the last. */
static bool parse_index(struct sv token, size_t size, size_t *index)
{
    *index = size;
    if (sv_eq(token, SV("-")))
        return true;
    return text_to_size(token, index) && (token.n == 1 || token.p[0] != '0');
}

static void write_array(struct edit *ed, const struct json *v, struct sv token, struct sv rest)
{
    size_t size = value_size(v), index = 0;
    bool first = true, inserts = ed->adds && rest.n == 0;

    if (!parse_index(token, size, &index))
        return;
    buf_add_char(ed->out, '[');
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        if (inserts && it.index == index) {
            write_comma(ed, &first);
            write_value(ed);
        }
        write_comma(ed, &first);
        if (!inserts && it.index == index)
            write_edited(ed, it.value, rest);
        else
            value_print(ed->out, it.value);
    }
    if (inserts && index == size) {
        write_comma(ed, &first);
        write_value(ed);
    }
    buf_add_char(ed->out, ']');
}

static void write_edited(struct edit *ed, const struct json *v, struct sv rest)
{
    struct sv token = { NULL, 0 };

    if (!pointer_token(&rest, ed->arena, &token))
        write_value(ed);
    else if (value_is(v, VALUE_OBJECT))
        write_object(ed, v, token, rest);
    else if (value_is(v, VALUE_ARRAY))
        write_array(ed, v, token, rest);
}

static const struct json *apply_one(const struct json *object, const struct json *op, struct arena *a, struct sv *text,
                                    struct err *e)
{
    struct sv verb = value_string(value_get(op, SV("op"))), path = value_string(value_get(op, SV("path")));
    struct buf out = BUF_IN(a);
    struct edit ed = { .out = &out, .arena = a, .value = value_get(op, SV("value")) };
    bool replaces = sv_eq(verb, SV("replace"));

    ed.adds = sv_eq(verb, SV("add"));
    if (!path.p || !ed.value || (!ed.adds && !replaces) || (path.n > 0 && path.p[0] != '/')) {
        err_set(e, ERR_INPUT, "not an `add` or `replace` with a path and a value");
        return NULL;
    }
    write_edited(&ed, object, path);
    if (a->is_full || !buf_ok(&out)) {
        err_nomem(e);
        return NULL;
    }
    if (!ed.done) {
        err_set(e, ERR_INPUT, "%.*s `%.*s`: there is no such place", SV_ARG(verb), SV_ARG(path));
        return NULL;
    }
    *text = buf_sv(&out);
    return doc_parse(*text, a, e);
}

bool apply_patch(const struct json *object, struct sv patch, struct arena *a, struct sv *text, struct err *e)
{
    const struct json *ops = doc_parse(patch, a, e);
    struct buf unchanged = BUF_IN(a);

    if (!ops)
        return err_wrap(e, "patch");
    if (!value_is(ops, VALUE_ARRAY))
        return err_set(e, ERR_INPUT, "the patch is %s, wanted an array", value_type_name(value_type(ops)));
    value_print(&unchanged, object);
    *text = buf_sv(&unchanged);
    for (struct value_iter it = value_iter(ops); value_next(&it);) {
        object = apply_one(object, it.value, a, text, e);
        if (!object)
            return err_wrap(e, "operation %zu", it.index);
    }
    return buf_ok(&unchanged) || err_nomem(e);
}
