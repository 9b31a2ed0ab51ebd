/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are none, keys that meet, and maps that merge. */
#include "support/check.h"
#include "yaml/mapping.h"
#include "yaml/transcode.h"

static const struct {
    const char *text;
    enum err_code code;
    const char *part;
} bad[] = {
    { "a: 1\nb: 2\na: 3\n", ERR_INPUT, "f:3:1: duplicate key `a`" },
    { "a: 1\n\"a\": 2\n", ERR_INPUT, "f:2:1: duplicate key `a`" },
    { "yes: 1\n\"true\": 2\n", ERR_INPUT, "f:2:1: duplicate key `true`" },
    { "8: 1\n010: 2\n", ERR_INPUT, "f:2:1: duplicate key `8`" },
    { "\"a\\nb\": 1\n\"a\\nb\": 2\n", ERR_INPUT, "duplicate key `a\\x0ab`" },
    { "c: 1\nb: 1\nb: 2\nc: 2\n", ERR_INPUT, "f:3:1: duplicate key `b`" },
    { "~: 1\n", ERR_INPUT, "f:1:1: null is no key" },
    { "?\n: 1\n", ERR_INPUT, "null is no key" },
    { "{a: 1}: 2\n", ERR_INPUT, "f:1:1: a mapping is no key" },
    { "? [a]\n: 2\n", ERR_INPUT, "f:1:3: a list is no key" },
    { ".inf: 2\n", ERR_INPUT, "f:1:1: JSON has no `.inf`" },
    { "18446744073709551615: 2\n", ERR_INPUT, "f:1:1: an integer this large" },
    { "a: 1\n<<: 3\n", ERR_INPUT, "f:2:5: `<<` takes a mapping" },
    { "<<: [{a: 1}, [b]]\n", ERR_INPUT, "f:1:14: `<<` takes a mapping" },
    { "<<: ~\n", ERR_INPUT, "f:1:5: `<<` takes a mapping" },
    { "<<: {a: 1}\n<<: {b: 1}\n", ERR_INPUT, "f:2:1: duplicate key `<<`" },
    { "<<: {a: 1, b: 2, a: 3}\n", ERR_INPUT, "f:1:18: duplicate key `a`" },
    { "<<: {a: 1}\na: 2\na: 3\n", ERR_INPUT, "f:3:1: duplicate key `a`" },
    { "a: 1\n<<: {a: 2}\n", ERR_INPUT, "f:2:1: `<<` brings `a`" },
};

static bool read_entries(const char *text, struct arena *a, struct mapping_entries *out, size_t budget, struct err *e)
{
    struct mapping_budget b = { .file = SV("f"), .arena = a, .left = budget };
    struct node *root;

    if (!node_read(SV("f"), sv_from(text), a, &root, e))
        fail_msg("%s: %s", text, e->msg);
    return mapping_read(&b, root->kind == NODE_SEQUENCE ? root->last : root, out, e);
}

static void refuses_keys_that_are_none_or_meet(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct mapping_entries entries;
        struct err e = { 0 };

        if (read_entries(bad[i].text, &a, &entries, 1000, &e))
            fail_msg("%s was taken", bad[i].text);
        assert_err(e, bad[i].code, bad[i].part);
    }
}

/* The last map of a list, as "key=value ..." in the order of its entries. */
static const struct {
    const char *text, *want;
} good[] = {
    { "{}", "" },
    { "{b: 1, a: 2, c: 3}", "b=1 a=2 c=3 " },
    { "{017: 1, yes: 2, 1.50: 3, 'x': 4, \"<<\": 5, '': 6}", "15=1 true=2 1.5=3 x=4 <<=5 =6 " },
    { "- &x {a: 1, b: 2}\n- {<<: *x}", "a=1 b=2 " },
    { "- &x {a: 1, b: 2}\n- {<<: *x, b: 3, c: 4}", "b=3 c=4 a=1 " },
    { "- &x {a: 1}\n- {c: 4, <<: *x, d: 5}", "c=4 d=5 a=1 " },
    { "- &x {a: 1, b: 1}\n- &y {b: 2, c: 2}\n- {<<: [*x, *y]}", "a=1 b=1 c=2 " },
    { "- &x {a: 1, b: 1}\n- {<<: [{b: 2, c: 2}, *x], c: 3}", "c=3 b=2 a=1 " },
    { "- &x {a: 1}\n- &y {<<: *x, b: 2}\n- {<<: *y, c: 3}", "c=3 b=2 a=1 " },
    { "- &x {a: 1}\n- {!!merge <<: *x}", "a=1 " },
    { "{<<: []}", "" },
    { "- &k key\n- {*k : 1}", "key=1 " },
};

