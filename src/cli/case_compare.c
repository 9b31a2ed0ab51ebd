/* SPDX-License-Identifier: Apache-2.0 */
/* What is wanted and what came: findings as a set, patches in their order. */
#include "cli/case_compare.h"

/* What want.json may say about a finding. */
static const char *const keys[] = { "policy",  "rule",    "result", "mode",  "path", "found",
                                    "subject", "message", "wanted", "layer", "fix" };
enum { RECORDED_KEYS = 6 }; /* the first ones are recorded */

static struct sv finding_value(const struct judgement *j, const char *key)
{
    const struct finding *f = j->finding;
    const struct sv values[] = {
        j->policy,
        j->rule_name,
        sv_from(verdict_result_name(j->result)),
        sv_from(verdict_mode_name(j->mode)),
        f->path,
        f->found,
        f->subject,
        f->message,
        f->wanted,
        j->layer,
        f->fix,
    };

    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (strcmp(keys[i], key) == 0)
            return values[i];
    return (struct sv){ NULL, 0 };
}

static void print_finding(const struct judgement *j, struct buf *out)
{
    buf_add(out, SV("{ "));
    for (size_t i = 0; i < RECORDED_KEYS; i++) {
        struct sv value = finding_value(j, keys[i]);

        if (!value.p)
            continue;
        buf_printf(out, "%s\"%s\": ", i ? ", " : "", keys[i]);
        value_print_string(out, value);
    }
    buf_add(out, SV(" }"));
}

static bool finding_matches(const struct judgement *j, const struct json *want, struct arena *a)
{
    for (struct value_iter it = value_iter(want); value_next(&it);) {
        struct sv value = finding_value(j, arena_cstr(a, it.key));

        if (value_is(it.value, VALUE_NULL) ? value.p != NULL : !sv_eq(value, value_string(it.value)))
            return false;
    }
    return value_size(want) > 0;
}

static void compare_findings(const struct json *want, const struct verdict *got, struct arena *a, struct buf *problems)
{
    bool *used = arena_array(a, got->judgement_count, bool);

    for (struct value_iter it = value_iter(want); value_next(&it);) {
        size_t i = 0;

        while (i < got->judgement_count && (used[i] || !finding_matches(&got->judgements[i], it.value, a)))
            i++;
        if (i < got->judgement_count) {
            used[i] = true;
            continue;
        }
        buf_add(problems, SV("  wanted and missing: "));
        value_print(problems, it.value);
        buf_add_char(problems, '\n');
    }
    for (size_t i = 0; i < got->judgement_count; i++) {
        if (used[i] || got->judgements[i].result == RESULT_PASS)
            continue;
        buf_add(problems, SV("  not wanted: "));
        print_finding(&got->judgements[i], problems);
        buf_add_char(problems, '\n');
    }
}

static void print_patch(const struct json *patch, const char *indent, struct buf *out)
{
    if (value_size(patch) == 0) {
        buf_add(out, SV("null"));
        return;
    }
    buf_add_char(out, '[');
    for (struct value_iter it = value_iter(patch); value_next(&it);) {
        buf_printf(out, "%s\n%s  ", it.index ? "," : "", indent);
        value_print(out, it.value);
    }
    buf_printf(out, "\n%s]", indent);
}

static void compare_patch(const struct json *want, const struct json *got, struct buf *problems)
{
    if (value_is_nothing(want) ? !got : value_equal(want, got))
        return;
    buf_add(problems, SV("  wanted patch: "));
    print_patch(want, "  ", problems);
    buf_add(problems, SV("\n  patch: "));
    print_patch(got, "  ", problems);
    buf_add_char(problems, '\n');
}

static bool contains(struct sv text, struct sv part)
{
    return part.n == 0 || (text.n && memmem(text.p, text.n, part.p, part.n));
}

static void compare_text(const char *what, struct sv want, struct sv got, struct buf *problems)
{
    if (!contains(got, want))
        buf_printf(problems, "  wanted in the %s: %.*s\n  %s: %.*s\n", what, (int)want.n, want.p, what, (int)got.n,
                   got.p ? got.p : "");
}

static void compare_warnings(const struct json *want, const struct json *got, struct buf *problems)
{
    if (value_size(want) != value_size(got))
        buf_printf(problems, "  wanted %zu warnings, got %zu\n", value_size(want), value_size(got));
    for (struct value_iter it = value_iter(want); value_next(&it);)
        compare_text("warning", value_string(it.value), value_string(value_at(got, it.index)), problems);
}

