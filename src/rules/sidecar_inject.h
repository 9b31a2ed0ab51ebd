/* SPDX-License-Identifier: Apache-2.0 */
/* The violation of a pod that has no sidecar, with the repairs that put it in. */
#ifndef RULES_SIDECAR_INJECT_H
#define RULES_SIDECAR_INJECT_H

#include "rules/sidecar_template.h"

/* True when the pod runs to completion: a Job's template, or a pod of a Job. */
bool sidecar_inject_is_job(const struct target *t);

/* Appends the violation for an absent sidecar. It carries repairs unless
 * `may_repair` is false or something stands in the way, which the message or
 * the fix then says. */
void sidecar_inject(const struct sidecar_config *c, const struct target *t, bool may_repair, struct findings *out);

#endif
