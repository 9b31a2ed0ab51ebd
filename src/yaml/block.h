/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes between lines: in block mappings and sequences. Internal to yaml/,
 * for splice.c, which has made sure that `node` is what each asks for.
 */
#ifndef YAML_BLOCK_H
#define YAML_BLOCK_H

#include "yaml/splice.h"

/* `node`, a value in a block collection. */
void block_replace(struct splice *s, const struct json *value);
/* `node`, a block collection, gets one more entry; the comments that follow its last stay with that. */
void block_add_member(struct splice *s, struct sv key, const struct json *value);
void block_append(struct splice *s, const struct json *value);
void block_insert(struct splice *s, const struct json *value);

/* Of the byte, in characters, from 0. */
size_t block_column(struct sv text, size_t i);

#endif
