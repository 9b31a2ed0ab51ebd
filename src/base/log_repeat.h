/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said over and over is said ten times, then once a second: the last
 * of them, with the number of those that were held back since (`repeated`).
 * Lines that say the same carry the same tag. For one thread at a time.
 */
#ifndef BASE_LOG_REPEAT_H
#define BASE_LOG_REPEAT_H

#include "base/log_compose.h"

enum { LOG_REPEAT_LIMIT = 10, LOG_REPEAT_MS = 1000, LOG_REPEAT_TAGS = 16 };

/* At warn or above: the tag of a line with that message and that reason
 * (absent: none). Never 0, which is the tag of lines that are always written. */
uint32_t log_repeat_tag(struct sv msg, struct sv reason);

/* A zeroed one is empty. */
struct log_repeat {
    struct log_repeat_tag {
        uint32_t tag;
        bool is_flood; /* it was more than the limit in the second before, too */
        uint64_t since_ms;
        size_t said, held;
        struct log_line last; /* of those held back */
    } tags[LOG_REPEAT_TAGS];
    bool is_open; /* something is remembered: log_repeat_due() has something to do */
};

/* False: hold the line back; it is kept here. With more tags in a second than
 * there is room for, lines are written. */
bool log_repeat_admit(struct log_repeat *r, uint32_t tag, struct sv line, uint64_t now_ms);

/* The next line that is due, if `now_ms` is late enough for one, into *line. */
bool log_repeat_due(struct log_repeat *r, uint64_t now_ms, struct log_line *line);

#endif
