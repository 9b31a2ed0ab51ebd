/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known about the fields of a container: which are always judged, how
 * list members are told apart, what the API server fills in by itself, and
 * which values weaken the container. All of it is tables; the walk over them is
 * sidecar_compare.
 */
#ifndef RULES_SIDECAR_FIELD_H
#define RULES_SIDECAR_FIELD_H

#include "base/arena.h"
#include "base/sv.h"
#include "json/pointer.h"
#include "json/value.h"

/* A place inside a container (or a volume) while walking it. */
struct sidecar_spot {
    const struct sidecar_spot *up; /* NULL: the container itself */
    struct sv name;                /* the key, or what tells the list member apart; absent: its index */
    size_t index;
    const struct json *value; /* what the pod says here; absent if nothing */
    struct pointer at;
};

enum sidecar_judging {
    JUDGED_IF_REQUIRED, /* by default, and wherever `require` names it */
    JUDGED_IF_NAMED,    /* only where `require` names it: fit for tuning */
    JUDGED_ALWAYS,
    JUDGED_APART, /* by code of its own: name, restartPolicy */
};

struct sidecar_field {
    struct sv name;
    enum sidecar_judging judging;
};

size_t sidecar_field_count(void); /* at most 32 */
const struct sidecar_field *sidecar_field_at(size_t index);
/* Its index; sidecar_field_count() when a container has no such field. */
size_t sidecar_field_find(struct sv name);

/* Members of this list are told apart by a name, a path or a port, not by their order. */
bool sidecar_field_is_keyed(const struct sidecar_spot *list);
struct sv sidecar_field_key(const struct sidecar_spot *list, const struct json *member);
bool sidecar_field_same_member(const struct sidecar_spot *list, const struct json *a, const struct json *b);

/* True when `v` at `at` says no more than its absence does. */
bool sidecar_field_is_default(const struct sidecar_spot *at, const struct json *v);

/* True when `got` instead of `want` (either may be absent) weakens the
 * container, so that it is a violation whatever the policy requires. */
bool sidecar_field_is_weaker(const struct sidecar_spot *at, const struct json *want, const struct json *got);

/* True where an object of which the template has nothing is judged member by
 * member: inside securityContext, and a probe that runs a command. */
bool sidecar_field_is_split(const struct sidecar_spot *at);

/* "env.UPSTREAM.value", "ports.8443": the same however the lists are ordered. */
struct sv sidecar_field_print(const struct sidecar_spot *at, struct arena *a);

#endif
