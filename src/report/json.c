/* SPDX-License-Identifier: Apache-2.0 */
/* For programs: everything that is known, by the shape that schema.json
 * describes. One finding, note or change a line; keys always in this order and
 * always there, null where there is nothing to say. */
#include "report/format.h"

static void key(FILE *out, const char *name, struct sv value)
{
    fprintf(out, "\"%s\":", name);
    format_json_string(out, value);
    fputc(',', out);
}

static void place(FILE *out, struct sv file, struct place at)
{
    key(out, "file", file);
    if (at.line)
        fprintf(out, "\"line\":%u,\"column\":%u", (unsigned)at.line, (unsigned)at.column);
    else
        fputs("\"line\":null,\"column\":null", out);
}

static void resource(FILE *out, const struct report_object *o)
{
    fputs("\"resource\":{", out);
    key(out, "apiVersion", o->api_version);
    key(out, "kind", o->kind);
    key(out, "namespace", o->namespace.n ? o->namespace : (struct sv){ NULL, 0 });
    fputs("\"name\":", out);
    format_json_string(out, o->name);
    fputs("},", out);
}

static void exception(FILE *out, const struct exception *x)
{
    fputs("\"exception\":", out);
    if (!x) {
        fputs("null", out);
        return;
    }
    fputc('{', out);
    key(out, "name", x->name);
    key(out, "owner", x->owner);
    key(out, "reason", x->reason);
    fprintf(out, "\"expires\":\"%04d-%02d-%02d\"}", x->expires.year, x->expires.month, x->expires.day);
}

static void begin_item(FILE *out, size_t index)
{
    fputs(index ? ",\n  {" : "\n  {", out);
}

static void finding(struct writer *w, const struct report_finding *f)
{
    const struct judgement *j = f->judgement;
    FILE *out = w->body;

    begin_item(out, w->findings);
    key(out, "policy", j->policy);
    key(out, "rule", j->rule_name);
    key(out, "type", sv_from(j->rule->id));
    key(out, "layer", j->layer);
    key(out, "severity", sv_from(format_severity(j->rule->severity)));
    key(out, "result", sv_from(verdict_result_name(f->result)));
    key(out, "mode", sv_from(verdict_mode_name(f->mode)));
    key(out, "effect", sv_from(format_effect(report_effect(f))));
    fprintf(out, "\"known\":%s,", f->is_known ? "true" : "false");
    key(out, "message", j->finding->message);
    key(out, "found", j->finding->found);
    key(out, "wanted", j->finding->wanted);
    key(out, "fix", j->finding->fix);
    fputs("\"controls\":", out);
    format_json_list(out, j->controls);
    fputc(',', out);
    exception(out, j->exception);
    fputc(',', out);
    resource(out, &f->object);
    key(out, "path", f->path.p ? f->path : SV(""));
    place(out, f->file, f->place);
    fputs(",\"fingerprint\":", out);
    format_json_string(out, sv_from(f->fingerprint));
    fputc('}', out);
}

static void note(struct writer *w, const struct report_note *n)
{
    begin_item(w->notes, w->note_count);
    key(w->notes, "kind", sv_from(format_note_kind(n->kind)));
    place(w->notes, n->file, n->place);
    fputs(",\"message\":", w->notes);
    format_json_string(w->notes, n->message);
    fputc('}', w->notes);
}

/* The patch is JSON text already. */
static void change(struct writer *w, const struct report_change *c)
{
    begin_item(w->patches, w->changes);
    resource(w->patches, &c->object);
    place(w->patches, c->file, c->place);
    fputs(",\"patch\":", w->patches);
    (void)fwrite(c->patch.p, 1, c->patch.n, w->patches);
    fputc('}', w->patches);
}

static void totals(FILE *out, const struct report_summary *s)
{
    fprintf(out,
            "  \"objects\":%zu,\"violations\":%zu,\"warnings\":%zu,\"unknown\":%zu,\"mutations\":%zu,\"errors\":%zu,\n"
            "  \"denied\":%zu,\"excepted\":%zu,\"known\":%zu,\"skipped\":%zu,\"files\":%zu,\n  \"byLayer\":{",
            s->objects, s->violations, s->warnings, s->unknown, s->mutations, s->errors, s->denied, s->excepted,
            s->known, s->skipped, s->files);
    for (size_t i = 0; i < REPORT_LAYERS; i++)
        fprintf(out, "%s\n    \"%s\":{\"denied\":%zu,\"warned\":%zu,\"recorded\":%zu,\"mended\":%zu}", i ? "," : "",
                report_layers[i], s->by_layer[i].denied, s->by_layer[i].warned, s->by_layer[i].recorded,
                s->by_layer[i].mended);
    fputs("}},\n", out);
}

static void list(FILE *out, const char *name, FILE *spool, size_t count)
{
    fprintf(out, " \"%s\":[", name);
    format_copy(out, spool);
    fputs(count ? "\n ]" : "]", out);
}

static void end(struct writer *w, const struct report_summary *s)
{
    const struct report_setup *setup = w->setup;
    FILE *out = w->out;

    fputs("{\"schemaVersion\":\"1\",\n ", out);
    key(out, "version", sv_from(setup->version));
    fprintf(out, "\"today\":\"%04d-%02d-%02d\",\"policySet\":{", setup->today.year, setup->today.month,
            setup->today.day);
    key(out, "name", setup->policies->name);
    fprintf(out, "\"hash\":\"%s\"},\n \"summary\":{\n", setup->policies->hash);
    totals(out, s);
    list(out, "findings", w->body, w->findings);
    fputs(",\n", out);
    list(out, "notes", w->notes, w->note_count);
    fputs(",\n", out);
    list(out, "changes", w->patches, w->changes);
    fputs("}\n", out);
}

const struct format format_json = {
    .name = "json", .is_spooled = true, .finding = finding, .note = note, .change = change, .end = end
};
