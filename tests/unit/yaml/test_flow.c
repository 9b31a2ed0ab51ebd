/* SPDX-License-Identifier: Apache-2.0 */
/* What is written between brackets: JSON, minified and not, and flow collections in YAML. */
#include "unit/yaml/edit_rows.h"

static const struct edit_row json[] = {
    { "{\"a\":\"b\"}", EDIT_REPLACE, "/a", "\"c\"", "{\"a\":\"c\"}" },
    { "{\"a\": 1, \"b\": [true]}\n", EDIT_REPLACE, "/b/0", "null", "{\"a\": 1, \"b\": [null]}\n" },
    { "{\"a\":1}", EDIT_MEMBER, "/b", "{\"c\":[1,2],\"d\":\"e\"}", "{\"a\":1,\"b\":{\"c\":[1,2],\"d\":\"e\"}}" },
    { "{\"a\": 1, \"b\": 2}", EDIT_MEMBER, "/c", "[1, 2]", "{\"a\": 1, \"b\": 2, \"c\": [1, 2]}" },
    { "{}", EDIT_MEMBER, "/c", "1", "{\"c\": 1}" },
    { "{\"a\":{}}", EDIT_MEMBER, "/a/b", "1", "{\"a\":{\"b\":1}}" },
    { "{\"a\":null}", EDIT_MEMBER, "/a/b", "1", "{\"a\":{\"b\":1}}" },
    { "{\"a\":[]}", EDIT_APPEND, "/a", "{\"b\":1}", "{\"a\":[{\"b\":1}]}" },
    { "{\"a\":[1]}", EDIT_APPEND, "/a", "2", "{\"a\":[1,2]}" },
    { "{\"a\":[1,2]}", EDIT_INSERT, "/a", "0", "{\"a\":[0,1,2]}" },
    { "{\"a\":[\"x\"]}", EDIT_INSERT, "/a", "\"w\"", "{\"a\":[\"w\",\"x\"]}" },
    { "{\n  \"a\": 1\n}\n", EDIT_MEMBER, "/b", "2", "{\n  \"a\": 1,\n  \"b\": 2\n}\n" },
    { "{\n    \"a\": {\n        \"b\": 1\n    }\n}\n", EDIT_MEMBER, "/c", "{\"d\":[1,{\"e\":{}}]}",
      "{\n    \"a\": {\n        \"b\": 1\n    },\n    \"c\": {\n        \"d\": [\n            1,\n            {\n"
      "                \"e\": {}\n            }\n        ]\n    }\n}\n" },
    { "{\n\t\"a\": {}\n}", EDIT_MEMBER, "/a/b", "\"c\"", "{\n\t\"a\": {\n\t\t\"b\": \"c\"\n\t}\n}" },
    { "{\r\n  \"a\": []\r\n}\r\n", EDIT_APPEND, "/a", "1", "{\r\n  \"a\": [\r\n    1\r\n  ]\r\n}\r\n" },
    { "{\n  \"a\": [\n    1\n  ]\n}\n", EDIT_APPEND, "/a", "{\"b\":1}",
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": 1\n    }\n  ]\n}\n" },
    { "{\n  \"a\": [\n    1\n  ]\n}\n", EDIT_INSERT, "/a", "{\"b\":1}",
      "{\n  \"a\": [\n    {\n      \"b\": 1\n    },\n    1\n  ]\n}\n" },
    { "{\n  \"a\": [1, 2]\n}\n", EDIT_APPEND, "/a", "3", "{\n  \"a\": [1, 2, 3]\n}\n" },
    { "{\n  \"a\": \"\\ud83d\\ude00\", \"b\": \"\\ud83d\\ude00\"\n}\n", EDIT_REPLACE, "/b", "\"\\u20ac\\u2028\"",
      "{\n  \"a\": \"\\ud83d\\ude00\", \"b\": \"\xe2\x82\xac\\u2028\"\n}\n" },
    { "{\"a\" : 1 , \"b\" : 2}", EDIT_MEMBER, "/c", "3", "{\"a\" : 1 , \"b\" : 2 , \"c\" : 3}" },
    { "{\"a\":1.0,\"b\":1e2}", EDIT_MEMBER, "/c", "1.50", "{\"a\":1.0,\"b\":1e2,\"c\":1.50}" },
    { "{\"a\":1}\n---\n{\"a\":1}\n", EDIT_MEMBER, "/b", "\"x\"", "{\"a\":1,\"b\":\"x\"}\n---\n{\"a\":1}\n" },
};

