/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the format, to the byte. */
#include "http/exposition.h"

#include "support/check.h"

static void values_of_labels_are_escaped(void **state)
{
    static const struct exposition_label labels[] = {
        { "a", SV_INIT("say \"\\n\"\n") },
        { "b", SV_INIT("") },
    };
    CLEANUP(buf_fini) struct buf out = BUF_INIT(4096);

    (void)state;
    exposition_sample(&out, "x", labels, 2, UINT64_MAX);
    assert_sv(buf_sv(&out), "x{a=\"say \\\"\\\\n\\\"\\n\",b=\"\"} 18446744073709551615\n");
}

static void a_family_is_help_type_and_samples(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(4096);

    (void)state;
    exposition_counter(&out, "x_total", "All.", 7);
    exposition_gauge(&out, "y", "Now.", -1);
    exposition_family(&out, "z", "histogram", "None.");
    assert_sv(buf_sv(&out), "# HELP x_total All.\n# TYPE x_total counter\nx_total 7\n"
                            "# HELP y Now.\n# TYPE y gauge\ny -1\n"
                            "# HELP z None.\n# TYPE z histogram\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_labels_are_escaped),
        cmocka_unit_test(a_family_is_help_type_and_samples),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
