/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of TLS names in one text, as OpenSSL, nginx and Envoy write them:
 * cipher suites, versions, groups.
 */
#ifndef RULES_TLS_LIST_H
#define RULES_TLS_LIST_H

#include "rules/values.h"

/* The opinion on the item that is worst at a level, which becomes *item. What
 * only removes or sorts (`!RC4`, `@STRENGTH`) does not count; a list of nothing
 * else is denied as a whole. */
enum opinion tls_list_judge(const struct values *allowed, enum level level, struct sv list, struct sv *item);

#endif