static void keeps_one_entry_a_key(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct mapping_entries entries;
        struct buf got = BUF_IN(&a);
        struct err e = { 0 };

        if (!read_entries(good[i].text, &a, &entries, 1000, &e))
            fail_msg("%s: %s", good[i].text, e.msg);
        for (size_t j = 0; j < entries.count; j++)
            buf_printf(&got, "%.*s=%.*s ", SV_ARG(entries.items[j].key), SV_ARG(entries.items[j].value->text));
        assert_sv(buf_sv(&got), good[i].want);
    }
}

static void puts_merged_entries_where_the_alias_stands(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct mapping_entries entries;
    struct err e = { 0 };

    assert_true(read_entries("- &x\n  a: 1\n- b: 2\n  <<: [{c: 3}, *x]\n", &a, &entries, 1000, &e));
    assert_int_equal(entries.count, 3);
    assert_int_equal(entries.items[0].key_place.line, 3);
    assert_int_equal(entries.items[0].via.line, 0);
    assert_sv(entries.items[1].key, "c");
    assert_int_equal(entries.items[1].key_place.column, 9);
    assert_int_equal(entries.items[1].via.line, 0);
    assert_sv(entries.items[2].key, "a");
    assert_int_equal(entries.items[2].key_place.line, 4);
    assert_int_equal(entries.items[2].key_place.column, 16);
    assert_int_equal(entries.items[2].via.column, 16);
}

/* Each map merges the one before it twice: 2^n entries looked at, two kept. */
static void stops_maps_that_merge_maps_that_merge_maps(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(512 << 20);
    struct buf text = BUF_IN(&a);
    struct mapping_entries entries;
    struct err e = { 0 };

    buf_add(&text, SV("- &m0 {k: 1}\n"));
    for (int i = 1; i < 50; i++)
        buf_printf(&text, "- &m%d {<<: [*m%d, *m%d]}\n", i, i - 1, i - 1);
    buf_add_char(&text, '\0');
    assert_false(read_entries(text.p, &a, &entries, YAML_MAX_VALUES, &e));
    assert_err(e, ERR_LIMIT, "more than 1048576 values");
}

static void limits_how_deep_maps_merge(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct buf text = BUF_IN(&a);
    struct mapping_entries entries;
    struct err e = { 0 };

    buf_add(&text, SV("- &m0 {k: 1}\n"));
    for (int i = 1; i < 500; i++)
        buf_printf(&text, "- &m%d {<<: *m%d}\n", i, i - 1);
    buf_add_char(&text, '\0');
    assert_false(read_entries(text.p, &a, &entries, YAML_MAX_VALUES, &e));
    assert_err(e, ERR_LIMIT, "more than 100 maps merged");
}

static void reads_many_keys_in_time(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(256 << 20);
    struct buf text = BUF_IN(&a);
    struct mapping_entries entries;
    struct err e = { 0 };

    buf_add_char(&text, '{');
    for (int i = 0; i < 100000; i++)
        buf_printf(&text, "k%d,", i);
    buf_add(&text, SV("}\0"));
    assert_true(read_entries(text.p, &a, &entries, YAML_MAX_VALUES, &e));
    assert_int_equal(entries.count, 100000);
    assert_sv(entries.items[99999].key, "k99999");
    text.len -= 2;
    buf_add(&text, SV("k500}\0"));
    assert_false(read_entries(text.p, &a, &entries, YAML_MAX_VALUES, &e));
    assert_err(e, ERR_INPUT, "duplicate key `k500`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_keys_that_are_none_or_meet),
        cmocka_unit_test(stops_maps_that_merge_maps_that_merge_maps),
        cmocka_unit_test(limits_how_deep_maps_merge),
        cmocka_unit_test(keeps_one_entry_a_key),
        cmocka_unit_test(puts_merged_entries_where_the_alias_stands),
        cmocka_unit_test(reads_many_keys_in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
