/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In rounds: read the text, plan as many edits as do not touch, write the new
 * text, read it again and compare what it says with what it must say. A round
 * that fails is tried again with half of its edits, until the one that cannot
 * be done stands alone and is refused.
 */
#include "yaml/edit.h"
#include "base/buf.h"
#include "base/bug.h"
#include "yaml/expect.h"
#include "yaml/extent.h"
#include "yaml/splice.h"
#include "yaml/transcode.h"
#include "json/doc.h"

enum { FAILURES_MAX = 100 }; /* rounds; what then is left is refused */

/* One edit of this round. */
struct planned {
    struct edit *edit;
    size_t group; /* counted from 0, in the order in which they were given */
    size_t start, end;
    struct sv text;
};

struct document {
    const struct node *root;
    struct splice_document *open; /* NULL: not looked at */
};

struct round {
    struct sv file, text;
    struct arena *arena; /* this round's own */
    struct node *roots;
    struct yaml_doc *docs;
    struct document *documents;
    size_t document_count;
    struct planned *plan;
    size_t count, most, group;
};

/* Is this text one that can be read, but not as YAML that shows where all of it stands? JSON may be: too large
 * for that, or with a line break before a colon. */
static bool is_beyond_us(const struct round *r, const struct err *problem)
{
    return problem->code == ERR_LIMIT || r->docs;
}

static bool read_text(struct round *r, struct err *e)
{
    if (!yaml_read(r->file, r->text, r->arena, &r->docs, e) || !node_read(r->file, r->text, r->arena, &r->roots, e))
        return false;
    for (const struct node *root = r->roots; root; root = root->next)
        r->document_count++;
    r->documents = arena_array(r->arena, r->document_count, struct document);
    if (!r->documents || !extent_resolve(r->text, r->roots, r->arena))
        return arena_error(r->arena, e);
    r->document_count = 0;
    for (const struct node *root = r->roots; root; root = root->next)
        r->documents[r->document_count++].root = root;
    return true;
}

/* *out is NULL where the stream has no such document. */
static bool open_document(struct round *r, size_t index, const struct splice_document **out, struct err *e)
{
    struct document *doc = index < r->document_count ? &r->documents[index] : NULL;

    *out = NULL;
    if (!doc)
        return true;
    if (!doc->open) {
        doc->open = arena_new(r->arena, struct splice_document);
        if (!doc->open)
            return arena_error(r->arena, e);
        if (!splice_open(r->file, r->text, doc->root, r->arena, doc->open, e))
            return false;
    }
    *out = doc->open;
    return true;
}

static bool is_within(struct sv pointer, struct sv top)
{
    return sv_starts_with(pointer, top) && (pointer.n == top.n || pointer.p[top.n] == '/');
}

/* Must it wait until one of its group from `first` on is done? */
static bool has_to_wait(const struct round *r, size_t first, const struct edit *edit)
{
    for (size_t i = first; i < r->count; i++)
        if (is_within(edit->pointer, r->plan[i].edit->pointer))
            return true;
    return false;
}

static bool touches(const struct planned *a, const struct planned *b)
{
    return a->start <= b->end && b->start <= a->end;
}

static bool refuse(struct edit *edit, struct sv why, struct arena *a, struct err *e)
{
    edit->outcome = EDIT_REFUSED;
    edit->why = arena_copy(a, why);
    return edit->why.p || arena_error(a, e);
}

/* Plans one edit; *waits if it has to be done later. */
static bool plan_edit(struct round *r, struct edit *edit, size_t first, struct arena *a, bool *waits, struct err *e)
{
    const struct splice_document *doc;
    struct planned p = { .edit = edit, .group = r->group };
    struct splice s;

    *waits = has_to_wait(r, first, edit);
    if (*waits)
        return true;
    if (!open_document(r, edit->document, &doc, e))
        return false;
    if (!doc)
        return refuse(edit, SV("there is no such document"), a, e);
    if (!splice_plan(doc, edit, r->arena, &s, e))
        return false;
    if (s.why.p)
        return refuse(edit, s.why, a, e);
    p.start = s.start;
    p.end = s.end;
    p.text = buf_sv(&s.text);
    for (size_t i = first; i < r->count && !*waits; i++)
        *waits = touches(&p, &r->plan[i]);
    if (!*waits)
        r->plan[r->count++] = p;
    return true;
}

