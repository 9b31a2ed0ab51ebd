/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JUnit XML as Jenkins and GitLab show it: a suite a file, a case a finding. What
 * would be refused fails; what is excepted, known or cannot be told is skipped;
 * a warning is said by a case that passes, for JUnit has no word for it. No
 * name holds a line number: a CI system knows the case again tomorrow.
 */
#include "report/format.h"
#include <unistd.h>

enum outcome { PASSED, FAILED, ERRORED, SKIPPED };

/* The case as a whole: what it is called, and what is said of it. */
struct testcase {
    enum outcome outcome;
    struct sv class, name, type, message;
    struct place place;
    const struct report_finding *finding; /* NULL: it is a note */
};

static void attribute(FILE *out, const char *name, struct sv value)
{
    fprintf(out, " %s=\"", name);
    format_escape(out, value);
    fputc('"', out);
}

static void put_line(FILE *out, const char *label, struct sv value)
{
    if (value.n == 0)
        return;
    fputs(label, out);
    format_escape(out, value);
    fputc('\n', out);
}

static void put_details(FILE *out, const struct report_finding *f, struct arena *a)
{
    const struct judgement *j = f->judgement;
    struct buf rule = BUF_IN(a);

    put_line(out, "", format_message(f));
    put_line(out, "at: ", format_place(a, f->file, f->place));
    put_line(out, "line: ", f->line.n <= 400 ? sv_trim(f->line) : SV(""));
    put_line(out, "path: ", f->path);
    put_line(out, "found: ", j->finding->found.p ? j->finding->found : SV("nothing"));
    put_line(out, "wanted: ", j->finding->wanted);
    put_line(out, "fix: ", j->finding->fix);
    put_line(out, "outcome: ", format_outcome(a, f));
    buf_add(&rule, j->policy);
    buf_add_char(&rule, '/');
    buf_add(&rule, j->rule_name);
    buf_printf(&rule, ", severity %s, layer ", format_severity(j->rule->severity));
    buf_add(&rule, j->layer);
    put_line(out, "rule: ", buf_sv(&rule));
    put_line(out, "controls: ", j->controls);
}

static void put_case(FILE *out, const struct testcase *c, struct arena *a)
{
    static const char *const elements[] = {
        [PASSED] = "system-out", [FAILED] = "failure", [ERRORED] = "error", [SKIPPED] = "skipped"
    };
    const char *element = elements[c->outcome];

    fputs("<testcase", out);
    attribute(out, "classname", c->class);
    attribute(out, "name", c->name);
    attribute(out, "file", c->class);
    if (c->place.line)
        fprintf(out, " line=\"%u\"", (unsigned)c->place.line);
    fprintf(out, " time=\"0\"><%s", element);
    if (c->outcome != PASSED)
        attribute(out, "message", c->message);
    if (c->outcome == FAILED || c->outcome == ERRORED)
        attribute(out, "type", c->type);
    fputs(">\n", out);
    if (c->finding) {
        put_details(out, c->finding, a);
    } else {
        put_line(out, "", c->message);
        put_line(out, "at: ", format_place(a, c->class, c->place));
    }
    fprintf(out, "</%s></testcase>\n", element);
}

static void put_tally(FILE *out, const char *element, struct sv name, const size_t tally[4])
{
    fprintf(out, "<%s", element);
    attribute(out, "name", name);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"0\">\n",
            tally[PASSED] + tally[FAILED] + tally[ERRORED] + tally[SKIPPED], tally[FAILED], tally[ERRORED],
            tally[SKIPPED]);
}

/* A suite's numbers stand before its cases: these wait in `spool` until the
 * suite is whole. */
