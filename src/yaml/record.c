/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One reader per field type, found by the type. A reader sees one value that
 * is there and not null, and knows where it stands.
 */
#include "yaml/record.h"
#include "base/text.h"
#include "yaml/node.h"
#include <stdarg.h>

enum { QUOTE_MAX = 60 };

/* A value on its way into a field. */
struct slot {
    const struct yaml_doc *doc;
    const struct field *field;
    const struct json *value;
    struct pointer at;
    struct arena *arena;
    void *out;
};

static struct place place_of(const struct yaml_doc *doc, const struct pointer *at,
                             struct place (*find)(const struct positions *, struct sv))
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1 << 20);

    pointer_add(&text, at);
    return find(doc->positions, buf_sv(&text));
}

/* What a document says stands in messages as it is, so they are made printable
 * here, in one place for all of them. */
static void clean(struct err *e)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(2 * sizeof(e->msg));

    text_add_printable(&text, sv_from(e->msg), sizeof(e->msg) - 1);
    if (buf_ok(&text) && text.len > 0)
        memcpy(e->msg, text.p, text.len);
    e->msg[text.len] = '\0';
}

bool record_error(const struct yaml_doc *doc, const struct pointer *at, struct err *e, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(e->msg, sizeof(e->msg), fmt, args);
    va_end(args);
    e->code = ERR_INPUT;
    clean(e);
    return node_error_at(doc->file, place_of(doc, at, positions_value), e);
}

bool record_key_error(const struct yaml_doc *doc, const struct pointer *at, struct err *e, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(e->msg, sizeof(e->msg), fmt, args);
    va_end(args);
    e->code = ERR_INPUT;
    clean(e);
    return node_error_at(doc->file, place_of(doc, at, positions_key), e);
}

struct sv record_hint(struct sv word, const struct sv *names, size_t count, struct arena *a)
{
    struct sv near = text_nearest(word, names, count);
    struct sv hint = near.p ? arena_printf(a, ", did you mean `%.*s`?", SV_ARG(near)) : SV("");

    return hint.p ? hint : SV("");
}

static const char *type_word(const struct json *v)
{
    if (value_is(v, VALUE_OBJECT))
        return "a mapping";
    return value_is(v, VALUE_ARRAY) ? "a list" : value_type_name(value_type(v));
}

static bool wrong_type(const struct slot *s, const struct pointer *at, const struct json *v, const char *wanted,
                       struct err *e)
{
    const char *advice = "";

    if (strcmp(wanted, "a string") == 0 && (value_is(v, VALUE_NUMBER) || value_is(v, VALUE_BOOL)))
        advice = "; put it in quotes";
    return record_error(s->doc, at, e, "`%s` wants %s, this is %s%s", s->field->key, wanted, type_word(v), advice);
}

static bool check_not_empty(const struct slot *s, size_t size, struct err *e)
{
    return size > 0 || !s->field->not_empty || record_error(s->doc, &s->at, e, "`%s` must not be empty", s->field->key);
}

static bool read_string(const struct slot *s, struct err *e)
{
    struct sv text = value_string(s->value);

    if (!text.p)
        return wrong_type(s, &s->at, s->value, "a string", e);
    memcpy(s->out, &text, sizeof(text));
    return check_not_empty(s, text.n, e);
}

static bool read_bool(const struct slot *s, struct err *e)
{
    if (!value_is(s->value, VALUE_BOOL))
        return wrong_type(s, &s->at, s->value, "true or false", e);
    *(bool *)s->out = value_is_true(s->value);
    return true;
}

/* To YAML 1.1 a plain off is false and a plain on is true, and people write
 * `mode: off`. */
static struct sv enum_text(const struct json *v)
{
    if (value_is(v, VALUE_BOOL))
        return value_is_true(v) ? SV("on") : SV("off");
    return value_string(v);
}

static size_t collect_names(const struct slot *s, struct sv *names)
{
    size_t count = 0;

    for (; s->field->names[count]; count++)
        if (names)
            names[count] = sv_from(s->field->names[count]);
    return count;
}

static bool unknown_name(const struct slot *s, struct sv text, struct err *e)
{
    size_t count = collect_names(s, NULL);
    struct sv *names = arena_array(s->arena, count, struct sv);
    struct buf list = BUF_IN(s->arena);
    struct sv shown = text_printable(s->arena, text, QUOTE_MAX), hint;

    if (!names)
        return arena_error(s->arena, e);
    collect_names(s, names);
    for (size_t i = 0; i < count; i++)
        buf_printf(&list, "%s`%.*s`", i == 0 ? "" : i + 1 == count ? " or " : ", ", SV_ARG(names[i]));
    hint = record_hint(text, names, count, s->arena);
    return record_error(s->doc, &s->at, e, "`%s` is `%.*s`, not %.*s%.*s", s->field->key, SV_ARG(shown),
                        SV_ARG(buf_sv(&list)), SV_ARG(hint));
}

static bool read_enum(const struct slot *s, struct err *e)
{
    struct sv text = enum_text(s->value);

    if (!text.p)
        return wrong_type(s, &s->at, s->value, "a string", e);
    for (int i = 0; s->field->names[i]; i++) {
        if (!sv_eq(text, sv_from(s->field->names[i])))
            continue;
        memcpy(s->out, &i, sizeof(i));
        return true;
    }
    return unknown_name(s, text, e);
}

static bool read_date(const struct slot *s, struct err *e)
{
    struct sv text = value_string(s->value), shown;

    if (!text.p)
        return wrong_type(s, &s->at, s->value, "a date", e);
    if (date_parse(text, s->out))
        return true;
    shown = text_printable(s->arena, text, QUOTE_MAX);
    return record_error(s->doc, &s->at, e, "`%s` is `%.*s`, not a date like 2026-11-22", s->field->key, SV_ARG(shown));
}

