/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What switches FIPS off, as facts write it (set `off-switches`):
 *
 *     env:NAME              an environment variable, whatever its value
 *     env:NAME=VALUE        with that value, letter case ignored
 *     env:NAME!=VALUE       with any other value
 *     env:NAME~KEY=VALUE    the last KEY of its list KEY=VALUE,KEY=VALUE
 *     arg:-NAME             an option of a program; also with =VALUE, !=VALUE
 *     mount:/PATH           something mounted at, above or below the path
 *     sysctl:NAME           a kernel parameter of the pod; also with =VALUE, !=VALUE
 *
 * Compiled once; looking up allocates nothing.
 */
#ifndef RULES_OFF_SWITCH_H
#define RULES_OFF_SWITCH_H

#include "base/attr.h"
#include "base/err.h"
#include "facts/facts.h"

enum off_switch_kind { OFF_SWITCH_ENV, OFF_SWITCH_ARG, OFF_SWITCH_MOUNT, OFF_SWITCH_SYSCTL, OFF_SWITCH_KINDS };
enum off_switch_test { OFF_SWITCH_ANY, OFF_SWITCH_IS, OFF_SWITCH_IS_NOT, OFF_SWITCH_ITEM };

struct off_switch {
    enum off_switch_kind kind;
    enum off_switch_test test;
    struct sv name;
    struct sv key;   /* OFF_SWITCH_ITEM */
    struct sv value; /* not OFF_SWITCH_ANY */
    const struct fact *row;
};

/* The message says what is wrong; where it stands the caller knows. */
MUST_CHECK bool off_switch_parse(struct sv text, struct off_switch *out, struct err *e);

/* Does a thing of that name with this value switch FIPS off? */
bool off_switch_holds(const struct off_switch *s, struct sv value);

/* All switches, those of one kind side by side and sorted by name. */
struct off_switches {
    const struct off_switch *items;
    size_t first[OFF_SWITCH_KINDS + 1]; /* of each kind; the last is the count */
};
void off_switch_sort(struct off_switch *items, size_t count, struct off_switches *out);

/* The switches of one kind called `name` (of an option `_` is `-`, of a sysctl
 * `/` is `.`); NULL: none. */
const struct off_switch *off_switch_find(const struct off_switches *all, enum off_switch_kind kind, struct sv name,
                                         size_t *count);

#endif
