/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A `struct json` is a yyjson_val under another name. yyjson keeps a document's
 * values in one row, each container before its contents, so everything here is
 * a walk along that row; only value_equal() and value_print() need a stack, and
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

enum value_type value_type(const struct json *v)
{
    static const enum value_type types[] = {
        [YYJSON_TYPE_NONE] = VALUE_ABSENT, [YYJSON_TYPE_RAW] = VALUE_NUMBER, [YYJSON_TYPE_NULL] = VALUE_NULL,
        [YYJSON_TYPE_BOOL] = VALUE_BOOL,   [YYJSON_TYPE_NUM] = VALUE_NUMBER, [YYJSON_TYPE_STR] = VALUE_STRING,
        [YYJSON_TYPE_ARR] = VALUE_ARRAY,   [YYJSON_TYPE_OBJ] = VALUE_OBJECT,
    };

    return types[yyjson_get_type(val_of(v))];
}

const char *value_type_name(enum value_type type)
{
    static const char *const names[] = {
        [VALUE_ABSENT] = "absent",    [VALUE_NULL] = "null",       [VALUE_BOOL] = "a boolean",
        [VALUE_NUMBER] = "a number",  [VALUE_STRING] = "a string", [VALUE_ARRAY] = "an array",
        [VALUE_OBJECT] = "an object",
    };

    return names[type];
}

static struct sv text_of(yyjson_val *val)
{
    return (struct sv){ unsafe_yyjson_get_str(val), unsafe_yyjson_get_len(val) };
}

const struct json *value_get(const struct json *object, struct sv key)
{
    return json_of(yyjson_obj_getn(val_of(object), key.p, key.n));
}

const struct json *value_at(const struct json *array, size_t index)
{
    return json_of(yyjson_arr_get(val_of(array), index));
}

size_t value_size(const struct json *v)
{
    return yyjson_is_ctn(val_of(v)) ? unsafe_yyjson_get_len(val_of(v)) : 0;
}

struct sv value_string(const struct json *v)
{
    return yyjson_is_str(val_of(v)) ? text_of(val_of(v)) : (struct sv){ NULL, 0 };
}

struct sv value_number(const struct json *v)
{
    return yyjson_is_raw(val_of(v)) ? text_of(val_of(v)) : (struct sv){ NULL, 0 };
}

bool value_is_true(const struct json *v)
{
    return yyjson_is_true(val_of(v));
}

struct sv value_scalar_text(const struct json *v)
{
    if (value_is(v, VALUE_BOOL))
        return value_is_true(v) ? SV("true") : SV("false");
    return value_is(v, VALUE_NUMBER) ? value_number(v) : value_string(v);
}

/* `index` begins one before the first. */
struct value_iter value_iter(const struct json *container)
{
    size_t size = value_size(container);

    return (struct value_iter){
        .index = SIZE_MAX,
        .next = size ? json_of(val_of(container) + 1) : NULL,
        .left = size,
        .in_object = value_is(container, VALUE_OBJECT),
    };
}

bool value_next(struct value_iter *it)
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
    return value_type(a) == value_type(b) && value_size(a) == value_size(b);
}

static bool same_scalar(const struct json *a, const struct json *b)
{
    return value_type(a) == value_type(b) && sv_eq(value_scalar_text(a), value_scalar_text(b));
}

/* One pair of containers being compared. `b` runs beside `a` for as long as
 * the members stand in the same order. */
struct pair {
    struct value_iter a, b;
    const struct json *b_container;
};

static const struct json *partner(struct pair *p)
{
    bool has_next = value_next(&p->b);

    if (!p->a.in_object || (has_next && sv_eq(p->a.key, p->b.key)))
        return p->b.value;
    return value_size(p->b_container) <= VALUE_EQUAL_MAX_SEARCH ? value_get(p->b_container, p->a.key) : NULL;
}

bool value_equal(const struct json *a, const struct json *b)
{
    struct pair stack[DOC_MAX_DEPTH];
    size_t depth = 0;

    for (;;) {
        if (!is_container(a) ? !same_scalar(a, b) : !same_kind_and_size(a, b))
            return false;
        if (is_container(a)) {
            BUG_IF(depth == ARRAY_LEN(stack));
            stack[depth++] = (struct pair){ value_iter(a), value_iter(b), b };
        }
        while (depth && !value_next(&stack[depth - 1].a))
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
    switch (value_type(v)) {
    case VALUE_ABSENT:
    case VALUE_NULL:
        buf_add(out, SV("null"));
        break;
    case VALUE_BOOL:
    case VALUE_NUMBER:
        buf_add(out, value_scalar_text(v));
        break;
    case VALUE_STRING:
        value_print_string(out, value_string(v));
        break;
    case VALUE_ARRAY:
        buf_add_char(out, '[');
        break;
    case VALUE_OBJECT:
        buf_add_char(out, '{');
        break;
    }
}

static void print_separator(struct buf *out, const struct value_iter *it)
{
    if (it->index > 0)
        buf_add_char(out, ',');
    if (!it->in_object)
        return;
    value_print_string(out, it->key);
    buf_add_char(out, ':');
}

void value_print(struct buf *out, const struct json *v)
{
    struct value_iter stack[DOC_MAX_DEPTH];
    size_t depth = 0;

    for (;;) {
        print_value(out, v);
        if (is_container(v)) {
            BUG_IF(depth == ARRAY_LEN(stack));
            stack[depth++] = value_iter(v);
        }
        while (depth && !value_next(&stack[depth - 1])) {
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

void value_print_string(struct buf *out, struct sv s)
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
