/* SPDX-License-Identifier: Apache-2.0 */
/* GitHub Actions: a workflow command a finding, which becomes an annotation of
 * the line in the pull request. Commands are read from the log, so what comes
 * from files must not be able to end one or to begin another. */
#include "report/format.h"

/* GitHub shows so many of each level a step; one notice is kept for saying so. */
enum { SHOWN = 10 };

enum annotation { ANNOTATION_ERROR, ANNOTATION_WARNING, ANNOTATION_NOTICE, ANNOTATIONS };
static const char *const level_names[] = {
    [ANNOTATION_ERROR] = "error", [ANNOTATION_WARNING] = "warning", [ANNOTATION_NOTICE] = "notice"
};

struct state {
    size_t counts[ANNOTATIONS];
};

static void begin(struct writer *w)
{
    w->state = calloc(1, sizeof(struct state));
}

static void data(FILE *out, struct sv text)
{
    static const char *const texts[] = { "%25" };

    format_print_as(out, text, "%", texts);
}

static void property(FILE *out, const char *name, struct sv text)
{
    static const char *const texts[] = { "%25", "%3A", "%2C" };

    fprintf(out, "%s=", name);
    format_print_as(out, text, "%:,", texts);
}

/* In a command lines end in %0A, and the message has as many as it likes. */
static void line(FILE *out, bool is_command, const char *label, struct sv text)
{
    if (text.n == 0)
        return;
    fprintf(out, "%s%s: ", is_command ? "%0A" : "; ", label);
    if (is_command)
        data(out, text);
    else
        format_print(out, text);
}

/* Up to the message. False: a notice that nobody would see became a line of the log. */
static bool open_command(struct writer *w, enum annotation level, struct sv file, struct place at, struct sv title)
{
    struct state *state = w->state;
    FILE *out = w->out;

    if (state && ++state->counts[level] >= SHOWN && level == ANNOTATION_NOTICE) {
        fputs("notice: ", out);
        format_print(out, format_place(w->memory, file, at));
        fputs(": ", out);
        return false;
    }
    fprintf(out, "::%s ", level_names[level]);
    if (!sv_eq(file, SV("-"))) {
        property(out, "file", format_relative(file));
        fputc(',', out);
    }
    if (at.line)
        fprintf(out, "line=%u,col=%u,", (unsigned)at.line, (unsigned)at.column);
    property(out, "title", title);
    fputs("::", out);
    return true;
}

static void finding(struct writer *w, const struct report_finding *f)
{
    static const enum annotation levels[] = {
        [EFFECT_NONE] = ANNOTATION_NOTICE,
        [EFFECT_RECORD] = ANNOTATION_NOTICE,
        [EFFECT_WARN] = ANNOTATION_WARNING,
        [EFFECT_DENY] = ANNOTATION_ERROR,
    };
    const struct judgement *j = f->judgement;
    struct buf title = BUF_IN(w->memory);
    bool is_command;

    if (!format_is_news(f))
        return;
    buf_add(&title, j->policy);
    buf_add_char(&title, '/');
    buf_add(&title, j->rule_name);
    buf_add(&title, SV(" ("));
    buf_add(&title, j->layer);
    buf_add_char(&title, ')');
    is_command = open_command(w, levels[report_effect(f)], f->file, f->place, buf_sv(&title));
    data(w->out, format_message(f));
    line(w->out, is_command, "found", j->finding->found);
    line(w->out, is_command, "wanted", j->finding->wanted);
    line(w->out, is_command, "fix", j->finding->fix);
    line(w->out, is_command, "result", format_outcome(w->memory, f));
    line(w->out, is_command, "object", format_object(w->memory, &f->object));
    line(w->out, is_command, "path", f->path);
    line(w->out, is_command, "controls", j->controls);
    fputc('\n', w->out);
}

static void note(struct writer *w, const struct report_note *n)
{
    if (n->kind == NOTE_SKIPPED)
        return;
    (void)open_command(w, ANNOTATION_ERROR, n->file, n->place,
                       n->kind == NOTE_ERROR ? SV("fipsgate: cannot be read") : SV("fipsgate: would be refused"));
    data(w->out, n->message);
    fputc('\n', w->out);
}

static void end(struct writer *w, const struct report_summary *s)
{
    static const struct state none = { { 0 } };
    const struct state *state = w->state ? w->state : &none;
    const size_t *counts = state->counts;

    if (counts[ANNOTATION_ERROR] > SHOWN || counts[ANNOTATION_WARNING] > SHOWN || counts[ANNOTATION_NOTICE] >= SHOWN)
        fprintf(w->out,
                "::notice title=fipsgate::GitHub shows %d annotations of each level a step; this one has %zu errors, "
                "%zu warnings and %zu notices. All of them are in the log.\n",
                SHOWN, counts[ANNOTATION_ERROR], counts[ANNOTATION_WARNING], counts[ANNOTATION_NOTICE]);
    format_print(w->out, format_sentence(w->memory, s));
    fputc('\n', w->out);
}

const struct format format_github = { .name = "github", .begin = begin, .finding = finding, .note = note, .end = end };
