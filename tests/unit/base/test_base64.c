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
        cmocka_unit_test(fails_where_there_is_no_room),
        cmocka_unit_test(encodes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
