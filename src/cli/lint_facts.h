/* SPDX-License-Identifier: Apache-2.0 */
/* Facts nobody uses, facts that are missing, and those that have grown old. */
#ifndef CLI_LINT_FACTS_H
#define CLI_LINT_FACTS_H

#include "cli/lint.h"

void lint_facts_all(struct lint *l);

#endif
