/* SPDX-License-Identifier: Apache-2.0 */
/* What is written between lines, and that all around it stays. */
#include "unit/yaml/edit_rows.h"

static const struct edit_row values[] = {
    { "a: b\n", EDIT_REPLACE, "/a", "\"c\"", "a: c\n" },
    { "a: b", EDIT_REPLACE, "/a", "\"c\"", "a: c" },
    { "a:   b  # why\n", EDIT_REPLACE, "/a", "\"c\"", "a:   c  # why\n" },
    { "a: b\t# tab\r\nc: d\r\n", EDIT_REPLACE, "/a", "\"e\"", "a: e\t# tab\r\nc: d\r\n" },
    { "a: 'b'\n", EDIT_REPLACE, "/a", "\"it's\"", "a: 'it''s'\n" },
    { "a: \"b\"\n", EDIT_REPLACE, "/a", "\"c\"", "a: \"c\"\n" },
    { "a: 'b'\n", EDIT_REPLACE, "/a", "\"c\\nd\"", "a: \"c\\nd\"\n" },
    { "a: 'b'\n", EDIT_REPLACE, "/a", "true", "a: true\n" },
    { "a: b\n", EDIT_REPLACE, "/a", "\"yes\"", "a: \"yes\"\n" },
    { "a: 1\n", EDIT_REPLACE, "/a", "2.5", "a: 2.5\n" },
    { "a:\n  b\n", EDIT_REPLACE, "/a", "\"c\"", "a:\n  c\n" },
    { "a: b\n  c\n  d # e\nf: g\n", EDIT_REPLACE, "/a", "\"h\"", "a: h # e\nf: g\n" },
    { "a: \"b\n  c\" # d\n", EDIT_REPLACE, "/a", "\"h\"", "a: \"h\" # d\n" },
    { "a: |  # d\n  b\n  c\n\ne: f\n", EDIT_REPLACE, "/a", "\"h\"", "a: h  # d\n\ne: f\n" },
    { "a: >-\n  b\n  c\ne: f\n", EDIT_REPLACE, "/a", "\"h\\ni\\n\"", "a: |\n  h\n  i\ne: f\n" },
    { "a: b # c\nd: e\n", EDIT_REPLACE, "/a", "\"h\\ni\"", "a: |- # c\n  h\n  i\nd: e\n" },
    { "a: b\n\n  # c\nd: e\n", EDIT_REPLACE, "/a", "\"h\\ni\"", "a: \"h\\ni\"\n\n  # c\nd: e\n" },
    { "a: b\n  \n    # c\n", EDIT_REPLACE, "/a", "[\"h\\ni\"]", "a:\n- \"h\\ni\"\n  \n    # c\n" },
    { "a: | # c\n  b\nd: e\n", EDIT_REPLACE, "/a", "\"h\\ni\"", "a: |- # c\n  h\n  i\nd: e\n" },
    { "a:\nb: c\n", EDIT_REPLACE, "/a", "\"d\"", "a: d\nb: c\n" },
    { "a: # why\nb: c\n", EDIT_REPLACE, "/a", "\"d\"", "a: d # why\nb: c\n" },
    { "a: ~\n", EDIT_REPLACE, "/a", "\"d\"", "a: d\n" },
    { "a: !!str 1 # x\n", EDIT_REPLACE, "/a", "2", "a: 2 # x\n" },
    { "a: &x b\n", EDIT_REPLACE, "/a", "\"c\"", "a: &x c\n" },
    { "a: &x !!str 1\n", EDIT_REPLACE, "/a", "\"c\"", "a: &x c\n" },
    { "a: !!str &x 1\n", EDIT_REPLACE, "/a", "3", "a: &x 3\n" },
    { "a: &x\nb: c\n", EDIT_REPLACE, "/a", "\"c\"", "a: &x c\nb: c\n" },
    { "- a # b\n-\n- - c\n", EDIT_REPLACE, "/1", "\"d\"", "- a # b\n- d\n- - c\n" },
    { "- a # b\n-\n- - c\n", EDIT_REPLACE, "/2/0", "{\"d\":1}", "- a # b\n-\n- - d: 1\n" },
    { "a: [b, c]\n", EDIT_REPLACE, "/a", "[\"d\",\"e\"]", "a: [d, e]\n" },
    { "a: ['b', 'c']\n", EDIT_REPLACE, "/a", "[\"d\"]", "a: ['d']\n" },
    { "a: {b: c} # d\n", EDIT_REPLACE, "/a", "\"e\"", "a: e # d\n" },
    { "a:\n- b\n- c\nd: e\n", EDIT_REPLACE, "/a", "[\"f\"]", "a:\n- f\nd: e\n" },
    { "a:\n    - b\n    - c\nd: e\n", EDIT_REPLACE, "/a", "[\"f\",{\"g\":1}]", "a:\n    - f\n    - g: 1\nd: e\n" },
    { "a:\n   b: c\nd: e\n", EDIT_REPLACE, "/a", "\"f\"", "a: f\nd: e\n" },
    { "a:\n   b: c\nd: e\n", EDIT_REPLACE, "/a", "{\"f\":{\"g\":1}}", "a:\n   f:\n      g: 1\nd: e\n" },
    { "a: b # c\nd: e\n", EDIT_REPLACE, "/a", "{\"f\":1}", "a: # c\n  f: 1\nd: e\n" },
    { "a: b\n", EDIT_REPLACE, "/a", "[]", "a: []\n" },
    { "\xef\xbb\xbf# \xc3\xa4\n\xc3\xa4: \xf0\x9f\x98\x80 # \xe2\x82\xac\n", EDIT_REPLACE, "/\xc3\xa4", "\"b\"",
      "\xef\xbb\xbf# \xc3\xa4\n\xc3\xa4: b # \xe2\x82\xac\n" },
    { "a/b: c\na~b: d\n", EDIT_REPLACE, "/a~0b", "2", "a/b: c\na~b: 2\n" },
    { "x: &x {c: d}\na:\n  b: *x\n  c: e\n", EDIT_REPLACE, "/a/c", "\"f\"", "x: &x {c: d}\na:\n  b: *x\n  c: f\n" },
};

