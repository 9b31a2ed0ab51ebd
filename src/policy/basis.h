/* SPDX-License-Identifier: Apache-2.0 */
/* What every verdict rests on: the compiled policies (with the facts they were
 * compiled against), the day, and the namespaces that are never locked out. */
#ifndef POLICY_BASIS_H
#define POLICY_BASIS_H

#include "base/date.h"
#include "yaml/record.h"

struct policy_set;

struct basis {
    const struct policy_set *policies;
    struct date today;
    struct strings never_deny; /* namespaces by name */
};

#endif
