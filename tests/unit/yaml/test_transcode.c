/* SPDX-License-Identifier: Apache-2.0 */
/* Whole texts: what they become, where their values stand, what is too much. */
#include "support/check.h"
#include "yaml/transcode.h"
#include "json/doc.h"
#include "json/pointer.h"

static const struct {
    const char *text;
    enum err_code code;
    const char *part;
} bad[] = {
    { "a: [\n", ERR_SYNTAX, "f.yaml:2:1: " },
    { "a: 1\na: 2\n", ERR_INPUT, "f.yaml:2:1: duplicate key `a`" },
    { "a: 1\n---\nb: .nan\n", ERR_INPUT, "f.yaml:3:4: JSON has no `.nan`" },
    { "a: !!int x\n", ERR_INPUT, "f.yaml:1:4: `x` is no !!int" },
    { "a: [*x]\n", ERR_INPUT, "f.yaml:1:5: alias `*x` names no anchor" },
    { "a: &a {b: *a}\n", ERR_INPUT, "f.yaml:1:11: alias `*a` would contain itself" },
    { "a: &a {b: .inf}\n", ERR_INPUT, "f.yaml:1:11: JSON has no" },
    { "{a: {b: 1}, c: {a: {b: 1, b: 2}}}", ERR_INPUT, "f.yaml:1:27: duplicate key `b`" },
};

static void points_at_what_is_wrong(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct yaml_doc *doc = NULL;
        struct err e = { 0 };

        if (yaml_read(SV("f.yaml"), sv_from(bad[i].text), &a, &doc, &e))
            fail_msg("%s was taken", bad[i].text);
        assert_err(e, bad[i].code, bad[i].part);
        assert_true(sv_starts_with(sv_from(e.msg), SV("f.yaml:")));
        assert_null(doc);
    }
}

static void check_limit(struct sv text, size_t memory, const char *part)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    assert_false(yaml_read(SV("f"), text, &a, &doc, &e));
    assert_err(e, ERR_LIMIT, part);
}

/* Each list holds the one before it ten times. */
static void defuses_bombs(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct buf text = BUF_IN(&a);

    buf_add(&text, SV("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 20; i++) {
        buf_printf(&text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            buf_printf(&text, "*a%d,", i - 1);
        buf_add(&text, SV("]\n"));
    }
    check_limit(buf_sv(&text), 512 << 20, "f:6:42: aliases expand to more than 1048576 values");
}

static void limits_the_depth_that_aliases_add_up_to(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct buf text = BUF_IN(&a);

    buf_add(&text, SV("- &a0 x\n"));
    for (int i = 1; i < 200; i++)
        buf_printf(&text, "- &a%d [*a%d]\n", i, i - 1);
    check_limit(buf_sv(&text), 64 << 20, "more than 100 levels of nesting");
}

static void limits_what_aliases_make_of_long_strings(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct buf text = BUF_IN(&a);

    buf_add(&text, SV("a: &x "));
    for (int i = 0; i < 100000; i++)
        buf_add_char(&text, 'y');
    buf_add(&text, SV("\nb: ["));
    for (int i = 0; i < 1000; i++)
        buf_add(&text, SV("*x,"));
    buf_add(&text, SV("]\n"));
    check_limit(buf_sv(&text), 256 << 20, "bytes of JSON");
    check_limit(buf_sv(&text), 1 << 20, "bytes of memory");
}

static void limits_the_size_of_the_text(void **state UNUSED)
{
    char *text = malloc(YAML_MAX_BYTES + 1);

    assert_non_null(text);
    memset(text, '\n', YAML_MAX_BYTES + 1);
    check_limit((struct sv){ text, YAML_MAX_BYTES + 1 }, 1 << 20, "f:1:1: more than 16777216 bytes");
    free(text);
}

static void limits_memory(void **state UNUSED)
{
    const char *text = "- {a: &x b, c: !d \"e\"}\n- *x\n- [1, 2.5, {}]\n";
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    for (size_t memory = 1; memory < 2000; memory += 50)
        check_limit(sv_from(text), memory, "bytes of memory");
    for (size_t memory = 2000; !doc && memory < 1 << 20; memory += 50) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);

        assert_true(yaml_read(SV("f"), sv_from(text), &a, &doc, &e) || e.code == ERR_LIMIT);
    }
    assert_non_null(doc);
}

