/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the engine at every stage, compares with want.json, and checks what must
 * hold for any input whatever. */
#include "cli/case_run.h"
#include "cli/case.h"
#include "cli/case_answer.h"
#include "cli/case_compare.h"
#include "patch/apply.h"

enum { CASE_MEMORY = 1 << 30 };

struct run {
    struct test_case c;
    struct sv uid;
    struct arena *arena;
    struct buf *problems;
};

static void ask(struct run *r, enum stage stage, struct sv body, struct case_answer *out)
{
    case_answer_get(out, &r->c.basis, stage, body, r->uid, r->arena, r->problems);
}

/* The review with another `object` (absent: its own) and dryRun set. */
static struct sv rewrite(const struct run *r, struct sv object, bool dry_run)
{
    struct buf out = BUF_IN(r->arena);
    const struct json *request = value_get(r->c.review, SV("request"));

    buf_add(&out, SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{"));
    for (struct value_iter it = value_iter(request); value_next(&it);) {
        if (sv_eq(it.key, SV("dryRun")))
            continue;
        value_print_string(&out, it.key);
        buf_add_char(&out, ':');
        if (object.p && sv_eq(it.key, SV("object")))
            buf_add(&out, object);
        else
            value_print(&out, it.value);
        buf_add_char(&out, ',');
    }
    buf_printf(&out, "\"dryRun\":%s}}", dry_run ? "true" : "false");
    return buf_sv(&out);
}

static void expect_same_bytes(struct run *r, enum stage stage, struct sv one, struct sv other, const char *what)
{
    struct case_answer left, right;

    ask(r, stage, one, &left);
    ask(r, stage, other, &right);
    if (!sv_eq(left.bytes, right.bytes) || !sv_eq(left.error, right.error))
        buf_printf(r->problems, "%s: %s:\n  %.*s\n  %.*s\n", verdict_stage_name(stage), what, (int)left.bytes.n,
                   left.bytes.p ? left.bytes.p : "", (int)right.bytes.n, right.bytes.p ? right.bytes.p : "");
}

/* /validate/enforce denies what /validate denies; /validate/audit only what
 * cannot be judged at all. */
static void expect_stages_agree(struct run *r, const struct case_answer *validate)
{
    struct case_answer enforce, audit;

    ask(r, STAGE_ENFORCE, r->c.body, &enforce);
    ask(r, STAGE_AUDIT, r->c.body, &audit);
    if (enforce.allowed != validate->allowed)
        buf_printf(r->problems, "enforce: allowed is not what /validate says\n");
    if (audit.bytes.p && !audit.allowed && sv_eq(audit.code, SV("403")))
        buf_printf(r->problems, "audit: denies\n");
}

/* What /mutate says it mended must be gone. */
static void expect_mended(struct run *r, const struct case_answer *mutate, const struct verdict *after)
{
    const struct verdict *before = &mutate->record.verdict;

    for (size_t i = 0; i < before->judgement_count; i++) {
        const struct judgement *old = &before->judgements[i];
        const struct finding *f = old->finding;

        for (size_t k = 0; k < after->judgement_count; k++) {
            const struct judgement *now = &after->judgements[k];

            if (now->result != RESULT_PASS && sv_eq(now->policy, old->policy) &&
                sv_eq(now->rule_name, old->rule_name) && sv_eq(now->finding->subject, f->subject) &&
                sv_eq(now->finding->field, f->field))
                buf_printf(r->problems, "after the patch %.*s/%.*s still complains at %.*s\n", SV_ARG(now->policy),
                           SV_ARG(now->rule_name), SV_ARG(now->finding->path));
        }
    }
}

/* The patch applies; a second /mutate finds nothing to do; what it mended
 * /validate no longer complains about. */
static void expect_patch_holds(struct run *r, const struct case_answer *mutate)
{
    const struct json *object = value_get(value_get(r->c.review, SV("request")), SV("object"));
    struct err e = { .code = ERR_NONE };
    struct case_answer again, validate;
    struct sv patched, body;

    if (!apply_patch(object, mutate->patch_text, r->arena, &patched, &e)) {
        buf_printf(r->problems, "the patch does not apply: %s\n", e.msg);
        return;
    }
    body = rewrite(r, patched, false);
    ask(r, STAGE_MUTATE, body, &again);
    if (!again.allowed || again.patch)
        buf_printf(r->problems, "a second /mutate still changes something: %.*s\n", (int)again.patch_text.n,
                   again.patch_text.p ? again.patch_text.p : "");
    ask(r, STAGE_VALIDATE, body, &validate);
    expect_mended(r, mutate, &validate.record.verdict);
}

static void check_invariants(struct run *r, const struct case_answer *validate, const struct case_answer *mutate)
{
    expect_same_bytes(r, STAGE_VALIDATE, r->c.body, r->c.body, "the same review twice, two answers");
    expect_same_bytes(r, STAGE_MUTATE, r->c.body, r->c.body, "the same review twice, two answers");
    expect_stages_agree(r, validate);
    if (!value_is(value_get(r->c.review, SV("request")), VALUE_OBJECT))
        return;
    if (validate->bytes.p && !value_is_nothing(value_get(value_get(r->c.review, SV("request")), SV("uid")))) {
        struct sv none = { NULL, 0 };

        expect_same_bytes(r, STAGE_VALIDATE, rewrite(r, none, false), rewrite(r, none, true), "dryRun matters");
        expect_same_bytes(r, STAGE_MUTATE, rewrite(r, none, false), rewrite(r, none, true), "dryRun matters");
    }
    if (mutate->patch)
        expect_patch_holds(r, mutate);
}

static bool record(struct run *r, const struct case_answer *validate, const struct case_answer *mutate)
{
    struct buf text = BUF_IN(r->arena);
    struct sv path = arena_printf(r->arena, "%s/want.json%c", r->c.dir, '\0');
    FILE *file = path.p ? fopen(path.p, "w") : NULL;

    case_compare_record(validate, mutate, &text);
    if (!file || fwrite(text.p, 1, text.len, file) != text.len) {
        buf_printf(r->problems, "want.json cannot be written\n");
        return false;
    }
    return fclose(file) == 0;
}

static void run_fini(struct run *r)
{
    case_free(&r->c);
}

static enum case_result judge(struct run *r, bool recording)
{
    struct case_answer validate, mutate;

    r->uid = value_string(value_get(value_get(r->c.review, SV("request")), SV("uid")));
    ask(r, STAGE_VALIDATE, r->c.body, &validate);
    ask(r, STAGE_MUTATE, r->c.body, &mutate);
    if (recording && !record(r, &validate, &mutate))
        return CASE_UNREADABLE;
    if (!recording) {
        case_compare_answer(value_get(r->c.want, SV("validate")), &validate, r->arena, r->problems);
        case_compare_answer(value_get(r->c.want, SV("mutate")), &mutate, r->arena, r->problems);
    }
    check_invariants(r, &validate, &mutate);
    return r->problems->len == 0 && buf_ok(r->problems) ? CASE_PASSED : CASE_FAILED;
}

enum case_result case_run(const char *dir, bool recording, struct buf *problems)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(CASE_MEMORY);
    CLEANUP(run_fini) struct run r = { .arena = &a, .problems = problems };
    struct err e = { .code = ERR_NONE };

    if (case_load(&r.c, dir, &a, &e))
        return judge(&r, recording);
    buf_printf(problems, "%s\n", e.msg);
    return CASE_UNREADABLE;
}
