/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a driver's parameters, without a word of what it means to a policy. */
#include "rule_bench.h"
#include "rules/storage_driver.h"

#define ROW(value, rest) "{value: " value ", verdict: allow, sure: A, source: x, asOf: 2026-11-22, " rest "}"
#define OFF "forbidden: [{name: plain, values: ['true']}]"
#define ASKS "encryption: parameters, parameters: [{name: encrypted, values: ['true']}]"

static const char drivers[] =
    ROW("asks.csi", ASKS ", anyPrefix: true, " OFF) "," ROW("always", "encryption: always, " OFF) "," ROW(
        "hidden", "encryption: not-visible") "," ROW("never", "encryption: never");

static const struct {
    const char *driver, *parameters; /* driver NULL: none is named */
    enum storage_state class, change;
    bool is_plain; /* as a class */
} cases[] = {
    { NULL, "{}", STORAGE_UNKNOWN_DRIVER, STORAGE_UNKNOWN_DRIVER, false },
    { "", "{}", STORAGE_UNKNOWN_DRIVER, STORAGE_UNKNOWN_DRIVER, false },
    { "other", "{}", STORAGE_UNKNOWN_DRIVER, STORAGE_UNKNOWN_DRIVER, false },
    { "x.always", "{}", STORAGE_UNKNOWN_DRIVER, STORAGE_UNKNOWN_DRIVER, false },
    { "asks.csi", "{}", STORAGE_NOT_ASKED, STORAGE_ENCRYPTED, true },
    { "asks.csi", "null", STORAGE_NOT_ASKED, STORAGE_ENCRYPTED, true },
    { "rook.asks.csi", "{encrypted: 'false'}", STORAGE_NOT_ASKED, STORAGE_NOT_ASKED, true },
    { "asks.csi", "{encrypted: 'true'}", STORAGE_ENCRYPTED, STORAGE_ENCRYPTED, false },
    { "asks.csi", "{encrypted: 'true', plain: 'true'}", STORAGE_SWITCHED_OFF, STORAGE_SWITCHED_OFF, true },
    { "always", "{}", STORAGE_ENCRYPTED, STORAGE_ENCRYPTED, false },
    { "always", "{plain: 'true'}", STORAGE_SWITCHED_OFF, STORAGE_SWITCHED_OFF, true },
    { "hidden", "{}", STORAGE_NOT_VISIBLE, STORAGE_ENCRYPTED, false },
    { "never", "{}", STORAGE_NEVER, STORAGE_ENCRYPTED, true },
};

static void a_class_and_a_change_are_judged_by_what_they_say(void **state UNUSED)
{
    const struct pointer root = POINTER_ROOT;
    const struct strings all = storage_driver_default;
    struct bench b;
    struct values values;
    struct rule_build build;

    bench_begin(&b, &rule_storage_encryption);
    bench_facts(&b, "storage-drivers", drivers);
    build = (struct rule_build){ bench_yaml(&b, "{}"), &root, NULL, b.facts, &b.arena, &b.missing };
    assert_true(values_compile(&build, &root, &all, &values, &b.e));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct json *parameters = bench_yaml(&b, cases[i].parameters)->root;
        struct sv driver = sv_from(cases[i].driver);
        struct storage_judgement class = storage_driver_judge(&values, driver, parameters, false);
        struct storage_judgement change = storage_driver_judge(&values, driver, parameters, true);

        if (class.state != cases[i].class || change.state != cases[i].change ||
            storage_driver_is_plain(&class) != cases[i].is_plain)
            fail_msg("%s %s: %d, %d", cases[i].driver, cases[i].parameters, (int)class.state, (int)change.state);
    }
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_and_a_change_are_judged_by_what_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