/* More values than are read otherwise, in YAML and in JSON; a bomb is one still. */
static void reads_large_texts_when_asked_to(void **state UNUSED)
{
    enum { VALUES = YAML_MAX_VALUES + 10 };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT((size_t)4 << 30);
    struct buf text = BUF_IN(&a);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    for (size_t i = 0; i < VALUES; i++)
        buf_add(&text, i ? SV(",1") : SV("[1"));
    buf_add(&text, SV("]"));
    assert_false(yaml_read(SV("f"), buf_sv(&text), &a, &doc, &e));
    assert_err(e, ERR_LIMIT, "more than 1048576 values");
    assert_true(yaml_read_large(SV("f"), buf_sv(&text), &a, &doc, &e));
    assert_int_equal(value_size(doc->root), VALUES);
    buf_add(&text, SV(" # YAML"));
    assert_true(yaml_read_large(SV("f"), buf_sv(&text), &a, &doc, &e));
    assert_int_equal(value_size(doc->root), VALUES);
    assert_int_equal(positions_value(doc->positions, SV("/1048580")).column, 2 + 2 * 1048580);
}

static void defuses_bombs_in_large_texts(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT((size_t)1 << 30);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };
    struct buf text = BUF_IN(&a);

    buf_add(&text, SV("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 9; i++) {
        buf_printf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_printf(&text, "%s*a%d", k ? ", " : "", i - 1);
        buf_add(&text, SV("]\n"));
    }
    assert_false(yaml_read_large(SV("f"), buf_sv(&text), &a, &doc, &e));
    assert_err(e, ERR_LIMIT, "aliases expand to more than 1048576 values");
}

static const struct {
    const char *text, *json;
} good[] = {
    { "a: b\n", "{\"a\":\"b\"}" },
    { "- t: a\n- t:\n    b: 1\n    c: 2\n", "[{\"t\":\"a\"},{\"t\":{\"b\":1,\"c\":2}}]" },
    { "[{t: a}, {t: {b: 1, c: 2}}]", "[{\"t\":\"a\"},{\"t\":{\"b\":1,\"c\":2}}]" },
    { "t: \n", "{\"t\":null}" },
    { "1: a\n", "{\"1\":\"a\"}" },
    { "null\n", "null" },
    { "a: y\nb: 'y'\nc: \"y\"\nd: |\n  y\ne: >-\n  y\n  z\n",
      "{\"a\":true,\"b\":\"y\",\"c\":\"y\",\"d\":\"y\\n\",\"e\":\"y z\"}" },
    { "a: 0644\nb: 0o644\nc: 1.10\nd: 1e3\ne: 2026-01-01\nf: 0x1F\n",
      "{\"a\":420,\"b\":420,\"c\":1.1,\"d\":1000,\"e\":\"2026-01-01\",\"f\":31}" },
    { "a: &x {k: [1, 2]}\nb: *x\nc: [*x, *x]\n",
      "{\"a\":{\"k\":[1,2]},\"b\":{\"k\":[1,2]},\"c\":[{\"k\":[1,2]},{\"k\":[1,2]}]}" },
    { "d: &d {a: 1, b: 2}\nx:\n  <<: *d\n  b: 3\n", "{\"d\":{\"a\":1,\"b\":2},\"x\":{\"b\":3,\"a\":1}}" },
    { "a: \"\\0\\x07\\u00e4\\U0001F600\\n\\/\"\n", "{\"a\":\"\\u0000\\u0007\xc3\xa4\xf0\x9f\x98\x80\\n/\"}" },
    { "a:\r\n  - b\r\n  - |\r\n    c\r\n", "{\"a\":[\"b\",\"c\\n\"]}" },
    { "{\"a\": [1, 2.0, -3e2, true, null, \"\\ud83d\\ude00\"],\t\"b\":{}}",
      "{\"a\":[1,2,-300,true,null,\"\xf0\x9f\x98\x80\"],\"b\":{}}" },
    { "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t2\n\t]\n}\n", "{\"a\":1,\"b\":[2]}" },
    { "image: nginx:1.25\nurl: https://x/y#z\nempty: \"\"\n",
      "{\"image\":\"nginx:1.25\",\"url\":\"https://x/y#z\",\"empty\":\"\"}" },
};

static void becomes_what_kubectl_makes_of_it(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct buf text = BUF_IN(&a);
        struct yaml_doc *doc = NULL;
        struct err e = { 0 };

        if (!yaml_read(SV("f"), sv_from(good[i].text), &a, &doc, &e))
            fail_msg("%s: %s", good[i].text, e.msg);
        value_print(&text, doc->root);
        assert_sv(buf_sv(&text), good[i].json);
        assert_null(doc->next);
        assert_true(value_equal(doc->root, doc_parse(sv_from(good[i].json), &a, &e)));
    }
}

