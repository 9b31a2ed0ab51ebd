/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/field_operator.h"

#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct json *parse(const char *text, struct arena *a)
{
    struct err e = { .code = ERR_NONE };
    const struct json *v = text ? doc_parse(sv_from(text), a, &e) : NULL;

    if (text && !v)
        fail_msg("%s: %s", text, e.msg);
    return v;
}

static void refuses_values_that_an_operator_does_not_take(void **state UNUSED)
{
    static const struct {
        enum field_operator op;
        const char *values, *why;
        size_t index;
    } cases[] = {
        { OPERATOR_EQUALS, NULL, "a list of exactly one", 0 },
        { OPERATOR_EQUALS, "[]", "a list of exactly one", 0 },
        { OPERATOR_EQUALS, "[1,2]", "a list of exactly one", 2 },
        { OPERATOR_EQUALS, "true", "a list of exactly one", 0 },
        { OPERATOR_EQUALS, "{\"a\":1}", "a list of exactly one", 1 },
        { OPERATOR_EQUALS, "[null]", "this is null", 0 },
        { OPERATOR_EQUALS, "[{}]", "this is an object", 0 },
        { OPERATOR_IN, "[]", "one or more", 0 },
        { OPERATOR_IN, "[1,[]]", "this is an array", 1 },
        { OPERATOR_NOT_IN, NULL, "one or more", 0 },
        { OPERATOR_EXISTS, "[1]", "takes no `values`", 1 },
        { OPERATOR_EXISTS, "[]", "takes no `values`", 0 },
        { OPERATOR_DOES_NOT_EXIST, "[true]", "takes no `values`", 1 },
        { OPERATOR_MATCHES, "[1]", "this is a number", 0 },
        { OPERATOR_MATCHES, "[\"a*\",true]", "this is a boolean", 1 },
        { OPERATOR_GREATER_OR_EQUAL, "[\"many\"]", "this is a string", 0 },
        { OPERATOR_GREATER_OR_EQUAL, "[true]", "this is a boolean", 0 },
        { OPERATOR_LESS_OR_EQUAL, "[1,2]", "a list of exactly one", 2 },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err e = { .code = ERR_NONE };
        size_t index = 99;

        if (field_operator_check(cases[i].op, parse(cases[i].values, &a), &index, &e))
            fail_msg("%s takes %s", field_operator_names[cases[i].op], cases[i].values);
        if (!strstr(e.msg, cases[i].why) || !strstr(e.msg, field_operator_names[cases[i].op]) ||
            index != cases[i].index)
            fail_msg("%s: %s (%zu)", cases[i].values, e.msg, index);
    }
}

