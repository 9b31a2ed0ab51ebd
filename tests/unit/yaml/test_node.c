/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is no YAML, aliases that go wrong, limits; then the tree. */
#include "support/check.h"
#include "yaml/node.h"
#include "yaml/transcode.h"

static const struct {
    struct sv text;
    enum err_code code;
    const char *part;
} bad[] = {
    { SV_INIT("a: [1, 2\n"), ERR_SYNTAX, "f:2:1: did not find expected ',' or ']'" },
    { SV_INIT("a: b: c\n"), ERR_SYNTAX, "f:1:5: mapping values are not allowed" },
    { SV_INIT("a:\n\t- b\n"), ERR_SYNTAX, "f:2:1: found character that cannot start any token" },
    { SV_INIT("a: 'b\n"), ERR_SYNTAX, "f:2:1: found unexpected end of stream" },
    { SV_INIT("- a\nb: c\n"), ERR_SYNTAX, "f:2:1: did not find expected '-' indicator" },
    { SV_INIT("a: \"\\q\"\n"), ERR_SYNTAX, "f:1:5: found unknown escape character" },
    { SV_INIT("a: !<\n"), ERR_SYNTAX, "f:1:" },
    { SV_INIT("a: !x!y z\n"), ERR_SYNTAX, "f:1:4: found undefined tag handle" },
    { SV_INIT("%YAML 2.0\n---\na\n"), ERR_SYNTAX, "incompatible YAML document" },
    { SV_INIT("a: \x01"), ERR_SYNTAX, "f:1:4: control characters are not allowed" },
    { SV_INIT("a\n\xc3\xa4\xc3\xa4: \xff"), ERR_SYNTAX, "f:2:5: invalid leading UTF-8 octet" },
    { SV_INIT("a: \xe2\x82"), ERR_SYNTAX, "f:1:4: incomplete UTF-8 octet sequence" },
    { SV_INIT("a\0b"), ERR_SYNTAX, "f:1:2: control characters" },
    { SV_INIT("{\"a\": \"\\ud83d\"}"), ERR_SYNTAX, "f:1:" },
    { SV_INIT("{\"a\": \"\\ud83d\x10\x10\"}"), ERR_SYNTAX, "f:1:" },
    { SV_INIT("{\"a\": \"\\"), ERR_SYNTAX, "f:1:" },
    { SV_INIT("a: *b\n"), ERR_INPUT, "f:1:4: alias `*b` names no anchor" },
    { SV_INIT("a: *b\nb: &b 1\n"), ERR_INPUT, "f:1:4: alias `*b` names no anchor" },
    { SV_INIT("a: &b 1\n---\nb: *b\n"), ERR_INPUT, "f:3:4: alias `*b` names no anchor" },
    { SV_INIT("a: &a [1, *a]\n"), ERR_INPUT, "f:1:11: alias `*a` would contain itself" },
    { SV_INIT("&a a: {b: [&a {c: *a}]}\n"), ERR_INPUT, "f:1:19: alias `*a` would contain itself" },
};

static void refuses_what_is_no_yaml(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct node *roots = NULL;
        struct err e = { 0 };

        if (node_read(SV("f"), bad[i].text, &a, &roots, &e))
            fail_msg("row %zu was taken", i);
        assert_err(e, bad[i].code, bad[i].part);
        assert_null(roots);
    }
}

static void check_limit(struct sv text, const char *part)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(512 << 20);
    struct node *roots;
    struct err e = { 0 };

    assert_false(node_read(SV("f"), text, &a, &roots, &e));
    assert_err(e, ERR_LIMIT, part);
}

static struct sv repeat(struct arena *a, size_t times, const char *text)
{
    struct buf b = BUF_IN(a);

    for (size_t i = 0; i < times; i++)
        buf_add(&b, sv_from(text));
    assert_true(buf_ok(&b));
    return buf_sv(&b);
}

static void limits_depth_in_every_style(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);

    check_limit(repeat(&a, 100000, "["), "f:1:101: more than 100 levels of nesting");
    check_limit(repeat(&a, 100000, "{\"a\":"), "f:1:501: more than 100 levels");
    check_limit(repeat(&a, 100000, "- "), "f:1:201: more than 100 levels");
    check_limit(repeat(&a, 100000, "? "), "f:1:201: more than 100 levels");
}

static void limits_values_and_anchors(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct buf b = BUF_IN(&a);

    buf_add_char(&b, '[');
    buf_add(&b, repeat(&a, YAML_MAX_VALUES, "a,"));
    check_limit(buf_sv(&b), "more than 1048576 values");
    buf_reset(&b);
    for (size_t i = 0; i <= NODE_MAX_ANCHORS; i++)
        buf_printf(&b, "- &a%zu x\n", i);
    check_limit(buf_sv(&b), "f:1001:3: more than 1000 anchors");
}

