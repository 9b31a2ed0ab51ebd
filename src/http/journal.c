/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines of http/exchange.c, which calls these and nothing else that logs. */
#include "http/journal.h"
#include "base/log.h"
#include "base/text.h"
#include "json/value.h"

enum { FINDINGS_MAX = 8, FINDING_MAX = 200, LIST_MAX = 1800 };

/* "policy/rule /spec/containers/0/image", as JSON strings. */
static void add_finding(struct buf *out, const struct judgement *j, struct arena *a)
{
    struct sv line =
        arena_printf(a, "%.*s/%.*s %.*s", SV_ARG(j->policy), SV_ARG(j->rule_name), SV_ARG(j->finding->path));

    buf_add(out, out->len > 1 ? SV(",") : SV(""));
    value_print_string(out, text_printable(a, line, FINDING_MAX));
}

static struct sv list_findings(const struct verdict *v, struct arena *a)
{
    struct buf out = { .max = LIST_MAX, .arena = a };
    size_t listed = 0;

    buf_add_char(&out, '[');
    for (size_t i = 0; i < v->judgement_count && listed < FINDINGS_MAX; i++) {
        const struct judgement *j = &v->judgements[i];

        if (j->mode == MODE_OFF || j->result == RESULT_PASS)
            continue;
        add_finding(&out, j, a);
        listed++;
    }
    buf_add_char(&out, ']');
    return buf_ok(&out) ? buf_sv(&out) : SV("[]");
}

static bool is_hex(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return true;
}

static bool is_zero(struct sv s)
{
    while (s.n && s.p[0] == '0')
        s = sv_skip(s, 1);
    return s.n == 0;
}

/* version-trace-parent-flags. A version later than 00 may have more after
 * another dash, and means the same by these four. */
struct sv journal_trace_id(struct sv traceparent)
{
    static const size_t lengths[] = { 2, 32, 16, 2 };
    struct sv parts[ARRAY_LEN(lengths)], rest = traceparent;

    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        parts[i] = sv_cut(&rest, '-');
        if (parts[i].n != lengths[i] || !is_hex(parts[i]))
            return (struct sv){ NULL, 0 };
    }
    if (sv_eq(parts[0], SV("ff")) || (sv_eq(parts[0], SV("00")) && rest.p) || is_zero(parts[1]) || is_zero(parts[2]))
        return (struct sv){ NULL, 0 };
    return parts[1];
}

void journal_review(const struct admission_record *record, const struct journal_circumstances *how, struct arena *a)
{
    struct sv trace = journal_trace_id(how->traceparent);
    const struct request *r = &record->request;
    const struct verdict *v = &record->verdict;
    struct log_field fields[] = {
        LOG_S("uid", r->uid),
        LOG_S("stage", sv_from(verdict_stage_name(how->stage))),
        LOG_S("operation", sv_from(request_operation_name(r->operation))),
        LOG_S("kind", r->gvk.kind),
        LOG_S("namespace", r->namespace),
        LOG_S("name", r->name),
        LOG_S("user", r->user),
        LOG_S("answer", sv_from(admission_answer_name(record->answer))),
        LOG_N("code", record->code),
        LOG_N("denied", v->denied),
        LOG_N("warned", v->warned),
        LOG_N("recorded", v->recorded),
        LOG_B("patched", v->patch.n > 0),
        LOG_B("dryRun", r->dry_run),
        LOG_N("microseconds", how->microseconds),
        LOG_J("findings", log_is_on(LOG_INFO) ? list_findings(v, a) : SV("[]")),
        { 0 },
        { 0 },
    };
    size_t count = ARRAY_LEN(fields) - 2;

    if (trace.n)
        fields[count++] = LOG_S("trace", trace);
    if (record->problem.code != ERR_NONE)
        fields[count++] = LOG_S("problem", sv_from(record->problem.msg));
    log_line(LOG_INFO, SV("review"), fields, count);
}

void journal_refusal(unsigned status, struct sv message)
{
    struct log_field fields[] = { LOG_N("status", status), LOG_S("reason", message) };

    log_line(LOG_INFO, SV("request refused"), fields, ARRAY_LEN(fields));
}
