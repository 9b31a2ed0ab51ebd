/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what becomes of a finding: result, mode, repaired or not. */
#include "policy/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct patch_op mend = { .class = PATCH_REPLACE };

#define REPAIRS .repairs = &mend
#define V FINDING_VIOLATION
#define U FINDING_UNKNOWN

static const struct {
    const char *what;
    struct finding finding;
    struct circumstances c;
    enum mode on_unknown;
    enum result result;
    enum mode mode;
    bool repaired;
} rows[] = {
    { "violation enforced",
      { .kind = V },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_ENFORCE,
      false },
    { "violation warned", { .kind = V }, { MODE_WARN, 0, 1, 1, false }, MODE_WARN, RESULT_VIOLATION, MODE_WARN, false },
    { "unknown takes the milder",
      { .kind = U },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_UNKNOWN,
      MODE_WARN,
      false },
    { "unknown never above mode",
      { .kind = U },
      { MODE_AUDIT, 0, 1, 1, false },
      MODE_ENFORCE,
      RESULT_UNKNOWN,
      MODE_AUDIT,
      false },
    { "unknown may deny",
      { .kind = U },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_ENFORCE,
      RESULT_UNKNOWN,
      MODE_ENFORCE,
      false },
    { "a warn fact warns",
      { .kind = V, .warn_only = true },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_WARN,
      false },
    { "a warn fact never repairs",
      { .kind = V, .warn_only = true, REPAIRS },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_WARN,
      false },
    { "a pass does nothing",
      { .kind = FINDING_PASS },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_PASS,
      MODE_OFF,
      false },
    { "grandfathered warns",
      { .kind = V },
      { MODE_ENFORCE, 1, 1, 1, false },
      MODE_WARN,
      RESULT_GRANDFATHERED,
      MODE_WARN,
      false },
    { "grandfathered is not repaired",
      { .kind = V, REPAIRS },
      { MODE_ENFORCE, 1, 1, 1, false },
      MODE_WARN,
      RESULT_GRANDFATHERED,
      MODE_WARN,
      false },
    { "grandfathered stays milder",
      { .kind = V },
      { MODE_AUDIT, 1, 1, 1, false },
      MODE_WARN,
      RESULT_GRANDFATHERED,
      MODE_AUDIT,
      false },
    { "repairable is repaired",
      { .kind = V, REPAIRS },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_ENFORCE,
      true },
    { "unknown can be repaired",
      { .kind = U, REPAIRS },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_UNKNOWN,
      MODE_WARN,
      true },
    { "a warning policy changes nothing",
      { .kind = V, REPAIRS },
      { MODE_WARN, 0, 1, 1, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_WARN,
      false },
    { "not where repair is not allowed",
      { .kind = V, REPAIRS },
      { MODE_ENFORCE, 0, 0, 0, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_ENFORCE,
      false },
    { "a template will be mended later",
      { .kind = V, .on_template = true, REPAIRS },
      { MODE_ENFORCE, 0, 0, 1, false },
      MODE_WARN,
      RESULT_WILL_MUTATE,
      MODE_OFF,
      false },
    { "a template never now",
      { .kind = V, .on_template = true, REPAIRS },
      { MODE_ENFORCE, 0, 1, 1, false },
      MODE_WARN,
      RESULT_WILL_MUTATE,
      MODE_OFF,
      false },
    { "a template without repair denies",
      { .kind = V, .on_template = true },
      { MODE_ENFORCE, 0, 0, 1, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_ENFORCE,
      false },
    { "repair: false denies the template",
      { .kind = V, .on_template = true, REPAIRS },
      { MODE_ENFORCE, 0, 0, 0, false },
      MODE_WARN,
      RESULT_VIOLATION,
      MODE_ENFORCE,
      false },
    { "an exception lifts it",
      { .kind = V },
      { MODE_ENFORCE, 0, 1, 1, true },
      MODE_WARN,
      RESULT_EXCEPTED,
      MODE_OFF,
      false },
    { "and leaves it as it is",
      { .kind = V, REPAIRS },
      { MODE_ENFORCE, 0, 1, 1, true },
      MODE_WARN,
      RESULT_EXCEPTED,
      MODE_OFF,
      false },
};

static void decides_by_the_table(void **state UNUSED)
{
    static const struct rule rule = { .id = "r", .layer = "storage" };
    const struct compiled_rule compiled = { .rule = &rule };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct policy p = { .on_unknown = rows[i].on_unknown };
        struct judgement j = judge_finding(&p, &compiled, &rows[i].finding, &rows[i].c);

        if (j.result != rows[i].result || j.mode != rows[i].mode)
            fail_msg("%s: %s, %s", rows[i].what, verdict_result_name(j.result), verdict_mode_name(j.mode));
        if (judge_repairs(&rows[i].finding, &rows[i].c) != rows[i].repaired)
            fail_msg("%s: repair", rows[i].what);
    }
}

static void names_the_layer_of_the_policy_or_else_of_the_rule(void **state UNUSED)
{
    static const struct rule rule = { .id = "r", .layer = "storage" };
    const struct compiled_rule compiled = { .rule = &rule };
    const struct circumstances c = { .mode = MODE_ENFORCE };
    const struct finding f = { .kind = V };
    struct policy p = { .layer = { NULL, 0 } };

    assert_true(sv_eq(judge_finding(&p, &compiled, &f, &c).layer, SV("storage")));
    p.layer = SV("node-os");
    assert_true(sv_eq(judge_finding(&p, &compiled, &f, &c).layer, SV("node-os")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides_by_the_table),
        cmocka_unit_test(names_the_layer_of_the_policy_or_else_of_the_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
