/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One page for people who do not run the program: an auditor, a reviewer. It
 * holds everything it shows, works without a script (the filter is then not
 * there), and escapes every text. Around the findings: html_around.c.
 */
#include "report/format.h"
#include "report/html_around.h"
#include "report/html_text.h"
#include "report/line.h"
#include "report/page.h"

/* What became of a finding: the word people read, and the style's class. */
struct fate {
    const char *word, *class;
};

static struct fate fate_of(const struct report_finding *f)
{
    static const struct fate effects[] = {
        [EFFECT_NONE] = { "nothing happens", "quiet" },
        [EFFECT_RECORD] = { "recorded", "record" },
        [EFFECT_WARN] = { "warning", "warn" },
        [EFFECT_DENY] = { "refused", "deny" },
    };
    static const struct fate results[] = {
        [RESULT_UNKNOWN] = { "unknown", "quiet" },
        [RESULT_VIOLATION] = { "not acted on", "quiet" },
        [RESULT_PASS] = { "passes", "good" },
        [RESULT_WILL_MUTATE] = { "mended", "good" },
        [RESULT_GRANDFATHERED] = { "as before", "quiet" },
        [RESULT_EXCEPTED] = { "excepted", "lifted" },
    };
    enum report_effect effect = report_effect(f);

    if (f->is_known)
        return (struct fate){ "known", "lifted" };
    return effect != EFFECT_NONE ? effects[effect] : results[f->result];
}

/* A part that is not there takes no room. */
static void put_if(FILE *out, const char *before, struct sv text, const char *after)
{
    if (text.n > 0)
        html_text_put(out, before, text, after);
}

static void put_advice(FILE *out, const char *label, struct sv text)
{
    if (text.n == 0)
        return;
    fprintf(out, "<dt>%s</dt>", label);
    html_text_prose(out, "<dd>", text, "</dd>");
}

/* What the filter asks for. */
static void put_data(FILE *out, const struct report_finding *f)
{
    const struct judgement *j = f->judgement;

    fprintf(out, " data-result=\"%s\" data-effect=\"%s\" data-severity=\"%s\"",
            f->is_known ? "known" : verdict_result_name(f->result), format_effect(report_effect(f)),
            format_severity(j->rule->severity));
    html_text_put(out, " data-layer=\"", j->layer, "\"");
    html_text_put(out, " data-policy=\"", j->policy, "\"");
}

static void put_side(FILE *out, size_t number, const char *word, struct place place)
{
    fprintf(out, "<div class=\"side\"><b>%s</b> <a class=\"at\" href=\"#f%zu\">", word, number);
    if (place.line)
        fprintf(out, "<span class=\"off\">line </span>%u:%u</a></div>\n", (unsigned)place.line, (unsigned)place.column);
    else
        fputs("whole file</a></div>\n", out);
}

static void put_line(FILE *out, const struct report_finding *f)
{
    struct line l = line_cut(f->line, f->place.column, f->judgement->finding->found);

    if (!f->place.line || f->line.n == 0)
        return;
    fputs("<pre tabindex=\"0\">", out);
    html_text_put(out, l.is_cut_before ? "&hellip;" : "", l.before, "<mark>");
    html_text_put(out, "", l.value, "</mark>");
    html_text_put(out, "", l.after, l.is_cut_after ? "&hellip;</pre>\n" : "</pre>\n");
}

static void put_facts(FILE *out, const struct report_finding *f, struct arena *a)
{
    const struct finding *what = f->judgement->finding;
    struct line l = line_cut(f->line, f->place.column, what->found);
    bool stands_there = what->found.n && l.value.n && memmem(l.value.p, l.value.n, what->found.p, what->found.n);
    bool has_outcome = f->judgement->exception || f->result == RESULT_UNKNOWN || f->result == RESULT_GRANDFATHERED;

    fputs("<dl>", out);
    if (!stands_there || !f->place.line)
        put_if(out, "<dt>Found</dt><dd><code>", what->found, "</code></dd>");
    put_advice(out, "Wanted", what->wanted);
    put_advice(out, "Fix", what->fix);
    if (has_outcome)
        put_advice(out, "Outcome", format_outcome(a, f));
    fputs("</dl>\n", out);
}

