/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"
#include "rules/sidecar_parameter.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define X8 "a:1,a:1,a:1,a:1,a:1,a:1,a:1,a:1"

static void values_are_held_to_their_type(void **state UNUSED)
{
    static const struct {
        enum sidecar_type type;
        const char *text;
        bool is_good;
    } cases[] = {
        { SIDECAR_PORT, "", false },
        { SIDECAR_PORT, "0", false },
        { SIDECAR_PORT, "65536", false },
        { SIDECAR_PORT, "99999999999999999999999", false },
        { SIDECAR_PORT, "080", false },
        { SIDECAR_PORT, "+80", false },
        { SIDECAR_PORT, "-1", false },
        { SIDECAR_PORT, " 80", false },
        { SIDECAR_PORT, "80\n", false },
        { SIDECAR_PORT, "8e1", false },
        { SIDECAR_PORT, "0x50", false },
        { SIDECAR_PORT, "1", true },
        { SIDECAR_PORT, "65535", true },
        { SIDECAR_HOSTPORTS, "", false },
        { SIDECAR_HOSTPORTS, "a", false },
        { SIDECAR_HOSTPORTS, ":80", false },
        { SIDECAR_HOSTPORTS, "a:", false },
        { SIDECAR_HOSTPORTS, "a:0", false },
        { SIDECAR_HOSTPORTS, "a:1:2", false },
        { SIDECAR_HOSTPORTS, "a:1,", false },
        { SIDECAR_HOSTPORTS, ",a:1", false },
        { SIDECAR_HOSTPORTS, "a:1, b:2", false },
        { SIDECAR_HOSTPORTS, "A:1", false },
        { SIDECAR_HOSTPORTS, "a..b:1", false },
        { SIDECAR_HOSTPORTS, "a.:1", false },
        { SIDECAR_HOSTPORTS, "-a:1", false },
        { SIDECAR_HOSTPORTS, "a_b:1", false },
        { SIDECAR_HOSTPORTS, "1.2.3:1", false },
        { SIDECAR_HOSTPORTS, "1.2.3.256:1", false },
        { SIDECAR_HOSTPORTS, "1.2.3.04:1", false },
        { SIDECAR_HOSTPORTS, "1.2.3.4.5:1", false },
        { SIDECAR_HOSTPORTS, "a.1:1", false },
        { SIDECAR_HOSTPORTS, "2130706433:1", false },
        { SIDECAR_HOSTPORTS, "[::1]:1", false },
        { SIDECAR_HOSTPORTS, "a:1;reboot", false },
        { SIDECAR_HOSTPORTS, X8 "," X8 "," X8 "," X8 ",a:1", false },
        { SIDECAR_HOSTPORTS, L63 "." L63 "." L63 "." L63 ":1", false },
        { SIDECAR_HOSTPORTS, X8 "," X8 "," X8 "," X8, true },
        { SIDECAR_HOSTPORTS, "db.example.gov:5432,10.0.0.1:443", true },
        { SIDECAR_HOSTPORTS, L63 "." L63 "." L63 ":1", true },
        { SIDECAR_HOSTPORTS, "1a.2b:1", true },
        { SIDECAR_DNS_LABEL, "", false },
        { SIDECAR_DNS_LABEL, "A", false },
        { SIDECAR_DNS_LABEL, "a.b", false },
        { SIDECAR_DNS_LABEL, "-a", false },
        { SIDECAR_DNS_LABEL, "a-", false },
        { SIDECAR_DNS_LABEL, L63 "a", false },
        { SIDECAR_DNS_LABEL, "a\xc3\xa4", false },
        { SIDECAR_DNS_LABEL, L63, true },
        { SIDECAR_DNS_LABEL, "0-a", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (!sidecar_parameter_fault(cases[i].type, sv_from(cases[i].text)) != cases[i].is_good)
            fail_msg("%s: %s", sidecar_parameter_wanted(cases[i].type), cases[i].text);
}

static void a_nul_byte_is_in_no_type(void **state UNUSED)
{
    static const struct sv text = { "80\0", 3 };

    assert_non_null(sidecar_parameter_fault(SIDECAR_PORT, text));
    assert_non_null(sidecar_parameter_fault(SIDECAR_DNS_LABEL, text));
    assert_non_null(sidecar_parameter_fault(SIDECAR_HOSTPORTS, (struct sv){ "a:1\0", 4 }));
}

static void only_the_default_of_a_list_may_be_empty(void **state UNUSED)
{
    assert_null(sidecar_parameter_default_fault(SIDECAR_HOSTPORTS, SV("")));
    assert_non_null(sidecar_parameter_default_fault(SIDECAR_PORT, SV("")));
    assert_non_null(sidecar_parameter_default_fault(SIDECAR_DNS_LABEL, SV("")));
    assert_non_null(sidecar_parameter_default_fault(SIDECAR_HOSTPORTS, SV("a")));
    assert_non_null(sidecar_parameter_fault(SIDECAR_HOSTPORTS, SV("")));
}

static void text_is_cut_at_placeholders(void **state UNUSED)
{
    static const struct {
        const char *text, *before, *name, *rest; /* name NULL: none */
    } cases[] = {
        { "", "", NULL, "" },      { "plain $(VAR) $ {", "plain $(VAR) $ {", NULL, "" },
        { "${A}", "", "A", "" },   { "x${A}y${B}", "x", "A", "y${B}" },
        { "x${A", "x", "", "" },   { "${}", "", "", "" },
        { "$${A}", "$", "A", "" }, { "${${A}", "", "${A", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sv rest = sv_from(cases[i].text), before, name = { NULL, 0 };
        bool found = sidecar_parameter_cut(&rest, &before, &name);

        if (found != (cases[i].name != NULL) || !sv_eq(before, sv_from(cases[i].before)))
            fail_msg("%s: before `%.*s`", cases[i].text, SV_ARG(before));
        if (found && (!sv_eq(name, sv_from(cases[i].name)) || !sv_eq(rest, sv_from(cases[i].rest))))
            fail_msg("%s: `%.*s`, then `%.*s`", cases[i].text, SV_ARG(name), SV_ARG(rest));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_held_to_their_type),
        cmocka_unit_test(a_nul_byte_is_in_no_type),
        cmocka_unit_test(only_the_default_of_a_list_may_be_empty),
        cmocka_unit_test(text_is_cut_at_placeholders),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
