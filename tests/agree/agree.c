/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `check` and the webhook are one: for every case below the given directories
 * check_review(), which knows of nothing beside the object here, is held
 * against the answers of /mutate, and of /validate to what /mutate leaves.
 */
#include "cli/case.h"
#include "cli/case_answer.h"
#include "cli/case_find.h"
#include "cli/check.h"
#include "patch/apply.h"

enum { MEMORY = 1 << 30, LEAST_CASES = 500 };

struct run {
    struct test_case c;
    struct arena *arena;
    struct buf problems;
    struct case_answer mutate, before, after; /* `before`: /validate of the object as it came */
    struct checked checked;
};

static void complain(struct run *r, const char *what, const struct judgement *j)
{
    buf_printf(&r->problems, "  %s", what);
    if (j)
        buf_printf(&r->problems, ": %.*s/%.*s %s %s at %.*s: %.*s", SV_ARG(j->policy), SV_ARG(j->rule_name),
                   verdict_result_name(j->result), verdict_mode_name(j->mode), SV_ARG(j->finding->path),
                   SV_ARG(j->finding->message));
    buf_add_char(&r->problems, '\n');
}

/* The same review about another object. */
static struct sv with_object(const struct run *r, struct sv object)
{
    const struct json *request = value_get(r->c.review, SV("request"));
    struct buf out = BUF_IN(r->arena);
    const char *between = "";

