/* SPDX-License-Identifier: Apache-2.0 */
/* The words for what a verdict holds. */
#include "policy/verdict.h"

const char *verdict_stage_name(enum stage stage)
{
    static const char *const names[] = {
        [STAGE_VALIDATE] = "validate",
        [STAGE_ENFORCE] = "enforce",
        [STAGE_AUDIT] = "audit",
        [STAGE_MUTATE] = "mutate",
    };

    return names[stage];
}

const char *verdict_mode_name(enum mode mode)
{
    static const char *const names[] = {
        [MODE_OFF] = "off",
        [MODE_AUDIT] = "audit",
        [MODE_WARN] = "warn",
        [MODE_ENFORCE] = "enforce",
    };

    return names[mode];
}

const char *verdict_result_name(enum result result)
{
    static const char *const names[] = {
        [RESULT_UNKNOWN] = "unknown",         [RESULT_VIOLATION] = "violation",         [RESULT_PASS] = "pass",
        [RESULT_WILL_MUTATE] = "will-mutate", [RESULT_GRANDFATHERED] = "grandfathered", [RESULT_EXCEPTED] = "excepted",
    };

    return names[result];
}
