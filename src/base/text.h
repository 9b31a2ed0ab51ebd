/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that came from outside, made fit for a message, a log line or a header:
 * valid UTF-8, no control characters, of bounded length.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sv.h"
#include <stdint.h>

/* RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF. */
bool text_is_utf8(struct sv s);

/* The first character of `s`, which is not empty: its length, and *code its
 * code point. 0: the first byte begins none. */
size_t text_next(struct sv s, uint32_t *code);
/* What would move the cursor, end the line or reorder what a person reads: C0,
 * DEL, C1, U+2028, U+2029, bidi controls. */
bool text_is_control(uint32_t code);

/* `s` with control characters (C0, DEL, C1, U+2028, U+2029, bidi controls
 * U+202A-202E and U+2066-2069) and invalid bytes written as \xNN or \uNNNN,
 * cut at a character so that the result has at most `max` bytes, the last
 * three then being "...". Gives `s` itself when there is nothing to change;
 * absent only when the arena is full. */
struct sv text_printable(struct arena *a, struct sv s, size_t max);

/* The same, appended to `out`. */
void text_add_printable(struct buf *out, struct sv s, size_t max);

/* Of `candidates` the one nearest to `word` (Damerau-Levenshtein, optimal
 * string alignment), if it is near enough to be meant: at most a third of the
 * word and at most 3 edits. Absent otherwise. */
struct sv text_nearest(struct sv word, const struct sv *candidates, size_t count);

/* Decimal digits only, no sign, no space, no overflow. */
bool text_to_size(struct sv s, size_t *out);

#endif
