/* SPDX-License-Identifier: Apache-2.0 */
/* Only a traceparent that is one gives a trace id. */
#include "base/attr.h"
#include "http/journal.h"
#include "support/check.h"

#define ID "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

static void rejects_what_is_no_traceparent(void **state)
{
    static const char *const wrong[] = {
        "",
        "-",
        "00",
        "00-",
        "00-" ID,
        "00-" ID "-" PARENT,
        "00-" ID "-" PARENT "-",
        "00-" ID "-" PARENT "-1",
        "00-" ID "-" PARENT "-0g",
        "00-" ID "-" PARENT "-011",
        "00-" ID "-" PARENT "-01-",
        "00-" ID "-" PARENT "-01-more",
        "00-" ID "-" PARENT "-01, 00-" ID "-" PARENT "-01",
        " 00-" ID "-" PARENT "-01",
        "00-" ID "-" PARENT "-01 ",
        "ff-" ID "-" PARENT "-01",
        "FE-" ID "-" PARENT "-01",
        "0-" ID "-" PARENT "-01",
        "fe-" ID "-" PARENT "-01more",
        "00-00000000000000000000000000000000-" PARENT "-01",
        "00-" ID "-0000000000000000-01",
        "00-" ID "0-" PARENT "-01",
        "00-0af7651916cd43dd8448eb211c80319-" PARENT "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" PARENT "-01",
        "00-0af7651916cd43dd8448eb211c8031\"c-" PARENT "-01",
        "00-0af7651916cd43dd8448eb211c8031\nc-" PARENT "-01",
        "00-" ID "-b7ad6b716920333-01",
        "00_" ID "_" PARENT "_01",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_sv(journal_trace_id(sv_from(wrong[i])), NULL);
    assert_sv(journal_trace_id((struct sv){ NULL, 0 }), NULL);
    assert_sv(journal_trace_id(SV("00-" ID "-" PARENT "-0\0")), NULL);
}

static void gives_the_trace_id(void **state)
{
    (void)state;
    assert_sv(journal_trace_id(SV("00-" ID "-" PARENT "-01")), ID);
    assert_sv(journal_trace_id(SV("00-" ID "-" PARENT "-ff")), ID);
    assert_sv(journal_trace_id(SV("01-" ID "-" PARENT "-00")), ID);
    assert_sv(journal_trace_id(SV("fe-" ID "-" PARENT "-00-what-comes-later")), ID);
    assert_sv(journal_trace_id(SV("00-00000000000000000000000000000001-0000000000000001-00")),
              "00000000000000000000000000000001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rejects_what_is_no_traceparent),
        cmocka_unit_test(gives_the_trace_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
