/* SPDX-License-Identifier: Apache-2.0 */
/* What is no JSON, what is too much of it, and two keys of one name. */
#include "support/check.h"
#include "json/doc.h"
#include "json/pointer.h"

static const struct {
    struct sv text;
    enum err_code code;
    const char *part;
} bad[] = {
    { { NULL, 0 }, ERR_SYNTAX, "byte 0" },
    { SV_INIT(""), ERR_SYNTAX, "byte 0" },
    { SV_INIT(" \n"), ERR_SYNTAX, "empty" },
    { SV_INIT("nul"), ERR_SYNTAX, "byte 3" },
    { SV_INIT("None"), ERR_SYNTAX, "byte 0" },
    { SV_INIT("[1,]"), ERR_SYNTAX, "byte 2" },
    { SV_INIT("{\"a\":1,}"), ERR_SYNTAX, "byte" },
    { SV_INIT("{a:1}"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("{'a':1}"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("[01]"), ERR_SYNTAX, "leading zero" },
    { SV_INIT("[1.]"), ERR_SYNTAX, "byte" },
    { SV_INIT("[.5]"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("[+1]"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("[-]"), ERR_SYNTAX, "byte" },
    { SV_INIT("[1e]"), ERR_SYNTAX, "byte" },
    { SV_INIT("[0x10]"), ERR_SYNTAX, "byte" },
    { SV_INIT("[NaN]"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("[Infinity]"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("{\"a\":1}x"), ERR_SYNTAX, "byte 7" },
    { SV_INIT("{\"a\":1}{}"), ERR_SYNTAX, "byte 7" },
    { SV_INIT("{\"a\":1}\0"), ERR_SYNTAX, "byte 7" },
    { SV_INIT("[1] // no"), ERR_SYNTAX, "byte 4" },
    { SV_INIT("{\"a\":"), ERR_SYNTAX, "end" },
    { SV_INIT("{\"a\""), ERR_SYNTAX, "end" },
    { SV_INIT("\"a"), ERR_SYNTAX, "byte" },
    { SV_INIT("\"a\nb\""), ERR_SYNTAX, "byte 2" },
    { SV_INIT("\"\\x\""), ERR_SYNTAX, "byte" },
    { SV_INIT("\"\\u12g4\""), ERR_SYNTAX, "byte" },
    { SV_INIT("\"\\ud800\""), ERR_SYNTAX, "surrogate" },
    { SV_INIT("\"\\udc00\""), ERR_SYNTAX, "surrogate" },
    { SV_INIT("\"\xff\""), ERR_SYNTAX, "UTF-8" },
    { SV_INIT("\"\xc0\x80\""), ERR_SYNTAX, "UTF-8" },
    { SV_INIT("\"\xed\xa0\x80\""), ERR_SYNTAX, "UTF-8" },
    { SV_INIT("\xef\xbb\xbf{}"), ERR_SYNTAX, "BOM" },
    { SV_INIT("{\0}"), ERR_SYNTAX, "byte 1" },
    { SV_INIT("{\"a\":1,\"a\":2}"), ERR_INPUT, "duplicate key at `/a`" },
    { SV_INIT("{\"\":1,\"\":2}"), ERR_INPUT, "duplicate key at `/`" },
    { SV_INIT("{\"a\":1,\"\\u0061\":2}"), ERR_INPUT, "duplicate key at `/a`" },
    { SV_INIT("{\"k\\u0000a\":1,\"k\\u0000a\":2}"), ERR_INPUT, "duplicate key at `/k\\x00a`" },
    { SV_INIT("[0,{\"x\":[{}],\"y\":[1,{\"p/q\":{\"~\":1,\"z\":2,\"~\":3}}]}]"), ERR_INPUT, "at `/1/y/1/p~1q/~0`" },
    { SV_INIT("{\"a\":{\"b\":1,\"b\":2},\"c\":{}}"), ERR_INPUT, "at `/a/b`" },
    { SV_INIT("{\"a\":{},\"c\":{\"b\":[],\"b\":2}}"), ERR_INPUT, "at `/c/b`" },
};

static void refuses_what_is_no_json(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct err e = { 0 };

        if (doc_parse(bad[i].text, &a, &e))
            fail_msg("%.*s was taken", SV_ARG(bad[i].text));
        assert_err(e, bad[i].code, bad[i].part);
    }
}

/* `open` and `close` so often around `middle`. */
static struct sv nest(struct arena *a, size_t levels, const char *open, const char *middle, const char *close)
{
    struct buf b = BUF_IN(a);

    for (size_t i = 0; i < levels; i++)
        buf_add(&b, sv_from(open));
    buf_add(&b, sv_from(middle));
    for (size_t i = 0; i < levels; i++)
        buf_add(&b, sv_from(close));
    assert_true(buf_ok(&b));
    return buf_sv(&b);
}

static void limits_depth(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(32 << 20);
    struct err e = { 0 };

    assert_null(doc_parse(nest(&a, DOC_MAX_DEPTH + 1, "[", "", "]"), &a, &e));
    assert_err(e, ERR_LIMIT, "128 levels");
    assert_null(doc_parse(nest(&a, DOC_MAX_DEPTH, "{\"a\":", "{}", "}"), &a, &e));
    assert_err(e, ERR_LIMIT, "128 levels");
    assert_null(doc_parse(nest(&a, 100000, "[", "", "]"), &a, &e));
    assert_err(e, ERR_LIMIT, "128 levels");
    assert_null(doc_parse(nest(&a, 100000, "[", "", ""), &a, &e));
    assert_err(e, ERR_SYNTAX, "end");
    assert_non_null(doc_parse(nest(&a, DOC_MAX_DEPTH, "[", "", "]"), &a, &e));
    assert_non_null(doc_parse(nest(&a, DOC_MAX_DEPTH, "{\"a\":", "1", "}"), &a, &e));
}

static void counts_depth_anew_beside_deep_values(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(32 << 20);
    struct buf b = BUF_IN(&a);
    struct err e = { 0 };

    buf_add_char(&b, '[');
    for (size_t i = 0; i < 5; i++) {
        buf_add(&b, nest(&a, DOC_MAX_DEPTH - 1, "[", "", "]"));
        buf_add(&b, SV(",{},"));
    }
    buf_add(&b, SV("1]"));
    assert_non_null(doc_parse(buf_sv(&b), &a, &e));
}

static void limits_the_number_of_values(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(256 << 20);
    struct buf b = BUF_IN(&a);
    struct err e = { 0 };

    buf_add_char(&b, '[');
    for (size_t i = 0; i < DOC_MAX_VALUES - 2; i++)
        buf_add(&b, SV("1,"));
    buf_add(&b, SV("1]"));
    assert_non_null(doc_parse(buf_sv(&b), &a, &e));
    b.len--;
    buf_add(&b, SV(",1]"));
    assert_null(doc_parse(buf_sv(&b), &a, &e));
    assert_err(e, ERR_LIMIT, "1048576 values");
}

static void stops_at_the_memory_of_the_arena(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena big = ARENA_INIT(8 << 20);
    struct sv text = nest(&big, 100000, "1,", "1", "");
    struct err e = { 0 };

    text = arena_printf(&big, "[%.*s]", (int)text.n, text.p);
    for (size_t memory = 100; memory < 1000000; memory *= 3) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(memory);

        assert_null(doc_parse(text, &a, &e));
        assert_err(e, ERR_LIMIT, "memory");
        assert_true(a.used <= memory);
    }
}

/* So many keys, of which the last equals the one at `same`, or none. */
static struct sv object(struct arena *a, size_t keys, size_t same)
{
    struct buf b = BUF_IN(a);

    for (size_t i = 0; i < keys; i++)
        buf_printf(&b, "%c\"k%zu\":{}", i ? ',' : '{', i + 1 == keys ? same : i);
    buf_add_char(&b, '}');
    return buf_sv(&b);
}

static void finds_duplicates_among_few_and_many_keys(void **state UNUSED)
{
    for (size_t keys = 2; keys < 40; keys++)
        for (size_t same = 0; same < keys - 1; same++) {
            CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
            struct err e = { 0 };

            assert_null(doc_parse(object(&a, keys, same), &a, &e));
            assert_err(e, ERR_INPUT, arena_cstr(&a, arena_printf(&a, "at `/k%zu`", same)));
            assert_non_null(doc_parse(object(&a, keys, 1000), &a, &e));
        }
}

static void checks_a_hundred_thousand_keys_in_time(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct err e = { 0 };

    assert_null(doc_parse(object(&a, 100000, 5), &a, &e));
    assert_err(e, ERR_INPUT, "at `/k5`");
    assert_non_null(doc_parse(object(&a, 100000, 1000000), &a, &e));
}

static void shortens_the_pointer_of_a_duplicate(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    static char key[5000];
    struct err e = { 0 };

    memset(key, 'k', sizeof(key) - 1);
    assert_null(doc_parse(arena_printf(&a, "{\"%s\":1,\"%s\":2}", key, key), &a, &e));
    assert_err(e, ERR_INPUT, "kkk...`");
    assert_true(strlen(e.msg) < 260);
}

static void keeps_nothing_of_the_text(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char text[] = "{\"key\": [\"value\", 12.50, true, null, 1e999, -0]}";
    const struct json *v;
    struct err e = { 0 };

    v = doc_parse(sv_from(text), &a, &e);
    memset(text, 'x', sizeof(text));
    assert_sv(value_string(pointer_get(v, SV("/key/0"))), "value");
    assert_sv(value_number(pointer_get(v, SV("/key/1"))), "12.50");
    assert_true(value_is_true(pointer_get(v, SV("/key/2"))));
    assert_sv(value_number(pointer_get(v, SV("/key/4"))), "1e999");
    assert_sv(value_number(pointer_get(v, SV("/key/5"))), "-0");
}

static void takes_single_values_and_white_space(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { 0 };

    assert_true(value_is(doc_parse(SV("null"), &a, &e), VALUE_NULL));
    assert_sv(value_number(doc_parse(SV(" 7\r\n\t"), &a, &e)), "7");
    assert_true(sv_eq(value_string(doc_parse(SV("\"\\ud83d\\ude00\\u0000\""), &a, &e)), SV("\xf0\x9f\x98\x80\0")));
}

static void takes_no_more_from_the_system_after_the_first(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(arena_fini) struct arena texts = ARENA_INIT(1 << 20);
    struct sv text = object(&texts, 500, 1000);
    struct err e = { 0 };

    for (size_t i = 0; i < 5; i++) {
        assert_non_null(doc_parse(text, &a, &e));
        assert_int_equal(a.used, 64 << 10);
        arena_reset(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_json),
        cmocka_unit_test(limits_depth),
        cmocka_unit_test(counts_depth_anew_beside_deep_values),
        cmocka_unit_test(limits_the_number_of_values),
        cmocka_unit_test(stops_at_the_memory_of_the_arena),
        cmocka_unit_test(finds_duplicates_among_few_and_many_keys),
        cmocka_unit_test(checks_a_hundred_thousand_keys_in_time),
        cmocka_unit_test(shortens_the_pointer_of_a_duplicate),
        cmocka_unit_test(keeps_nothing_of_the_text),
        cmocka_unit_test(takes_single_values_and_white_space),
        cmocka_unit_test(takes_no_more_from_the_system_after_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
