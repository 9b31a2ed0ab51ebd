/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The coordinator: decode, evaluate, respond. What cannot be evaluated is
 * denied under its own uid; only what has none becomes an error.
 */
#include "admission/handler.h"

#include "admission/respond.h"
#include "admission/review.h"
#include "base/text.h"
#include "policy/evaluate.h"

enum {
    PROBLEM_MAX = 1024,
    REFUSAL_ROOM = 16 << 10, /* what the answer takes at most, with the doubling of its buffer */
};

const char *admission_answer_name(enum admission_answer answer)
{
    static const char *const names[] = {
        [ANSWER_ERROR] = "error",
        [ANSWER_DENIED] = "denied",
        [ANSWER_ALLOWED] = "allowed",
        [ANSWER_PATCHED] = "patched",
    };

    return names[answer];
}

/* The status a denial of ours carries: whose fault it was. */
static int code_of(enum err_code code)
{
    static const int codes[] = {
        [ERR_NONE] = 500, [ERR_SYNTAX] = 400, [ERR_INPUT] = 400, [ERR_LIMIT] = 413,
        [ERR_IO] = 500,   [ERR_TLS] = 500,    [ERR_NOMEM] = 500,
    };

    return codes[code];
}

/* Denies under `uid`; the text goes to people, so it is made printable. The
 * request's arena may be what ran out, so the text has one of its own, and
 * the answer may go a little over the maximum. */
static bool refuse(struct sv uid, const struct err *why, struct buf *out, struct admission_record *record,
                   struct err *e)
{
    CLEANUP(arena_fini) struct arena spare = ARENA_INIT(64 << 10);
    struct sv text = arena_printf(&spare, "fipsgate could not evaluate this review: %s", why->msg);

    buf_reset(out);
    if (out->arena)
        out->arena->max += REFUSAL_ROOM;
    record->answer = ANSWER_DENIED;
    record->code = code_of(why->code);
    record->request.uid = uid;
    record->verdict = (struct verdict){ .allowed = false };
    record->problem = *why;
    return respond_refuse(uid, record->code, text_printable(&spare, text, PROBLEM_MAX), out, e);
}

static void record_verdict(struct admission_record *record)
{
    const struct verdict *v = &record->verdict;

    record->code = v->allowed ? 0 : 403;
    record->answer = !v->allowed ? ANSWER_DENIED : v->patch.p ? ANSWER_PATCHED : ANSWER_ALLOWED;
}

static void begin(struct admission_record *record)
{
    *record = (struct admission_record){ .answer = ANSWER_ERROR, .clock = record->clock };
}

/* *took is the time since *since, which becomes now. Passes `done` on. */
static bool timed(const struct admission_record *record, uint64_t *since, uint64_t *took, bool done)
{
    uint64_t now = record->clock ? record->clock() : 0;

    *took = now - *since;
    *since = now;
    return done;
}

bool admission_handle(const struct basis *b, enum stage stage, struct sv body, struct arena *a, struct buf *out,
                      struct admission_record *record, struct err *e)
{
    const struct evaluation how = { .stage = stage };
    struct admission_times *took = &record->took;
    struct err why = { .code = ERR_NONE };
    uint64_t t = record->clock ? record->clock() : 0;

    begin(record);
    if (timed(record, &t, &took->decode, review_decode(&record->request, body, a, &why)) &&
        timed(record, &t, &took->evaluate, evaluate_request(b, &how, &record->request, a, &record->verdict, &why)) &&
        timed(record, &t, &took->respond, respond_encode(b, &record->request, &record->verdict, a, out, &why))) {
        record_verdict(record);
        return true;
    }
    if (record->request.uid.p)
        return refuse(record->request.uid, &why, out, record, e);
    *e = why;
    return false;
}

bool admission_refuse(struct sv prefix, const struct err *why, struct buf *out, struct admission_record *record)
{
    struct sv uid = review_uid_of_prefix(prefix);
    struct err e = { .code = ERR_NONE };

    begin(record);
    return uid.p && refuse(uid, why, out, record, &e);
}
