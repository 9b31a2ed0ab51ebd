/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an IngressClass among the inputs of `check` tells of the Ingresses that
 * name it: which controller serves them, and what its IngressClassParams set in
 * their place.
 */
#ifndef RULES_LB_INGRESS_CLASS_H
#define RULES_LB_INGRESS_CLASS_H

#include "kube/inventory.h"
#include "rules/lb_controller.h"

struct lb_ingress_class {
    const struct lb_controller *controller; /* NULL: it cannot be told */
    const struct json *params;              /* the spec of the IngressClassParams; NULL: none */
    bool is_looked_up;                      /* it rests on an inventory, so nothing is repaired */
};

/* An absent name is the default class, as the API server gives it to an Ingress
 * without one. Parameters that are named but do not stand there: nothing can be told. */
struct lb_ingress_class lb_ingress_class_find(const struct inventory *inv, struct sv name);

/* The policy that the parameters name; empty: none, the Ingress chooses. */
struct sv lb_ingress_class_policy(const struct json *params);
/* Whether they have a listener of the protocol ("HTTP", "HTTPS"). */
bool lb_ingress_class_listens(const struct json *params, struct sv protocol);
bool lb_ingress_class_has_certificate(const struct json *params);
bool lb_ingress_class_redirects(const struct json *params);

#endif
