/* SPDX-License-Identifier: Apache-2.0 */
/* Asks, reads what it is told, and asks again. */
#include "fuzz/judge.h"

#include "admission/review.h"
#include "base/base64.h"
#include "patch/apply.h"
#include "policy/evaluate.h"
#include "json/doc.h"

enum { MESSAGE_MAX = 4096, WARNINGS_MAX = 10, WARNING_MAX = 120, ANNOTATION_MAX = 1024 };

static void check_status(const struct json *response, bool allowed)
{
    const struct json *status = value_get(response, SV("status"));
    struct sv message = value_string(value_get(status, SV("message")));

    FUZZ_CHECK(allowed || value_is(value_get(status, SV("code")), VALUE_NUMBER), "a denial without a code");
    FUZZ_CHECK(allowed || message.n > 0, "a denial without a message");
    FUZZ_CHECK(message.n <= MESSAGE_MAX, "a message of %zu bytes", message.n);
}

static void check_texts(const struct json *response)
{
    const struct json *warnings = value_get(response, SV("warnings"));

    FUZZ_CHECK(value_size(warnings) <= WARNINGS_MAX, "%zu warnings", value_size(warnings));
    for (struct value_iter it = value_iter(warnings); value_next(&it);) {
        struct sv text = value_string(it.value);

        FUZZ_CHECK(text.n > 0 && text.n <= WARNING_MAX, "a warning of %zu bytes", text.n);
    }
    for (struct value_iter it = value_iter(value_get(response, SV("auditAnnotations"))); value_next(&it);)
        FUZZ_CHECK(value_string(it.value).n <= ANNOTATION_MAX, "%.*s has %zu bytes", SV_ARG(it.key),
                   value_string(it.value).n);
}

static void check_patch(const struct json *response, const struct judge_answer *answer, enum stage stage,
                        struct arena *a)
{
    struct sv patch = value_string(value_get(response, SV("patch")));
    struct sv type = value_string(value_get(response, SV("patchType")));
    const struct verdict *v = &answer->record.verdict;
    struct buf text = BUF_IN(a);

    FUZZ_CHECK(!patch.p == !type.p && !patch.p == !v->patch.p, "a patch without its type, or one that is not sent");
    if (!patch.p)
        return;
    FUZZ_CHECK(v->allowed && stage == STAGE_MUTATE, "a patch in a denial, or not at /mutate");
    FUZZ_CHECK(sv_eq(type, SV("JSONPatch")), "a patch of type %.*s", SV_ARG(type));
    FUZZ_CHECK(value_size(fuzz_json(v->patch, a)) > 0, "an empty patch");
    base64_add(&text, v->patch);
    FUZZ_CHECK(sv_eq(buf_sv(&text), patch), "another patch is sent");
}

static void check_answer(const struct judge_answer *answer, enum stage stage, struct arena *a)
{
    const struct json *review = fuzz_json(answer->bytes, a);
    const struct json *response = value_get(review, SV("response"));
    const struct admission_record *record = &answer->record;
    bool allowed = value_is_true(value_get(response, SV("allowed")));

    FUZZ_CHECK(sv_eq(value_string(value_get(review, SV("kind"))), SV("AdmissionReview")) &&
                   sv_eq(value_string(value_get(review, SV("apiVersion"))), SV("admission.k8s.io/v1")),
               "no AdmissionReview v1");
    FUZZ_CHECK(sv_eq(value_string(value_get(response, SV("uid"))), record->request.uid), "another uid");
    FUZZ_CHECK(value_is(value_get(response, SV("allowed")), VALUE_BOOL), "it does not say whether it allows");
    FUZZ_CHECK(allowed == (record->answer == ANSWER_ALLOWED || record->answer == ANSWER_PATCHED), "log and answer");
    FUZZ_CHECK(!allowed || (record->verdict.allowed && record->problem.code == ERR_NONE), "allowed without a verdict");
    FUZZ_CHECK(!allowed || record->verdict.denied == 0, "allowed, though %zu deny", record->verdict.denied);
    if (record->problem.code != ERR_NONE)
        fuzz_check_error(&record->problem);
    check_status(response, allowed);
    check_texts(response);
    check_patch(response, answer, stage, a);
}

void judge_ask(struct judge_answer *out, const struct basis *b, enum stage stage, struct sv body, struct arena *a)
{
    struct buf bytes = BUF_IN(a);
    struct err e = { .code = ERR_NONE };

    *out = (struct judge_answer){ .bytes = { NULL, 0 } };
    if (!admission_handle(b, stage, body, a, &bytes, &out->record, &e)) {
        fuzz_check_error(&e);
        FUZZ_CHECK(!out->record.request.uid.p, "an error to somebody who has a uid: %s", e.msg);
        return;
    }
    FUZZ_CHECK(buf_ok(&bytes), "the answer is incomplete");
    out->bytes = buf_sv(&bytes);
    check_answer(out, stage, a);
}

static void check_again(const struct judge_answer *first, const struct basis *b, enum stage stage, struct sv body,
                        struct arena *a)
{
    struct judge_answer again;

