/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the outputs, hands every event to each of them, and asks at the end
 * whether all of it was written. */
#include "report/report.h"
#include "base/text.h"
#include "report/format.h"
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

const char *const report_layers[REPORT_LAYERS + 1] = {
    "node-os", "service-to-service", "load-balancer", "container-registry", "application-dependencies", "storage",
};

/* The one list of formats, in the order in which help shows them. */
#define FORMATS(X) X(text) X(json) X(sarif) X(junit) X(github) X(gitlab) X(markdown) X(html)
#define FORMAT_ROW(name) &format_##name,
#define FORMAT_NAME(name) #name,

static const struct format *const formats[] = { FORMATS(FORMAT_ROW) };
const char *const report_formats[] = { FORMATS(FORMAT_NAME) NULL };

enum { MEMORY_MAX = 64 << 20 };

struct output {
    const struct format *format;
    const char *path; /* NULL: a standard stream */
    struct writer writer;
};

struct report {
    struct arena memory;
    char *last_file;
    size_t last_file_max;
    size_t count;
    struct output *outputs;
};

static const struct format *format_called(struct sv name, struct err *e)
{
    struct sv names[ARRAY_LEN(formats)], near;

    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        names[i] = sv_from(formats[i]->name);
        if (sv_eq(names[i], name))
            return formats[i];
    }
    near = text_nearest(name, names, ARRAY_LEN(names));
    (void)err_set(e, ERR_INPUT, "unknown format `%.*s`%s%.*s%s", SV_ARG(name), near.p ? ", did you mean `" : "",
                  SV_ARG(near), near.p ? "`?" : "");
    return NULL;
}

/* "FORMAT", "FORMAT=FILE"; "FORMAT=-" is standard output too. */
static bool read_output(const char *text, struct output *o, struct err *e)
{
    const char *equals = strchr(text, '=');

    o->format = format_called(equals ? (struct sv){ text, (size_t)(equals - text) } : sv_from(text), e);
    if (!o->format)
        return false;
    if (equals && !equals[1])
        return err_set(e, ERR_INPUT, "`%s` names no file", text);
    o->path = equals && strcmp(equals + 1, "-") != 0 ? equals + 1 : NULL;
    return true;
}

static bool check_pair(const struct output *a, const struct output *b, struct err *e)
{
    if (!a->path && !b->path)
        return err_set(e, ERR_INPUT, "`%s` and `%s` cannot both go to standard output: give one a file, `%s=FILE`",
                       a->format->name, b->format->name, b->format->name);
    if (a->path && b->path && strcmp(a->path, b->path) == 0)
        return err_set(e, ERR_INPUT, "`%s` and `%s` cannot both go to `%s`", a->format->name, b->format->name, a->path);
    return true;
}

static bool read_outputs(struct report *r, const struct report_setup *setup, const char *const *texts, struct err *e)
{
    for (size_t i = 0; i < r->count; i++) {
        struct output *o = &r->outputs[i];

        if (!read_output(texts[i], o, e))
            return false;
        if (!o->path && setup->has_text_elsewhere && o->format != &format_text)
            return err_set(e, ERR_INPUT, "standard output is taken: give `%s` a file, `%s=FILE`", o->format->name,
                           o->format->name);
        for (size_t j = 0; j < i; j++)
            if (!check_pair(&r->outputs[j], o, e))
                return false;
    }
    return true;
}

/* Where no directory can be written to, memory has to do. */
static FILE *open_spool(struct err *e)
{
    FILE *file = tmpfile();
    int fd = file ? -1 : memfd_create("report", MFD_CLOEXEC);

    if (fd >= 0) {
        file = fdopen(fd, "w+");
        if (!file)
            close(fd);
    }
    if (!file)
        (void)err_set(e, ERR_IO, "make a temporary file: %s", strerror(errno));
    return file;
}

static bool open_output(struct report *r, struct output *o, const struct report_setup *setup, struct err *e)
{
    struct writer *w = &o->writer;

    w->setup = setup;
    w->memory = &r->memory;
    w->is_colored = setup->is_colored && !o->path;
    w->out = o->path ? fopen(o->path, "we") : setup->has_text_elsewhere ? stderr : stdout;
    if (!w->out)
        return err_set(e, ERR_IO, "write `%s`: %s", o->path, strerror(errno));
    if (o->format->is_spooled &&
        (!(w->body = open_spool(e)) || !(w->notes = open_spool(e)) || !(w->patches = open_spool(e))))
        return false;
    if (o->format->begin)
        o->format->begin(w);
    arena_reset(&r->memory);
    return true;
}

struct report *report_new(const struct report_setup *setup, const char *const *outputs, size_t count, struct err *e)
{
    static const char *const standard[] = { "text" };
    struct report *r = calloc(1, sizeof(*r));
    bool ok = r != NULL;

    if (!ok) {
        (void)err_nomem(e);
        return NULL;
    }
    r->memory = (struct arena)ARENA_INIT(MEMORY_MAX);
    r->outputs = calloc(count ? count : 1, sizeof(*r->outputs));
    r->count = !r->outputs ? 0 : count ? count : 1;
    ok = r->outputs ? read_outputs(r, setup, count ? outputs : standard, e) : err_nomem(e);
    for (size_t i = 0; ok && i < r->count; i++)
        ok = open_output(r, &r->outputs[i], setup, e);
    if (ok)
        return r;
    report_free(r);
    return NULL;
}

