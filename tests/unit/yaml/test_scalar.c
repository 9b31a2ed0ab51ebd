/* SPDX-License-Identifier: Apache-2.0 */
/* Against what kubectl makes of the same text (go-yaml v2, sigs.k8s.io/yaml). */
#include "support/check.h"
#include "yaml/scalar.h"

#define TAG(name) SV_INIT("tag:yaml.org,2002:" name)
#define NO_TAG                                                                                                         \
    {                                                                                                                  \
        NULL, 0                                                                                                        \
    }

static const struct {
    const char *text;
    struct sv tag;
    const char *part;
} bad[] = {
    { ".inf", NO_TAG, "JSON has no `.inf`" },
    { "-.INF", NO_TAG, "JSON has no" },
    { "+.Inf", NO_TAG, "JSON has no" },
    { ".NaN", NO_TAG, "JSON has no" },
    { "abc", TAG("int"), "`abc` is no !!int" },
    { "1.5", TAG("int"), "no !!int" },
    { "", TAG("int"), "no !!int" },
    { "yes", TAG("int"), "no !!int" },
    { "1e999", TAG("float"), "no !!float" },
    { "x", TAG("float"), "no !!float" },
    { ".nan", TAG("float"), "JSON has no" },
    { "1", TAG("bool"), "no !!bool" },
    { "tRUE", TAG("bool"), "no !!bool" },
    { "x", TAG("null"), "no !!null" },
    { "a\nb", TAG("int"), "`a\\x0ab` is no !!int" },
    { "gIGC", TAG("binary"), "JSON has no !!binary" },
};

static void refuses_what_json_cannot_hold(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct scalar s;
        struct err e = { 0 };

        if (scalar_resolve(sv_from(bad[i].text), bad[i].tag, bad[i].tag.p == NULL, &a, &s, &e))
            fail_msg("%s was taken", bad[i].text);
        assert_err(e, ERR_INPUT, bad[i].part);
    }
}

