/* SPDX-License-Identifier: Apache-2.0 */
/* One answer of the engine, taken apart as the API server takes it apart. */
#include "cli/case_answer.h"
#include "json/doc.h"

static int base64_value(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(alphabet, c) : NULL;

    return at ? (int)(at - alphabet) : -1;
}

/* RFC 4648 section 4, strictly: padding required, nothing else allowed. */
static bool base64_decode(struct sv text, struct buf *out)
{
    while (text.n && text.p[text.n - 1] == '=' && text.n % 4 != 2)
        text.n--;
    for (unsigned bits = 0, held = 0; text.n; text = sv_skip(text, 1)) {
        int value = base64_value(*text.p);

        if (value < 0)
            return false;
        held = held << 6 | (unsigned)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            buf_add_char(out, (char)(held >> bits & 0xff));
        }
    }
    return buf_ok(out);
}

static void read_status(struct case_answer *out, const struct json *response, struct buf *problems)
{
    const struct json *status = value_get(response, SV("status"));

    out->code = value_number(value_get(status, SV("code")));
    out->message = value_string(value_get(status, SV("message")));
    if (!out->allowed && (out->code.n == 0 || out->message.n == 0))
        buf_printf(problems, "%s: a denial without status.code or status.message\n", verdict_stage_name(out->stage));
    if (out->message.n > 4096)
        buf_printf(problems, "%s: status.message has %zu bytes\n", verdict_stage_name(out->stage), out->message.n);
}

static void read_warnings(struct case_answer *out, const struct json *response, struct buf *problems)
{
    out->warnings = value_get(response, SV("warnings"));
    if (value_size(out->warnings) > 10)
        buf_printf(problems, "%s: %zu warnings\n", verdict_stage_name(out->stage), value_size(out->warnings));
    for (struct value_iter it = value_iter(out->warnings); value_next(&it);) {
        struct sv text = value_string(it.value);

        if (text.n == 0 || text.n > 120)
            buf_printf(problems, "%s: a warning of %zu bytes\n", verdict_stage_name(out->stage), text.n);
    }
}

static void read_patch(struct case_answer *out, const struct json *response, struct arena *a, struct buf *problems)
{
    struct sv patch = value_string(value_get(response, SV("patch")));
    struct sv type = value_string(value_get(response, SV("patchType")));
    struct buf text = BUF_IN(a);
    struct err e = { .code = ERR_NONE };

    if (!patch.p != !type.p || (type.p && !sv_eq(type, SV("JSONPatch"))))
        buf_printf(problems, "%s: patch and patchType do not come together\n", verdict_stage_name(out->stage));
    if (!patch.p)
        return;
    if (!out->allowed || out->stage != STAGE_MUTATE)
        buf_printf(problems, "%s: a patch in a denial, or not at /mutate\n", verdict_stage_name(out->stage));
    if (!base64_decode(patch, &text)) {
        buf_printf(problems, "%s: the patch is not base64\n", verdict_stage_name(out->stage));
        return;
    }
    out->patch_text = buf_sv(&text);
    out->patch = doc_parse(out->patch_text, a, &e);
    if (value_size(out->patch) == 0)
        buf_printf(problems, "%s: the patch is empty or no JSON: %s\n", verdict_stage_name(out->stage), e.msg);
}

static void read_response(struct case_answer *out, struct sv uid, struct arena *a, struct buf *problems)
{
    struct err e = { .code = ERR_NONE };
    const struct json *review = doc_parse(out->bytes, a, &e);
    const struct json *response = value_get(review, SV("response"));

    if (!review)
        buf_printf(problems, "%s: the answer is no JSON: %s\n", verdict_stage_name(out->stage), e.msg);
    if (!sv_eq(value_string(value_get(review, SV("apiVersion"))), SV("admission.k8s.io/v1")) ||
        !sv_eq(value_string(value_get(review, SV("kind"))), SV("AdmissionReview")))
        buf_printf(problems, "%s: the answer is no AdmissionReview v1\n", verdict_stage_name(out->stage));
    if (uid.n && !sv_eq(value_string(value_get(response, SV("uid"))), uid))
        buf_printf(problems, "%s: the answer carries another uid\n", verdict_stage_name(out->stage));
    if (!value_is(value_get(response, SV("allowed")), VALUE_BOOL))
        buf_printf(problems, "%s: the answer does not say whether it allows\n", verdict_stage_name(out->stage));
    out->allowed = value_is_true(value_get(response, SV("allowed")));
    read_status(out, response, problems);
    read_warnings(out, response, problems);
    read_patch(out, response, a, problems);
}

void case_answer_get(struct case_answer *out, const struct basis *b, enum stage stage, struct sv body, struct sv uid,
                     struct arena *a, struct buf *problems)
{
    struct buf bytes = BUF_IN(a);
    struct err e = { .code = ERR_NONE };

    *out = (struct case_answer){ .stage = stage };
    if (!admission_handle(b, stage, body, a, &bytes, &out->record, &e)) {
        out->error = arena_copy(a, sv_from(e.msg));
        return;
    }
    if (!buf_ok(&bytes))
        buf_printf(problems, "%s: the answer is incomplete\n", verdict_stage_name(stage));
    out->bytes = buf_sv(&bytes);
    read_response(out, uid, a, problems);
}
