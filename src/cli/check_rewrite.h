/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `check` makes of a text beside its findings: the objects as /mutate
 * leaves them (--mutate), the text with its repairs written into it (--fix), or
 * what would change in it (--diff).
 */
#ifndef CLI_CHECK_REWRITE_H
#define CLI_CHECK_REWRITE_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/check.h"
#include "cli/fix.h"
#include "cli/input.h"
#include "cli/manifest.h"

enum check_rewriting { REWRITE_NOTHING, REWRITE_MUTATE, REWRITE_DIFF, REWRITE_FIX };

struct check_rewrite {
    enum check_rewriting what;
    const struct input *input;
    struct sv before;
    struct fix fix;
    struct arena *arena; /* of the text */
    size_t printed;      /* documents on stdout, of all texts */
    bool is_barred;      /* there are repairs, but this text is not ours to change */
};

void check_rewrite_begin(struct check_rewrite *r, const struct input *input, struct sv text, struct arena *a);
MUST_CHECK bool check_rewrite_object(struct check_rewrite *r, const struct manifest_item *item,
                                     const struct checked *checked, struct err *e);
/* Prints the difference, or writes the file. */
MUST_CHECK bool check_rewrite_end(struct check_rewrite *r, struct err *e);

#endif
