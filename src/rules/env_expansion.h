/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `$(NAME)` in the environment and the command line of a container, replaced as
 * the kubelet replaces it: by what the last entry of that name says, among those
 * that stand before (a command line comes after all), and by what envFrom and the
 * namespace's Services bring. `$$` is a dollar and hides what follows; a reference
 * to nothing stays as it is written.
 *
 * Nothing is built for a container in which nothing is replaced.
 */
#ifndef RULES_ENV_EXPANSION_H
#define RULES_ENV_EXPANSION_H

#include "base/arena.h"
#include "base/sv.h"
#include "json/value.h"
#include <stdbool.h>
#include <stddef.h>

enum { ENV_EXPANSION_MAX = 64 << 10 }; /* bytes that one container's references may come to; beyond nothing is seen */

struct env_name;

struct env_expansion {
    const struct json *container;
    struct arena *arena;
    struct sv *values;      /* of the entries; NULL until somebody asks for one that refers to others */
    struct env_name *names; /* of the entries, sorted */
    size_t count, left;
    bool failed; /* the arena is full */
};

struct env_expansion env_expansion_of(const struct json *container, struct arena *a);

/* What the entry of `env` at `index` comes to; absent: that cannot be seen. */
struct sv env_expansion_entry(struct env_expansion *x, const struct json *entry, size_t index);

/* What a word of `command` or `args` comes to; absent: that cannot be seen. */
struct sv env_expansion_word(struct env_expansion *x, struct sv word);

#endif
