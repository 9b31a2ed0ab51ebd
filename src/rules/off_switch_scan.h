/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words in a command line: options (`-Dname=value`, `--name`) and assignments
 * (`NAME=value ./app`), wherever a shell would begin a word. No shell is
 * imitated: quotes are seen, escapes and expansions are not, so whoever wants
 * to hide a word here can. Linear in the text.
 *
 *     for (size_t at = 0; off_switch_scan_option(text, &at, &name);)
 *         if (is_interesting(name))
 *             value = off_switch_scan_value(text, &at);
 */
#ifndef RULES_OFF_SWITCH_SCAN_H
#define RULES_OFF_SWITCH_SCAN_H

#include "base/sv.h"
#include <stdbool.h>

/* The next word from *at on; its name without the value. */
bool off_switch_scan_option(struct sv text, size_t *at, struct sv *name);
bool off_switch_scan_assignment(struct sv text, size_t *at, struct sv *name);

/* The value of the word just found; goes on behind it. Empty: it has none. */
struct sv off_switch_scan_value(struct sv text, size_t *at);

#endif
