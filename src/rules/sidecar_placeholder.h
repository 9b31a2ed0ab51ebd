/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where `${NAME}` may stand in a sidecar's template. Whoever writes a pod
 * chooses what it becomes, so it can reach neither the image nor the command
 * line, the security context or a mount.
 */
#ifndef RULES_SIDECAR_PLACEHOLDER_H
#define RULES_SIDECAR_PLACEHOLDER_H

#include "rules/sidecar_template.h"

/* Checks the parameters and every string of the template. */
MUST_CHECK bool sidecar_placeholder_check(const struct rule_build *b, const struct sidecar_config *c, struct err *e);

#endif
