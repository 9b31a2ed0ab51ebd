/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ingress controllers: which annotation of an Ingress chooses its TLS, how
 * that is read, and what its absence means. One row a controller.
 */
#ifndef RULES_LB_CONTROLLER_H
#define RULES_LB_CONTROLLER_H

#include "base/sv.h"
#include "rules/values.h"

enum lb_reading {
    READ_POLICY,  /* the name of an ELB security policy */
    READ_NAME,    /* the name of an object or profile that holds the settings */
    READ_VERSION, /* the least TLS version: 1.2 or 1.3 */
    READ_CIPHERS, /* an OpenSSL cipher list */
};

struct lb_controller {
    const char *name;
    struct sv annotation, old_annotation; /* the second absent: it has had one name only */
    enum lb_reading reading;
    enum outcome when_absent; /* TLS without the annotation */
    const char *absent;       /* why that is so */
    struct sv tls_signs[2];   /* annotations that make TLS without spec.tls */
    struct sv snippets[2];    /* annotations that hold the controller's own configuration language */
    struct sv spec;           /* what an IngressClass of it says in spec.controller; absent: it has none */
};

enum lb_controller_id { LB_ALB, LB_NGINX, LB_NGINX_INC, LB_AGIC, LB_GKE, LB_CONTOUR, LB_TRAEFIK };
extern const char *const lb_controller_names[]; /* by id, for FIELD_ENUM */

const struct lb_controller *lb_controller_at(enum lb_controller_id id);

/* By a well-known class name; NULL: not well known. */
const struct lb_controller *lb_controller_of_class(struct sv class);
/* By the spec.controller of an IngressClass; NULL: nobody we know. */
const struct lb_controller *lb_controller_of_spec(struct sv controller);

#endif
