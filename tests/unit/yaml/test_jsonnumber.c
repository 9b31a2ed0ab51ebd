/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"
#include "yaml/jsonnumber.h"

static void resolves_numbers_as_kubectl_does(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "2.0", "2" },
        { "-3e2", "-300" },
        { "-0", "0" },
        { "[1.50,1E3,\t0.5e-1]", "[1.5,1000,\t0.05]" },
        { "{\"1.0\":\"1.0\",\"a\":[1,{\"b\":1.0}], \"c\" : 7}", "{\"1.0\":\"1.0\",\"a\":[1,{\"b\":1}], \"c\" : 7}" },
        { "[\"\\\\\",2.0,\"\\\"3.0\"]", "[\"\\\\\",2,\"\\\"3.0\"]" },
        { "9223372036854775807", "9223372036854775807" },
        { "1e21", "1e+21" },
        { "[1e999]", "[1e999]" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct err e = { 0 };
        struct sv out;

        if (!jsonnumber_resolve(sv_from(rows[i][0]), &a, &out, &e))
            fail_msg("%s: %s", rows[i][0], e.msg);
        assert_sv(out, rows[i][1]);
    }
}

static void leaves_a_text_alone_where_it_can(void **state UNUSED)
{
    static const char *const rows[] = { "{}", "[1,-2,true,null,\"-3.0e1\"]", "123456789012345678", "\"1e3\"" };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena none = { 0 };
        struct err e = { 0 };
        struct sv out;

        assert_true(jsonnumber_resolve(sv_from(rows[i]), &none, &out, &e));
        assert_ptr_equal(out.p, rows[i]);
    }
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    struct arena none = { 0 };
    struct err e = { 0 };
    struct sv out;

    assert_false(jsonnumber_resolve(SV("[1,2.0]"), &none, &out, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolves_numbers_as_kubectl_does),
        cmocka_unit_test(leaves_a_text_alone_where_it_can),
        cmocka_unit_test(says_when_the_arena_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