static const struct edit_row members[] = {
    { "a: b\n", EDIT_MEMBER, "/a", "\"c\"", "a: c\n" },
    { "a: b\n", EDIT_MEMBER, "/c", "\"d\"", "a: b\nc: d\n" },
    { "a: b", EDIT_MEMBER, "/c", "\"d\"", "a: b\nc: d" },
    { "a: b\r\n", EDIT_MEMBER, "/c", "{\"d\":[1,2]}", "a: b\r\nc:\r\n  d:\r\n  - 1\r\n  - 2\r\n" },
    { "a: b # c\n# d\n\n# e\n", EDIT_MEMBER, "/f", "1", "a: b # c\n# d\nf: 1\n\n# e\n" },
    { "a:\n  b: c\n  # d\n# e\nf: g\n", EDIT_MEMBER, "/a/h", "1", "a:\n  b: c\n  # d\n  h: 1\n# e\nf: g\n" },
    { "a:\n  b: c\n\n    # d\n", EDIT_MEMBER, "/a/h", "\"i\\nj\"", "a:\n  b: c\n  h: \"i\\nj\"\n\n    # d\n" },
    { "a:\n  b: c\n\nf: g\n", EDIT_MEMBER, "/a/h", "1", "a:\n  b: c\n  h: 1\n\nf: g\n" },
    { "a:\n    b: c\n", EDIT_MEMBER, "/a/d", "{\"e\":1}", "a:\n    b: c\n    d:\n        e: 1\n" },
    { "a:\n- b: c\n  d: e\n- f\n", EDIT_MEMBER, "/a/0/g", "1", "a:\n- b: c\n  d: e\n  g: 1\n- f\n" },
    { "a:\n  -   b: c\n", EDIT_MEMBER, "/a/0/g", "[1]", "a:\n  -   b: c\n      g:\n        - 1\n" },
    { "a:\n  b: |\n    c\n\n\nd: e\n", EDIT_MEMBER, "/a/f", "1", "a:\n  b: |\n    c\n  f: 1\n\n\nd: e\n" },
    { "a:\n  b: |+\n    c\n\n\nd: e\n", EDIT_MEMBER, "/a/f", "1", "a:\n  b: |+\n    c\n\n\n  f: 1\nd: e\n" },
    { "a:\n  b: >-\n    c\n    d\n  # e\n", EDIT_MEMBER, "/a/f", "1", "a:\n  b: >-\n    c\n    d\n  # e\n  f: 1\n" },
    { "a:\n  b: c\n   d\n  e:\n", EDIT_MEMBER, "/a/f", "1", "a:\n  b: c\n   d\n  e:\n  f: 1\n" },
    { "a:\n  b: [c,\n    d] # e\n", EDIT_MEMBER, "/a/f", "1", "a:\n  b: [c,\n    d] # e\n  f: 1\n" },
    { "a: {}\nb: c\n", EDIT_MEMBER, "/a/d", "\"e\"", "a:\n  d: e\nb: c\n" },
    { "a: {} # x\nb: c\n", EDIT_MEMBER, "/a/d", "\"e\"", "a: # x\n  d: e\nb: c\n" },
    { "a:\nb: c\n", EDIT_MEMBER, "/a/d", "\"e\"", "a:\n  d: e\nb: c\n" },
    { "a:", EDIT_MEMBER, "/a/d", "\"e\"", "a:\n  d: e" },
    { "a: # x\n  # y\nb: c\n", EDIT_MEMBER, "/a/d", "\"e\"", "a: # x\n  # y\n  d: e\nb: c\n" },
    { "a: null\nb:\n   c: d\n", EDIT_MEMBER, "/a/d", "\"e\"", "a:\n   d: e\nb:\n   c: d\n" },
    { "a: &x {}\n", EDIT_MEMBER, "/a/d", "\"e\"", "a: &x\n  d: e\n" },
    { "a: !!map {}\n", EDIT_MEMBER, "/a/d", "\"e\"", "a: !!map\n  d: e\n" },
    { "- {}\n- a\n", EDIT_MEMBER, "/0/b", "1", "- b: 1\n- a\n" },
    { "-   {} # x\n- a\n", EDIT_MEMBER, "/0/b", "1", "- # x\n  b: 1\n- a\n" },
    { "-\n- a\n", EDIT_MEMBER, "/0/b", "[1]", "- b:\n  - 1\n- a\n" },
    { "--- # first\na: b\n# end\n---\n# second\nc: d\n...\n", EDIT_MEMBER, "/e", "1",
      "--- # first\na: b\n# end\ne: 1\n---\n# second\nc: d\n...\n" },
    { "a: b\n", EDIT_MEMBER, "/c", "\"d\\ne\\n\"", "a: b\nc: |\n  d\n  e\n" },
    { "a:\n  b: c\n", EDIT_MEMBER, "/a/x.y~1z", "\"true\"", "a:\n  b: c\n  x.y/z: \"true\"\n" },
    { "base: &base\n  x: 1\na:\n  <<: *base\n  b: c\n", EDIT_MEMBER, "/a/d", "1",
      "base: &base\n  x: 1\na:\n  <<: *base\n  b: c\n  d: 1\n" },
};