static void put_suite(struct writer *w, struct sv name, FILE *spool, size_t tally[4])
{
    if (tally[PASSED] + tally[FAILED] + tally[ERRORED] + tally[SKIPPED] == 0)
        return;
    put_tally(w->body, "testsuite", name, tally);
    (void)fflush(spool);
    format_copy(w->body, spool);
    fputs("</testsuite>\n", w->body);
    for (size_t i = 0; i < 4; i++)
        tally[i] = 0;
    rewind(spool);
    if (ftruncate(fileno(spool), 0) != 0)
        fputs("<!-- the temporary file cannot be cut -->", w->body);
}

static void count(struct writer *w, size_t tally[4], enum outcome outcome)
{
    tally[outcome]++;
    w->tally.all[outcome]++;
}

static enum outcome outcome_of(const struct report_finding *f)
{
    if (report_effect(f) == EFFECT_DENY)
        return FAILED;
    return f->is_known || f->result == RESULT_EXCEPTED || f->result == RESULT_UNKNOWN ? SKIPPED : PASSED;
}

static void put_finding(struct writer *w, const struct report_finding *f)
{
    const struct judgement *j = f->judgement;
    struct buf name = BUF_IN(w->memory);
    struct testcase c = {
        .outcome = outcome_of(f), .class = f->file, .type = j->layer, .place = f->place, .finding = f
    };

    if (!sv_eq(w->last_file, f->file))
        put_suite(w, w->last_file, w->notes, w->tally.suite);
    buf_add(&name, j->policy);
    buf_add_char(&name, '/');
    buf_add(&name, j->rule_name);
    buf_add_char(&name, ' ');
    buf_add(&name, format_object(w->memory, &f->object));
    buf_add_char(&name, ' ');
    buf_add(&name, f->path);
    c.name = buf_sv(&name);
    c.message = c.outcome == FAILED ? format_message(f) : format_outcome(w->memory, f);
    put_case(w->notes, &c, w->memory);
    count(w, w->tally.suite, c.outcome);
}

static void put_note(struct writer *w, const struct report_note *n)
{
    static const struct {
        enum outcome outcome;
        const char *name;
    } rows[] = {
        [NOTE_ERROR] = { ERRORED, "can be read" },
        [NOTE_REFUSED] = { FAILED, "can be judged" },
        [NOTE_SKIPPED] = { SKIPPED, "is for the API server" },
    };
    struct buf name = BUF_IN(w->memory);
    struct testcase c = {
        .outcome = rows[n->kind].outcome,
        .class = n->file,
        .type = sv_from(format_note_kind(n->kind)),
        .message = n->message,
        .place = n->place,
    };

    buf_printf(&name, "%s: ", rows[n->kind].name);
    buf_add(&name, n->message);
    c.name = buf_sv(&name);
    put_case(w->patches, &c, w->memory);
    count(w, w->tally.notes, c.outcome);
}

/* Something to show where there is nothing to say: Jenkins takes a report
 * without any test for a broken one. */
static void put_totals(struct writer *w, const struct report_summary *s)
{
    const size_t one[4] = { [PASSED] = 1 };

    w->tally.all[PASSED]++;
    put_tally(w->body, "testsuite", SV("fipsgate check"), one);
    fputs("<testcase classname=\"fipsgate\" name=\"check\" time=\"0\"><system-out>\n", w->body);
    put_line(w->body, "", format_sentence(w->memory, s));
    put_line(w->body, "policies: ", w->setup->policies->name);
    fprintf(w->body, "files: %zu\nobjects: %zu\n</system-out></testcase>\n</testsuite>\n", s->files, s->objects);
}

static void end(struct writer *w, const struct report_summary *s)
{
    put_suite(w, w->last_file, w->notes, w->tally.suite);
    put_suite(w, SV("inputs"), w->patches, w->tally.notes);
    put_totals(w, s);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", w->out);
    put_tally(w->out, "testsuites", SV("fipsgate"), w->tally.all);
    format_copy(w->out, w->body);
    fputs("</testsuites>\n", w->out);
}

const struct format format_junit = {
    .name = "junit", .is_spooled = true, .finding = put_finding, .note = put_note, .end = end
};
