/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings that somebody knows of: a JSON file that `check --write-baseline`
 * writes and `check --baseline` reads. A finding is known by its fingerprint;
 * the rest of an entry is for the person who reviews the file.
 *
 *     {"schemaVersion":"1","findings":[
 *      {"fingerprint":"9f86...","policy":"registry","rule":"endpoints","object":"Pod payments/plain",
 *       "path":"/spec/containers/0/image"}, ...]}
 *
 * Sorted by fingerprint, one entry a line or two, so that its diff is what changed.
 */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "report/report.h"

enum { BASELINE_MAX_BYTES = 256 << 20 };

struct baseline_entry {
    struct sv fingerprint, policy, rule, object, path;
    bool is_seen;
};

struct baseline {
    struct arena arena;
    struct baseline_entry *entries; /* sorted by fingerprint, each once */
    size_t count, cap;
};
#define BASELINE_INIT                                                                                                  \
    {                                                                                                                  \
        .arena = ARENA_INIT(SIZE_MAX)                                                                                  \
    }

MUST_CHECK bool baseline_read(struct baseline *b, const char *path, struct err *e);
/* Whether it stands there; then it is seen. */
bool baseline_take(struct baseline *b, const char *fingerprint);
/* The first entry from `from` on that nobody took; `count` when there is none. */
size_t baseline_next_gone(const struct baseline *b, size_t from);

MUST_CHECK bool baseline_add(struct baseline *b, const struct report_finding *f, struct err *e);
MUST_CHECK bool baseline_write(struct baseline *b, const char *path, struct err *e);

void baseline_fini(struct baseline *b); /* a CLEANUP function */

#endif
