/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The options of rule `sidecar`: a template of the FIPS proxy, and how much of
 * it a pod's own copy must keep.
 *
 *     - name: proxy
 *       type: sidecar
 *       inject: native               # or container
 *       accept: [native, container]  # default: only what is injected
 *       require: [image, ports]      # default: the whole template
 *       tolerate: [livenessProbe]    # what a copy may say beyond the template
 *       parameters:
 *         - { name: UPSTREAM, type: port, annotation: fips-proxy/upstream, default: "8080" }
 *       container:
 *         name: fips-proxy
 *         image: "@site-sidecar"
 *         ports: [{ containerPort: 8443 }]
 *         env: [{ name: UPSTREAM, value: "127.0.0.1:${UPSTREAM}" }]
 *       volumes: []
 *       annotations: { fips-proxy/injected: "true" }
 *
 * `${NAME}` stands only in env values and, as the whole string, in
 * ports[].containerPort; what replaces it is checked by its type.
 */
#ifndef RULES_SIDECAR_TEMPLATE_H
#define RULES_SIDECAR_TEMPLATE_H

#include "kube/pod.h"
#include "rules/finding.h"
#include "rules/rule.h"
#include "rules/sidecar_parameter.h"

/* An init container with `restartPolicy: Always`, or an ordinary container. */
enum sidecar_form { SIDECAR_NATIVE, SIDECAR_CONTAINER };

/* What the template says for one pod. */
struct sidecar_expected {
    struct sv text; /* JSON of the container, without restartPolicy */
    const struct json *container;
};

struct sidecar_config {
    struct rule_head head;
    enum sidecar_form inject;
    struct strings accept, require, tolerate;
    struct records parameters; /* struct sidecar_parameter */
    const struct json *container, *volumes;
    struct string_map annotations;

    /* Compiled from the above. */
    unsigned accepted; /* bits: 1 << enum sidecar_form */
    struct sv name;
    struct sv image;               /* absent: its site set is missing */
    unsigned judged, tolerated;    /* bits: 1 << index in sidecar_field */
    struct sidecar_expected fixed; /* with every default; absent when a parameter has none */
};

extern const struct field sidecar_template_fields[];

MUST_CHECK bool sidecar_template_compile(const struct rule_build *b, void *config, struct err *e);

#endif
