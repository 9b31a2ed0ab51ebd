/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list rules append to. Nothing here can fail for a rule: when the arena
 * is full a finding goes into the sink, the list is marked failed, and whoever
 * collected it denies the review.
 */
#include "rules/finding.h"
#include "base/text.h"
#include <stdarg.h>

void findings_init(struct findings *out, struct arena *a, bool keep_passes)
{
    *out = (struct findings){ .arena = a, .keep_passes = keep_passes };
}

static struct finding *fail(struct findings *out)
{
    out->failed = true;
    out->sink = (struct finding){ 0 };
    return &out->sink;
}

static void append(struct findings *out, struct finding *f)
{
    if (out->last)
        out->last->next = f;
    else
        out->first = f;
    out->last = f;
    out->count++;
}

struct finding *findings_add(struct findings *out, enum finding_kind kind, const struct pointer *at)
{
    struct finding *f = arena_new(out->arena, struct finding);

    if (!f)
        return fail(out);
    f->kind = kind;
    f->path = pointer_print(at, out->arena);
    if (!f->path.p)
        return fail(out);
    append(out, f);
    return f;
}

struct finding *findings_add_image(struct findings *out, enum finding_kind kind, const struct pod *pod,
                                   const struct container *k)
{
    struct finding *f = findings_add(out, kind, &k->image_at);

    f->on_template = pod->kind->is_template;
    f->subject = k->name;
    f->field = SV("image");
    f->found = f->image = k->image;
    return f;
}

void findings_pass(struct findings *out, const struct pointer *at, struct sv subject)
{
    if (out->keep_passes)
        findings_add(out, FINDING_PASS, at)->subject = subject;
}

void findings_repair(struct findings *out, struct finding *f, enum patch_class class, const struct pointer *at,
                     struct sv json_text)
{
    struct patch_op **end = &f->repairs;
    struct patch_op *op = arena_new(out->arena, struct patch_op);
    struct sv pointer = pointer_print(at, out->arena);

    if (!op || !pointer.p || !json_text.p) {
        out->failed = true;
        return;
    }
    while (*end)
        end = &(*end)->next;
    *op = (struct patch_op){ .class = class, .pointer = pointer, .value = json_text };
    *end = op;
}

void findings_repair_string(struct findings *out, struct finding *f, enum patch_class class, const struct pointer *at,
                            struct sv text)
{
    struct buf quoted = BUF_IN(out->arena);

    value_print_string(&quoted, text);
    findings_repair(out, f, class, at, buf_ok(&quoted) ? buf_sv(&quoted) : (struct sv){ NULL, 0 });
}

struct sv findings_text(struct findings *out, struct sv text, size_t max)
{
    struct sv fit = text_printable(out->arena, text, max);

    out->failed = out->failed || (text.p && !fit.p);
    return fit;
}

struct sv findings_printf(struct findings *out, const char *fmt, ...)
{
    va_list args, again;
    char *text = NULL;
    int length;

    va_start(args, fmt);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, fmt, args);
    if (length >= 0)
        text = arena_alloc(out->arena, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, fmt, again);
    else
        out->failed = true;
    va_end(again);
    va_end(args);
    return (struct sv){ text, text ? (size_t)length : 0 };
}
