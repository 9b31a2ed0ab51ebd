/* SPDX-License-Identifier: Apache-2.0 */
/* Exceptions that do not count, and those that lift nothing. */
#ifndef CLI_LINT_EXCEPTION_H
#define CLI_LINT_EXCEPTION_H

#include "cli/lint.h"

void lint_exception_all(struct lint *l);

#endif