static void reads_streams_without_their_empty_documents(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    assert_true(
        yaml_read(SV("f"), SV("# first\n---\n---\na: &x 1\n---\n# none\n---\nb: &x 2\nc: *x\n...\n"), &a, &doc, &e));
    assert_sv(doc->json_text, "{\"a\":1}");
    assert_int_equal(doc->index, 1);
    assert_sv(doc->file, "f");
    assert_int_equal(positions_value(doc->positions, SV("/a")).line, 4);
    doc = doc->next;
    assert_sv(doc->json_text, "{\"b\":2,\"c\":2}");
    assert_int_equal(doc->index, 3);
    assert_int_equal(positions_key(doc->positions, SV("/c")).line, 9);
    assert_null(doc->next);
    assert_true(yaml_read(SV("f"), SV("# nothing\n"), &a, &doc, &e));
    assert_null(doc);
}

static const char placed[] = "metadata:\n"               /* 1 */
                             "  name: x\n"               /* 2 */
                             "  \xc3\xa4\xc3\xa4: y\n"   /* 3 */
                             "list:\n"                   /* 4 */
                             "- &one\n"                  /* 5 */
                             "  a/b: 1\n"                /* 6 */
                             "- *one\n"                  /* 7 */
                             "- <<: *one\n"              /* 8 */
                             "  own: [p, {q: r}]\n"      /* 9 */
                             "- - deep\n"                /* 10 */
                             "text: |\n"                 /* 11 */
                             "  z\n"                     /* 12 */
                             "\"quoted\"  :   'value'\n" /* 13 */
                             "empty:\n";                 /* 14 */

static const struct {
    const char *pointer;
    struct place key, value;
} places[] = {
    { "", { 1, 1 }, { 1, 1 } },
    { "/metadata", { 1, 1 }, { 2, 3 } },
    { "/metadata/name", { 2, 3 }, { 2, 9 } },
    { "/metadata/labels", { 1, 1 }, { 2, 3 } },
    { "/metadata/\xc3\xa4\xc3\xa4", { 3, 3 }, { 3, 7 } },
    { "/list", { 4, 1 }, { 5, 1 } },
    { "/list/0", { 5, 3 }, { 5, 3 } },
    { "/list/0/a~1b", { 6, 3 }, { 6, 8 } },
    { "/list/1", { 7, 3 }, { 7, 3 } },
    { "/list/1/a~1b", { 7, 3 }, { 7, 3 } },
    { "/list/2/a~1b", { 8, 7 }, { 8, 7 } },
    { "/list/2/own", { 9, 3 }, { 9, 8 } },
    { "/list/2/own/0", { 9, 9 }, { 9, 9 } },
    { "/list/2/own/1/q", { 9, 13 }, { 9, 16 } },
    { "/list/3/0", { 10, 5 }, { 10, 5 } },
    { "/text", { 11, 1 }, { 11, 7 } },
    { "/quoted", { 13, 1 }, { 13, 15 } },
};

static void knows_where_everything_stands(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    if (!yaml_read(SV("f"), sv_from(placed), &a, &doc, &e))
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        struct place key = positions_key(doc->positions, sv_from(places[i].pointer));
        struct place value = positions_value(doc->positions, sv_from(places[i].pointer));

        if (memcmp(&key, &places[i].key, sizeof(key)) != 0 || memcmp(&value, &places[i].value, sizeof(value)) != 0)
            fail_msg("%s: key %u:%u, value %u:%u", places[i].pointer, key.line, key.column, value.line, value.column);
    }
}

/* Every value of the document has a place of its own. */
static void places_whatever_it_reads(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };

    assert_true(yaml_read(SV("f"), SV("{a: {b: {c: [0, {d: 1}]}}, e: [2, [3]]}"), &a, &doc, &e));
    assert_int_equal(positions_value(doc->positions, SV("/a/b/c/1/d")).column, 21);
    assert_int_equal(positions_value(doc->positions, SV("/e/1/0")).column, 36);
    assert_sv(value_number(pointer_get(doc->root, SV("/e/1/0"))), "3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(points_at_what_is_wrong),
        cmocka_unit_test(defuses_bombs),
        cmocka_unit_test(limits_the_depth_that_aliases_add_up_to),
        cmocka_unit_test(limits_what_aliases_make_of_long_strings),
        cmocka_unit_test(limits_the_size_of_the_text),
        cmocka_unit_test(limits_memory),
        cmocka_unit_test(reads_large_texts_when_asked_to),
        cmocka_unit_test(defuses_bombs_in_large_texts),
        cmocka_unit_test(becomes_what_kubectl_makes_of_it),
        cmocka_unit_test(reads_streams_without_their_empty_documents),
        cmocka_unit_test(knows_where_everything_stands),
        cmocka_unit_test(places_whatever_it_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
