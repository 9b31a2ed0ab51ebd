/* SPDX-License-Identifier: Apache-2.0 */
/* Getters on values of every other type, and equality that is not fooled. */
#include "base/attr.h"
#include "support/check.h"
#include "json/doc.h"
#include "json/value.h"

static struct arena arena = ARENA_INIT(256 << 20);

static const struct json *parse(const char *text)
{
    struct err e = { 0 };
    const struct json *v = doc_parse(sv_from(text), &arena, &e);

    if (!v)
        fail_msg("%s: %s", text, e.msg);
    return v;
}

static int free_arena(void **state UNUSED)
{
    arena_fini(&arena);
    return 0;
}

static const struct {
    const char *text; /* NULL: absent */
    enum value_type type;
    const char *string, *number, *scalar;
    bool is_true;
    size_t size;
} rows[] = {
    { NULL, VALUE_ABSENT, NULL, NULL, NULL, false, 0 },
    { "null", VALUE_NULL, NULL, NULL, NULL, false, 0 },
    { "true", VALUE_BOOL, NULL, NULL, "true", true, 0 },
    { "false", VALUE_BOOL, NULL, NULL, "false", false, 0 },
    { "-1.50e+3", VALUE_NUMBER, NULL, "-1.50e+3", "-1.50e+3", false, 0 },
    { "0", VALUE_NUMBER, NULL, "0", "0", false, 0 },
    { "\"\"", VALUE_STRING, "", NULL, "", false, 0 },
    { "\"true\"", VALUE_STRING, "true", NULL, "true", false, 0 },
    { "[]", VALUE_ARRAY, NULL, NULL, NULL, false, 0 },
    { "[1,[2],3]", VALUE_ARRAY, NULL, NULL, NULL, false, 3 },
    { "{}", VALUE_OBJECT, NULL, NULL, NULL, false, 0 },
    { "{\"a\":{\"b\":1}}", VALUE_OBJECT, NULL, NULL, NULL, false, 1 },
};

static void answers_absent_for_every_other_type(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct json *v = rows[i].text ? parse(rows[i].text) : NULL;

        assert_int_equal(value_type(v), rows[i].type);
        assert_int_equal(value_is_nothing(v), i < 2);
        assert_sv(value_string(v), rows[i].string);
        assert_sv(value_number(v), rows[i].number);
        assert_sv(value_scalar_text(v), rows[i].scalar);
        assert_int_equal(value_is_true(v), rows[i].is_true);
        assert_int_equal(value_size(v), rows[i].size);
        assert_null(value_get(v, SV("x")));
        assert_null(value_at(v, 3));
    }
    assert_string_equal(value_type_name(VALUE_OBJECT), "an object");
    assert_string_equal(value_type_name(VALUE_ABSENT), "absent");
}

static void matches_keys_exactly(void **state UNUSED)
{
    const struct json *v = parse("{\"Name\":1,\"name\":2,\"name\\u0000\":3,\"\":4}");

    assert_sv(value_number(value_get(v, SV("name"))), "2");
    assert_sv(value_number(value_get(v, SV("name\0"))), "3");
    assert_sv(value_number(value_get(v, SV(""))), "4");
    assert_null(value_get(v, SV("NAME")));
    assert_null(value_get(v, SV("nam")));
    assert_null(value_get(v, (struct sv){ NULL, 0 }));
}

static void finds_elements_behind_nested_ones(void **state UNUSED)
{
    const struct json *v = parse("[[1,2,[3]],{\"a\":[4]},5]");

    assert_sv(value_number(value_at(v, 2)), "5");
    assert_null(value_at(v, SIZE_MAX));
    assert_null(value_get(v, SV("0")));
}

static void iterates_in_order(void **state UNUSED)
{
    struct value_iter it = value_iter(parse("{\"a\":[1,2],\"b\":{\"c\":3},\"d\":4}"));

    assert_true(value_next(&it));
    assert_sv(it.key, "a");
    assert_int_equal(value_size(it.value), 2);
    assert_true(value_next(&it));
    assert_sv(it.key, "b");
    assert_true(value_next(&it));
    assert_sv(it.key, "d");
    assert_int_equal(it.index, 2);
    assert_sv(value_number(it.value), "4");
    assert_false(value_next(&it));
    assert_false(value_next(&it));
    it = value_iter(parse("[7]"));
    assert_true(value_next(&it));
    assert_null(it.key.p);
    assert_int_equal(it.index, 0);
    assert_false(value_next(&it));
}

static void iterates_over_nothing(void **state UNUSED)
{
    static const char *const texts[] = { "[]", "{}", "1", "\"ab\"", "null", "true" };
    struct value_iter it = value_iter(NULL);

    assert_false(value_next(&it));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        it = value_iter(parse(texts[i]));
        assert_false(value_next(&it));
    }
}