static void put_source(FILE *out, const struct judgement *j)
{
    fputs("<p class=\"rule\"><a href=\"#", out);
    html_around_rule_id(out, j->policy, j->rule_name);
    html_text_put(out, "\">", j->policy, "/");
    html_text_put(out, "", j->rule_name, "</a>");
    html_text_put(out, " <span>", j->layer, "</span>");
    fprintf(out, " <span>%s severity</span>", format_severity(j->rule->severity));
    put_if(out, " <span>", j->controls, "</span>");
    fputs("</p>\n", out);
}

/* A name keeps its small letter, a word does not. */
static bool is_word(struct sv text)
{
    return text.n > 0 && text.p[0] >= 'a' && text.p[0] <= 'z';
}

static struct sv name_of(struct sv file)
{
    return sv_eq(file, SV("-")) ? SV("standard input") : file;
}

static void put_finding(struct writer *w, const struct report_finding *f)
{
    const struct sv what = format_message(f);
    const size_t number = w->findings + 1;
    struct fate fate = fate_of(f);
    FILE *out = w->body;

    if (number == 1 || !sv_eq(w->last_file, f->file)) {
        fputs(number == 1 ? "" : "</section>\n", out);
        html_text_put(out, "<section class=\"file\"><h3>", name_of(f->file), "</h3>\n");
    }
    fprintf(out, "<article class=\"%s\" id=\"f%zu\" tabindex=\"-1\"", fate.class, number);
    put_data(out, f);
    fputs(">\n", out);
    put_side(out, number, fate.word, f->place);
    html_text_prose(out, is_word(what) ? "<div>\n<h4 class=\"prose\">" : "<div>\n<h4>", what, "</h4>\n");
    html_text_put(out, "<p class=\"what\"><b>", format_object(w->memory, &f->object), "</b> ");
    put_if(out, "<code>", f->path, "</code>");
    fputs("</p>\n", out);
    put_line(out, f);
    put_facts(out, f, w->memory);
    put_source(out, f->judgement);
    fputs("</div></article>\n", out);
}

static void put_note(struct writer *w, const struct report_note *n)
{
    static const struct fate fates[] = {
        [NOTE_ERROR] = { "cannot be read", "deny" },
        [NOTE_REFUSED] = { "refused", "deny" },
        [NOTE_SKIPPED] = { "skipped", "quiet" },
    };

    if (n->kind == NOTE_SKIPPED && !w->setup->shows_skipped)
        return;
    fprintf(w->notes, "<li class=\"%s\"><b>%s</b> ", fates[n->kind].class, fates[n->kind].word);
    html_text_put(w->notes, "<code>", format_place(w->memory, name_of(n->file), n->place), "</code> ");
    html_text_prose(w->notes, "<span>", n->message, "</span></li>\n");
}

static void put_change(struct writer *w, const struct report_change *c)
{
    html_text_put(w->patches, "<details><summary>", format_object(w->memory, &c->object), " ");
    html_text_put(w->patches, "<code>", format_place(w->memory, name_of(c->file), c->place),
                  "</code></summary><pre tabindex=\"0\">");
    html_text_put(w->patches, "", c->patch, "</pre></details>\n");
}

static void put_part(FILE *out, enum page_part which)
{
    struct sv part = page_part(which);

    (void)fwrite(part.p, 1, part.n, out);
}

static void end(struct writer *w, const struct report_summary *s)
{
    FILE *out = w->out;

    put_part(out, PAGE_TOP);
    fputs(html_around_verdict(s), out);
    fputs(" - fipsgate check", out);
    put_part(out, PAGE_HEAD);
    html_around_top(w, s);
    html_around_filter(w);
    fputs("<section id=\"findings\" tabindex=\"-1\"><h2>Findings</h2>\n", out);
    format_copy(out, w->body);
    fputs(w->findings ? "</section>\n" : "<p class=\"none\">Nothing was found.</p>\n", out);
    fputs("<p class=\"none\" id=\"empty\" hidden>No finding is like that.</p>\n</section>\n", out);
    html_around_end(w);
    put_part(out, PAGE_END);
}

const struct format format_html = {
    .name = "html", .is_spooled = true, .finding = put_finding, .note = put_note, .change = put_change, .end = end
};
