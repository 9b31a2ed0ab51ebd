/* SPDX-License-Identifier: Apache-2.0 */
/* Every mistake a table can notice, with its place; then what is read. */
#include "support/check.h"
#include "yaml/record.h"

enum color { COLOR_RED, COLOR_GREEN, COLOR_OFF };

struct part {
    struct sv name;
    bool is_big;
};

struct thing {
    struct sv title;
    bool is_on;
    enum color color;
    struct date day;
    struct strings tags;
    struct string_map labels;
    const struct json *raw;
    struct part main;
    struct records parts;
};

static const char *const colors[] = { "red", "green", "off", NULL };

static const struct field part_fields[] = {
    FIELD(struct part, name, "name", FIELD_STRING, .required = true, .help = "what it is called"),
    FIELD(struct part, is_big, "big", FIELD_BOOL, .help = "whether it is"),
    FIELD_END,
};

static const struct field fields[] = {
    FIELD(struct thing, title, "title", FIELD_STRING, .required = true, .not_empty = true, .help = "t"),
    FIELD(struct thing, is_on, "on-line", FIELD_BOOL, .help = "o"),
    FIELD(struct thing, color, "color", FIELD_ENUM, .names = colors, .help = "c"),
    FIELD(struct thing, day, "day", FIELD_DATE, .help = "d"),
    FIELD(struct thing, tags, "tags", FIELD_STRINGS, .not_empty = true, .help = "t"),
    FIELD(struct thing, labels, "labels", FIELD_MAP, .not_empty = true, .help = "l"),
    FIELD(struct thing, raw, "raw", FIELD_RAW, .help = "r"),
    FIELD(struct thing, main, "main", FIELD_RECORD, .fields = part_fields, .help = "m"),
    FIELD(struct thing, parts, "parts", FIELD_RECORDS, .not_empty = true, .fields = part_fields,
          .item_size = sizeof(struct part), .help = "p"),
    FIELD_END,
};

static bool read_thing(const char *text, struct arena *a, struct thing *out, struct err *e)
{
    const struct pointer top = POINTER_ROOT;
    struct pointer at = pointer_key(&top, SV("spec"));
    struct yaml_doc *doc = NULL;

    if (!yaml_read(SV("f"), sv_from(text), a, &doc, e))
        fail_msg("%s: %s", text, e->msg);
    return record_read(doc, &at, value_get(doc->root, SV("spec")), fields, a, out, e);
}

static const struct {
    const char *text, *want;
} bad[] = {
    { "spec: [1]\n", "f:1:7: a mapping is wanted here, this is a list" },
    { "spec: x\n", "f:1:7: a mapping is wanted here, this is a string" },
    { "other: 1\n", "f:1:1: `title` is missing" },
    { "spec: ~\n", "f:1:7: `title` is missing" },
    { "spec: {title: ~}\n", "f:1:7: `title` is missing" },
    { "spec:\n  titel: x\n", "f:2:3: unknown key `titel`, did you mean `title`?" },
    { "spec:\n  title: x\n  zzz: 1\n", "f:3:3: unknown key `zzz`" },
    { "spec:\n  Title: x\n", "f:2:3: unknown key `Title`, did you mean `title`?" },
    { "spec:\n  \"ti\\ntle\": x\n", "f:2:3: unknown key `ti\\x0atle`, did you mean `title`?" },
    { "spec: {title: 5}\n", "f:1:15: `title` wants a string, this is a number; put it in quotes" },
    { "spec: {title: on}\n", "f:1:15: `title` wants a string, this is a boolean; put it in quotes" },
    { "spec: {title: [a]}\n", "f:1:15: `title` wants a string, this is a list" },
    { "spec: {title: ''}\n", "f:1:15: `title` must not be empty" },
    { "spec: {title: x, on-line: 'true'}\n", "f:1:27: `on-line` wants true or false, this is a string" },
    { "spec: {title: x, color: bleu}\n", "f:1:25: `color` is `bleu`, not `red`, `green` or `off`" },
    { "spec: {title: x, color: gren}\n", "`off`, did you mean `green`?" },
    { "spec: {title: x, color: yes}\n", "f:1:25: `color` is `on`, not" },
    { "spec: {title: x, color: 7}\n", "f:1:25: `color` wants a string, this is a number" },
    { "spec: {title: x, day: 2026-02-30}\n", "f:1:23: `day` is `2026-02-30`, not a date like 2026-11-22" },
    { "spec: {title: x, day: 2026}\n", "f:1:23: `day` wants a date, this is a number" },
    { "spec: {title: x, tags: a}\n", "f:1:24: `tags` wants a list of strings, this is a string" },
    { "spec: {title: x, tags: [a, 1]}\n", "f:1:28: `tags` wants a string, this is a number" },
    { "spec: {title: x, tags: []}\n", "f:1:24: `tags` must not be empty" },
    { "spec: {title: x, labels: [a]}\n", "f:1:26: `labels` wants a mapping of strings, this is a list" },
    { "spec: {title: x, labels: {a: true}}\n", "f:1:30: `labels` wants a string, this is a boolean; put it in quotes" },
    { "spec: {title: x, labels: {}}\n", "f:1:26: `labels` must not be empty" },
    { "spec: {title: x, main: [a]}\n", "f:1:24: `main` wants a mapping, this is a list" },
    { "spec: {title: x, main: {big: true}}\n", "f:1:24: `name` is missing" },
    { "spec: {title: x, main: {name: a, bgi: true}}\n", "f:1:34: unknown key `bgi`, did you mean `big`?" },
    { "spec: {title: x, parts: {}}\n", "f:1:25: `parts` wants a list of mappings, this is a mapping" },
    { "spec: {title: x, parts: [a]}\n", "f:1:26: `parts` wants a mapping, this is a string" },
    { "spec: {title: x, parts: []}\n", "f:1:25: `parts` must not be empty" },
    { "spec:\n  title: x\n  parts:\n  - name: a\n  - big: true\n", "f:5:5: `name` is missing" },
};

