/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a text, by number, as the YAML reader counts them. Asked in
 * ascending order, which is how findings are told, the text is walked once.
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include "base/sv.h"
#include <stdbool.h>
#include <stdint.h>

enum { LINES_MAX_BYTES = 64 << 10 }; /* a longer line is not for showing */

struct lines {
    struct sv text;
    bool is_json;
    size_t offset; /* where `line` begins */
    size_t length; /* of it, as far as it has been measured */
    bool is_measured;
    uint32_t line; /* 1-based; 0: not begun */
};

/* Of a UTF-16 text no line is at hand; a byte order mark is left out. */
struct lines lines_of(struct sv text);

/* Without its end; absent: there is none of that number, or it is too long. */
struct sv lines_find(struct lines *l, uint32_t line);

#endif
