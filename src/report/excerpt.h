/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of a file as a person sees it on a terminal, and which cells of it
 * stand for a value: tabs end at multiples of four, East Asian characters and
 * pictures take two cells, combining ones none, what is not printable is
 * escaped, and of a long line only what is around the value is left.
 */
#ifndef REPORT_EXCERPT_H
#define REPORT_EXCERPT_H

#include "base/arena.h"
#include "base/sv.h"
#include <stdbool.h>
#include <stddef.h>

enum { EXCERPT_CELLS = 100, EXCERPT_TAB = 4 };

struct excerpt {
    struct sv text;
    size_t indent, width; /* cells before the value; of the value, at least one */
    bool shows_found;     /* these cells are `found`, as it is, with nothing cut off */
};

/* `column` counts characters from 1; one behind the line's end is its end.
 * `found` may be absent, then a word is marked. An empty text: no memory. */
struct excerpt excerpt_make(struct arena *a, struct sv line, size_t column, struct sv found);

#endif