static void points_at_every_mistake(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct thing thing = { 0 };
        struct err e = { 0 };

        if (read_thing(bad[i].text, &a, &thing, &e))
            fail_msg("%s was taken", bad[i].text);
        assert_err(e, ERR_INPUT, bad[i].want);
    }
}

static void names_misspelt_keys_without_a_hint_when_far_off(void **state UNUSED)
{
    const struct sv names[] = { SV_INIT("title"), SV_INIT("color") };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct arena none = { 0 };

    assert_sv(record_hint(SV("xyz"), names, 2, &a), "");
    assert_sv(record_hint(SV("colour"), names, 2, &a), ", did you mean `color`?");
    assert_sv(record_hint(SV("colour"), names, 2, &none), "");
    assert_sv(record_hint(SV("colour"), NULL, 0, &a), "");
}

static void shows_no_control_characters_of_a_document(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pointer root = POINTER_ROOT;
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    assert_true(yaml_read(SV("f"), SV("a: 1"), &a, &doc, &e));
    record_error(doc, &root, &e, "`%s` is not there", "x\ny\x1b[31m");
    assert_err(e, ERR_INPUT, "f:1:1: `x\\x0ay\\x1b[31m` is not there");
    record_key_error(doc, &root, &e, "`%.*s`", 1, "\xc3\xa9");
    assert_err(e, ERR_INPUT, "f:1:1: `\\xc3`");
}

static void leaves_defaults_where_nothing_is_said(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct thing thing = { .color = COLOR_GREEN, .is_on = true, .main = { .name = SV("default") } };
    struct err e = { 0 };

    assert_true(read_thing("spec: {title: x, color: ~, main: ~, tags: ~}\n", &a, &thing, &e));
    assert_int_equal(thing.color, COLOR_GREEN);
    assert_true(thing.is_on);
    assert_sv(thing.main.name, "default");
    assert_int_equal(thing.tags.count, 0);
}

static void reads_every_type(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct thing thing = { .is_on = true };
    const struct part *parts;
    struct err e = { 0 };

    assert_true(read_thing("spec:\n  title: t\n  on-line: no\n  color: green\n  day: 2026-11-22\n  tags: [a, b]\n"
                           "  labels: {k: v, l: w}\n  raw: [1, {x: y}]\n  main: {name: m}\n"
                           "  parts: [{name: p, big: yes}, {name: q}]\n",
                           &a, &thing, &e));
    assert_sv(thing.title, "t");
    assert_false(thing.is_on);
    assert_int_equal(thing.color, COLOR_GREEN);
    assert_int_equal(date_compare(thing.day, (struct date){ 2026, 11, 22 }), 0);
    assert_int_equal(thing.tags.count, 2);
    assert_sv(thing.tags.items[1], "b");
    assert_int_equal(thing.labels.count, 2);
    assert_sv(thing.labels.items[1].key, "l");
    assert_sv(thing.labels.items[1].value, "w");
    assert_int_equal(value_size(thing.raw), 2);
    assert_sv(thing.main.name, "m");
    assert_int_equal(thing.parts.count, 2);
    parts = thing.parts.items;
    assert_sv(parts[0].name, "p");
    assert_true(parts[0].is_big);
    assert_sv(parts[1].name, "q");
    assert_false(parts[1].is_big);
}

static void takes_a_plain_off_for_the_word(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct thing thing = { 0 };
    struct err e = { 0 };

    assert_true(read_thing("spec: {title: x, color: off}\n", &a, &thing, &e));
    assert_int_equal(thing.color, COLOR_OFF);
}

static void points_at_values_and_keys(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct pointer top = POINTER_ROOT;
    struct pointer at = pointer_key(&top, SV("a/b"));
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    assert_true(yaml_read(SV("dir/f.yaml"), SV("x: 1\na/b:   2\n"), &a, &doc, &e));
    assert_false(record_error(doc, &at, &e, "no %s", "good"));
    assert_err(e, ERR_INPUT, "dir/f.yaml:2:8: no good");
    assert_false(record_key_error(doc, &at, &e, "no %s", "good"));
    assert_err(e, ERR_INPUT, "dir/f.yaml:2:1: no good");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_at_every_mistake),
        cmocka_unit_test(names_misspelt_keys_without_a_hint_when_far_off),
        cmocka_unit_test(shows_no_control_characters_of_a_document),
        cmocka_unit_test(leaves_defaults_where_nothing_is_said),
        cmocka_unit_test(reads_every_type),
        cmocka_unit_test(takes_a_plain_off_for_the_word),
        cmocka_unit_test(points_at_values_and_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
