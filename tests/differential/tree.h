/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON that can be changed: what the variants are made of. Everything lives in
 * one arena that is large enough; running out of it ends the program.
 */
#ifndef DIFFERENTIAL_TREE_H
#define DIFFERENTIAL_TREE_H

#include "base/arena.h"
#include "base/sv.h"

enum tree_kind { TREE_OBJECT, TREE_ARRAY, TREE_STRING, TREE_NUMBER, TREE_WORD };

struct tree {
    enum tree_kind kind;
    struct sv key;  /* as a member of an object */
    struct sv text; /* of what is no container */
    struct tree *first, *last, *next;
    size_t count;
};

struct tree *tree_new(struct arena *a, enum tree_kind kind, struct sv text);
struct tree *tree_string(struct arena *a, struct sv text);
/* From JSON text, which is right: it is the program's own. */
struct tree *tree_read(struct arena *a, const char *json);
struct tree *tree_copy(struct arena *a, const struct tree *t);

/* Appends; a `key` that is there already is written twice. */
void tree_add(struct tree *container, struct sv key, struct tree *child);
/* In front of the element `index`. */
void tree_insert(struct tree *array, size_t index, struct tree *child);
/* Replaces the member, or adds it. */
void tree_set(struct tree *object, struct sv key, struct tree *child);
void tree_remove(struct tree *object, struct sv key);

struct tree *tree_get(const struct tree *object, struct sv key); /* NULL: none */
struct tree *tree_at(const struct tree *array, size_t index);
/* The member, made as `kind` where there is none. */
struct tree *tree_need(struct arena *a, struct tree *object, struct sv key, enum tree_kind kind);

#endif