/* A key that nobody reads would be a wish nobody checks. */
static void refuse_unknown_keys(const struct json *want, enum stage stage, struct buf *problems)
{
    static const struct sv known[] = { SV_INIT("allowed"), SV_INIT("code"),     SV_INIT("error"), SV_INIT("findings"),
                                       SV_INIT("message"), SV_INIT("warnings"), SV_INIT("patch") };

    for (struct value_iter it = value_iter(want); value_next(&it);) {
        size_t i = 0;

        while (i < ARRAY_LEN(known) && !sv_eq(it.key, known[i]))
            i++;
        if (i == ARRAY_LEN(known))
            buf_printf(problems, "  want.json: unknown key `%.*s` in `%s`\n", SV_ARG(it.key),
                       verdict_stage_name(stage));
    }
}

static void compare_fields(const struct json *want, const struct case_answer *got, struct arena *a,
                           struct buf *problems)
{
    const struct json *code = value_get(want, SV("code"));

    refuse_unknown_keys(want, got->stage, problems);
    compare_text("error", value_string(value_get(want, SV("error"))), got->error, problems);
    if (!value_get(want, SV("error")) == (got->bytes.p == NULL))
        buf_printf(problems, "  %s: `%.*s`\n", got->bytes.p ? "wanted an error, got an answer" : "no answer",
                   SV_ARG(got->error));
    if (!got->bytes.p)
        return;
    if (value_is_true(value_get(want, SV("allowed"))) != got->allowed)
        buf_printf(problems, "  wanted allowed: %s\n", got->allowed ? "false" : "true");
    if (code && !sv_eq(value_number(code), got->code))
        buf_printf(problems, "  wanted code %.*s, got `%.*s`\n", SV_ARG(value_number(code)), SV_ARG(got->code));
    compare_text("message", value_string(value_get(want, SV("message"))), got->message, problems);
    if (value_get(want, SV("warnings")))
        compare_warnings(value_get(want, SV("warnings")), got->warnings, problems);
    if (got->stage == STAGE_VALIDATE)
        compare_findings(value_get(want, SV("findings")), &got->record.verdict, a, problems);
    else
        compare_patch(value_get(want, SV("patch")), got->patch, problems);
}

void case_compare_answer(const struct json *want, const struct case_answer *got, struct arena *a, struct buf *problems)
{
    struct buf own = BUF_IN(a);

    if (!value_is(want, VALUE_OBJECT))
        buf_printf(&own, "  want.json does not say\n");
    else
        compare_fields(want, got, a, &own);
    if (own.len)
        buf_printf(problems, "%s differs:\n%.*s", verdict_stage_name(got->stage), (int)own.len, own.p);
}

static void record_head(const struct case_answer *got, struct buf *out)
{
    buf_printf(out, "  \"%s\": {\n", verdict_stage_name(got->stage));
    if (!got->bytes.p) {
        buf_add(out, SV("    \"error\": "));
        value_print_string(out, got->error);
        return;
    }
    buf_printf(out, "    \"allowed\": %s", got->allowed ? "true" : "false");
    if (!got->allowed)
        buf_printf(out, ",\n    \"code\": %.*s", SV_ARG(got->code));
    if (!got->allowed && !sv_eq(got->code, SV("403"))) {
        buf_add(out, SV(",\n    \"message\": "));
        value_print_string(out, got->message);
    }
}

void case_compare_record(const struct case_answer *validate, const struct case_answer *mutate, struct buf *out)
{
    const struct verdict *v = &validate->record.verdict;
    const char *between = "";

    buf_add(out, SV("{\n"));
    record_head(validate, out);
    if (validate->bytes.p) {
        buf_add(out, SV(",\n    \"findings\": ["));
        for (size_t i = 0; i < v->judgement_count; i++) {
            if (v->judgements[i].result == RESULT_PASS)
                continue;
            buf_printf(out, "%s\n      ", between);
            print_finding(&v->judgements[i], out);
            between = ",";
        }
        buf_add(out, *between ? SV("\n    ]") : SV("]"));
    }
    buf_add(out, SV("\n  },\n"));
    record_head(mutate, out);
    if (mutate->bytes.p) {
        buf_add(out, SV(",\n    \"patch\": "));
        print_patch(mutate->patch, "    ", out);
    }
    buf_add(out, SV("\n  }\n}\n"));
}
