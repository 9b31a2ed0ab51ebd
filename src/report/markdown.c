/* SPDX-License-Identifier: Apache-2.0 */
/* A comment on a pull request: what would be refused, the rest folded away,
 * and a table of the layers; short enough for GitHub, which takes 65,536
 * characters. What comes from files stands in code spans or is escaped: it
 * mentions nobody, links nowhere and is no HTML. */
#include "base/text.h"
#include "report/format.h"

/* Bytes, never fewer than characters; what is left is for the head and the foot. */
enum { SECTION_BAD_MAX = 44000, SECTION_MILD_MAX = 16000, TEXT_MAX = 400 };

struct section {
    size_t bytes, items, left_out;
    bool has_heading; /* of the file at hand */
};

struct state {
    struct section bad, mild;
};

/* A zero-width space after what would begin a mention, a reference or a link. */
#define APART "&#8203;"

static const struct {
    char c;
    const char *text;
} escapes[] = {
    { '\\', "\\\\" }, { '`', "\\`" },   { '*', "\\*" },     { '_', "\\_" },       { '{', "\\{" },       { '}', "\\}" },
    { '[', "\\[" },   { ']', "\\]" },   { '|', "\\|" },     { '~', "\\~" },       { '<', "&lt;" },      { '>', "&gt;" },
    { '&', "&amp;" }, { '$', "&#36;" }, { '@', "@" APART }, { '#', "\\#" APART }, { '!', "\\!" APART },
};

static const char *escape_of(char c)
{
    for (size_t i = 0; i < ARRAY_LEN(escapes); i++)
        if (escapes[i].c == c)
            return escapes[i].text;
    return NULL;
}

