/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SARIF 2.1.0 with Errata 01, one run. Section numbers are that standard's. What
 * GitHub code scanning adds to it is kept too: at most 25,000 results a run, or
 * it takes none, so the mildest are left out and that is said.
 */
#include "report/format.h"
#include "report/sarif_place.h"
#include "report/sarif_rule.h"

enum { RESULTS_MAX = 25000, RANKS = EFFECT_DENY + 1 };

/* Results wait in a spool, a line each, behind a digit: the worse, the higher. */
static void begin_result(FILE *out, enum report_effect rank)
{
    fprintf(out, "%d{", (int)rank);
}

static void member(FILE *out, const char *name, struct sv text)
{
    if (text.n == 0)
        return;
    fprintf(out, ",\"%s\":", name);
    format_json_string(out, text);
}

/* 3.27.9: what could not be told is open, and what /mutate mends no failure. */
static const char *kind_of(const struct report_finding *f)
{
    static const char *const kinds[] = {
        [RESULT_UNKNOWN] = "open",
        [RESULT_VIOLATION] = "fail",
        [RESULT_PASS] = "pass",
        [RESULT_WILL_MUTATE] = "informational",
        [RESULT_GRANDFATHERED] = "informational",
        [RESULT_EXCEPTED] = "fail",
    };

    return report_effect(f) == EFFECT_DENY ? "fail" : kinds[f->result];
}

/* 3.27.10: only what fails has one. What is excepted no longer acts, so its
 * level is the one it would have. */
static const char *level_of(const struct writer *w, const struct report_finding *f)
{
    enum mode mode = f->result == RESULT_EXCEPTED ? sarif_rule_mode(w->setup->policies, f->judgement) : f->mode;

    return strcmp(kind_of(f), "fail") == 0 ? sarif_rule_level(mode) : "none";
}

/* 3.11.6: `[text](target)` is a link in a message, and no manifest may bring one. */
static void add_text(struct buf *out, struct sv text)
{
    while (text.n > 0) {
        size_t n = sv_find(text, ']');

        n += n < text.n;
        buf_add(out, (struct sv){ text.p, n });
        text = sv_skip(text, n);
        if (text.n > 0 && text.p[0] == '(')
            buf_add_char(out, ' ');
    }
}

static void add_part(struct buf *out, const char *name, struct sv text)
{
    if (text.n == 0)
        return;
    buf_printf(out, "; %s: ", name);
    add_text(out, text);
}

static void put_message(const struct writer *w, const struct report_finding *f)
{
    const struct finding *what = f->judgement->finding;
    struct buf text = BUF_IN(w->memory);

    add_text(&text, format_message(f));
    add_part(&text, "found", what->found);
    add_part(&text, "wanted", what->wanted);
    add_part(&text, "fix", what->fix);
    fputs(",\"message\":{\"text\":", w->body);
    format_json_string(w->body, buf_sv(&text));
    fputc('}', w->body);
}

