/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the lint share. */
#include "cli/lint.h"
#include "cli/lint_exception.h"
#include "cli/lint_facts.h"
#include "cli/lint_overlap.h"
#include "cli/lint_policy.h"
#include <stdarg.h>

void lint_say(struct lint *l, enum lint_level level, const struct yaml_doc *doc, const struct pointer *at,
              const char *fmt, ...)
{
    static const char *const names[] = { [LINT_WARNING] = "warning", [LINT_ERROR] = "error" };
    struct err text, e;
    va_list args;

    va_start(args, fmt);
    vsnprintf(text.msg, sizeof(text.msg), fmt, args);
    va_end(args);
    record_error(doc, at, &e, "%s: %s", names[level], text.msg);
    buf_printf(l->out, "%s\n", e.msg);
    l->errors += level == LINT_ERROR;
    l->warnings += level == LINT_WARNING;
}

const struct json *lint_rule_value(const struct policy *p, size_t index)
{
    return value_at(pointer_get(p->doc->root, SV("/spec/rules")), index);
}

bool lint_looks_at(const struct rule *r, bool cluster_scoped)
{
    if (r->families & FAMILY_UNLISTED)
        return true;
    for (size_t i = 0; i < kind_count(); i++)
        if ((kind_at(i)->family & r->families) && kind_at(i)->cluster_scoped == cluster_scoped)
            return true;
    return false;
}

void lint_all(struct lint *l)
{
    lint_policy_all(l);
    lint_overlap_all(l);
    lint_exception_all(l);
    lint_facts_all(l);
}