static const struct edit_row yaml[] = {
    { "a: {b: c} # d\n", EDIT_REPLACE, "/a/b", "\"e\"", "a: {b: e} # d\n" },
    { "a: {b: c}\n", EDIT_REPLACE, "/a/b", "\"e:f\"", "a: {b: \"e:f\"}\n" },
    { "a: {b: 'c'}\n", EDIT_REPLACE, "/a/b", "\"e\"", "a: {b: 'e'}\n" },
    { "a: {b: }\n", EDIT_REPLACE, "/a/b", "\"e\"", "a: {b: e }\n" },
    { "a: {b, c: d}\n", EDIT_REPLACE, "/a/b", "\"e\"", "!its key has no colon" },
    { "a: {b: c}\n", EDIT_MEMBER, "/a/d", "{\"e\":[\"f\"]}", "a: {b: c, d: {e: [f]}}\n" },
    { "a: {b: c,}\n", EDIT_MEMBER, "/a/d", "1", "a: {b: c, d: 1,}\n" },
    { "a: { b: c }\n", EDIT_MEMBER, "/a/d", "1", "a: { b: c, d: 1 }\n" },
    { "a: {b: {}}\n", EDIT_MEMBER, "/a/b/c", "1", "a: {b: {c: 1}}\n" },
    { "a: {\"b\": \"c\"}\n", EDIT_MEMBER, "/a/d", "\"e\"", "a: {\"b\": \"c\", \"d\": \"e\"}\n" },
    { "a: {\n  b: c, # d\n  e: f  # g\n} # h\n", EDIT_MEMBER, "/a/i", "1",
      "a: {\n  b: c, # d\n  e: f,  # g\n  i: 1\n} # h\n" },
    { "a: {\n  b: c,\n  e: f,  # g\n}\n", EDIT_MEMBER, "/a/i", "1", "a: {\n  b: c,\n  e: f,  # g\n  i: 1,\n}\n" },
    { "a: {\n  b: c }\n", EDIT_MEMBER, "/a/i", "1", "a: {\n  b: c,\n  i: 1 }\n" },
    { "a: {b: c\n  , d: e\n  }\n", EDIT_MEMBER, "/a/i", "1", "a: {b: c\n  , d: e\n  , i: 1\n  }\n" },
    { "a: [b, c]\n", EDIT_APPEND, "/a", "\"d\"", "a: [b, c, d]\n" },
    { "a: ['b','c']\n", EDIT_APPEND, "/a", "\"d\"", "a: ['b','c','d']\n" },
    { "a: [\"b\"] # x\n", EDIT_APPEND, "/a", "\"d\"", "a: [\"b\", \"d\"] # x\n" },
    { "a: [b, # x\n    c] # y\n", EDIT_APPEND, "/a", "\"d\"", "a: [b, # x\n    c, d] # y\n" },
    { "a: [\n  b,\n  c\n]\n", EDIT_APPEND, "/a", "\"d\"", "a: [\n  b,\n  c,\n  d\n]\n" },
    { "a: [\n  b, # x\n]\n", EDIT_APPEND, "/a", "\"d\"", "a: [\n  b, # x\n  d,\n]\n" },
    { "a: [b]\n", EDIT_INSERT, "/a", "\"d\"", "a: [d, b]\n" },
    { "a: [\n  # x\n  b\n]\n", EDIT_INSERT, "/a", "\"d\"", "a: [\n  # x\n  d,\n  b\n]\n" },
    { "a: [b: c, d]\n", EDIT_APPEND, "/a", "\"e\"", "a: [b: c, d, e]\n" },
    { "a: [b: c]\n", EDIT_MEMBER, "/a/0/d", "\"e\"", "!it has no braces" },
    { "a: [b: c]\n", EDIT_REPLACE, "/a/0/b", "\"e\"", "a: [b: e]\n" },
    { "[a, b]\n", EDIT_APPEND, "", "\"c\"", "[a, b, c]\n" },
    { "--- {a: b}\n--- [c]\n", EDIT_MEMBER, "/c", "\"d\"", "--- {a: b, c: d}\n--- [c]\n" },
    { "a: {\n  # none\n}\n", EDIT_MEMBER, "/a/b", "1", "!comments stand in it" },
};

static void edits_json(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(json); i++)
        check_edit_row(&json[i], i);
}

static void edits_flow_collections_in_yaml(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(yaml); i++)
        check_edit_row(&yaml[i], i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_json),
        cmocka_unit_test(edits_flow_collections_in_yaml),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
