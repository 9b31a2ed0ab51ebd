/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The typed parameters of a sidecar template. A pod gives their values in
 * annotations, and whoever writes the pod writes those: nothing gets into the
 * sidecar that is not a port, a list of host:port or a DNS label.
 */
#ifndef RULES_SIDECAR_PARAMETER_H
#define RULES_SIDECAR_PARAMETER_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"
#include "yaml/record.h"

enum sidecar_type { SIDECAR_PORT, SIDECAR_HOSTPORTS, SIDECAR_DNS_LABEL };

struct sidecar_parameter {
    struct sv name;
    enum sidecar_type type;
    struct sv annotation;
    struct sv fallback; /* absent: the annotation is needed; empty: an empty list */
};
extern const struct field sidecar_parameter_fields[];

/* Why `value` is not of that type; NULL: it is. */
const char *sidecar_parameter_fault(enum sidecar_type type, struct sv value);

/* The same of a default. Of a list it may be empty, which no annotation may: then
 * the pods that say nothing have none. */
const char *sidecar_parameter_default_fault(enum sidecar_type type, struct sv value);

/* "a port, 1 to 65535". */
const char *sidecar_parameter_wanted(enum sidecar_type type);

/* NULL: not declared. */
const struct sidecar_parameter *sidecar_parameter_find(const struct records *parameters, struct sv name);

/* Cuts the text before the next `${NAME}` and the name off *rest. False at the
 * end: *before is then all that was left. A `${` that no `}` closes has the
 * empty name. */
bool sidecar_parameter_cut(struct sv *rest, struct sv *before, struct sv *name);

/* A label of a host name (RFC 1123): lower case, digits, inner hyphens, 63 at most. */
bool sidecar_parameter_is_label(struct sv text);

#endif
