/* SPDX-License-Identifier: Apache-2.0 */
/* The table of all rules: the only list there is, in alphabetical order. */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include "rules/rule.h"

size_t rules_count(void);
const struct rule *rules_at(size_t index);
const struct rule *rules_find(struct sv id); /* NULL: unknown */

#endif
