/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a YAML scalar means: the resolution of go-yaml v2 (YAML 1.1 without base
 * 60) as kubectl reaches it through sigs.k8s.io/yaml, and the text that it
 * becomes in JSON. Knows no places; transcode.c puts them before the messages.
 */
#ifndef YAML_SCALAR_H
#define YAML_SCALAR_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stdint.h>

enum scalar_type { SCALAR_STRING, SCALAR_NULL, SCALAR_BOOL, SCALAR_INT, SCALAR_FLOAT };

struct scalar {
    enum scalar_type type;
    struct sv text; /* SCALAR_STRING */
    bool is_true;
    bool is_negative;   /* SCALAR_INT: sign and magnitude */
    uint64_t magnitude; /* the int64 and the uint64 range together */
    double number;      /* SCALAR_FLOAT; finite */
};

/* `tag` is absent or a full tag ("tag:yaml.org,2002:int"); `is_plain` says that
 * the scalar is neither quoted nor in block style. Fails for what its tag says
 * it is not and for what JSON cannot hold: .inf, .nan, !!binary. The text is
 * borrowed. */
MUST_CHECK bool scalar_resolve(struct sv text, struct sv tag, bool is_plain, struct arena *a, struct scalar *out,
                               struct err *e);

/* As Go's encoding/json writes it. */
void scalar_print(struct buf *out, const struct scalar *s);

/* As the key of a mapping: 1 is "1", yes is "true". Null and integers above
 * the int64 range are no keys to kubectl. */
MUST_CHECK bool scalar_key(const struct scalar *s, struct arena *a, struct sv *out, struct err *e);

#endif
