/* SPDX-License-Identifier: Apache-2.0 */
/* The table of all rules: the only list there is, in alphabetical order. */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include "rules/rule.h"

size_t rules_count(void);
const struct rule *rules_at(size_t index);
const struct rule *rules_find(struct sv id); /* NULL: unknown */

/* Each in its own file. */
extern const struct rule rule_crypto_scan;
extern const struct rule rule_fields;
extern const struct rule rule_fips_off_switches;
extern const struct rule rule_image_digest;
extern const struct rule rule_image_endpoints;
extern const struct rule rule_lb_gateway;
extern const struct rule rule_lb_ingress;
extern const struct rule rule_lb_service;
extern const struct rule rule_mesh_tls;
extern const struct rule rule_node_selector;
extern const struct rule rule_required_env;
extern const struct rule rule_sidecar;
extern const struct rule rule_storage_encryption;
extern const struct rule rule_volume_classes;

#endif
