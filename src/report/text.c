/* SPDX-License-Identifier: Apache-2.0 */
/* For people: every finding where it stands, the line with the value marked,
 * what is wanted instead and how to get there; then the layers, then one
 * sentence. The first line of each is what editors and terminals can jump to. */
#include "report/excerpt.h"
#include "report/format.h"

enum { GUTTER = 6, ASIDE_END = 112 };

enum tone { TONE_ERROR, TONE_WARNING, TONE_NOTE, TONE_GOOD, TONE_STRONG, TONE_FILE, TONE_FAINT, TONE_NONE };

/* ECMA-48 "select graphic rendition". */
static const char *const tones[] = {
    [TONE_ERROR] = "\033[1;31m", [TONE_WARNING] = "\033[1;33m", [TONE_NOTE] = "\033[1;36m", [TONE_GOOD] = "\033[1;32m",
    [TONE_STRONG] = "\033[1m",   [TONE_FILE] = "\033[1;4m",     [TONE_FAINT] = "\033[2m",   [TONE_NONE] = "",
};

static void begin_tone(struct writer *w, enum tone tone)
{
    if (w->is_colored)
        fputs(tones[tone], w->out);
}

static void end_tone(struct writer *w)
{
    if (w->is_colored)
        fputs("\033[0m", w->out);
}

static void put(struct writer *w, enum tone tone, struct sv text)
{
    begin_tone(w, tone);
    format_print(w->out, text);
    end_tone(w);
}

struct grade {
    const char *word;
    enum tone tone;
};

static struct grade grade_of(const struct report_finding *f)
{
    static const struct grade grades[] = {
        [EFFECT_NONE] = { "note", TONE_NOTE },
        [EFFECT_RECORD] = { "note", TONE_NOTE },
        [EFFECT_WARN] = { "warning", TONE_WARNING },
        [EFFECT_DENY] = { "error", TONE_ERROR },
    };

    return f->result == RESULT_PASS ? (struct grade){ "pass", TONE_GOOD } : grades[report_effect(f)];
}

/* A line that begins with "::" is a command to GitHub. */
static struct sv file_name(struct writer *w, struct sv file)
{
    struct buf out = BUF_IN(w->memory);

    if (sv_eq(file, SV("-")))
        return SV("<stdin>");
    if (file.n == 0 || file.p[0] != ':')
        return file;
    buf_add(&out, SV("./"));
    buf_add(&out, file);
    return buf_sv(&out);
}

/* "web.yaml:12:20: error: what is wrong" */
static void headline(struct writer *w, struct sv file, struct place place, struct grade grade, struct sv message)
{
    put(w, TONE_STRONG, format_place(w->memory, file_name(w, file), place));
    put(w, TONE_STRONG, SV(": "));
    begin_tone(w, grade.tone);
    fprintf(w->out, "%s: ", grade.word);
    end_tone(w);
    put(w, TONE_STRONG, message);
    fputc('\n', w->out);
}

static void gutter(struct writer *w, uint32_t line)
{
    begin_tone(w, TONE_FAINT);
    if (line)
        fprintf(w->out, "%*u |", GUTTER - 1, (unsigned)line);
    else
        fprintf(w->out, "%*s |", GUTTER - 1, "");
    end_tone(w);
}

/* The line, and beneath its value `aside`. */
static void quote(struct writer *w, uint32_t line, const struct excerpt *x, struct grade grade, struct sv aside)
{
    gutter(w, 0);
    fputc('\n', w->out);
    gutter(w, line);
    fputc(' ', w->out);
    format_print(w->out, x->text);
    fputc('\n', w->out);
    gutter(w, 0);
    fprintf(w->out, " %*s", (int)x->indent, "");
    begin_tone(w, grade.tone);
    for (size_t i = 0; i < x->width; i++)
        fputc('^', w->out);
    if (aside.n)
        fputc(' ', w->out);
    format_print(w->out, aside);
    end_tone(w);
    fputc('\n', w->out);
    gutter(w, 0);
    fputc('\n', w->out);
}

static void detail(struct writer *w, const char *label, struct sv text)
{
    if (text.n == 0)
        return;
    gutter(w, 0);
    begin_tone(w, TONE_FAINT);
    fprintf(w->out, " %-7s ", label);
    end_tone(w);
    format_print(w->out, text);
    fputc('\n', w->out);
}

