/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub shows shortDescription as an alert's title, the help below it, the
 * first ten tags, and orders by security-severity. */
#include "report/sarif_rule.h"
#include "report/format.h"

enum { TAGS_MAX = 10 };

static const struct policy *policy_of(const struct policy_set *set, struct sv name, size_t *before)
{
    *before = 0;
    for (size_t i = 0; i < set->policy_count; i++) {
        if (sv_eq(set->policies[i].name, name))
            return &set->policies[i];
        *before += set->policies[i].rule_count;
    }
    return NULL;
}

size_t sarif_rule_index(const struct policy_set *set, const struct judgement *j)
{
    size_t before;
    const struct policy *p = policy_of(set, j->policy, &before);

    for (size_t i = 0; p && i < p->rule_count; i++)
        if (sv_eq(p->rules[i].name, j->rule_name))
            return before + i;
    return set->rule_count + 1;
}

enum mode sarif_rule_mode(const struct policy_set *set, const struct judgement *j)
{
    size_t before;
    const struct policy *p = policy_of(set, j->policy, &before);

    return p ? p->mode : j->mode;
}

const char *sarif_rule_level(enum mode mode)
{
    static const char *const levels[] = {
        [MODE_OFF] = "none", [MODE_AUDIT] = "note", [MODE_WARN] = "warning", [MODE_ENFORCE] = "error"
    };

    return levels[mode];
}

void sarif_rule_id(FILE *out, struct sv policy, struct sv rule, struct arena *a)
{
    struct buf id = BUF_IN(a);

    buf_add(&id, policy);
    buf_add_char(&id, '/');
    buf_add(&id, rule);
    format_json_string(out, buf_sv(&id));
}

/* "why that matters" as a sentence: with a capital and a full stop. */
static void add_sentence(struct buf *out, const char *text)
{
    if (!text || !*text)
        return;
    buf_add_char(out, (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text));
    buf_add(out, sv_from(text + 1));
    buf_add_char(out, '.');
}

static void put_text(FILE *out, const char *name, const char *text, struct arena *a)
{
    struct buf b = BUF_IN(a);

    add_sentence(&b, text);
    fprintf(out, ",\"%s\":{\"text\":", name);
    format_json_string(out, buf_sv(&b));
    fputc('}', out);
}

/* The same help twice: as it is read in a terminal, and as Markdown. */
static void add_help(struct buf *out, const struct policy *p, const struct compiled_rule *r, bool is_markdown)
{
    const struct {
        const char *label, *text;
    } parts[] = {
        { "What", r->rule->what },
        { "Why", r->rule->why },
        { "Fix", r->rule->fix },
        { "At admission", p->repair ? r->rule->repair : NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (!parts[i].text)
            continue;
        buf_printf(out, is_markdown ? "**%s.** " : "%s: ", parts[i].label);
        add_sentence(out, parts[i].text);
        buf_add(out, SV("\n\n"));
    }
    buf_printf(out,
               is_markdown ? "**Source.** policy `%.*s`, rule `%.*s`, type `%s`; `fipsgate policy explain %s`"
                           : "Source: policy %.*s, rule %.*s, type %s; fipsgate policy explain %s",
               SV_ARG(p->name), SV_ARG(r->name), r->rule->id, r->rule->id);
}

static void put_help(FILE *out, const struct policy *p, const struct compiled_rule *r, struct arena *a)
{
    struct buf text = BUF_IN(a), markdown = BUF_IN(a);

    add_help(&text, p, r, false);
    add_help(&markdown, p, r, true);
    fputs(",\"help\":{\"text\":", out);
    format_json_string(out, buf_sv(&text));
    fputs(",\"markdown\":", out);
    format_json_string(out, buf_sv(&markdown));
    fputc('}', out);
}

static void put_tags(FILE *out, struct sv layer, struct sv controls)
{
    size_t count = 2;

    fputs("\"tags\":[\"security\",", out);
    format_json_string(out, layer);
    while (controls.p && count++ < TAGS_MAX) {
        struct sv control = sv_trim(sv_cut(&controls, ','));

        if (control.n == 0)
            continue;
        fputc(',', out);
        format_json_string(out, control);
    }
    fputc(']', out);
}

/* GitHub: over 7.0 is high, over 4.0 medium, what is below low. */
static const char *score_of(enum severity severity)
{
    static const char *const scores[] = { [SEVERITY_LOW] = "3.0", [SEVERITY_MEDIUM] = "5.5", [SEVERITY_HIGH] = "8.0" };

    return scores[severity];
}

static void put_rule(FILE *out, const struct policy *p, const struct compiled_rule *r, struct arena *a)
{
    struct sv layer = p->layer.p ? p->layer : sv_from(r->rule->layer);

    fputs("\n{\"id\":", out);
    sarif_rule_id(out, p->name, r->name, a);
    fprintf(out, ",\"name\":\"%s\"", r->rule->id);
    put_text(out, "shortDescription", r->rule->what, a);
    put_text(out, "fullDescription", r->rule->why, a);
    put_help(out, p, r, a);
    fprintf(out, ",\"defaultConfiguration\":{\"enabled\":%s,\"level\":\"%s\"},\"properties\":{",
            p->mode == MODE_OFF ? "false" : "true", sarif_rule_level(p->mode));
    put_tags(out, layer, p->controls);
    fprintf(out, ",\"precision\":\"very-high\",\"security-severity\":\"%s\",\"severity\":\"%s\",\"layer\":",
            score_of(r->rule->severity), format_severity(r->rule->severity));
    format_json_string(out, layer);
    fprintf(out, ",\"mode\":\"%s\",\"controls\":", verdict_mode_name(p->mode));
    format_json_list(out, p->controls);
    fputs("}},", out);
}

void sarif_rule_print(FILE *out, const struct policy_set *set, struct arena *a)
{
    for (size_t i = 0; i < set->policy_count; i++)
        for (size_t j = 0; j < set->policies[i].rule_count; j++) {
            put_rule(out, &set->policies[i], &set->policies[i].rules[j], a);
            arena_reset(a);
        }
    fputs("\n{\"id\":\"" SARIF_RULE_REFUSED "\",\"name\":\"" SARIF_RULE_REFUSED "\","
          "\"shortDescription\":{\"text\":\"Objects can be judged.\"},"
          "\"fullDescription\":{\"text\":\"What cannot be judged is refused, and never admitted by mistake.\"},"
          "\"help\":{\"text\":\"Fix: give the field the type that Kubernetes documents, or take one of the "
          "policies away whose repairs contradict each other.\"},"
          "\"defaultConfiguration\":{\"level\":\"error\"},"
          "\"properties\":{\"tags\":[\"security\"],\"security-severity\":\"8.0\"}}",
          out);
}