static void values_keep_their_types(void **state UNUSED)
{
    static const struct {
        enum field_operator op;
        const char *value, *values;
        bool holds;
    } cases[] = {
        { OPERATOR_EQUALS, "\"true\"", "[true]", false },
        { OPERATOR_EQUALS, "true", "[\"true\"]", false },
        { OPERATOR_EQUALS, "1", "[true]", false },
        { OPERATOR_EQUALS, "false", "[true]", false },
        { OPERATOR_EQUALS, "true", "[true]", true },
        { OPERATOR_EQUALS, "1", "[\"1\"]", false },
        { OPERATOR_EQUALS, "1.0", "[1]", true },
        { OPERATOR_EQUALS, "1e2", "[100]", true },
        { OPERATOR_EQUALS, "1.00000000000000000001", "[1]", false },
        { OPERATOR_EQUALS, "9007199254740993", "[9007199254740992]", false },
        { OPERATOR_EQUALS, "\"1.0\"", "[\"1\"]", false },
        { OPERATOR_EQUALS, "\"AES256\"", "[\"aes256\"]", false },
        { OPERATOR_EQUALS, "\"AES256\\u0000\"", "[\"AES256\"]", false },
        { OPERATOR_EQUALS, "[true]", "[true]", false },
        { OPERATOR_EQUALS, "{}", "[true]", false },
        { OPERATOR_IN, "\"b\"", "[\"a\",\"b\"]", true },
        { OPERATOR_IN, "\"c\"", "[\"a\",\"b\"]", false },
        { OPERATOR_IN, "2", "[\"2\",2]", true },
        { OPERATOR_NOT_IN, "\"c\"", "[\"a\",\"b\"]", true },
        { OPERATOR_NOT_IN, "\"b\"", "[\"a\",\"b\"]", false },
        { OPERATOR_NOT_IN, "true", "[\"true\"]", true },
        { OPERATOR_EXISTS, "false", NULL, true },
        { OPERATOR_EXISTS, "\"\"", NULL, true },
        { OPERATOR_EXISTS, "{}", NULL, true },
        { OPERATOR_DOES_NOT_EXIST, "false", NULL, false },
        { OPERATOR_DOES_NOT_EXIST, "[]", NULL, false },
        { OPERATOR_MATCHES, "\"arn:aws-us-gov:kms:x:1:key/2\"", "[\"arn:aws-us-gov:kms:*:key/*\"]", true },
        { OPERATOR_MATCHES, "\"arn:aws:kms:x:1:key/2\"", "[\"arn:aws-us-gov:kms:*:key/*\"]", false },
        { OPERATOR_MATCHES, "\"b1\"", "[\"a*\",\"b*\"]", true },
        { OPERATOR_MATCHES, "\"ab\"", "[\"a?\"]", false },
        { OPERATOR_MATCHES, "1", "[\"*\"]", false },
        { OPERATOR_MATCHES, "true", "[\"*\"]", false },
        { OPERATOR_GREATER_OR_EQUAL, "7", "[7]", true },
        { OPERATOR_GREATER_OR_EQUAL, "6.999", "[7]", false },
        { OPERATOR_GREATER_OR_EQUAL, "30", "[7]", true },
        { OPERATOR_GREATER_OR_EQUAL, "\"30\"", "[7]", true },
        { OPERATOR_GREATER_OR_EQUAL, "-8", "[7]", false },
        { OPERATOR_GREATER_OR_EQUAL, "\"1Gi\"", "[\"1G\"]", true },
        { OPERATOR_GREATER_OR_EQUAL, "\"many\"", "[7]", false },
        { OPERATOR_GREATER_OR_EQUAL, "true", "[0]", false },
        { OPERATOR_GREATER_OR_EQUAL, "[9]", "[7]", false },
        { OPERATOR_LESS_OR_EQUAL, "\"500m\"", "[0.5]", true },
        { OPERATOR_LESS_OR_EQUAL, "\"501m\"", "[0.5]", false },
        { OPERATOR_LESS_OR_EQUAL, "\"\"", "[0.5]", false },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct json *value = parse(cases[i].value, &a), *values = parse(cases[i].values, &a);
        struct err e = { .code = ERR_NONE };
        size_t index;

        if (!field_operator_check(cases[i].op, values, &index, &e))
            fail_msg("%s", e.msg);
        if (field_operator_holds(cases[i].op, value, values) != cases[i].holds)
            fail_msg("%s: %s %s", cases[i].value, field_operator_names[cases[i].op], cases[i].values);
    }
}

static void every_operator_says_what_it_wants(void **state UNUSED)
{
    static const struct {
        enum field_operator op;
        const char *values, *wanted;
    } cases[] = {
        { OPERATOR_EQUALS, "[\"true\"]", "\"true\"" },
        { OPERATOR_IN, "[1,2,3,4,5,6]", "one of 1, 2, 3, 4 and 2 more" },
        { OPERATOR_NOT_IN, "[false]", "none of false" },
        { OPERATOR_EXISTS, NULL, "a value" },
        { OPERATOR_DOES_NOT_EXIST, NULL, "no value" },
        { OPERATOR_MATCHES, "[\"a*\"]", "a string like \"a*\"" },
        { OPERATOR_GREATER_OR_EQUAL, "[7]", "at least 7" },
        { OPERATOR_LESS_OR_EQUAL, "[\"1Gi\"]", "at most \"1Gi\"" },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv text = field_operator_describe(cases[i].op, parse(cases[i].values, &a), &a);

        if (!sv_eq(text, sv_from(cases[i].wanted)))
            fail_msg("%.*s", SV_ARG(text));
        assert_non_null(field_operator_fix(cases[i].op));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_values_that_an_operator_does_not_take),
        cmocka_unit_test(values_keep_their_types),
        cmocka_unit_test(every_operator_says_what_it_wants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
