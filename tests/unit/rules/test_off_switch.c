/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "base/attr.h"
#include "rules/off_switch.h"

static void what_is_no_switch_is_refused(void **state UNUSED)
{
    static const char *const rows[] = {
        "",        "OPENSSL_CONF", "env",    "env:",    "env:=x",    "Env:X",       "env:X~",
        "env:X~k", "env:X~=v",     "env:X!", "env:X!v", "arg:",      "arg:x",       "arg:=x",
        "mount:",  "mount:etc",    "mount",  "sysctl:", "sysctl:=1", "file:/etc/x", "arg:-x~k=v",
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct off_switch s;
        struct err e = { 0 };

        if (off_switch_parse(sv_from(rows[i]), &s, &e) || e.code != ERR_INPUT)
            fail_msg("%s", rows[i]);
    }
}

static void a_switch_holds_for_its_values(void **state UNUSED)
{
    static const struct {
        const char *text, *value;
        bool holds;
    } rows[] = {
        { "env:X", "", true },
        { "env:X", "anything", true },
        { "env:X=0", "0", true },
        { "env:X=0", "", false },
        { "env:X=0", "00", false },
        { "env:X=false", "FALSE", true },
        { "env:X=a=b", "a=b", true },
        { "env:X=", "", true },
        { "env:X=", "x", false },
        { "env:X!=1", "1", false },
        { "env:X!=1", "", true },
        { "env:X!=1", "10", true },
        { "env:X!=true", "True", false },
        { "env:X~k=off", "off", false },
        { "env:X~k=off", "k=off", true },
        { "env:X~k=off", "a=b,k=OFF", true },
        { "env:X~k=off", "k=off,k=on", false },
        { "env:X~k=", "k=", true },
        { "env:X~k=", "", false },
        { "arg:-x!=true", "", true },
        { "mount:/etc/a=b", "", true },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct off_switch s;
        struct err e = { 0 };

        if (!off_switch_parse(sv_from(rows[i].text), &s, &e) ||
            off_switch_holds(&s, sv_from(rows[i].value)) != rows[i].holds)
            fail_msg("%s of %s %s", rows[i].text, rows[i].value, e.msg);
    }
}

static void the_path_of_a_mount_is_its_whole_name(void **state UNUSED)
{
    struct off_switch s;
    struct err e = { 0 };

    assert_true(off_switch_parse(SV("mount:/etc/a=b~c!d"), &s, &e));
    assert_int_equal(s.kind, OFF_SWITCH_MOUNT);
    assert_sv(s.name, "/etc/a=b~c!d");
}

static void switches_are_found_by_kind_and_name(void **state UNUSED)
{
    static const char *const texts[] = {
        "sysctl:crypto.fips_enabled", "arg:--open-ssl", "env:B", "env:A=1", "mount:/a", "env:A=0", "arg:-B"
    };
    static const struct {
        enum off_switch_kind kind;
        const char *name;
        size_t count;
    } rows[] = {
        { OFF_SWITCH_ENV, "A", 2 },
        { OFF_SWITCH_ENV, "B", 1 },
        { OFF_SWITCH_ENV, "", 0 },
        { OFF_SWITCH_ENV, "a", 0 },
        { OFF_SWITCH_ENV, "C", 0 },
        { OFF_SWITCH_ENV, "-B", 0 },
        { OFF_SWITCH_ARG, "-B", 1 },
        { OFF_SWITCH_ARG, "B", 0 },
        { OFF_SWITCH_ARG, "--open_ssl", 1 },
        { OFF_SWITCH_ARG, "--open-ss", 0 },
        { OFF_SWITCH_SYSCTL, "crypto/fips_enabled", 1 },
        { OFF_SWITCH_SYSCTL, "crypto.fips-enabled", 0 },
        { OFF_SWITCH_MOUNT, "/a", 1 },
    };
    struct off_switch items[ARRAY_LEN(texts)];
    struct off_switches all;
    struct err e = { 0 };
    size_t count;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_true(off_switch_parse(sv_from(texts[i]), &items[i], &e));
    off_switch_sort(items, ARRAY_LEN(items), &all);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct off_switch *found = off_switch_find(&all, rows[i].kind, sv_from(rows[i].name), &count);

        if (count != rows[i].count || !found != !count)
            fail_msg("%s: %zu", rows[i].name, count);
    }
    off_switch_sort(NULL, 0, &all);
    assert_null(off_switch_find(&all, OFF_SWITCH_ENV, SV("A"), &count));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_switch_is_refused),
        cmocka_unit_test(a_switch_holds_for_its_values),
        cmocka_unit_test(the_path_of_a_mount_is_its_whole_name),
        cmocka_unit_test(switches_are_found_by_kind_and_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