/* Without memory for the name the next finding looks like the first of its file. */
static void remember_file(struct report *r, struct sv file)
{
    struct sv last = { NULL, 0 };

    if (file.n > r->last_file_max || !r->last_file) {
        free(r->last_file);
        r->last_file = malloc(file.n + 1);
        r->last_file_max = r->last_file ? file.n : 0;
    }
    if (r->last_file) {
        if (file.n)
            memcpy(r->last_file, file.p, file.n);
        last = (struct sv){ r->last_file, file.n };
    }
    for (size_t i = 0; i < r->count; i++)
        r->outputs[i].writer.last_file = last;
}

void report_finding(struct report *r, const struct report_finding *f)
{
    for (size_t i = 0; i < r->count; i++) {
        struct output *o = &r->outputs[i];

        if (o->format->finding)
            o->format->finding(&o->writer, f);
        o->writer.findings++;
        arena_reset(&r->memory);
    }
    if (r->count && !sv_eq(r->outputs[0].writer.last_file, f->file))
        remember_file(r, f->file);
}

void report_note(struct report *r, const struct report_note *n)
{
    for (size_t i = 0; i < r->count; i++) {
        struct output *o = &r->outputs[i];

        if (o->format->note)
            o->format->note(&o->writer, n);
        o->writer.note_count++;
        arena_reset(&r->memory);
    }
}

void report_change(struct report *r, const struct report_change *c)
{
    for (size_t i = 0; i < r->count; i++) {
        struct output *o = &r->outputs[i];

        if (o->format->change)
            o->format->change(&o->writer, c);
        o->writer.changes++;
        arena_reset(&r->memory);
    }
}

static bool is_whole(FILE *spool)
{
    return !spool || !ferror(spool);
}

static bool finish_output(struct output *o, const struct report_summary *s, struct err *e)
{
    struct writer *w = &o->writer;
    bool ok;

    if (o->format->end)
        o->format->end(w, s);
    ok = is_whole(w->body) && is_whole(w->notes) && is_whole(w->patches) && !ferror(w->out);
    ok = fflush(w->out) == 0 && ok;
    if (o->path) {
        ok = fclose(w->out) == 0 && ok;
        w->out = NULL;
    }
    return ok || err_set(e, ERR_IO, "%s could not be written to the end: %s", o->path ? o->path : "standard output",
                         errno ? strerror(errno) : "no reason known");
}

bool report_finish(struct report *r, const struct report_summary *s, struct err *e)
{
    struct err later;
    bool ok = true;

    for (size_t i = 0; i < r->count; i++) {
        errno = 0;
        ok = finish_output(&r->outputs[i], s, ok ? e : &later) && ok;
        arena_reset(&r->memory);
    }
    return ok;
}

static void close_output(struct output *o)
{
    FILE *const files[] = { o->path ? o->writer.out : NULL, o->writer.body, o->writer.notes, o->writer.patches };

    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (files[i])
            (void)fclose(files[i]);
    free(o->writer.state);
}

void report_free(struct report *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++)
        close_output(&r->outputs[i]);
    free(r->outputs);
    free(r->last_file);
    arena_fini(&r->memory);
    free(r);
}

enum report_effect report_effect(const struct report_finding *f)
{
    static const enum report_effect effects[] = {
        [MODE_OFF] = EFFECT_NONE, [MODE_AUDIT] = EFFECT_RECORD, [MODE_WARN] = EFFECT_WARN, [MODE_ENFORCE] = EFFECT_DENY
    };
    bool acts = f->result == RESULT_VIOLATION || f->result == RESULT_UNKNOWN || f->result == RESULT_GRANDFATHERED;

    return acts && !f->is_known ? effects[f->mode] : EFFECT_NONE;
}

void report_fingerprint(struct report_finding *f)
{
    const struct judgement *j = f->judgement;
    struct sv group = { f->object.api_version.p, sv_find_last(f->object.api_version, '/') };
    const struct sv pieces[] = {
        j->policy,      j->rule_name,        group.n < f->object.api_version.n ? group : SV(""),
        f->object.kind, f->object.namespace, f->object.name,
        f->path,        j->finding->found,
    };
    struct err e;

    /* Without SHA-256 there is no fingerprint: a text that no baseline holds. */
    if (!digest_hex(pieces, ARRAY_LEN(pieces), f->fingerprint, &e))
        f->fingerprint[0] = '\0';
}

static void count_layer(struct report_summary *s, const struct report_finding *f, enum report_effect effect)
{
    for (size_t i = 0; i < REPORT_LAYERS; i++) {
        if (!sv_eq(f->judgement->layer, sv_from(report_layers[i])))
            continue;
        s->by_layer[i].denied += effect == EFFECT_DENY;
        s->by_layer[i].warned += effect == EFFECT_WARN;
        s->by_layer[i].recorded += effect == EFFECT_RECORD;
        s->by_layer[i].mended += f->result == RESULT_WILL_MUTATE;
    }
}

void report_count(struct report_summary *s, const struct report_finding *f)
{
    enum report_effect effect = report_effect(f);

    if (f->is_known) {
        s->known++;
        return;
    }
    s->denied += effect == EFFECT_DENY;
    s->warnings += effect == EFFECT_WARN;
    s->violations += f->result == RESULT_VIOLATION;
    s->unknown += f->result == RESULT_UNKNOWN;
    s->excepted += f->result == RESULT_EXCEPTED;
    count_layer(s, f, effect);
}