static void limits_directives(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct buf b = BUF_IN(&a), wide = BUF_IN(&a);
    struct node *roots;
    struct err e = { 0 };

    for (size_t i = 0; i <= NODE_MAX_DIRECTIVES; i++)
        buf_printf(&b, "%%TAG !e%zu! tag:x:\n", i);
    buf_add(&b, SV("---\na\n"));
    check_limit(buf_sv(&b), "f:1001:1: more than 1000 %TAG directives");
    buf_add(&wide, SV("\xff\xfe"));
    for (size_t i = 0; i < b.len; i++)
        buf_printf(&wide, "%c%c", b.p[i], 0);
    check_limit(buf_sv(&wide), "more than 1000 %TAG directives");
    assert_true(node_read(SV("f"), repeat(&a, 2000, "- a %TAG b\n"), &a, &roots, &e));
}

static void limits_memory(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena texts = ARENA_INIT(1 << 20);
    struct sv text = repeat(&texts, 1000, "- {a: &x b, c: !d \"e\"}\n");

    for (size_t memory = 1; memory < 100000; memory = memory * 2 + 50) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);
        struct node *roots;
        struct err e = { 0 };

        assert_false(node_read(SV("f"), text, &a, &roots, &e));
        assert_err(e, ERR_LIMIT, "bytes of memory");
    }
}

static void builds_the_tree_as_written(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct node *root, *key, *item;
    struct err e = { 0 };

    assert_true(node_read(SV("f"), SV("\xc3\xa4: &x [1, '2', !t 3]\nb: *x\n"), &a, &root, &e));
    assert_int_equal(root->kind, NODE_MAPPING);
    assert_null(root->next);
    key = root->first;
    assert_sv(key->text, "\xc3\xa4");
    item = key->next->first;
    assert_true(item->is_plain);
    assert_null(item->tag.p);
    assert_int_equal(item->place.column, 8);
    assert_false(item->next->is_plain);
    assert_sv(item->next->text, "2");
    assert_sv(item->next->next->tag, "!t");
    assert_false(item->next->next->is_plain);
    assert_null(item->next->next->next);
    assert_int_equal(key->next->next->next->kind, NODE_ALIAS);
    assert_ptr_equal(key->next->next->next->target, key->next);
    assert_int_equal(key->next->next->next->place.line, 2);
}

static void lets_a_later_anchor_hide_an_earlier(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct node *root;
    struct err e = { 0 };

    assert_true(node_read(SV("f"), SV("[&x a, *x, &x b, *x]"), &a, &root, &e));
    assert_sv(root->first->next->target->text, "a");
    assert_sv(root->last->target->text, "b");
}

static void reads_streams_line_ends_and_encodings(void **state UNUSED)
{
    static const struct sv texts[] = {
        SV_INIT("a: x\n---\nb"),
        SV_INIT("\xef\xbb\xbf"
                "a: x\r\n---\r\nb\r\n"),
        SV_INIT("--- {a: x}\n...\n--- b\n...\n"),
        SV_INIT("a: x\r---\rb"),
        SV_INIT("\xff\xfe"
                "a\0:\0 \0x\0\n\0-\0-\0-\0\n\0b\0"),
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct node *root;
        struct err e = { 0 };

        if (!node_read(SV("f"), texts[i], &a, &root, &e))
            fail_msg("row %zu: %s", i, e.msg);
        assert_sv(root->first->text, "a");
        assert_sv(root->last->text, "x");
        assert_sv(root->next->text, "b");
        assert_null(root->next->next);
    }
}

static void reads_nothing_as_nothing(void **state UNUSED)
{
    static const struct sv texts[] = { { NULL, 0 }, SV_INIT(""), SV_INIT("\n\n"), SV_INIT("# only this\n") };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct node *roots = NULL;
        struct err e = { 0 };

        assert_true(node_read(SV("f"), texts[i], &a, &roots, &e));
        assert_null(roots);
    }
}

static void places_a_value_that_is_left_out_where_its_key_is(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct node *root;
    struct err e = { 0 };

    assert_true(node_read(SV("f"), SV("a: 1\n? b"), &a, &root, &e));
    assert_int_equal(root->last->place.line, 2);
    assert_int_equal(root->last->place.column, 3);
}

static void joins_the_surrogates_of_json(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct node *root;
    struct err e = { 0 };

    assert_true(
        node_read(SV("f"), SV(" \n[\"\\ud83d\\ude00\\\\ud83d\\\\ude00\\uDBFF\\uDFFF\\u00e4\"]"), &a, &root, &e));
    assert_sv(root->first->text, "\xf0\x9f\x98\x80\\ud83d\\ude00\xf4\x8f\xbf\xbf\xc3\xa4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_yaml),
        cmocka_unit_test(limits_depth_in_every_style),
        cmocka_unit_test(limits_values_and_anchors),
        cmocka_unit_test(limits_directives),
        cmocka_unit_test(limits_memory),
        cmocka_unit_test(builds_the_tree_as_written),
        cmocka_unit_test(lets_a_later_anchor_hide_an_earlier),
        cmocka_unit_test(reads_streams_line_ends_and_encodings),
        cmocka_unit_test(reads_nothing_as_nothing),
        cmocka_unit_test(places_a_value_that_is_left_out_where_its_key_is),
        cmocka_unit_test(joins_the_surrogates_of_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