    judge_ask(&again, b, stage, body, a);
    FUZZ_CHECK(sv_eq(first->bytes, again.bytes), "two answers to one review:\n%.*s\n%.*s", (int)first->bytes.n,
               first->bytes.p, (int)again.bytes.n, again.bytes.p);
}

/* The object as the API server would store it. */
static struct sv patched_object(const struct judge_answer *mutate, struct arena *a)
{
    struct err e = { .code = ERR_NONE };
    struct sv text = { NULL, 0 };

    FUZZ_CHECK(apply_patch(mutate->record.request.object, mutate->record.verdict.patch, a, &text, &e),
               "the patch does not fit: %s", e.msg);
    (void)fuzz_json(text, a);
    return text;
}

/* The review with another object. */
static struct sv with_object(struct sv body, struct sv object, struct arena *a)
{
    struct buf out = BUF_IN(a);
    const struct json *request = value_get(fuzz_json(body, a), SV("request"));

    buf_add(&out, SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{"));
    for (struct value_iter it = value_iter(request); value_next(&it);) {
        buf_add(&out, it.index ? SV(",") : SV(""));
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

static size_t count_violations(const struct verdict *v)
{
    size_t n = 0;

    for (size_t i = 0; i < v->judgement_count; i++)
        n += v->judgements[i].finding->kind == FINDING_VIOLATION;
    return n;
}

static void check_mended(const struct basis *b, struct sv body, const struct judge_answer *validate,
                         const struct judge_answer *mutate, struct arena *a)
{
    struct sv patched = with_object(body, patched_object(mutate, a), a);
    const struct verdict *before = &validate->record.verdict, *mended = &mutate->record.verdict;
    struct judge_answer again, after;

    judge_ask(&again, b, STAGE_MUTATE, patched, a);
    FUZZ_CHECK(again.record.answer == ANSWER_ALLOWED, "a second /mutate: %.*s", (int)again.bytes.n, again.bytes.p);
    judge_ask(&after, b, STAGE_VALIDATE, patched, a);
    /* What was put in may have findings of its own, but none that denies. */
    FUZZ_CHECK(after.record.verdict.denied + count_violations(mended) <= before->denied,
               "%zu deny, %zu are mended, and then %zu deny: %.*s", before->denied, count_violations(mended),
               after.record.verdict.denied, (int)after.bytes.n, after.bytes.p);
}

/* Listing what passes changes nothing else. */
static void check_passes(const struct basis *b, const struct judge_answer *validate, struct sv body, struct arena *a)
{
    const struct evaluation how = { .stage = STAGE_VALIDATE, .keep_passes = true };
    const struct verdict *before = &validate->record.verdict;
    struct err e = { .code = ERR_NONE };
    struct request r;
    struct verdict v;

    if (validate->record.problem.code != ERR_NONE)
        return;
    FUZZ_CHECK(review_decode(&r, body, a, &e) && evaluate_request(b, &how, &r, a, &v, &e), "%s", e.msg);
    FUZZ_CHECK(v.allowed == before->allowed && v.denied == before->denied && v.warned == before->warned &&
                   v.judgement_count >= before->judgement_count,
               "with passes it is another verdict");
}

void judge_review(const struct basis *b, struct sv body, struct arena *a)
{
    struct judge_answer validate, mutate;

    judge_ask(&validate, b, STAGE_VALIDATE, body, a);
    judge_ask(&mutate, b, STAGE_MUTATE, body, a);
    if (!validate.bytes.p)
        return;
    check_again(&validate, b, STAGE_VALIDATE, body, a);
    check_again(&mutate, b, STAGE_MUTATE, body, a);
    check_passes(b, &validate, body, a);
    if (mutate.record.verdict.patch.p)
        (void)patched_object(&mutate, a);
}

void judge_shipped(const struct basis *b, struct sv body, struct arena *a)
{
    struct judge_answer answers[STAGE_COUNT];
    const struct judge_answer *validate = &answers[STAGE_VALIDATE], *mutate = &answers[STAGE_MUTATE];

    for (int stage = 0; stage < STAGE_COUNT; stage++)
        judge_ask(&answers[stage], b, (enum stage)stage, body, a);
    if (!validate->bytes.p)
        return;
    /* What cannot be judged matters only to a stage that looks at it. */
    FUZZ_CHECK(validate->record.problem.code != ERR_NONE ||
                   validate->record.verdict.allowed == answers[STAGE_ENFORCE].record.verdict.allowed,
               "/validate and /validate/enforce do not agree");
    FUZZ_CHECK(answers[STAGE_AUDIT].record.code != 403, "/validate/audit denies");
    FUZZ_CHECK(mutate->record.code != 403 || mutate->record.verdict.conflict.p, "/mutate denies without a conflict");
    check_again(validate, b, STAGE_VALIDATE, body, a);
    check_again(mutate, b, STAGE_MUTATE, body, a);
    check_passes(b, validate, body, a);
    if (mutate->record.verdict.patch.p)
        check_mended(b, body, validate, mutate, a);
}