static bool read_strings(const struct slot *s, struct err *e)
{
    size_t count = value_size(s->value);
    struct sv *items = arena_array(s->arena, count, struct sv);
    struct strings list = { items, count };

    if (!value_is(s->value, VALUE_ARRAY))
        return wrong_type(s, &s->at, s->value, "a list of strings", e);
    if (!items)
        return arena_error(s->arena, e);
    for (struct value_iter it = value_iter(s->value); value_next(&it);) {
        struct pointer at = pointer_index(&s->at, it.index);

        items[it.index] = value_string(it.value);
        if (!items[it.index].p)
            return wrong_type(s, &at, it.value, "a string", e);
    }
    memcpy(s->out, &list, sizeof(list));
    return check_not_empty(s, count, e);
}

static bool read_map(const struct slot *s, struct err *e)
{
    size_t count = value_size(s->value);
    struct string_pair *items = arena_array(s->arena, count, struct string_pair);
    struct string_map map = { items, count };

    if (!value_is(s->value, VALUE_OBJECT))
        return wrong_type(s, &s->at, s->value, "a mapping of strings", e);
    if (!items)
        return arena_error(s->arena, e);
    for (struct value_iter it = value_iter(s->value); value_next(&it);) {
        struct pointer at = pointer_key(&s->at, it.key);

        items[it.index] = (struct string_pair){ it.key, value_string(it.value) };
        if (!items[it.index].value.p)
            return wrong_type(s, &at, it.value, "a string", e);
    }
    memcpy(s->out, &map, sizeof(map));
    return check_not_empty(s, count, e);
}

static bool read_raw(const struct slot *s, struct err *e UNUSED)
{
    memcpy(s->out, &s->value, sizeof(s->value));
    return true;
}

static bool read_record(const struct slot *s, struct err *e)
{
    if (!value_is(s->value, VALUE_OBJECT))
        return wrong_type(s, &s->at, s->value, "a mapping", e);
    return check_not_empty(s, value_size(s->value), e) &&
           record_read(s->doc, &s->at, s->value, s->field->fields, s->arena, s->out, e);
}

static bool read_records(const struct slot *s, struct err *e)
{
    size_t count = value_size(s->value), size = s->field->item_size;
    char *items = arena_zalloc(s->arena, count, size);
    struct records list = { items, count };

    if (!value_is(s->value, VALUE_ARRAY))
        return wrong_type(s, &s->at, s->value, "a list of mappings", e);
    if (!items)
        return arena_error(s->arena, e);
    for (struct value_iter it = value_iter(s->value); value_next(&it);) {
        struct pointer at = pointer_index(&s->at, it.index);

        if (!value_is(it.value, VALUE_OBJECT))
            return wrong_type(s, &at, it.value, "a mapping", e);
        if (!record_read(s->doc, &at, it.value, s->field->fields, s->arena, items + it.index * size, e))
            return false;
    }
    memcpy(s->out, &list, sizeof(list));
    return check_not_empty(s, count, e);
}

static bool (*const readers[])(const struct slot *, struct err *) = {
    [FIELD_STRING] = read_string, [FIELD_BOOL] = read_bool,       [FIELD_ENUM] = read_enum,
    [FIELD_DATE] = read_date,     [FIELD_STRINGS] = read_strings, [FIELD_MAP] = read_map,
    [FIELD_RAW] = read_raw,       [FIELD_RECORD] = read_record,   [FIELD_RECORDS] = read_records,
};

static const struct field *find_field(const struct field *fields, struct sv key)
{
    for (; fields->key; fields++)
        if (sv_eq(sv_from(fields->key), key))
            return fields;
    return NULL;
}

static bool unknown_key(const struct yaml_doc *doc, const struct pointer *at, const struct field *fields,
                        struct arena *a, struct err *e)
{
    struct sv *names, hint, shown = text_printable(a, at->key, QUOTE_MAX);
    size_t count = 0;

    while (fields[count].key)
        count++;
    names = arena_array(a, count, struct sv);
    if (!names)
        return arena_error(a, e);
    for (size_t i = 0; i < count; i++)
        names[i] = sv_from(fields[i].key);
    hint = record_hint(at->key, names, count, a);
    return record_key_error(doc, at, e, "unknown key `%.*s`%.*s", SV_ARG(shown), SV_ARG(hint));
}

static bool check_required(const struct yaml_doc *doc, const struct pointer *at, const struct json *v,
                           const struct field *fields, struct err *e)
{
    for (const struct field *f = fields; f->key; f++)
        if (f->required && value_is_nothing(value_get(v, sv_from(f->key))))
            return record_error(doc, at, e, "`%s` is missing", f->key);
    return true;
}

bool record_read(const struct yaml_doc *doc, const struct pointer *at, const struct json *v, const struct field *fields,
                 struct arena *a, void *out, struct err *e)
{
    if (!value_is_nothing(v) && !value_is(v, VALUE_OBJECT))
        return record_error(doc, at, e, "a mapping is wanted here, this is %s", type_word(v));
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        struct slot s = { .doc = doc, .value = it.value, .at = pointer_key(at, it.key), .arena = a };

        s.field = find_field(fields, it.key);
        if (!s.field)
            return unknown_key(doc, &s.at, fields, a, e);
        s.out = (char *)out + s.field->offset;
        if (!value_is_nothing(it.value) && !readers[s.field->type](&s, e))
            return false;
    }
    return check_required(doc, at, v, fields, e);
}
