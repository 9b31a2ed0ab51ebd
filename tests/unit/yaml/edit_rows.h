/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a text, one edit of it, and the text that comes out, or why none does. */
#ifndef UNIT_YAML_EDIT_ROWS_H
#define UNIT_YAML_EDIT_ROWS_H

#include "support/check.h"
#include "yaml/edit.h"

struct edit_row {
    const char *before;
    enum edit_kind kind;
    const char *pointer, *value;
    const char *after; /* or "!" and why there is none */
};

static inline void check_edit_row(const struct edit_row *row, size_t number)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(4 << 20);
    struct edit edit = { .kind = row->kind, .pointer = sv_from(row->pointer), .value = sv_from(row->value) };
    struct sv out = { NULL, 0 }, why = { NULL, 0 };
    struct err e = { .code = ERR_NONE };
    enum edit_outcome outcome = edit_text(SV("f.yaml"), sv_from(row->before), &edit, &a, &out, &why, &e);

    if (outcome == EDIT_FAILED)
        fail_msg("row %zu failed: %s", number, e.msg);
    if (outcome == EDIT_REFUSED)
        out = arena_printf(&a, "!%.*s", (int)why.n, why.p);
    if (!sv_eq(out, sv_from(row->after)))
        fail_msg("row %zu became\n%.*s", number, (int)out.n, out.p);
}

#endif
