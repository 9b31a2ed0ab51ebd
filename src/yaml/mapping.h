/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The entries of a YAML mapping as JSON will have them: keys made strings,
 * duplicates refused, `<<` merged. Internal to yaml/.
 */
#ifndef YAML_MAPPING_H
#define YAML_MAPPING_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "yaml/node.h"
#include <stdbool.h>
#include <stddef.h>

struct mapping_entry {
    struct sv key;
    const struct node *value;
    struct place key_place;
    struct place via; /* the alias it came through by `<<`; line 0 if by none */
    size_t rank;      /* 0: written here; else which merged map it came from */
    size_t order;     /* among the entries, as they were found */
};

struct mapping_entries {
    struct mapping_entry *items;
    size_t count;
};

/* What all mappings of a stream share. `left` counts down what may still be
 * expanded, so that maps that merge maps that merge maps stay affordable. */
struct mapping_budget {
    struct sv file;
    struct arena *arena;
    size_t left;
    bool is_large; /* of what it becomes the arena alone is the limit */
};

/* Takes `n` from the budget; ERR_LIMIT at `place` when it is used up. */
MUST_CHECK bool mapping_spend(struct mapping_budget *b, size_t n, struct place place, struct err *e);

/* Of two equal keys written in one mapping the second is an error; a key that
 * stands beside `<<` wins over a merged one, and of merged maps the first.
 * kubectl lets `<<` win over what stands before it: such a key is an error. */
MUST_CHECK bool mapping_read(struct mapping_budget *b, const struct node *mapping, struct mapping_entries *out,
                             struct err *e);

#endif