/* A code span: its fence is longer than any run of backticks in it. */
static void span(struct buf *out, struct sv clean)
{
    size_t longest = 0, run = 0;

    for (size_t i = 0; i < clean.n; i++) {
        run = clean.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        buf_add_char(out, '`');
    if (longest || clean.n == 0)
        buf_add_char(out, ' ');
    buf_add(out, clean);
    if (longest)
        buf_add_char(out, ' ');
    for (size_t i = 0; i <= longest; i++)
        buf_add_char(out, '`');
}

static void code(struct buf *out, struct arena *a, struct sv text)
{
    span(out, format_printable(a, text, TEXT_MAX));
}

/* What our messages quote in backticks is code there too: its length with
 * both, or 0. */
static size_t quoted_length(struct sv text)
{
    size_t n = text.n && text.p[0] == '`' ? sv_find(sv_skip(text, 1), '`') : 0;

    return n > 0 && n + 1 < text.n ? n + 2 : 0;
}

static void character(struct buf *out, struct sv rest)
{
    const char *escape = escape_of(rest.p[0]);

    if (escape)
        buf_add(out, sv_from(escape));
    else
        buf_add_char(out, rest.p[0]);
    if (sv_starts_with(rest, SV("://")) || (rest.n > 4 && sv_eq_nocase((struct sv){ rest.p, 4 }, SV("www."))))
        buf_add(out, SV(APART));
}

/* Running text. */
static void prose(struct buf *out, struct arena *a, struct sv text)
{
    struct sv clean = format_printable(a, text, TEXT_MAX);

    for (size_t i = 0, n; i < clean.n; i += n ? n : 1) {
        n = quoted_length(sv_skip(clean, i));
        if (n)
            span(out, (struct sv){ clean.p + i + 1, n - 2 });
        else
            character(out, sv_skip(clean, i));
    }
}

static void begin(struct writer *w)
{
    w->state = calloc(1, sizeof(struct state));
}

static void put(struct section *s, FILE *spool, size_t max, const struct buf *item)
{
    if (s->left_out || item->failed || s->bytes + item->len > max) {
        s->left_out++;
        return;
    }
    (void)fwrite(item->p, 1, item->len, spool);
    s->bytes += item->len;
    s->items++;
    s->has_heading = true;
}

/* `item` begins with the heading of `file`, unless that stands there already. */
static void heading(struct buf *item, struct arena *a, const struct section *s, struct sv file)
{
    if (s->has_heading)
        return;
    buf_add(item, SV("\n#### "));
    code(item, a, format_relative(file));
    buf_add(item, SV("\n\n"));
}

static void at_line(struct buf *item, struct place at)
{
    if (at.line)
        buf_printf(item, "line %u, column %u: ", (unsigned)at.line, (unsigned)at.column);
}

static void row(struct buf *item, struct arena *a, const char *label, struct sv text)
{
    if (text.n == 0)
        return;
    buf_printf(item, "  - %s: ", label);
    code(item, a, text);
    buf_add_char(item, '\n');
}

static void details(struct buf *item, struct arena *a, const struct report_finding *f)
{
    const struct judgement *j = f->judgement;

    row(item, a, "found", j->finding->found);
    if (j->finding->wanted.n) {
        buf_add(item, SV("  - wanted: "));
        prose(item, a, j->finding->wanted);
        buf_add_char(item, '\n');
    }
    if (j->finding->fix.n) {
        buf_add(item, SV("  - fix: "));
        prose(item, a, j->finding->fix);
        buf_add_char(item, '\n');
    }
    buf_add(item, SV("  - object: "));
    code(item, a, format_object(a, &f->object));
    if (f->path.n) {
        buf_add(item, SV(" at "));
        code(item, a, f->path);
    }
    buf_add(item, SV("\n  - rule: "));
    code(item, a, j->policy);
    buf_add(item, SV(" / "));
    code(item, a, j->rule_name);
    buf_printf(item, " (%s, ", format_severity(j->rule->severity));
    prose(item, a, j->layer);
    if (j->controls.n) {
        buf_add(item, SV("; "));
        prose(item, a, j->controls);
    }
    buf_add(item, SV(")\n"));
}

static void finding(struct writer *w, const struct report_finding *f)
{
    static const char *const levels[] = {
        [EFFECT_NONE] = "Note", [EFFECT_RECORD] = "Note", [EFFECT_WARN] = "Warning", [EFFECT_DENY] = "Error"
    };
    enum report_effect effect = report_effect(f);
    bool is_bad = effect == EFFECT_DENY;
    struct state *state = w->state;
    struct buf item = BUF_IN(w->memory);

    if (!state)
        return;
    if (!sv_eq(w->last_file, f->file))
        state->bad.has_heading = state->mild.has_heading = false;
    heading(&item, w->memory, is_bad ? &state->bad : &state->mild, f->file);
    buf_printf(&item, "- **%s**, ", levels[effect]);
    at_line(&item, f->place);
    prose(&item, w->memory, format_message(f));
    buf_add(&item, SV(" (*"));
    prose(&item, w->memory, format_outcome(w->memory, f));
    buf_add(&item, SV("*)\n"));
    details(&item, w->memory, f);
    if (is_bad)
        put(&state->bad, w->body, SECTION_BAD_MAX, &item);
    else
        put(&state->mild, w->notes, SECTION_MILD_MAX, &item);
}

static void note(struct writer *w, const struct report_note *n)
{
    bool is_bad = n->kind != NOTE_SKIPPED;
    struct state *state = w->state;
    struct buf item = BUF_IN(w->memory);

    if (!state || (!is_bad && !w->setup->shows_skipped))
        return;
    buf_printf(&item, "\n- **%s**, ", is_bad ? "Error" : "Skipped");
    code(&item, w->memory, format_place(w->memory, format_relative(n->file), n->place));
    buf_add(&item, SV(": "));
    prose(&item, w->memory, n->message);
    buf_add(&item, n->kind == NOTE_REFUSED ? SV(" (*would be refused, whatever the policies say*)\n") : SV("\n"));
    put(is_bad ? &state->bad : &state->mild, is_bad ? w->body : w->notes, is_bad ? SECTION_BAD_MAX : SECTION_MILD_MAX,
        &item);
    state->bad.has_heading = state->mild.has_heading = false;
}

static void cell(FILE *out, size_t count)
{
    if (count)
        fprintf(out, " %zu |", count);
    else
        fputs(" - |", out);
}

static void layers(FILE *out, const struct report_summary *s)
{
    fputs("\n| Layer | Denied | Warned | Recorded | Mended |\n|---|--:|--:|--:|--:|\n", out);
    for (size_t i = 0; i < REPORT_LAYERS; i++) {
        fprintf(out, "| %s |", report_layers[i]);
        cell(out, s->by_layer[i].denied);
        cell(out, s->by_layer[i].warned);
        cell(out, s->by_layer[i].recorded);
        cell(out, s->by_layer[i].mended);
        fputc('\n', out);
    }
}

static void left_out(FILE *out, const struct section *s)
{
    if (s->left_out)
        fprintf(out,
                "\n*%zu more %s left out here, where a comment has room for so many; the other formats have all.*\n",
                s->left_out, s->left_out == 1 ? "is" : "are");
}

static void end(struct writer *w, const struct report_summary *s)
{
    const struct state *state = w->state;
    const struct report_setup *setup = w->setup;
    struct buf foot = BUF_IN(w->memory);

    /* Whoever posts the comment finds it again by its first line. */
    fputs("<!-- fipsgate check -->\n### fipsgate check\n\n**", w->out);
    format_print(w->out, format_sentence(w->memory, s));
    fputs("**\n", w->out);
    layers(w->out, s);
    if (state && (state->bad.items || state->bad.left_out)) {
        format_copy(w->out, w->body);
        left_out(w->out, &state->bad);
    }
    if (state && (state->mild.items || state->mild.left_out)) {
        fprintf(w->out, "\n<details>\n<summary>What would be admitted: %zu</summary>\n",
                state->mild.items + state->mild.left_out);
        format_copy(w->out, w->notes);
        left_out(w->out, &state->mild);
        fputs("\n</details>\n", w->out);
    }
    buf_add(&foot, SV("\n<sub>fipsgate "));
    buf_add(&foot, sv_from(setup->version));
    buf_printf(&foot, " on %04d-%02d-%02d, policies ", setup->today.year, setup->today.month, setup->today.day);
    code(&foot, w->memory, setup->policies->name);
    buf_add(&foot, SV("</sub>\n"));
    (void)fwrite(foot.p, 1, foot.len, w->out);
}

const struct format format_markdown = {
    .name = "markdown", .is_spooled = true, .begin = begin, .finding = finding, .note = note, .end = end
};
