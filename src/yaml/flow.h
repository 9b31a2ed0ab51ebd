/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes between brackets: in flow collections, which is all of JSON.
 * Internal to yaml/, for splice.c, which has made sure that `node` is what each
 * asks for.
 */
#ifndef YAML_FLOW_H
#define YAML_FLOW_H

#include "yaml/splice.h"

/* `node`, a value in a flow collection, or the root. */
void flow_replace(struct splice *s, const struct json *value);
/* A value for the place of `node`, itself a flow collection, or between lines. */
void flow_add_value(struct splice *s, const struct json *value);
/* `node`, a flow collection that is not empty, gets one more entry. */
void flow_add_member(struct splice *s, struct sv key, const struct json *value);
void flow_append(struct splice *s, const struct json *value);
void flow_insert(struct splice *s, const struct json *value);

#endif
