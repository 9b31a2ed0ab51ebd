/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of `fipsgate check`, from its options to its exit code: find the
 * inputs, gather what stands in all of them, judge one after the other, report.
 */
#ifndef CLI_CHECK_RUN_H
#define CLI_CHECK_RUN_H

#include "cli/check_rewrite.h"
#include "cli/exit.h"
#include "cli/opt.h"
#include "kube/request.h"
#include "policy/policy.h"
#include "rules/rule.h"
#include <stdbool.h>

struct check_options {
    struct opt_values policies, facts, never_deny;
    enum max_mode max_mode;
    const char *today, *namespace, *user;
    enum operation operation;
    struct opt_values helm, values, kustomize;
    struct opt_values outputs, layers;
    enum severity least;
    const char *baseline, *write_baseline;
    bool mutates, diffs, fixes;
    bool shows_skipped, shows_passes, is_isolated, exits_zero;
    enum check_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
    bool prints_schema;
};

enum exit_code check_run(const struct check_options *o, const struct opt_values *paths);

#endif
