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

void journal_review(const struct admission_record *record, enum stage stage, uint64_t microseconds, struct arena *a)
{
    const struct request *r = &record->request;
    const struct verdict *v = &record->verdict;
    struct log_field fields[] = {
        LOG_S("uid", r->uid),
        LOG_S("stage", sv_from(verdict_stage_name(stage))),
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
        LOG_N("microseconds", microseconds),
        LOG_J("findings", log_is_on(LOG_INFO) ? list_findings(v, a) : SV("[]")),
        LOG_S("problem", sv_from(record->problem.msg)),
    };

    log_line(LOG_INFO, SV("review"), fields, ARRAY_LEN(fields) - (record->problem.code == ERR_NONE ? 1 : 0));
}

void journal_refusal(unsigned status, struct sv message)
{
    struct log_field fields[] = { LOG_N("status", status), LOG_S("reason", message) };

    log_line(LOG_INFO, SV("request refused"), fields, ARRAY_LEN(fields));
}
