/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 4648 section 10, and what does not fit. */
#include "base/attr.h"
#include "base/base64.h"
#include "support/check.h"

static const struct {
    struct sv bytes;
    const char *text;
} rows[] = {
    { SV_INIT(""), "" },
    { SV_INIT("f"), "Zg==" },
    { SV_INIT("fo"), "Zm8=" },
    { SV_INIT("foo"), "Zm9v" },
    { SV_INIT("foob"), "Zm9vYg==" },
    { SV_INIT("fooba"), "Zm9vYmE=" },
    { SV_INIT("foobar"), "Zm9vYmFy" },
    { SV_INIT("\xff\xfe\xfd"), "//79" },
    { SV_INIT("\xfb\xf0\x00"), "+/AA" },
    { SV_INIT("\0"), "AA==" },
};

static const struct sv wrong[] = {
    SV_INIT("Zg"),      SV_INIT("Zg="),      SV_INIT("Zg===") /* lengths */,
    SV_INIT("Z==="),    SV_INIT("===="),     SV_INIT("Zg==Zg==") /* padding where none may be */,
    SV_INIT("Zh=="),    SV_INIT("Zm9="), /* bits left over */
    SV_INIT("Zm9\n"),   SV_INIT("Zm 9vYmE"), SV_INIT("-_-_"),
    SV_INIT("Zm9\xff"), /* letters of others */
};

static void refuses_other_spellings(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 10);
    struct sv out;

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct err e = { 0 };

        if (base64_read(wrong[i], &a, &out, &e))
            fail_msg("takes %.*s", SV_ARG(wrong[i]));
        assert_err(e, ERR_INPUT, "not base64");
    }
}

static void reads_what_it_writes(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 10);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sv out = { NULL, 0 };
        struct err e = { 0 };

        assert_true(base64_read(sv_from(rows[i].text), &a, &out, &e));
        assert_true(sv_eq(out, rows[i].bytes));
    }
}

static void fails_where_there_is_no_room(void **state UNUSED)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(7);

    base64_add(&out, SV("foob"));
    assert_false(buf_ok(&out));
    assert_int_equal(out.len, 0);
}

static void encodes(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(buf_fini) struct buf out = BUF_INIT(100);

        buf_add(&out, SV(">"));
        base64_add(&out, rows[i].bytes);
        assert_true(buf_ok(&out));
        assert_sv(sv_skip(buf_sv(&out), 1), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_other_spellings),
        cmocka_unit_test(fails_where_there_is_no_room),
        cmocka_unit_test(reads_what_it_writes),
        cmocka_unit_test(encodes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