/* 3.34.3: external, because nothing in the file says so. */
static void put_suppression(const struct writer *w, const struct report_finding *f)
{
    const struct exception *x = f->result == RESULT_EXCEPTED ? f->judgement->exception : NULL;
    struct buf why = BUF_IN(w->memory);

    if (!x && !f->is_known)
        return;
    buf_add(&why, x ? x->reason : SV("known by the baseline"));
    if (x) {
        buf_printf(&why, " (FipsException %.*s, owner ", SV_ARG(x->name));
        buf_add(&why, x->owner);
        buf_printf(&why, ", until %04d-%02d-%02d)", x->expires.year, x->expires.month, x->expires.day);
    }
    fputs(",\"suppressions\":[{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":", w->body);
    format_json_string(w->body, buf_sv(&why));
    fputs("}]", w->body);
}

static void put_properties(const struct writer *w, const struct report_finding *f)
{
    const struct judgement *j = f->judgement;
    FILE *out = w->body;

    fprintf(out, ",\"properties\":{\"result\":\"%s\",\"mode\":\"%s\",\"severity\":\"%s\"",
            verdict_result_name(f->result), verdict_mode_name(f->mode), format_severity(j->rule->severity));
    member(out, "type", sv_from(j->rule->id));
    member(out, "layer", j->layer);
    member(out, "resource", format_object(w->memory, &f->object));
    member(out, "path", f->path);
    member(out, "found", j->finding->found);
    member(out, "wanted", j->finding->wanted);
    member(out, "fix", j->finding->fix);
    fputs(",\"controls\":", out);
    format_json_list(out, j->controls);
    fputc('}', out);
}

static void put_finding(struct writer *w, const struct report_finding *f)
{
    const struct sarif_place where = {
        .file = f->file,
        .place = f->place,
        .line = f->line,
        .found = f->judgement->finding->found,
        .object = &f->object,
        .path = f->path,
    };
    size_t index = sarif_rule_index(w->setup->policies, f->judgement);
    FILE *out = w->body;

    begin_result(out, report_effect(f));
    fputs("\"ruleId\":", out);
    sarif_rule_id(out, f->judgement->policy, f->judgement->rule_name, w->memory);
    if (index <= w->setup->policies->rule_count)
        fprintf(out, ",\"ruleIndex\":%zu", index);
    fprintf(out, ",\"kind\":\"%s\",\"level\":\"%s\"", kind_of(f), level_of(w, f));
    put_message(w, f);
    sarif_place_print(out, &where, w->memory);
    if (f->fingerprint[0])
        fprintf(out, ",\"partialFingerprints\":{\"fipsgate/v1\":\"%s\"}", f->fingerprint);
    put_suppression(w, f);
    put_properties(w, f);
    fputs("}\n", out);
}

/* What the webhook would refuse is a result, so that nobody misses it; what
 * could not be read or was left out concerns the run (3.20.21). */
static void put_note(struct writer *w, const struct report_note *n)
{
    const struct sarif_place where = { .file = n->file, .place = n->place };
    bool is_result = n->kind == NOTE_REFUSED;
    struct buf text = BUF_IN(w->memory);
    FILE *out = is_result ? w->body : w->notes;

    begin_result(out, is_result ? EFFECT_DENY : EFFECT_NONE);
    if (is_result)
        fprintf(out, "\"ruleId\":\"%s\",\"ruleIndex\":%zu,\"kind\":\"fail\",", SARIF_RULE_REFUSED,
                w->setup->policies->rule_count);
    fprintf(out, "\"level\":\"%s\",\"message\":{\"text\":", n->kind == NOTE_SKIPPED ? "note" : "error");
    add_text(&text, n->message);
    format_json_string(out, buf_sv(&text));
    fputc('}', out);
    sarif_place_print(out, &where, w->memory);
    fputs("}\n", out);
}

/* How many lines there are of each rank. */
static void count_lines(FILE *spool, size_t counts[RANKS])
{
    bool at_start = true;
    int c;

    rewind(spool);
    while ((c = getc_unlocked(spool)) != EOF) {
        if (at_start)
            counts[c - '0']++;
        at_start = c == '\n';
    }
}

/* Copies as many of each rank as `left` says, with commas between them. */
static void copy_lines(FILE *to, FILE *spool, size_t left[RANKS])
{
    const char *before = "\n";
    bool at_start = true, keeps = false;
    int c;

    rewind(spool);
    while ((c = getc_unlocked(spool)) != EOF) {
        if (at_start) {
            keeps = left[c - '0'] > 0;
            left[c - '0'] -= keeps;
            fputs(keeps ? before : "", to);
            before = keeps ? ",\n" : before;
        } else if (keeps && c != '\n') {
            putc_unlocked(c, to);
        }
        at_start = c == '\n';
    }
}

/* The worst first: what is left out is mild. Returns how many that are. */
static size_t fit(size_t counts[RANKS])
{
    size_t room = RESULTS_MAX, out = 0;

    for (size_t i = RANKS; i-- > 0;) {
        size_t kept = counts[i] < room ? counts[i] : room;

        out += counts[i] - kept;
        room -= kept;
        counts[i] = kept;
    }
    return out;
}

static void put_notifications(const struct writer *w, size_t left_out)
{
    size_t counts[RANKS] = { 0 };

    count_lines(w->notes, counts);
    if (left_out)
        fprintf(w->out,
                "\n{\"level\":\"warning\",\"message\":{\"text\":\"%zu results were left out, the mildest ones: a run "
                "has at most %d\"}}%s",
                left_out, RESULTS_MAX, counts[0] ? "," : "");
    copy_lines(w->out, w->notes, counts);
}

static void put_summary(FILE *out, const struct report_setup *setup, const struct report_summary *s)
{
    const struct date d = setup->today;

    fprintf(out, ",\n\"properties\":{\"today\":\"%04d-%02d-%02d\"", d.year, d.month, d.day);
    member(out, "policySet", setup->policies->name);
    member(out, "policyHash", sv_from(setup->policies->hash));
    fprintf(out,
            ",\"files\":%zu,\"objects\":%zu,\"denied\":%zu,\"violations\":%zu,\"warnings\":%zu,\"unknown\":%zu,"
            "\"mutations\":%zu,\"excepted\":%zu,\"known\":%zu,\"skipped\":%zu,\"errors\":%zu}",
            s->files, s->objects, s->denied, s->violations, s->warnings, s->unknown, s->mutations, s->excepted,
            s->known, s->skipped, s->errors);
}

static void begin(struct writer *w)
{
    FILE *out = w->out;

    fputs("{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
          "\"tool\":{\"driver\":{\"name\":\"fipsgate\"",
          out);
    member(out, "version", sv_from(w->setup->version));
    member(out, "semanticVersion", sv_from(w->setup->version));
    fputs(",\"rules\":[", out);
    sarif_rule_print(out, w->setup->policies, w->memory);
    fputs("]}},\n\"columnKind\":\"unicodeCodePoints\",\n\"originalUriBaseIds\":{\"" SARIF_PLACE_ROOT
          "\":{\"description\":{\"text\":\"where fipsgate check ran: in CI the root of the sources\"}}},\n"
          "\"results\":[",
          out);
}

static void end(struct writer *w, const struct report_summary *s)
{
    int code = s->errors ? 2 : s->denied && !w->setup->exits_zero ? 1 : 0;
    size_t counts[RANKS] = { 0 };
    size_t left_out;

    count_lines(w->body, counts);
    left_out = fit(counts);
    copy_lines(w->out, w->body, counts);
    fprintf(w->out, "],\n\"invocations\":[{\"executionSuccessful\":%s,\"exitCode\":%d,\"toolExecutionNotifications\":[",
            s->errors ? "false" : "true", code);
    put_notifications(w, left_out);
    fputs("]}]", w->out);
    put_summary(w->out, w->setup, s);
    fputs("}]}\n", w->out);
}

const struct format format_sarif = {
    .name = "sarif", .is_spooled = true, .begin = begin, .finding = put_finding, .note = put_note, .end = end
};
