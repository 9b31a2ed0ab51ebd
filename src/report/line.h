/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of a file cut where a value begins, for formats that show text and
 * not cells (excerpt.h is for terminals). Lines may be megabytes long, as JSON
 * is: of those the parts around the value are left.
 */
#ifndef REPORT_LINE_H
#define REPORT_LINE_H

#include "base/sv.h"
#include <stdbool.h>
#include <stddef.h>

struct line {
    struct sv before, value, after; /* of the line, one after the other; without its indent */
    bool is_cut_before, is_cut_after;
};

/* `column` counts characters from 1; one behind the line's end is its end.
 * `found` is the value where it stands there, with or without quotes; else it is
 * what is left of the line. */
struct line line_cut(struct sv line, size_t column, struct sv found);

/* The bytes of the first *count characters; *count becomes how many there are. */
size_t line_bytes(struct sv line, size_t *count);

#endif
