/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluates one review up to three times: for /mutate, and for /validate as it
 * was received and as the patch leaves it. What was found twice is what
 * /validate says; what was found only before is what /mutate takes away.
 */
#include "cli/check.h"
#include "admission/review.h"
#include "base/text.h"
#include "patch/apply.h"
#include "policy/evaluate.h"
#include "rules/rules.h"
#include "json/doc.h"

struct checker {
    const struct check_question *question;
    struct arena *arena;
    struct request request;        /* as it was received */
    const struct json *patched;    /* the object after the patch; NULL: there is none */
    const struct json *patch_ops;  /* the patch, parsed */
    struct verdict mutate, before; /* `before`: /validate of the object as it was received */
    struct verdict after;
    struct checked *out;
};

static bool evaluate(const struct checker *c, enum stage stage, const struct json *object, struct verdict *out,
                     struct err *e)
{
    const struct evaluation how = {
        .stage = stage,
        .keep_passes = c->question->keep_passes,
        .inventory = c->question->inventory,
    };
    struct request request = c->request;

    request.object = object;
    return evaluate_request(c->question->basis, &how, &request, c->arena, out, e);
}

/* Refused without a judgement. False only if there is no room to say so. */
static bool refuse(struct checker *c, const struct err *why, struct err *e)
{
    c->out->is_denied = true;
    c->out->refusal = arena_copy(c->arena, sv_from(why->msg));
    if (c->out->refusal.p)
        return true;
    *e = *why;
    return false;
}

static bool apply(struct checker *c, struct err *e)
{
    struct sv text;

    if (!c->mutate.patch.p)
        return true;
    c->patch_ops = doc_parse(c->mutate.patch, c->arena, e);
    if (!c->patch_ops || !apply_patch(c->request.object, c->mutate.patch, c->arena, &text, e))
        return false;
    c->patched = doc_parse(text, c->arena, e);
    c->out->patch = c->mutate.patch;
    c->out->stored = text;
    return c->patched != NULL;
}

/* The three verdicts; without a patch there is nothing to judge a second time. */
static bool judge(struct checker *c, struct err *e)
{
    if (!evaluate(c, STAGE_MUTATE, c->request.object, &c->mutate, e) || !apply(c, e) ||
        !evaluate(c, STAGE_VALIDATE, c->request.object, &c->before, e))
        return false;
    c->after = c->before;
    return !c->patched || evaluate(c, STAGE_VALIDATE, c->patched, &c->after, e);
}

/* A judgement that looks for its counterpart, and where it stood in its list. */
struct half {
    const struct judgement *judgement;
    size_t index;
};

/* What two states of an object have in common is told as on an UPDATE, by what
 * is said about what, not by the path: a patch may move things. */
static int compare_subject(const struct judgement *a, const struct judgement *b)
{
    const struct sv pairs[][2] = {
        { a->policy, b->policy },
        { a->rule_name, b->rule_name },
        { a->finding->subject, b->finding->subject },
        { a->finding->field, b->finding->field },
    };
    int order = (a->result == RESULT_PASS) - (b->result == RESULT_PASS);

    for (size_t i = 0; !order && i < ARRAY_LEN(pairs); i++)
        order = sv_cmp(pairs[i][0], pairs[i][1]);
    return order;
}

static int compare_value(const struct judgement *a, const struct judgement *b)
{
    int order = compare_subject(a, b);

    return order ? order : sv_cmp(a->finding->found, b->finding->found);
}

static int compare_path(const struct judgement *a, const struct judgement *b)
{
    int order = compare_value(a, b);

    return order ? order : sv_cmp(a->finding->path, b->finding->path);
}

