/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The environment of a container, as far as its object shows it. Of entries
 * with one name the last counts. What a name has may also come from elsewhere
 * (valueFrom, envFrom, `$(OTHER)`), and then nobody can say it here.
 */
#ifndef RULES_CONTAINER_ENV_H
#define RULES_CONTAINER_ENV_H

#include "base/sv.h"
#include "json/value.h"
#include <stdbool.h>

enum { CONTAINER_ENV_NAMES = 32 }; /* that can be looked for at once */

struct env_entry {
    const struct json *value; /* of the array; NULL: the name is not there */
    size_t index;
};

/* The last entry of each of `names`, which are sorted bytewise and distinct;
 * one pass, however long the environment is. */
void container_env_find(const struct json *env, const struct sv *names, size_t count, struct env_entry *entries);

/* The value that an entry writes down; absent when it comes from elsewhere. */
struct sv container_env_literal(const struct json *entry);

/* Might envFrom of this container set `name`? */
bool container_env_imports(const struct json *container, struct sv name);

/* Of a list KEY=VALUE,KEY=VALUE, as GODEBUG is one, the value of the last
 * `key`; absent: none. What follows a `#` in a value only narrows where it
 * holds, and is left out. */
struct sv container_env_item(struct sv list, struct sv key);

#endif
