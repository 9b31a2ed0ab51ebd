/* SPDX-License-Identifier: Apache-2.0 */
/* The template filled in: with one pod's parameters, or with samples. */
#ifndef RULES_SIDECAR_RENDER_H
#define RULES_SIDECAR_RENDER_H

#include "rules/sidecar_template.h"

/* `values` has one valid value for each parameter. False: the arena is full. */
MUST_CHECK bool sidecar_render(const struct sidecar_config *c, const struct sv *values, struct arena *a,
                               struct sidecar_expected *out);

/* With the parameters of `pod`. False when there is nothing to compare with: a
 * parameter is missing or bad, and the violation is appended, or the arena is
 * full, and `out` says so. */
MUST_CHECK bool sidecar_render_for(const struct sidecar_config *c, const struct pod *pod, struct findings *out,
                                   struct sidecar_expected *expected);

/* The container as JSON text in a form, for a patch; absent: the arena is full. */
struct sv sidecar_render_form(const struct sidecar_expected *expected, enum sidecar_form form, struct arena *a);

#endif
