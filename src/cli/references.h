/* SPDX-License-Identifier: Apache-2.0 */
/* The fact sets that rules refer to: "@elb-policies", "@site-mirror/docker-hub/". */
#ifndef CLI_REFERENCES_H
#define CLI_REFERENCES_H

#include "rules/rule.h"
#include "json/pointer.h"

/* `set` is the name alone, "site-mirror"; `at` is where it stands, NULL for a default. */
typedef void references_fn(void *arg, struct sv set, const struct pointer *at);

/* In every string of `v`, which stands at `at`. */
void references_in(const struct json *v, const struct pointer *at, references_fn *fn, void *arg);

/* In what the options of a rule are when a policy does not give them. False: out of memory. */
MUST_CHECK bool references_by_default(const struct rule *r, struct arena *a, references_fn *fn, void *arg);

#endif
