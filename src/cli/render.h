/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What another program makes of a chart or a kustomization, only when a flag
 * asked for it: `helm template CHART [-f FILE ...]`, and `kustomize build DIR` or
 * else `kubectl kustomize DIR`, whichever is on PATH. No shell is involved.
 */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/input.h"

/* *out->text is what it wrote to stdout. Its stderr goes to ours. The program
 * not being there, a status that is not 0 and more than INPUT_MAX_BYTES are errors that name it. */
MUST_CHECK bool render_helm(const char *chart, const char *const *values, size_t value_count, struct arena *a,
                            struct input *out, struct err *e);
MUST_CHECK bool render_kustomize(const char *dir, struct arena *a, struct input *out, struct err *e);

#endif
