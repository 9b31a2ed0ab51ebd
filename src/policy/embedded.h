/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped policy sets and facts, put into the program at build time from
 * policies/ (src/policy/embed.cmake writes the table). */
#ifndef POLICY_EMBEDDED_H
#define POLICY_EMBEDDED_H

#include "base/sv.h"

struct embedded_file {
    struct sv set;  /* "facts", "baseline", "aws-govcloud", ... */
    struct sv path; /* "policies/baseline/registry.yaml" */
    struct sv text;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;

#endif
