/* SPDX-License-Identifier: Apache-2.0 */
/* What the formats have in common: text from outside made harmless, and the
 * words for what becomes of a finding. Knows no format. */
#include "report/format.h"
#include "base/text.h"
#include <unistd.h>

void format_copy(FILE *to, FILE *spool)
{
    char piece[8192];
    size_t n;

    rewind(spool);
    while ((n = fread(piece, 1, sizeof(piece), spool)) > 0)
        (void)fwrite(piece, 1, n, to);
}

/* What a CI system takes for a command wherever it stands in a log line: "##"
 * and a word, which may be empty, before the bracket. */
static bool ends_in_marker(struct sv before)
{
    size_t n = before.n;

    while (n > 0 && before.p[n - 1] >= 'a' && before.p[n - 1] <= 'z')
        n--;
    return n >= 2 && before.p[n - 1] == '#' && before.p[n - 2] == '#';
}

void format_print_as(FILE *out, struct sv text, const char *special, const char *const *texts)
{
    uint32_t code = 0;

    for (size_t i = 0, n; i < text.n; i += n ? n : 1) {
        const char *found;

        n = text_next(sv_skip(text, i), &code);
        found = n == 1 && code ? strchr(special, (int)code) : NULL;
        if (found)
            fputs(texts[found - special], out);
        else if (n == 0 || (n == 1 && text_is_control(code)))
            fprintf(out, "\\x%02x", (unsigned)(unsigned char)text.p[i]);
        else if (text_is_control(code))
            fprintf(out, "\\u%04x", (unsigned)code);
        else if (code == '[' && ends_in_marker((struct sv){ text.p, i }))
            fputs("\\x5b", out);
        else
            (void)fwrite(text.p + i, 1, n, out);
    }
}

void format_print(FILE *out, struct sv text)
{
    format_print_as(out, text, "", NULL);
}

struct sv format_printable(struct arena *a, struct sv text, size_t max)
{
    struct sv clean = text_printable(a, text, max);
    struct buf out = BUF_IN(a);

    for (size_t i = 0; i < clean.n; i++)
        if (clean.p[i] == '[' && ends_in_marker((struct sv){ clean.p, i }))
            buf_add(&out, SV("\\x5b"));
        else
            buf_add_char(&out, clean.p[i]);
    return buf_sv(&out);
}

void format_escape(FILE *out, struct sv text)
{
    static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

    format_print_as(out, text, "&<>\"'", entities);
}

void format_json_string(FILE *out, struct sv text)
{
    uint32_t code = 0;

    if (!text.p) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (size_t i = 0, n; i < text.n; i += n ? n : 1) {
        n = text_next(sv_skip(text, i), &code);
        if (n == 0)
            fprintf(out, "\\\\x%02x", (unsigned)(unsigned char)text.p[i]);
        else if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (int)code);
        else if (text_is_control(code) || code == '<' || (code == '[' && ends_in_marker((struct sv){ text.p, i })))
            fprintf(out, "\\u%04x", (unsigned)code);
        else
            (void)fwrite(text.p + i, 1, n, out);
    }
    fputc('"', out);
}

void format_json_list(FILE *out, struct sv joined)
{
    const char *comma = "";

    fputc('[', out);
    while (joined.n > 0) {
        struct sv item = sv_trim(sv_cut(&joined, ','));

        fputs(comma, out);
        format_json_string(out, item);
        comma = ",";
    }
    fputc(']', out);
}

const char *format_severity(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_LOW] = "low", [SEVERITY_MEDIUM] = "medium", [SEVERITY_HIGH] = "high"
    };

    return names[severity];
}

const char *format_effect(enum report_effect effect)
{
    static const char *const names[] = {
        [EFFECT_NONE] = "none", [EFFECT_RECORD] = "record", [EFFECT_WARN] = "warn", [EFFECT_DENY] = "deny"
    };

    return names[effect];
}

const char *format_note_kind(enum report_note_kind kind)
{
    static const char *const names[] = {
        [NOTE_ERROR] = "error", [NOTE_REFUSED] = "refused", [NOTE_SKIPPED] = "skipped"
    };

    return names[kind];
}

bool format_is_news(const struct report_finding *f)
{
    return report_effect(f) != EFFECT_NONE || (f->result == RESULT_WILL_MUTATE && !f->is_known);
}

struct sv format_relative(struct sv file)
{
    char *here = file.n && file.p[0] == '/' ? getcwd(NULL, 0) : NULL;
    struct sv top = sv_from(here);

