/* SPDX-License-Identifier: Apache-2.0 */
/* The list; everything that needs to know all rules reads it from here. */
#include "rules/rules.h"

static const struct rule *const rules[] = {
    &rule_crypto_scan,  &rule_fields,     &rule_fips_off_switches,  &rule_image_digest,   &rule_image_endpoints,
    &rule_lb_gateway,   &rule_lb_ingress, &rule_lb_service,         &rule_mesh_tls,       &rule_node_selector,
    &rule_required_env, &rule_sidecar,    &rule_storage_encryption, &rule_volume_classes,
};

size_t rules_count(void)
{
    return ARRAY_LEN(rules);
}

const struct rule *rules_at(size_t index)
{
    return index < ARRAY_LEN(rules) ? rules[index] : NULL;
}

const struct rule *rules_find(struct sv id)
{
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (sv_eq(sv_from(rules[i]->id), id))
            return rules[i];
    return NULL;
}