/* Of each group as many as can be done at once, `most` in all. */
static bool plan_round(struct round *r, struct edit *edits, size_t count, struct arena *a, struct err *e)
{
    size_t first = 0;
    bool waits = false;

    r->plan = arena_array(r->arena, count, struct planned);
    if (!r->plan)
        return arena_error(r->arena, e);
    for (size_t i = 0; i < count && r->count < r->most; i++) {
        if (i == 0 || edits[i].group != edits[i - 1].group) {
            first = r->count;
            r->group += i > 0;
            waits = false;
        }
        if (edits[i].outcome == EDIT_FAILED && !waits && !plan_edit(r, &edits[i], first, a, &waits, e))
            return false;
    }
    return true;
}

static int by_start(const void *left, const void *right)
{
    const struct planned *a = left, *b = right;

    return (a->start > b->start) - (a->start < b->start);
}

/* Where edits of two groups touch, the later group waits. The first never does. */
static bool settle(struct round *r, struct err *e)
{
    bool *waits = arena_array(r->arena, r->group + 1, bool);
    const struct planned *last = NULL;
    size_t kept = 0;

    if (!waits)
        return arena_error(r->arena, e);
    qsort(r->plan, r->count, sizeof(*r->plan), by_start);
    for (size_t i = 0; i < r->count; i++) {
        const struct planned *p = &r->plan[i];
        bool is_clash = last && touches(last, p);

        if (is_clash)
            waits[last->group > p->group ? last->group : p->group] = true;
        if (!is_clash || last->group > p->group)
            last = p;
    }
    for (size_t i = 0; i < r->count; i++)
        if (!waits[r->plan[i].group])
            r->plan[kept++] = r->plan[i];
    BUG_IF(r->count > 0 && kept == 0);
    r->count = kept;
    return true;
}

static void write_text(const struct round *r, struct buf *out)
{
    size_t at = 0;

    for (size_t i = 0; i < r->count; i++) {
        const struct planned *p = &r->plan[i];

        buf_add(out, (struct sv){ r->text.p + at, p->start - at });
        buf_add(out, p->text);
        at = p->end;
    }
    buf_add(out, sv_skip(r->text, at));
}

/* Does `after` say what `before` and the edits of this document, of all those of the round, make of it? */
static bool says_what_it_must(const struct round *r, const struct yaml_doc *before, const struct yaml_doc *after,
                              const struct edit *const *edits, size_t count)
{
    struct buf want = BUF_IN(r->arena), got = BUF_IN(r->arena);
    const struct json *expected, *found;
    struct err ignored = { 0 };

    if (before->index != after->index)
        return false;
    if (count == 0)
        return sv_eq(before->json_text, after->json_text);
    if (!expect_text(before->root, edits, count, r->arena, &want, &ignored) ||
        !expect_text(after->root, NULL, 0, r->arena, &got, &ignored))
        return false;
    if (sv_eq(buf_sv(&want), buf_sv(&got)))
        return true;
    /* What comes by `<<` stands last: before it, a new member does not. */
    expected = doc_parse(buf_sv(&want), r->arena, &ignored);
    found = doc_parse(buf_sv(&got), r->arena, &ignored);
    return expected && found && value_equal(expected, found);
}