    if (top.n > 1 && sv_starts_with(file, top) && file.n > top.n + 1 && file.p[top.n] == '/')
        file = sv_skip(file, top.n + 1);
    free(here);
    while (file.n > 2 && sv_starts_with(file, SV("./")))
        file = sv_skip(file, 2);
    return file;
}

struct sv format_place(struct arena *a, struct sv file, struct place place)
{
    struct buf out = BUF_IN(a);

    buf_add(&out, file);
    if (place.line)
        buf_printf(&out, ":%u:%u", (unsigned)place.line, (unsigned)place.column);
    return buf_sv(&out);
}

struct sv format_object(struct arena *a, const struct report_object *o)
{
    struct buf out = BUF_IN(a);

    buf_add(&out, o->kind);
    buf_add_char(&out, ' ');
    buf_add(&out, o->namespace);
    if (o->namespace.n)
        buf_add_char(&out, '/');
    buf_add(&out, o->name);
    return buf_sv(&out);
}

struct sv format_message(const struct report_finding *f)
{
    const struct judgement *j = f->judgement;

    return j->finding->message.n ? j->finding->message : sv_from(j->rule->what);
}

static void add_exception(struct buf *out, const struct exception *x, bool counts)
{
    buf_add(out, counts ? SV("excepted by ") : SV("; its exception "));
    buf_add(out, x->name);
    buf_printf(out, " %s %04d-%02d-%02d: ", counts ? "until" : "ended on", x->expires.year, x->expires.month,
               x->expires.day);
    buf_add(out, counts ? SV("") : SV("ask "));
    buf_add(out, x->owner);
    buf_add(out, counts ? SV(" answers for it (") : SV(" ("));
    buf_add(out, x->reason);
    buf_add_char(out, ')');
}

struct sv format_outcome(struct arena *a, const struct report_finding *f)
{
    static const char *const effects[] = {
        [EFFECT_NONE] = "nothing happens",
        [EFFECT_RECORD] = "would only be recorded",
        [EFFECT_WARN] = "would be admitted with a warning",
        [EFFECT_DENY] = "would be refused",
    };
    static const struct {
        const char *text;
        bool acts; /* and then it depends on the effect */
    } results[] = {
        [RESULT_UNKNOWN] = { "cannot be told from this object; ", true },
        [RESULT_VIOLATION] = { "", true },
        [RESULT_PASS] = { "passes", false },
        [RESULT_WILL_MUTATE] = { "would be mended at admission", false },
        [RESULT_GRANDFATHERED] = { "was there before this change; ", true },
        [RESULT_EXCEPTED] = { "", false },
    };
    const struct exception *x = f->judgement->exception;
    struct buf out = BUF_IN(a);

    buf_add(&out, sv_from(results[f->result].text));
    if (f->is_known)
        buf_add(&out, SV("known: it stands in the baseline"));
    else if (results[f->result].acts)
        buf_add(&out, sv_from(effects[report_effect(f)]));
    if (f->is_brought)
        buf_add(&out, SV("; it comes with what /mutate adds"));
    if (x)
        add_exception(&out, x, f->result == RESULT_EXCEPTED);
    return buf_sv(&out);
}

static void add_count(struct buf *out, size_t count, const char *one, const char *many)
{
    if (count == 0)
        return;
    buf_printf(out, "%s%zu %s", strchr(" (", out->p[out->len - 1]) ? "" : ", ", count, count == 1 ? one : many);
}

struct sv format_sentence(struct arena *a, const struct report_summary *s)
{
    struct buf out = BUF_IN(a);

    buf_add(&out, sv_from(s->errors       ? "Not all of it can be read: "
                          : s->denied     ? "Would be refused: "
                          : !s->objects   ? "Nothing was judged: "
                          : s->is_partial ? "Nothing that was asked for would be refused: "
                                          : "Would be admitted: "));
    add_count(&out, s->errors, "error", "errors");
    if (s->denied)
        add_count(&out, s->denied, "denial", "denials");
    else
        buf_add(&out, sv_from(s->errors ? ", no denial" : "no denial"));
    add_count(&out, s->warnings, "warning", "warnings");
    add_count(&out, s->mutations, "object to be mended", "objects to be mended");
    add_count(&out, s->excepted, "excepted", "excepted");
    add_count(&out, s->known, "known", "known");
    add_count(&out, s->skipped, "skipped", "skipped");
    buf_add(&out, SV(" ("));
    add_count(&out, s->objects, "object", "objects");
    if (s->objects == 0)
        buf_add(&out, SV("no object"));
    buf_printf(&out, " in %zu %s).", s->files, s->files == 1 ? "file" : "files");
    return buf_sv(&out);
}
