/* SPDX-License-Identifier: Apache-2.0 */
/* Single policies: rules that nothing reaches, exclusions that go too far, values given twice. */
#ifndef CLI_LINT_POLICY_H
#define CLI_LINT_POLICY_H

#include "cli/lint.h"

void lint_policy_all(struct lint *l);

#endif