static int by_index(const struct half *a, const struct half *b, int order)
{
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int by_subject(const void *left, const void *right)
{
    const struct half *a = left, *b = right;

    return by_index(a, b, compare_subject(a->judgement, b->judgement));
}

static int by_value(const void *left, const void *right)
{
    const struct half *a = left, *b = right;

    return by_index(a, b, compare_value(a->judgement, b->judgement));
}

static int by_path(const void *left, const void *right)
{
    return compare_path(((const struct half *)left)->judgement, ((const struct half *)right)->judgement);
}

static struct half *sort_halves(const struct verdict *v, int (*order)(const void *, const void *), struct arena *a)
{
    struct half *halves = arena_array(a, v->judgement_count, struct half);

    for (size_t i = 0; halves && i < v->judgement_count; i++)
        halves[i] = (struct half){ &v->judgements[i], i };
    if (halves && v->judgement_count)
        qsort(halves, v->judgement_count, sizeof(*halves), order);
    return halves;
}

/* For each judgement of `after` the one it was before, NULL if it is new; for
 * each of `before` whether it is still there. One is one: two containers that
 * were at fault, of which one is mended, leave one. */
struct pairing {
    const struct judgement **origins;
    bool *remains;
};

typedef int compare_fn(const struct judgement *a, const struct judgement *b);

/* Pairs what is equal and has no partner yet. */
static bool pair_round(const struct checker *c, struct pairing *p, int (*order)(const void *, const void *),
                       compare_fn *compare)
{
    struct half *before = sort_halves(&c->before, order, c->arena), *after = sort_halves(&c->after, order, c->arena);
    size_t i = 0, k = 0;

    while (before && after && i < c->before.judgement_count && k < c->after.judgement_count) {
        bool left_is_taken = p->remains[before[i].index], right_is_taken = p->origins[after[k].index] != NULL;
        int difference = compare(before[i].judgement, after[k].judgement);

        if (left_is_taken || right_is_taken) {
            i += left_is_taken;
            k += right_is_taken;
            continue;
        }
        if (difference == 0) {
            p->origins[after[k].index] = before[i].judgement;
            p->remains[before[i].index] = true;
        }
        i += difference <= 0;
        k += difference >= 0;
    }
    return before && after;
}

/* First with the value that was found; then without: an image that the patch
 * took from another registry and that still has no digest is not mended. */
static bool pair_up(const struct checker *c, struct pairing *out)
{
    out->origins = arena_array(c->arena, c->after.judgement_count, const struct judgement *);
    out->remains = arena_array(c->arena, c->before.judgement_count, bool);
    return out->origins && out->remains && pair_round(c, out, by_value, compare_value) &&
           (!c->patched || pair_round(c, out, by_subject, compare_subject));
}

/* An item that the patch put first moved all others one down. Absent: the place
 * is within what was put in, which is at `array`. */
static struct sv undo_insert(struct sv path, struct sv array, struct arena *a)
{
    struct sv rest = sv_skip(path, array.n + 1), token;
    size_t index = 0;

    if (!sv_starts_with(path, array) || path.n == array.n || path.p[array.n] != '/')
        return path;
    token = sv_cut(&rest, '/');
    if (!text_to_size(token, &index))
        return path;
    if (index == 0)
        return array;
    return arena_printf(a, "%.*s/%zu%s%.*s", (int)array.n, array.p, index - 1, rest.p ? "/" : "", (int)rest.n,
                        rest.p ? rest.p : "");
}

/* Where a place of the patched object was in the original. */
static struct sv undo_patch(const struct checker *c, struct sv path)
{
    for (size_t left = value_size(c->patch_ops); left && path.p; left--) {
        const struct json *op = value_at(c->patch_ops, left - 1);
        struct sv place = value_string(value_get(op, SV("path")));

        if (!sv_eq(value_string(value_get(op, SV("op"))), SV("add")) || !sv_ends_with(place, SV("/0")))
            continue;
        place.n -= 2;
        if (value_is(pointer_get(c->request.object, place), VALUE_ARRAY))
            path = undo_insert(path, place, c->arena);
    }
    return path;
}

/* Cuts the path to what is there. */
static struct sv existing(const struct json *object, struct sv path)
{
    while (path.n && !pointer_get(object, path))
        path.n = sv_find_last(path, '/');
    return path;
}

/* The path of a finding that only the patched object has. What of it is missing
 * there is kept, if it hangs on something that was there before. */
static struct sv original_path(const struct checker *c, struct sv path)
{
    struct sv there = existing(c->patched, path), rest = sv_skip(path, there.n), was = undo_patch(c, there);

    if (!was.p || existing(c->request.object, was).n < was.n)
        return was.p ? existing(c->request.object, was) : was;
    return rest.n ? arena_printf(c->arena, "%.*s%.*s", (int)was.n, was.p, (int)rest.n, rest.p) : was;
}

static void add(struct checker *c, const struct judgement *j, enum result result, enum mode mode, struct sv path)
{
    c->out->findings[c->out->count++] =
        (struct checked_finding){ .judgement = j, .result = result, .mode = mode, .path = path };
}

static void add_brought(struct checker *c, const struct judgement *j)
{
    add(c, j, j->result, j->mode, original_path(c, j->finding->path));
    c->out->findings[c->out->count - 1].is_brought = true;
}

/* What /validate decides, in the words it has for the object as it is written;
 * then what it no longer says. A pass counts if it was one before: what is
 * mended is said once. Who excepts something is known of what it excepts only. */
static bool list_findings(struct checker *c, const struct pairing *pairs)
{
    c->out->findings =
        arena_array(c->arena, c->before.judgement_count + c->after.judgement_count, struct checked_finding);
    if (!c->out->findings)
        return false;
    for (size_t i = 0; i < c->after.judgement_count; i++) {
        const struct judgement *j = &c->after.judgements[i], *origin = pairs->origins[i];

        if (origin)
            add(c, j->result == RESULT_EXCEPTED ? j : origin, j->result, j->mode, origin->finding->path);
        else if (j->result != RESULT_PASS)
            add_brought(c, j);
    }
    for (size_t i = 0; i < c->before.judgement_count; i++)
        if (!pairs->remains[i] && c->before.judgements[i].result != RESULT_PASS)
            add(c, &c->before.judgements[i], RESULT_WILL_MUTATE, MODE_OFF, c->before.judgements[i].finding->path);
    return !c->arena->is_full;
}

static void take_repairs(struct patch *to, const struct judgement *j)
{
    struct patch_op *next = NULL;

    for (struct patch_op *op = j->finding->repairs; op; op = next) {
        next = op->next;
        op->owner = j->policy;
        patch_add(to, op);
    }
}

/* A sidecar is the webhook's to inject, with the image of that day. */
static bool is_for_files(const struct judgement *j)
{
    return j->finding->repairs && j->rule != &rule_sidecar;
}

/* What the patch does, and what it would do to a template's pods. The operations are those that /validate saw:
 * those of /mutate are linked into its patch. */
static bool list_repairs(struct checker *c)
{
    struct half *mended = sort_halves(&c->mutate, by_path, c->arena);
    size_t count = c->mutate.judgement_count;
    struct patch repairs = { 0 };

    if (!mended)
        return false;
    for (size_t i = 0; i < c->before.judgement_count; i++) {
        const struct judgement *j = &c->before.judgements[i];
        const struct half key = { j, 0 };

        if (!is_for_files(j))
            continue;
        if (j->result == RESULT_WILL_MUTATE || (count && bsearch(&key, mended, count, sizeof(key), by_path)))
            take_repairs(&repairs, j);
    }
    return patch_order(&repairs, c->request.object, c->arena, &c->out->repairs) != PATCH_FAILED;
}

static bool conclude(struct checker *c, struct err *e)
{
    struct pairing pairs;

    c->out->is_denied = !c->after.allowed || !c->mutate.allowed;
    c->out->refusal = c->mutate.conflict;
    if (pair_up(c, &pairs) && list_findings(c, &pairs) && list_repairs(c))
        return true;
    return arena_error(c->arena, e);
}

bool check_review(const struct check_question *q, struct sv review, struct arena *a, struct checked *out, struct err *e)
{
    struct checker c = { .question = q, .arena = a, .out = out };
    struct err why = { .code = ERR_NONE };

    *out = (struct checked){ .is_denied = false };
    if (review_decode(&c.request, review, a, &why) && judge(&c, &why))
        return conclude(&c, e);
    if (c.request.uid.p)
        return refuse(&c, &why, e);
    *e = why;
    return false;
}
