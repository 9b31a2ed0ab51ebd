/* SPDX-License-Identifier: Apache-2.0 */
/* Two rules of one type: the same thing said twice, or two repairs that contradict each other. */
#ifndef CLI_LINT_OVERLAP_H
#define CLI_LINT_OVERLAP_H

#include "cli/lint.h"

void lint_overlap_all(struct lint *l);

#endif