static const struct {
    const char *text, *json;
} plain[] = {
    /* strings, however near they come */
    { "abc", "\"abc\"" },
    { "yEs", "\"yEs\"" },
    { "tRUE", "\"tRUE\"" },
    { "nULL", "\"nULL\"" },
    { "nil", "\"nil\"" },
    { "none", "\"none\"" },
    { "~~", "\"~~\"" },
    { "-", "\"-\"" },
    { "+", "\"+\"" },
    { ".", "\".\"" },
    { "..", "\"..\"" },
    { "_1", "\"_1\"" },
    { "._5", "\"._5\"" },
    { ".5_", "\".5_\"" },
    { ".5__0", "\".5__0\"" },
    { "0x", "\"0x\"" },
    { "0xg", "\"0xg\"" },
    { "0b2", "\"0b2\"" },
    { "-0b-1", "\"-0b-1\"" },
    { "0x-1", "\"0x-1\"" },
    { "0B-1", "\"0B-1\"" },
    { "0o8", "\"0o8\"" },
    { "1.2.3", "\"1.2.3\"" },
    { "1.2.3.4", "\"1.2.3.4\"" },
    { "1:1", "\"1:1\"" },
    { "190:20:30", "\"190:20:30\"" },
    { "2026-01-01", "\"2026-01-01\"" },
    { "2026-01-01T00:00:00Z", "\"2026-01-01T00:00:00Z\"" },
    { "1e", "\"1e\"" },
    { "1e+", "\"1e+\"" },
    { "e1", "\"e1\"" },
    { "1e999", "\"1e999\"" },
    { "-1e999", "\"-1e999\"" },
    { "0x1p3", "\"0x1p3\"" },
    { "1,000", "\"1,000\"" },
    { "1 000", "\"1 000\"" },
    { "--1", "\"--1\"" },
    { "+-1", "\"+-1\"" },
    { "50cent_of_dollar", "\"50cent_of_dollar\"" },
    { "-b_c", "\"-b_c\"" },
    { "0x10000000000000000", "\"0x10000000000000000\"" },
    { "0o7777777777777777777777777", "\"0o7777777777777777777777777\"" },
    { "-0x10000000000000000", "\"-0x10000000000000000\"" },
    { "+0xFFFFFFFFFFFFFFFF", "\"+0xFFFFFFFFFFFFFFFF\"" },
    { "<<", "\"<<\"" },
    { "=", "\"=\"" },
    { "Infinity", "\"Infinity\"" },
    { "NaN", "\"NaN\"" },
    { "\xc3\xa4\"\\", "\"\xc3\xa4\\\"\\\\\"" },
    /* null and booleans */
    { "", "null" },
    { "~", "null" },
    { "null", "null" },
    { "Null", "null" },
    { "NULL", "null" },
    { "y", "true" },
    { "Y", "true" },
    { "yes", "true" },
    { "On", "true" },
    { "TRUE", "true" },
    { "n", "false" },
    { "N", "false" },
    { "No", "false" },
    { "off", "false" },
    { "False", "false" },
    /* integers */
    { "0", "0" },
    { "-0", "0" },
    { "+12", "12" },
    { "017", "15" },
    { "-017", "-15" },
    { "0o17", "15" },
    { "0O17", "15" },
    { "0x1F", "31" },
    { "-0X1f", "-31" },
    { "0b101", "5" },
    { "-0b101010", "-42" },
    { "0b-101", "-5" },
    { "0b+1", "1" },
    { "0x_0A_74_AE", "685230" },
    { "1__000_", "1000" },
    { "-_1", "-1" },
    { "9223372036854775807", "9223372036854775807" },
    { "9223372036854775808", "9223372036854775808" },
    { "-9223372036854775808", "-9223372036854775808" },
    { "18446744073709551615", "18446744073709551615" },
    { "0xFFFFFFFFFFFFFFFF", "18446744073709551615" },
    /* floats, also what would be integers if they were smaller */
    { "18446744073709551616", "18446744073709552000" },
    { "+18446744073709551615", "18446744073709552000" },
    { "-9223372036854775809", "-9223372036854776000" },
    { "08", "8" },
    { "09.50", "9.5" },
    { "0777777777777777777777777", "7.777777777777778e+23" },
    { "1.0", "1" },
    { "1.10", "1.1" },
    { "1.", "1" },
    { ".5", "0.5" },
    { "-.5", "-0.5" },
    { "+.5e1", "5" },
    { ".5_0", "0.5" },
    { "1e3", "1000" },
    { "123456E1", "1234560" },
    { "6.8523e+5", "685230" },
    { "685.230_15e+03", "685230.15" },
    { "-0.0", "-0" },
    { "0.1", "0.1" },
    { "0.30000000000000004", "0.30000000000000004" },
    { "1e20", "100000000000000000000" },
    { "1e21", "1e+21" },
    { "1.5e300", "1.5e+300" },
    { "0.000001", "0.000001" },
    { "0.0000001", "1e-7" },
    { "1.25e-10", "1.25e-10" },
    { "1e-400", "0" },
    { "4.9e-324", "5e-324" },
    { "1.7976931348623157e308", "1.7976931348623157e+308" },
};

static struct sv resolve(struct arena *a, const char *text, struct sv tag, bool is_plain)
{
    struct buf out = BUF_IN(a);
    struct scalar s;
    struct err e = { 0 };

    if (!scalar_resolve(sv_from(text), tag, is_plain, a, &s, &e))
        fail_msg("%s: %s", text, e.msg);
    scalar_print(&out, &s);
    return buf_sv(&out);
}

static void resolves_plain_scalars(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct sv got = resolve(&a, plain[i].text, (struct sv)NO_TAG, true);

        if (!sv_eq(got, sv_from(plain[i].json)))
            fail_msg("%s became %.*s", plain[i].text, SV_ARG(got));
    }
}

