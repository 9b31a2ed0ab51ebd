/* SPDX-License-Identifier: Apache-2.0 */
/* GitLab's code quality report: a JSON array, of which GitLab compares the
 * fingerprints of two branches. So they hold no line, and no two are the same. */
#include "base/attr.h"
#include "report/format.h"

/* How often a fingerprint came in this file, by its first bits: equal ones get
 * different numbers, which is all that is needed. */
enum { SLOTS = 4096, SLOT_DIGITS = 3 };

struct state {
    unsigned times[SLOTS];
};

static void begin(struct writer *w)
{
    w->state = calloc(1, sizeof(struct state));
    fputc('[', w->out);
}

static size_t slot_of(const char *hex)
{
    char digits[SLOT_DIGITS + 1] = { 0 };

    memcpy(digits, hex, SLOT_DIGITS);
    return strtoul(digits, NULL, 16) % SLOTS;
}

struct issue {
    struct sv description, check, identity, file;
    struct place place;
    const char *severity;
    unsigned nth; /* of this identity in this file */
};

static void fingerprint(struct writer *w, const struct issue *i)
{
    const struct sv pieces[] = { format_relative(i->file), i->identity, arena_printf(w->memory, "%u", i->nth) };
    char hex[DIGEST_HEX + 1] = "";
    struct err e;

    if (!digest_hex(pieces, ARRAY_LEN(pieces), hex, &e))
        hex[0] = '\0';
    format_json_string(w->out, sv_from(hex));
}

static void put(struct writer *w, const struct issue *i)
{
    FILE *out = w->out;

    fputs(w->items++ ? ",\n" : "\n", out);
    fputs("  {\"description\":", out);
    format_json_string(out, i->description);
    fputs(",\"check_name\":", out);
    format_json_string(out, i->check);
    fputs(",\"fingerprint\":", out);
    fingerprint(w, i);
    fprintf(out, ",\"severity\":\"%s\",\"location\":{\"path\":", i->severity);
    format_json_string(out, format_relative(i->file));
    fprintf(out, ",\"lines\":{\"begin\":%u}}}", i->place.line ? (unsigned)i->place.line : 1);
}

static void add_part(struct buf *out, const char *before, struct sv text)
{
    if (text.n == 0)
        return;
    buf_add(out, sv_from(before));
    buf_add(out, text);
}

static struct sv describe(struct writer *w, const struct report_finding *f)
{
    const struct finding *about = f->judgement->finding;
    struct buf out = BUF_IN(w->memory);

    buf_add(&out, format_object(w->memory, &f->object));
    add_part(&out, ": ", format_message(f));
    add_part(&out, ". Found: ", about->found);
    add_part(&out, ". Wanted: ", about->wanted);
    add_part(&out, ". Fix: ", about->fix);
    add_part(&out, ". Result: ", format_outcome(w->memory, f));
    add_part(&out, ". Controls: ", f->judgement->controls);
    return buf_sv(&out);
}

static void finding(struct writer *w, const struct report_finding *f)
{
    static const char *const severities[][SEVERITY_HIGH + 1] = {
        [EFFECT_NONE] = { "info", "info", "info" },
        [EFFECT_RECORD] = { "info", "info", "info" },
        [EFFECT_WARN] = { "minor", "minor", "major" },
        [EFFECT_DENY] = { "major", "critical", "blocker" },
    };
    const struct judgement *j = f->judgement;
    struct state *state = w->state;
    struct buf check = BUF_IN(w->memory);

    if (state && !sv_eq(w->last_file, f->file))
        memset(state->times, 0, sizeof(state->times));
    if (!format_is_news(f))
        return;
    buf_add(&check, j->policy);
    buf_add_char(&check, '/');
    buf_add(&check, j->rule_name);
    put(w, &(struct issue){
               .description = describe(w, f),
               .check = buf_sv(&check),
               .identity = sv_from(f->fingerprint),
               .file = f->file,
               .place = f->place,
               .severity = severities[report_effect(f)][j->rule->severity],
               .nth = state ? state->times[slot_of(f->fingerprint)]++ : (unsigned)w->findings,
           });
}

static void note(struct writer *w, const struct report_note *n)
{
    struct buf identity = BUF_IN(w->memory);

    if (n->kind == NOTE_SKIPPED)
        return;
    buf_add(&identity, format_place(w->memory, n->message, n->place));
    put(w, &(struct issue){
               .description = n->message,
               .check = n->kind == NOTE_ERROR ? SV("fipsgate/unreadable") : SV("fipsgate/refused"),
               .identity = buf_sv(&identity),
               .file = n->file,
               .place = n->place,
               .severity = "blocker",
           });
}

static void end(struct writer *w, const struct report_summary *s UNUSED)
{
    fputs("\n]\n", w->out);
}

const struct format format_gitlab = { .name = "gitlab", .begin = begin, .finding = finding, .note = note, .end = end };
