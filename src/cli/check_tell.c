/* SPDX-License-Identifier: Apache-2.0 */
/* One object's findings, sorted and reported at once: objects come in the order
 * of the text, so that a file's findings do too. */
#include "cli/check_tell.h"
#include "base/text.h"
#include "kube/object.h"

/* Where we are: an object in a text. */
struct subject {
    struct check_teller *teller;
    struct check_text *text;
    const struct yaml_doc *doc;
    struct sv prefix; /* of the object in the document */
    struct report_object object;
    struct arena *arena;
};

void check_tell_note(struct check_teller *t, enum report_note_kind kind, const struct check_text *text,
                     struct place place, struct sv message)
{
    const struct report_note note = { kind, text->file, place, message };

    t->summary.errors += kind == NOTE_ERROR;
    t->summary.denied += kind == NOTE_REFUSED;
    t->summary.skipped += kind == NOTE_SKIPPED;
    progress_clear(t->progress);
    report_note(t->report, &note);
}

/* Takes ":12" from the front. */
static bool take_number(struct sv *rest, uint32_t *out)
{
    size_t digits = 1, number = 0;

    while (digits < rest->n && rest->p[digits] >= '0' && rest->p[digits] <= '9')
        digits++;
    if (rest->n == 0 || rest->p[0] != ':' || !text_to_size((struct sv){ rest->p + 1, digits - 1 }, &number) ||
        number > UINT32_MAX)
        return false;
    *rest = sv_skip(*rest, digits);
    *out = (uint32_t)number;
    return true;
}

void check_tell_error(struct check_teller *t, enum report_note_kind kind, const struct check_text *text,
                      const struct err *e)
{
    struct sv message = sv_from(e->msg), rest = message;
    struct place place = { 0, 0 };

    if (take_number(&rest, &place.line) && take_number(&rest, &place.column) && sv_starts_with(rest, SV(": ")))
        check_tell_note(t, kind, text, place, sv_skip(rest, 2));
    else
        check_tell_note(t, kind, text, (struct place){ 0, 0 }, message);
}

/* "apps/v1" again: both are views into one text. */
static struct sv api_version(const struct gvk *gvk)
{
    if (gvk->group.n == 0)
        return gvk->version;
    return (struct sv){ gvk->group.p, (size_t)(gvk->version.p + gvk->version.n - gvk->group.p) };
}

static struct report_object object_of(const struct manifest_item *item, const struct manifest_context *context)
{
    struct gvk gvk = manifest_gvk(item);

    return (struct report_object){
        .api_version = api_version(&gvk),
        .kind = gvk.kind,
        .namespace = manifest_namespace(item, context),
        .name = object_name(item->object),
    };
}

static bool is_wanted(const struct check_teller *t, const struct judgement *j)
{
    if (j->rule->severity < t->least)
        return false;
    for (size_t i = 0; i < t->layers.count; i++)
        if (sv_eq(j->layer, sv_from(t->layers.items[i])))
            return true;
    return t->layers.count == 0;
}

/* False: the arena is full. */
static bool locate(const struct subject *s, const struct checked_finding *from, struct report_finding *out)
{
    struct sv full = from->path;

    if (s->prefix.n)
        full = arena_printf(s->arena, "%.*s%.*s", (int)s->prefix.n, s->prefix.p, (int)from->path.n, from->path.p);
    *out = (struct report_finding){
        .judgement = from->judgement,
        .result = from->result,
        .mode = from->mode,
        .is_brought = from->is_brought,
        .object = s->object,
        .path = from->path,
        .file = s->text->file,
    };
    if (!full.p)
        return false;
    out->place = positions_value(s->doc->positions, full);
    return true;
}

static int by_place(const void *left, const void *right)
{
    const struct report_finding *a = left, *b = right;
    int order = (a->place.line > b->place.line) - (a->place.line < b->place.line);

    if (!order)
        order = (a->place.column > b->place.column) - (a->place.column < b->place.column);
    if (!order)
        order = sv_cmp(a->judgement->policy, b->judgement->policy);
    if (!order)
        order = sv_cmp(a->judgement->rule_name, b->judgement->rule_name);
    return order ? order : sv_cmp(a->path, b->path);
}

/* Whoever writes a baseline knows of what goes into it. */
static bool hold_against_baseline(struct check_teller *t, struct report_finding *f, struct err *e)
{
    if (report_effect(f) == EFFECT_NONE)
        return true;
    f->is_known = t->known && baseline_take(t->known, f->fingerprint);
    if (!t->collects)
        return true;
    f->is_known = true;
    return baseline_add(t->collects, f, e);
}

static bool tell_finding(const struct subject *s, struct report_finding *f, struct err *e)
{
    struct check_teller *t = s->teller;

    report_fingerprint(f);
    if (!is_wanted(t, f->judgement)) {
        /* What is not shown today is no reason to call the baseline out of date. */
        if (t->known)
            baseline_take(t->known, f->fingerprint);
        return true;
    }
    if (!hold_against_baseline(t, f, e))
        return false;
    f->line = lines_find(&s->text->lines, f->place.line);
    report_count(&t->summary, f);
    progress_clear(t->progress);
    report_finding(t->report, f);
    return true;
}

static bool tell_findings(const struct subject *s, const struct checked *checked, struct err *e)
{
    struct report_finding *list = arena_array(s->arena, checked->count, struct report_finding);

    if (!list)
        return arena_error(s->arena, e);
    for (size_t i = 0; i < checked->count; i++)
        if (!locate(s, &checked->findings[i], &list[i]))
            return arena_error(s->arena, e);
    if (checked->count)
        qsort(list, checked->count, sizeof(*list), by_place);
    for (size_t i = 0; i < checked->count; i++)
        if (!tell_finding(s, &list[i], e))
            return false;
    return true;
}

/* A refusal names the place as a pointer in backticks, if there is one. */
static struct place place_of_refusal(const struct subject *s, struct sv message)
{
    struct sv rest = message, named = { NULL, 0 }, full;

    while (rest.p && !sv_starts_with(named, SV("/"))) {
        sv_cut(&rest, '`');
        named = sv_cut(&rest, '`');
    }
    if (!sv_starts_with(named, SV("/")))
        return positions_value(s->doc->positions, s->prefix);
    full = arena_printf(s->arena, "%.*s%.*s", (int)s->prefix.n, s->prefix.p, (int)named.n, named.p);
    return positions_value(s->doc->positions, full.p ? full : s->prefix);
}

bool check_tell_object(struct check_teller *t, struct check_text *text, const struct manifest_item *item,
                       const struct manifest_context *context, const struct checked *checked, struct arena *a,
                       struct err *e)
{
    struct subject s = {
        .teller = t,
        .text = text,
        .doc = item->doc,
        .prefix = pointer_print(item->at, a),
        .object = object_of(item, context),
        .arena = a,
    };
    struct report_change change = { .object = s.object, .file = text->file, .patch = checked->patch };

    if (!s.prefix.p)
        return arena_error(a, e);
    change.place = positions_value(item->doc->positions, s.prefix);
    t->summary.objects++;
    if (checked->refusal.p)
        check_tell_note(t, NOTE_REFUSED, text, place_of_refusal(&s, checked->refusal), checked->refusal);
    if (checked->patch.p) {
        t->summary.mutations++;
        report_change(t->report, &change);
    }
    return tell_findings(&s, checked, e);
}
