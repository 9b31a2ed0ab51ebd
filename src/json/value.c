/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A `struct json` is a yyjson_val under another name. yyjson keeps a document's
 * values in one row, each container before its contents, so everything here is
 * a walk along that row; only json_equal() and json_print() need a stack, and
 * its depth is what json/doc.c lets in.
 */
#include "json/value.h"
#include "base/attr.h"
#include "base/bug.h"
#include "json/doc.h"
#include <stdint.h>
#include <yyjson.h>

/* yyjson's readers take pointers that are not const and do not write. */
static yyjson_val *val_of(const struct json *v)
{
    return (yyjson_val *)(uintptr_t)v;
}

static const struct json *json_of(yyjson_val *val)
{
    return (const struct json *)val;
}

enum json_type json_type(const struct json *v)
{
    static const enum json_type types[] = {
        [YYJSON_TYPE_NONE] = JSON_ABSENT, [YYJSON_TYPE_RAW] = JSON_NUMBER, [YYJSON_TYPE_NULL] = JSON_NULL,
        [YYJSON_TYPE_BOOL] = JSON_BOOL,   [YYJSON_TYPE_NUM] = JSON_NUMBER, [YYJSON_TYPE_STR] = JSON_STRING,
        [YYJSON_TYPE_ARR] = JSON_ARRAY,   [YYJSON_TYPE_OBJ] = JSON_OBJECT,
    };

    return types[yyjson_get_type(val_of(v))];
}

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {
        [JSON_ABSENT] = "absent",   [JSON_NULL] = "null",      [JSON_BOOL] = "a boolean",   [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array", [JSON_OBJECT] = "an object",
    };

    return names[type];
}

static struct sv text_of(yyjson_val *val)
{
    return (struct sv){ unsafe_yyjson_get_str(val), unsafe_yyjson_get_len(val) };
}

const struct json *json_get(const struct json *object, struct sv key)
{
    return json_of(yyjson_obj_getn(val_of(object), key.p, key.n));
}

const struct json *json_at(const struct json *array, size_t index)
{
    return json_of(yyjson_arr_get(val_of(array), index));
}

size_t json_size(const struct json *v)
{
    return yyjson_is_ctn(val_of(v)) ? unsafe_yyjson_get_len(val_of(v)) : 0;
}

struct sv json_string(const struct json *v)
{
    return yyjson_is_str(val_of(v)) ? text_of(val_of(v)) : (struct sv){ NULL, 0 };
}

struct sv json_number(const struct json *v)
{
    return yyjson_is_raw(val_of(v)) ? text_of(val_of(v)) : (struct sv){ NULL, 0 };
}

bool json_is_true(const struct json *v)
{
    return yyjson_is_true(val_of(v));
}

struct sv json_scalar_text(const struct json *v)
{
    if (json_is(v, JSON_BOOL))
        return json_is_true(v) ? SV("true") : SV("false");
    return json_is(v, JSON_NUMBER) ? json_number(v) : json_string(v);
}

/* `index` begins one before the first. */
struct json_iter json_iter(const struct json *container)
{
    size_t size = json_size(container);

    return (struct json_iter){
        .index = SIZE_MAX,
        .next = size ? json_of(val_of(container) + 1) : NULL,
        .left = size,
        .in_object = json_is(container, JSON_OBJECT),
    };
}

bool json_next(struct json_iter *it)
{
    yyjson_val *val = val_of(it->next);

    if (it->left == 0)
        return false;
    it->left--;
    it->index++;
    if (it->in_object)
        it->key = text_of(val++);
    it->value = json_of(val);
    it->next = json_of(unsafe_yyjson_get_next(val));
    return true;
}

static bool is_container(const struct json *v)
{
    return yyjson_is_ctn(val_of(v));
}

static bool same_kind_and_size(const struct json *a, const struct json *b)
{
    return json_type(a) == json_type(b) && json_size(a) == json_size(b);
}

static bool same_scalar(const struct json *a, const struct json *b)
{
    return json_type(a) == json_type(b) && sv_eq(json_scalar_text(a), json_scalar_text(b));
}

/* One pair of containers being compared. `b` runs beside `a` for as long as
 * the members stand in the same order. */
struct pair {
    struct json_iter a, b;
    const struct json *b_container;
};

static const struct json *partner(struct pair *p)
{
    bool has_next = json_next(&p->b);

    if (!p->a.in_object || (has_next && sv_eq(p->a.key, p->b.key)))
        return p->b.value;
    return json_size(p->b_container) <= JSON_EQUAL_MAX_SEARCH ? json_get(p->b_container, p->a.key) : NULL;
}

bool json_equal(const struct json *a, const struct json *b)
{
    struct pair stack[DOC_MAX_DEPTH];
    size_t depth = 0;

    for (;;) {
        if (!is_container(a) ? !same_scalar(a, b) : !same_kind_and_size(a, b))
            return false;
        if (is_container(a)) {
            BUG_IF(depth == ARRAY_LEN(stack));
            stack[depth++] = (struct pair){ json_iter(a), json_iter(b), b };
        }
        while (depth && !json_next(&stack[depth - 1].a))
            depth--;
        if (depth == 0)
            return true;
        a = stack[depth - 1].a.value;
        b = partner(&stack[depth - 1]);
    }
}

/* Opens a container, or prints what is none. */
static void print_value(struct buf *out, const struct json *v)
{
    switch (json_type(v)) {
    case JSON_ABSENT:
    case JSON_NULL:
        buf_add(out, SV("null"));
        break;
    case JSON_BOOL:
    case JSON_NUMBER:
        buf_add(out, json_scalar_text(v));
        break;
    case JSON_STRING:
        json_print_string(out, json_string(v));
        break;
    case JSON_ARRAY:
        buf_add_char(out, '[');
        break;
    case JSON_OBJECT:
        buf_add_char(out, '{');
        break;
    }
}

static void print_separator(struct buf *out, const struct json_iter *it)
{
    if (it->index > 0)
        buf_add_char(out, ',');
    if (!it->in_object)
        return;
    json_print_string(out, it->key);
    buf_add_char(out, ':');
}

void json_print(struct buf *out, const struct json *v)
{
    struct json_iter stack[DOC_MAX_DEPTH];
    size_t depth = 0;

    for (;;) {
        print_value(out, v);
        if (is_container(v)) {
            BUG_IF(depth == ARRAY_LEN(stack));
            stack[depth++] = json_iter(v);
        }
        while (depth && !json_next(&stack[depth - 1])) {
            depth--;
            buf_add_char(out, stack[depth].in_object ? '}' : ']');
        }
        if (depth == 0)
            return;
        print_separator(out, &stack[depth - 1]);
        v = stack[depth - 1].value;
    }
}

static bool needs_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

static void print_escape(struct buf *out, char c)
{
    static const char letters[0x20] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
    char letter = (unsigned char)c < sizeof(letters) ? letters[(unsigned char)c] : c;

    if (letter)
        buf_add(out, (struct sv){ (const char[]){ '\\', letter }, 2 });
    else
        buf_printf(out, "\\u%04x", (unsigned)(unsigned char)c);
}

void json_print_string(struct buf *out, struct sv s)
{
    buf_add_char(out, '"');
    for (size_t i = 0, from = 0; i <= s.n; i++) {
        if (i < s.n && !needs_escape(s.p[i]))
            continue;
        if (i > from)
            buf_add(out, (struct sv){ s.p + from, i - from });
        if (i < s.n)
            print_escape(out, s.p[i]);
        from = i + 1;
    }
    buf_add_char(out, '"');
}