static void leaves_quoted_scalars_alone(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct scalar s;
        struct err e = { 0 };

        assert_true(scalar_resolve(sv_from(plain[i].text), (struct sv)NO_TAG, false, &a, &s, &e));
        assert_int_equal(s.type, SCALAR_STRING);
        assert_sv(s.text, plain[i].text);
    }
}

static const struct {
    const char *text;
    struct sv tag;
    const char *json;
} tagged[] = {
    { "12", TAG("str"), "\"12\"" },
    { "~", TAG("str"), "\"~\"" },
    { ".inf", TAG("str"), "\".inf\"" },
    { "12", TAG("int"), "12" },
    { "0x10", TAG("int"), "16" },
    { "1", TAG("float"), "1" },
    { "-1", TAG("float"), "-1" },
    { "18446744073709551615", TAG("float"), "18446744073709552000" },
    { "1.1", TAG("float"), "1.1" },
    { "yes", TAG("bool"), "true" },
    { "", TAG("null"), "null" },
    { "2026-01-01", TAG("timestamp"), "\"2026-01-01\"" },
    { "12", SV_INIT("!"), "\"12\"" },
    { "12", SV_INIT("!mine"), "\"12\"" },
    { "yes", SV_INIT("tag:example.com,2026:x"), "\"yes\"" },
};

static void honours_tags(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(tagged); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

        assert_sv(resolve(&a, tagged[i].text, tagged[i].tag, false), tagged[i].json);
    }
}

static const struct {
    const char *text, *key; /* NULL: none */
} keys[] = {
    { "~", NULL },
    { "", NULL },
    { "9223372036854775808", NULL },
    { "1e300", NULL },
    { "abc", "abc" },
    { "yes", "true" },
    { "Off", "false" },
    { "017", "15" },
    { "-5", "-5" },
    { "9223372036854775807", "9223372036854775807" },
    { "1.50", "1.5" },
    { "0.1", "0.1" },
    { "100000.0", "100000" },
    { "1000000.0", "1e+06" },
    { "1234567.0", "1.234567e+06" },
    { "0.0001", "0.0001" },
    { "0.00001", "1e-05" },
    { "16777217.0", "1.6777216e+07" },
    { "1000000000000000000000000000000000000", "1e+36" },
    { "-0.0", "-0" },
};

static void makes_keys_strings(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct scalar s;
        struct sv key = { NULL, 0 };
        struct err e = { 0 };

        assert_true(scalar_resolve(sv_from(keys[i].text), (struct sv)NO_TAG, true, &a, &s, &e));
        assert_int_equal(scalar_key(&s, &a, &key, &e), keys[i].key != NULL);
        assert_int_equal(e.code, keys[i].key ? ERR_NONE : ERR_INPUT);
        assert_sv(key, keys[i].key);
    }
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    struct arena none = { 0 };
    struct scalar s;
    struct err e = { 0 };

    assert_false(scalar_resolve(SV("12"), (struct sv)NO_TAG, true, &none, &s, &e));
    assert_err(e, ERR_LIMIT, "memory");
}

static void resolves_very_long_numbers(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(16 << 20);
    static char digits[1000001];
    struct scalar s;
    struct err e = { 0 };

    memset(digits, '9', sizeof(digits) - 1);
    assert_true(scalar_resolve(sv_from(digits), (struct sv)NO_TAG, true, &a, &s, &e));
    assert_int_equal(s.type, SCALAR_STRING);
    digits[0] = '.';
    assert_true(scalar_resolve(sv_from(digits), (struct sv)NO_TAG, true, &a, &s, &e));
    assert_int_equal(s.type, SCALAR_FLOAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_json_cannot_hold),
        cmocka_unit_test(resolves_plain_scalars),
        cmocka_unit_test(leaves_quoted_scalars_alone),
        cmocka_unit_test(honours_tags),
        cmocka_unit_test(makes_keys_strings),
        cmocka_unit_test(says_when_the_arena_is_full),
        cmocka_unit_test(resolves_very_long_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