/* JSON stays JSON, and every document says what it must. */
static bool is_right(const struct round *r, struct sv text)
{
    const struct yaml_doc *before = r->docs;
    const struct edit **edits = arena_array(r->arena, r->count, const struct edit *);
    struct yaml_doc *after = NULL;
    struct err ignored = { 0 };
    size_t next = 0;

    if (!edits || !yaml_read(r->file, text, r->arena, &after, &ignored))
        return false;
    if (r->documents[0].open && r->documents[0].open->is_json && doc_parse(r->text, r->arena, &ignored) &&
        !doc_parse(text, r->arena, &ignored))
        return false;
    for (size_t i = 0; i < r->count; i++)
        edits[i] = r->plan[i].edit;
    for (; before && after; before = before->next, after = after->next) {
        size_t first = next;

        while (next < r->count && edits[next]->document == before->index)
            next++;
        if (!says_what_it_must(r, before, after, edits + first, next - first))
            return false;
    }
    return !before && !after && next == r->count;
}

static bool refuse_all(struct edit *edits, size_t count, struct sv why, struct arena *a, struct err *e)
{
    for (size_t i = 0; i < count; i++)
        if (edits[i].outcome == EDIT_FAILED && !refuse(&edits[i], why, a, e))
            return false;
    return true;
}

/* One round: *out is the new text. False as edit_all(). */
static bool run_round(struct round *r, struct edit *edits, size_t count, struct buf *out, struct arena *a,
                      struct err *e)
{
    struct err problem = { .code = ERR_NONE };
    bool is_read = read_text(r, &problem), ok;

    if (!is_read && !is_beyond_us(r, &problem)) {
        *e = problem;
        return false;
    }
    ok = is_read ? plan_round(r, edits, count, a, e) && settle(r, e)
                 : refuse_all(edits, count, SV("its text is no YAML, or too large to be edited"), a, e);
    if (!ok)
        return false;
    write_text(r, out);
    if (!buf_ok(out))
        return err_nomem(e);
    if (r->count == 0 || is_right(r, buf_sv(out))) {
        for (size_t i = 0; i < r->count; i++)
            r->plan[i].edit->outcome = EDIT_DONE;
        r->most = SIZE_MAX;
        return true;
    }
    buf_reset(out);
    buf_add(out, r->text);
    r->most = r->count / 2;
    return r->count > 1 || refuse(r->plan[0].edit, SV("the text would not say what is asked for"), a, e);
}

static size_t count_left(const struct edit *edits, size_t count)
{
    size_t left = 0;

    for (size_t i = 0; i < count; i++)
        left += edits[i].outcome == EDIT_FAILED;
    return left;
}

static bool is_utf16(struct sv text)
{
    return sv_starts_with(text, SV("\xff\xfe")) || sv_starts_with(text, SV("\xfe\xff"));
}

bool edit_all(struct sv file, struct sv text, struct edit *edits, size_t count, struct arena *a, struct sv *out,
              struct err *e)
{
    CLEANUP(buf_fini) struct buf now = BUF_INIT(a->max), next = BUF_INIT(a->max);
    size_t most = SIZE_MAX, failures = 0;

    for (size_t i = 0; i < count; i++)
        edits[i].outcome = EDIT_FAILED;
    *out = text;
    if (is_utf16(text) && !refuse_all(edits, count, SV("the text is UTF-16"), a, e))
        return false;
    buf_add(&now, text);
    while (count_left(edits, count) > 0) {
        CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(a->max);
        struct round r = { .file = file, .text = buf_sv(&now), .arena = &scratch, .most = most ? most : 1 };
        struct buf swapped = now;

        if (!run_round(&r, edits, count, &next, a, e))
            return false;
        failures += r.most != SIZE_MAX;
        most = r.most;
        now = next;
        next = swapped;
        buf_reset(&next);
        if (failures > FAILURES_MAX && !refuse_all(edits, count, SV("too much here cannot be changed"), a, e))
            return false;
    }
    *out = arena_copy(a, buf_sv(&now));
    return out->p || arena_error(a, e);
}

enum edit_outcome edit_text(struct sv file, struct sv text, const struct edit *edit, struct arena *a, struct sv *out,
                            struct sv *why, struct err *e)
{
    struct edit one = *edit;

    if (!edit_all(file, text, &one, 1, a, out, e))
        return EDIT_FAILED;
    *why = one.why;
    return one.outcome;
}
