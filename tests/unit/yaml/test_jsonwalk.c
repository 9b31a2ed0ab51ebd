/* SPDX-License-Identifier: Apache-2.0 */
/* A place found by walking JSON is the one that the reader of YAML saw. */
#include "support/check.h"
#include "yaml/transcode.h"

#define MEMORY ((size_t)64 << 20)

static const char *const texts[] = {
    "{}",
    "[]",
    " \n [ 1 , -2.5e3 ,\ttrue,null, \"x\" ]",
    "{\"a\":{\"b\":[{\"c\":\"d\"},[[],[1,[2]]]]},\"e\":\"]}\\\\\\\"\",\"f\":{}}",
    "{\n  \"kind\": \"v1\",\n  \"items\": [\n    {\n      \"a/b\": 1,\n      \"c~d\": [2, 3]\n    },\n    4\n  ]\n}\n",
    "{\"\\u0061\\\"\": 1, \"q\\\"q\": {\"x\": \"\xC3\xA4\xE2\x82\xAC\"}, \"\xC3\xA4\": [\"y\", 5], \"\": {\"\": 0}}",
    "{\"a\":1,\r\n\"b\":2,\r\n\"c\":[3,\r4,\r\n5]}",
};

static const struct yaml_doc *read(const char *text, const char *after, struct arena *a)
{
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };
    struct sv all = arena_printf(a, "%s%s", text, after);

    if (!yaml_read(SV("f"), all, a, &doc, &e))
        fail_msg("%s: %s", text, e.msg);
    return doc;
}

static void check_same(const struct yaml_doc *json, const struct yaml_doc *yaml, struct sv at)
{
    const struct place left[] = { positions_value(json->positions, at), positions_key(json->positions, at) };
    const struct place right[] = { positions_value(yaml->positions, at), positions_key(yaml->positions, at) };

    for (size_t i = 0; i < 2; i++)
        if (left[i].line != right[i].line || left[i].column != right[i].column)
            fail_msg("%.*s%.*s: %u:%u is not %u:%u", (int)yaml->json_text.n, yaml->json_text.p, (int)at.n, at.p,
                     left[i].line, left[i].column, right[i].line, right[i].column);
}

/* Each value below `v`, and what is missing beside it. */
static void check_below(const struct yaml_doc *json, const struct yaml_doc *yaml, const struct pointer *at,
                        const struct json *v, struct arena *a)
{
    struct pointer missing[] = { pointer_key(at, SV("none")), pointer_index(at, 99), pointer_text(at, SV("/-/x/0")) };

    check_same(json, yaml, pointer_print(at, a));
    for (size_t i = 0; i < ARRAY_LEN(missing); i++)
        check_same(json, yaml, pointer_print(&missing[i], a));
    for (struct value_iter it = value_iter(v); value_next(&it);) {
        struct pointer below = it.key.p ? pointer_key(at, it.key) : pointer_index(at, it.index);

        check_below(json, yaml, &below, it.value, a);
    }
}

/* A comment behind it makes it YAML. */
static void says_what_the_reader_of_yaml_says(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
        const struct yaml_doc *json = read(texts[i], "", &a), *yaml = read(texts[i], "\n# YAML", &a);
        struct pointer root = POINTER_ROOT;

        check_below(json, yaml, &root, json->root, &a);
    }
}

/* Where YAML says otherwise: it breaks lines at three more characters. */
static void breaks_lines_as_editors_do(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    const struct yaml_doc *doc =
        read("{\"a\":\"\xE2\x80\xA8\xC2\x85\xE2\x80\xA9\", \"b\":\"\\ud83d\\ude00\", \"c\": 1}", "", &a);
    struct place place = positions_value(doc->positions, SV("/c"));

    assert_int_equal(place.line, 1);
    assert_int_equal(place.column, 38);
    assert_sv(value_string(value_get(doc->root, SV("a"))), "\xE2\x80\xA8\xC2\x85\xE2\x80\xA9");
}

enum { ITEMS = 3000 };

static const struct yaml_doc *long_list(struct arena *a)
{
    struct buf text = BUF_IN(a);

    buf_add(&text, SV("{\"items\":["));
    for (size_t i = 0; i < ITEMS; i++)
        buf_printf(&text, "%s\n{\"n\":[%zu,{\"x\":\"0123456789012345678901234567890123456789\"}]}", i ? "," : "", i);
    buf_printf(&text, "]}%c", '\0');
    return read(text.p, "", a);
}

static void check_item(const struct yaml_doc *doc, size_t i, struct arena *a)
{
    struct place place = positions_value(doc->positions, arena_printf(a, "/items/%zu/n/1", i));

    assert_int_equal(place.line, i + 2);
    assert_int_equal(positions_value(doc->positions, arena_printf(a, "/items/%zu", i)).line, i + 2);
}

static void finds_the_items_of_a_long_list_in_any_order(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    const struct yaml_doc *doc = long_list(&a);

    for (size_t i = 0; i < ITEMS; i++)
        check_item(doc, i, &a);
    for (size_t i = 0; i < 50; i++)
        check_item(doc, (i * 1777) % ITEMS, &a);
    assert_int_equal(positions_value(doc->positions, SV("/items/3000")).line, 1);
    assert_int_equal(positions_value(doc->positions, SV("/items")).column, 10);
    check_item(doc, 7, &a);
}

/* Looked for from the start each time, these would be a thousand million bytes. */
static void walks_the_text_once_for_ascending_questions(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    const struct yaml_doc *doc = long_list(&a);
    clock_t begin = clock();

    for (size_t round = 0; round < 10; round++)
        for (size_t i = 0; i < ITEMS; i++)
            check_item(doc, i, &a);
    assert_true(clock() - begin < 20 * CLOCKS_PER_SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_the_reader_of_yaml_says),
        cmocka_unit_test(breaks_lines_as_editors_do),
        cmocka_unit_test(finds_the_items_of_a_long_list_in_any_order),
        cmocka_unit_test(walks_the_text_once_for_ascending_questions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
