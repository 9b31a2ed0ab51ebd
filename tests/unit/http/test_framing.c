/* SPDX-License-Identifier: Apache-2.0 */
/* One length, digits only, no coding. */
#include "http/framing.h"

#include "support/check.h"

static const struct {
    const char *what;
    struct {
        const char *name, *value;
    } fields[3];
    enum refusal refusal;
    size_t length;
} rows[] = {
    { "nothing", { { "Host", "x" } }, REFUSAL_NO_LENGTH, 0 },
    { "two lengths", { { "Content-Length", "2" }, { "Content-Length", "2" } }, REFUSAL_TWO_LENGTHS, 0 },
    { "two lengths in other letters",
      { { "content-length", "2" }, { "CONTENT-LENGTH", "3" } },
      REFUSAL_TWO_LENGTHS,
      0 },
    { "a coding", { { "Transfer-Encoding", "chunked" } }, REFUSAL_CODING, 0 },
    { "an empty coding", { { "Transfer-Encoding", "" } }, REFUSAL_CODING, 0 },
    { "both", { { "Content-Length", "2" }, { "transfer-encoding", "chunked" } }, REFUSAL_CODING, 0 },
    { "a sign", { { "Content-Length", "+2" } }, REFUSAL_BAD_LENGTH, 0 },
    { "a list", { { "Content-Length", "2,2" } }, REFUSAL_BAD_LENGTH, 0 },
    { "hexadecimal", { { "Content-Length", "0x2" } }, REFUSAL_BAD_LENGTH, 0 },
    { "empty", { { "Content-Length", "" } }, REFUSAL_BAD_LENGTH, 0 },
    { "overflow", { { "Content-Length", "18446744073709551616" } }, REFUSAL_BAD_LENGTH, 0 },
    { "a good one", { { "Content-Length", "2048" }, { "Accept", "*/*" } }, REFUSAL_NONE, 2048 },
    { "zero", { { "Content-Length", "0" } }, REFUSAL_NONE, 0 },
    { "leading zeros", { { "Content-Length", "007" } }, REFUSAL_NONE, 7 },
};

static void judges_every_combination(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct framing f = { 0 };

        for (size_t k = 0; k < 3 && rows[i].fields[k].name; k++)
            framing_add(&f, sv_from(rows[i].fields[k].name), sv_from(rows[i].fields[k].value));
        if (framing_judge(&f) != rows[i].refusal)
            fail_msg("%s: %d", rows[i].what, (int)framing_judge(&f));
        if (rows[i].refusal == REFUSAL_NONE && f.length != rows[i].length)
            fail_msg("%s: %zu", rows[i].what, f.length);
    }
}

static void takes_no_second_content_type(void **state)
{
    struct framing f = { 0 };

    (void)state;
    framing_add(&f, SV("content-type"), SV("application/json"));
    assert_sv(f.content_type, "application/json");
    framing_add(&f, SV("Content-Type"), SV("application/json"));
    assert_sv(f.content_type, NULL);
    framing_add(&f, SV("Content-Type"), SV("application/json"));
    assert_sv(f.content_type, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_combination),
        cmocka_unit_test(takes_no_second_content_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
