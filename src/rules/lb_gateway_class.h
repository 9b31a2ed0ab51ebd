/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gateway API has no field for TLS versions and suites: they are in objects of
 * the controller's own, or in the `options` of a listener, whose keys each
 * controller chooses. One row a controller.
 */
#ifndef RULES_LB_GATEWAY_CLASS_H
#define RULES_LB_GATEWAY_CLASS_H

#include "rules/tls_kind.h"

extern const char *const lb_gateway_class_controllers[]; /* for FIELD_ENUM */

/* What a controller reads of a listener, by its place among the names; any
 * other number: nothing is known. */
const struct tls_setting *lb_gateway_class_settings(int controller);

/* By a well-known class name; -1: not well known. */
int lb_gateway_class_find(struct sv class);

#endif