static const struct edit_row items[] = {
    { "a:\n- b\n", EDIT_APPEND, "/a", "\"c\"", "a:\n- b\n- c\n" },
    { "a:\n- b # x\n# y\nd: e\n", EDIT_APPEND, "/a", "\"c\"", "a:\n- b # x\n- c\n# y\nd: e\n" },
    { "a:\n  - b # x\n  # y\nd: e\n", EDIT_APPEND, "/a", "\"c\"", "a:\n  - b # x\n  # y\n  - c\nd: e\n" },
    { "a:\n- b: c\n  d: e\n  # y\nf: g\n", EDIT_APPEND, "/a", "{\"b\":1,\"d\":{\"x\":2}}",
      "a:\n- b: c\n  d: e\n  # y\n- b: 1\n  d:\n    x: 2\nf: g\n" },
    { "a:\n-   b: c\n", EDIT_APPEND, "/a", "{\"b\":1,\"d\":2}", "a:\n-   b: c\n-   b: 1\n    d: 2\n" },
    { "a:\n  -\n    b: c\n", EDIT_APPEND, "/a", "{\"b\":1}", "a:\n  -\n    b: c\n  - b: 1\n" },
    { "a: []\n", EDIT_APPEND, "/a", "{\"b\":1}", "a:\n- b: 1\n" },
    { "a: [] # x\nb:\n  - c\n", EDIT_APPEND, "/a", "1", "a: # x\n  - 1\nb:\n  - c\n" },
    { "a:\n", EDIT_APPEND, "/a", "1", "a:\n- 1\n" },
    { "- - a\n  - b\n- c\n", EDIT_APPEND, "/0", "\"d\"", "- - a\n  - b\n  - d\n- c\n" },
    { "- a\n- |\n  b\n\n", EDIT_APPEND, "", "\"d\"", "- a\n- |\n  b\n- d\n\n" },
    { "a:\n- b", EDIT_APPEND, "/a", "\"c\"", "a:\n- b\n- c" },
    { "a:\r\n- b\r\n", EDIT_APPEND, "/a", "{\"c\":1,\"d\":2}", "a:\r\n- b\r\n- c: 1\r\n  d: 2\r\n" },
    { "a:\n- b\n", EDIT_INSERT, "/a", "\"c\"", "a:\n- c\n- b\n" },
    { "a: # x\n  # y\n  - b\n", EDIT_INSERT, "/a", "\"c\"", "a: # x\n  - c\n  # y\n  - b\n" },
    { "# head\n- b\n", EDIT_INSERT, "", "\"c\"", "# head\n- c\n- b\n" },
    { "- - a\n  - b\n", EDIT_INSERT, "/0", "{\"x\":1,\"z\":2}", "- - x: 1\n    z: 2\n  - a\n  - b\n" },
    { "a: &x\n- b\n", EDIT_INSERT, "/a", "\"c\"", "a: &x\n- c\n- b\n" },
    { "a: []\n", EDIT_INSERT, "/a", "\"c\"", "a:\n- c\n" },
    { "a:\r\n  - b\r\n", EDIT_INSERT, "/a", "\"c\"", "a:\r\n  - c\r\n  - b\r\n" },
};

static void replaces_values(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        check_edit_row(&values[i], i);
}

static void adds_members(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++)
        check_edit_row(&members[i], i);
}

static void adds_items(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        check_edit_row(&items[i], i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaces_values),
        cmocka_unit_test(adds_members),
        cmocka_unit_test(adds_items),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