static struct sv where(struct writer *w, const struct report_finding *f)
{
    struct buf out = BUF_IN(w->memory);

    buf_add(&out, format_object(w->memory, &f->object));
    if (f->path.n)
        buf_add(&out, SV(" at "));
    buf_add(&out, f->path);
    return buf_sv(&out);
}

static struct sv origin(struct writer *w, const struct judgement *j)
{
    struct buf out = BUF_IN(w->memory);

    buf_add(&out, j->policy);
    buf_add_char(&out, '/');
    buf_add(&out, j->rule_name);
    buf_add(&out, SV(", "));
    buf_add(&out, j->layer);
    buf_printf(&out, ", %s", format_severity(j->rule->severity));
    return buf_sv(&out);
}

static void finding(struct writer *w, const struct report_finding *f)
{
    const struct finding *about = f->judgement->finding;
    struct sv outcome = format_outcome(w->memory, f);
    struct grade grade = grade_of(f);
    bool has_line = f->place.line && f->line.p, has_aside;
    struct excerpt x = { 0 };

    if (has_line)
        x = excerpt_make(w->memory, f->line, f->place.column, about->found);
    has_aside = has_line && x.indent + x.width + outcome.n <= ASIDE_END;
    if (!w->last_file.p || !sv_eq(w->last_file, f->file)) {
        put(w, TONE_FILE, file_name(w, f->file));
        fputs("\n\n", w->out);
    }
    headline(w, f->file, f->place, grade, format_message(f));
    if (has_line)
        quote(w, f->place.line, &x, grade, has_aside ? outcome : SV(""));
    if (!x.shows_found)
        detail(w, "found", about->found);
    detail(w, "wanted", about->wanted);
    detail(w, "fix", about->fix);
    if (!has_aside)
        detail(w, "result", outcome);
    detail(w, "object", where(w, f));
    detail(w, "rule", origin(w, f->judgement));
    detail(w, "control", f->judgement->controls);
    fputc('\n', w->out);
}

static void note(struct writer *w, const struct report_note *n)
{
    static const struct grade grades[] = {
        [NOTE_ERROR] = { "error", TONE_ERROR },
        [NOTE_REFUSED] = { "error", TONE_ERROR },
        [NOTE_SKIPPED] = { "skipped", TONE_FAINT },
    };

    if (n->kind == NOTE_SKIPPED && !w->setup->shows_skipped)
        return;
    headline(w, n->file, n->place, grades[n->kind], n->message);
    if (n->kind == NOTE_REFUSED)
        detail(w, "result", SV("would be refused, whatever the policies say"));
    fputc('\n', w->out);
}

static void cell(struct writer *w, size_t count, enum tone tone, int width)
{
    begin_tone(w, count ? tone : TONE_FAINT);
    if (count)
        fprintf(w->out, "%*zu", width, count);
    else
        fprintf(w->out, "%*s", width, "-");
    end_tone(w);
}

static void layers(struct writer *w, const struct report_summary *s)
{
    begin_tone(w, TONE_FAINT);
    fprintf(w->out, "  %-24s %7s %7s %9s %7s", "layer", "denied", "warned", "recorded", "mended");
    end_tone(w);
    fputc('\n', w->out);
    for (size_t i = 0; i < REPORT_LAYERS; i++) {
        fprintf(w->out, "  %-24s ", report_layers[i]);
        cell(w, s->by_layer[i].denied, TONE_ERROR, 7);
        cell(w, s->by_layer[i].warned, TONE_WARNING, 8);
        cell(w, s->by_layer[i].recorded, TONE_NOTE, 10);
        cell(w, s->by_layer[i].mended, TONE_NOTE, 8);
        fputc('\n', w->out);
    }
    fputc('\n', w->out);
}

static void end(struct writer *w, const struct report_summary *s)
{
    if (w->findings)
        layers(w, s);
    put(w, s->errors || s->denied ? TONE_ERROR : s->warnings ? TONE_WARNING : TONE_GOOD, format_sentence(w->memory, s));
    fputc('\n', w->out);
}

const struct format format_text = { .name = "text", .finding = finding, .note = note, .end = end };