static const struct {
    const char *a, *b;
    bool same;
} pairs[] = {
    { "1", "2", false },
    { "1", "\"1\"", false },
    { "1", "1.0", false },
    { "true", "false", false },
    { "true", "\"true\"", false },
    { "null", "false", false },
    { "\"a\"", "\"a\\u0000\"", false },
    { "[]", "{}", false },
    { "[]", "null", false },
    { "{}", "null", false },
    { "[1,2]", "[2,1]", false },
    { "[1,2]", "[1]", false },
    { "[[],1]", "[1,[]]", false },
    { "{\"a\":1}", "{\"b\":1}", false },
    { "{\"a\":1}", "{\"a\":2}", false },
    { "{\"a\":1}", "{\"a\":1,\"b\":1}", false },
    { "{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", false },
    { "{\"a\":[{\"b\":{}}]}", "{\"a\":[{\"b\":[]}]}", false },
    { "{\"a\":null}", "{\"b\":null}", false },
    { "null", "null", true },
    { "\"\\u0061\"", "\"a\"", true },
    { "{\"a\":1,\"b\":[2,{\"c\":3,\"d\":4}],\"e\":5}", "{\"e\":5,\"b\":[2,{\"d\":4,\"c\":3}],\"a\":1}", true },
    { "[[[]],{},\"\"]", "[ [ [ ] ] , { } , \"\" ]", true },
};

static void compares_deeply(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        const struct json *a = parse(pairs[i].a), *b = parse(pairs[i].b);

        if (value_equal(a, b) != pairs[i].same || value_equal(b, a) != pairs[i].same)
            fail_msg("%s and %s", pairs[i].a, pairs[i].b);
        assert_true(value_equal(a, a));
        assert_false(value_equal(a, NULL) || value_equal(NULL, a));
    }
    assert_true(value_equal(NULL, NULL));
}

static struct sv object(size_t keys, bool backwards)
{
    struct buf b = BUF_IN(&arena);

    for (size_t i = 0; i < keys; i++)
        buf_printf(&b, "%c\"k%zu\":1", i ? ',' : '{', backwards ? keys - 1 - i : i);
    buf_add_char(&b, '}');
    return buf_sv(&b);
}

static const struct json *parse_object(size_t keys, bool backwards)
{
    struct err e = { 0 };

    return doc_parse(object(keys, backwards), &arena, &e);
}

static void looks_for_members_out_of_order_up_to_a_limit(void **state UNUSED)
{
    size_t most = VALUE_EQUAL_MAX_SEARCH;

    assert_true(value_equal(parse_object(most, false), parse_object(most, true)));
    assert_false(value_equal(parse_object(most + 1, false), parse_object(most + 1, true)));
    assert_true(value_equal(parse_object(100000, false), parse_object(100000, false)));
    assert_false(value_equal(parse_object(100000, false), parse_object(100000, true)));
}

static void walks_the_deepest_documents(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(4096);
    char deep[DOC_MAX_DEPTH * 2 + 1];

    memset(deep, '[', DOC_MAX_DEPTH);
    memset(deep + DOC_MAX_DEPTH, ']', DOC_MAX_DEPTH);
    deep[sizeof(deep) - 1] = '\0';
    assert_true(value_equal(parse(deep), parse(deep)));
    value_print(&out, parse(deep));
    assert_sv(buf_sv(&out), deep);
}

static void prints_what_it_read(void **state UNUSED)
{
    static const char *const texts[] = {
        "null",
        "true",
        "-1.50E+3",
        "\"\"",
        "[]",
        "{}",
        "[[],{},[1]]",
        "{\"a\":{\"b\":[1,\"x\",null,false]},\"c\":{}}",
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xc3\xa4\"",
        "{\"a\\nb\":1}",
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(buf_fini) struct buf out = BUF_INIT(4096);

        value_print(&out, parse(texts[i]));
        assert_sv(buf_sv(&out), texts[i]);
    }
}

static void prints_absent_as_null(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(100);

    value_print(&out, NULL);
    value_print_string(&out, (struct sv){ NULL, 0 });
    assert_sv(buf_sv(&out), "null\"\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_absent_for_every_other_type),
        cmocka_unit_test(matches_keys_exactly),
        cmocka_unit_test(finds_elements_behind_nested_ones),
        cmocka_unit_test(iterates_in_order),
        cmocka_unit_test(iterates_over_nothing),
        cmocka_unit_test(compares_deeply),
        cmocka_unit_test(looks_for_members_out_of_order_up_to_a_limit),
        cmocka_unit_test(walks_the_deepest_documents),
        cmocka_unit_test(prints_what_it_read),
        cmocka_unit_test(prints_absent_as_null),
    };

    return cmocka_run_group_tests(tests, NULL, free_arena);
}