    buf_add(&out, SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{"));
    for (struct value_iter it = value_iter(request); value_next(&it); between = ",") {
        buf_add(&out, sv_from(between));
        value_print_string(&out, it.key);
        buf_add_char(&out, ':');
        if (sv_eq(it.key, SV("object")))
            buf_add(&out, object);
        else
            value_print(&out, it.value);
    }
    buf_add(&out, SV("}}"));
    return buf_sv(&out);
}

static void ask(struct run *r, enum stage stage, struct sv body, struct case_answer *out)
{
    struct sv uid = value_string(value_get(value_get(r->c.review, SV("request")), SV("uid")));

    case_answer_get(out, &r->c.basis, stage, body, uid, r->arena, &r->problems);
}

static void ask_webhook(struct run *r)
{
    const struct json *object = value_get(value_get(r->c.review, SV("request")), SV("object"));
    struct err e = { .code = ERR_NONE };
    struct sv patched;

    ask(r, STAGE_MUTATE, r->c.body, &r->mutate);
    ask(r, STAGE_VALIDATE, r->c.body, &r->before);
    r->after = r->before;
    if (!r->mutate.patch)
        return;
    if (!apply_patch(object, r->mutate.patch_text, r->arena, &patched, &e)) {
        complain(r, e.msg, NULL);
        return;
    }
    ask(r, STAGE_VALIDATE, with_object(r, patched), &r->after);
    if (!sv_eq(r->checked.stored, patched))
        complain(r, "what is stored is not what the patch leaves", NULL);
}

/* Of the same thing, in the same rule. */
static bool same_subject(const struct judgement *a, const struct judgement *b)
{
    return sv_eq(a->policy, b->policy) && sv_eq(a->rule_name, b->rule_name) && sv_eq(a->layer, b->layer) &&
           sv_eq(a->finding->subject, b->finding->subject) && sv_eq(a->finding->field, b->finding->field);
}

/* Every word of it. */
static bool same_words(const struct judgement *a, const struct judgement *b)
{
    return same_subject(a, b) && sv_eq(a->finding->found, b->finding->found) &&
           sv_eq(a->finding->message, b->finding->message) && sv_eq(a->finding->wanted, b->finding->wanted) &&
           sv_eq(a->finding->fix, b->finding->fix);
}

static bool stood_before(const struct run *r, const struct checked_finding *f)
{
    const struct verdict *v = &r->before.record.verdict;

    for (size_t i = 0; i < v->judgement_count; i++)
        if (same_words(&v->judgements[i], f->judgement) && sv_eq(v->judgements[i].finding->path, f->path))
            return true;
    return false;
}

/* Told by /validate and by `check` alike; `check` may say it in the words for
 * the object as it came, and of what only the patch brought, where it hangs. */
static bool is_told(const struct run *r, const struct judgement *j, const struct checked_finding *f)
{
    if (j->result != f->result || j->mode != f->mode || !same_subject(j, f->judgement))
        return false;
    if (!r->mutate.patch)
        return same_words(j, f->judgement) && sv_eq(j->finding->path, f->path);
    return stood_before(r, f) || same_words(j, f->judgement);
}

/* A finding that /validate of the patched object no longer has. */
static bool is_mended(const struct checked_finding *f)
{
    return f->result == RESULT_WILL_MUTATE && f->judgement->result != RESULT_WILL_MUTATE;
}

static void compare_mended(struct run *r, size_t from)
{
    const struct verdict *after = &r->after.record.verdict;

    for (size_t i = from; i < r->checked.count; i++) {
        const struct checked_finding *f = &r->checked.findings[i];

        if (!is_mended(f) || !r->mutate.patch || !stood_before(r, f))
            complain(r, "is called mended and is not", f->judgement);
        for (size_t k = 0; k < after->judgement_count; k++)
            if (same_words(&after->judgements[k], f->judgement) &&
                sv_eq(after->judgements[k].finding->path, f->judgement->finding->path))
                complain(r, "is called mended, and /validate still has it", f->judgement);
    }
}

/* First what /validate says, in its order; then what the patch took away. */
static void compare_findings(struct run *r)
{
    const struct verdict *after = &r->after.record.verdict, *before = &r->before.record.verdict;
    size_t remaining = 0;

    if (r->checked.count < after->judgement_count) {
        complain(r, "check says less than /validate", NULL);
        return;
    }
    for (size_t i = 0; i < after->judgement_count; i++) {
        const struct checked_finding *f = &r->checked.findings[i];

        if (!is_told(r, &after->judgements[i], f))
            complain(r, "is not what /validate says", f->judgement);
        remaining += stood_before(r, f);
    }
    compare_mended(r, after->judgement_count);
    if (remaining + r->checked.count - after->judgement_count != before->judgement_count)
        complain(r, "check forgets something that /validate had said before the patch", NULL);
}

/* An answer that is no judgement. */
static bool is_refusal(const struct case_answer *answer)
{
    return answer->record.problem.code != ERR_NONE;
}

static void compare_refusal(struct run *r)
{
    const struct case_answer *who = is_refusal(&r->mutate) ? &r->mutate : &r->after;

    if (!r->checked.is_denied || !sv_eq(r->checked.refusal, sv_from(who->record.problem.msg)))
        complain(r, "the webhook refuses, in other words than check", NULL);
    if (r->checked.count)
        complain(r, "check judges what the webhook refuses", NULL);
}

static void compare(struct run *r)
{
    if (!sv_eq(r->checked.patch, r->mutate.patch_text))
        complain(r, "the patches differ", NULL);
    if (is_refusal(&r->mutate) || is_refusal(&r->after)) {
        compare_refusal(r);
        return;
    }
    if (!sv_eq(r->checked.refusal, r->mutate.record.verdict.conflict))
        complain(r, "the conflict is not the same", NULL);
    if (r->checked.is_denied == (r->mutate.allowed && r->after.allowed))
        complain(r, "one denies and the other does not", NULL);
    compare_findings(r);
}

static void run_fini(struct run *r)
{
    case_free(&r->c);
    buf_fini(&r->problems);
}

/* Whether the case shows that they agree. */
static bool agree(const char *dir)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    CLEANUP(run_fini) struct run r = { .arena = &a, .problems = BUF_INIT(1 << 20) };
    struct err e = { .code = ERR_NONE };
    struct check_question question = { .basis = &r.c.basis };
    bool is_asked;

    if (!case_load(&r.c, dir, &a, &e)) {
        printf("%s: %s\n", dir, e.msg);
        return false;
    }
    is_asked = check_review(&question, r.c.body, &a, &r.checked, &e);
    ask_webhook(&r);
    if (is_asked && r.mutate.bytes.p)
        compare(&r);
    else if (is_asked || r.mutate.bytes.p || !sv_eq(sv_from(e.msg), r.mutate.error))
        complain(&r, "one has an answer and the other has none", NULL);
    if (r.problems.len)
        printf("%s:\n%.*s", dir, (int)r.problems.len, r.problems.p);
    return r.problems.len == 0 && buf_ok(&r.problems);
}

int main(int argc, char *argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct file_names cases = { NULL, 0 };
    struct err e = { .code = ERR_NONE };
    size_t failed = 0;

    for (int i = 1; i < argc; i++) {
        if (case_find(argv[i], &a, &cases, &e))
            continue;
        fprintf(stderr, "%s\n", e.msg);
        return 2;
    }
    for (size_t i = 0; i < cases.count; i++)
        failed += !agree(cases.items[i]);
    printf("%zu cases, %zu disagree\n", cases.count, failed);
    return failed || cases.count < LEAST_CASES;
}
