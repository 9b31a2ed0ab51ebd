/* SPDX-License-Identifier: Apache-2.0 */
/* Lines may be megabytes long (JSON), so a region has an end of its own, and a
 * line that is longer than a person reads is left out. */
#include "report/sarif_place.h"
#include "report/format.h"
#include "report/line.h"

enum { CONTEXT_MAX = 400 }; /* bytes */

/* RFC 3986: what is not unreserved stands as %XX, the slash excepted. A colon
 * in the first segment would make a scheme of it. */
static void put_uri(FILE *out, struct sv path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";

    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];

        if (c && strchr(plain, c))
            fputc(c, out);
        else
            fprintf(out, "%%%02X", c);
    }
}

static void put_artifact(FILE *out, struct sv file)
{
    struct sv name = format_relative(file);

    if (sv_eq(file, SV("-"))) {
        fputs("{\"uri\":\"stdin\",\"description\":{\"text\":\"standard input\"}}", out);
        return;
    }
    fputs(sv_starts_with(name, SV("/")) ? "{\"uri\":\"file://" : "{\"uri\":\"", out);
    put_uri(out, name);
    fputs(sv_starts_with(name, SV("/")) ? "\"}" : "\",\"uriBaseId\":\"" SARIF_PLACE_ROOT "\"}", out);
}

static void put_snippet(FILE *out, struct sv text)
{
    fputs(",\"snippet\":{\"text\":", out);
    format_json_string(out, text);
    fputc('}', out);
}

static void put_region(FILE *out, const struct sarif_place *where)
{
    const struct place at = where->place;
    struct sv line = where->line, value = line_cut(line, at.column, where->found).value;
    size_t characters = value.n;

    (void)line_bytes(value, &characters);
    fprintf(out, ",\"region\":{\"startLine\":%u,\"startColumn\":%u", (unsigned)at.line, (unsigned)at.column);
    if (value.n) {
        fprintf(out, ",\"endColumn\":%zu", at.column + characters);
        put_snippet(out, value);
    }
    fputc('}', out);
    if (line.n == 0 || line.n > CONTEXT_MAX)
        return;
    fprintf(out, ",\"contextRegion\":{\"startLine\":%u", (unsigned)at.line);
    put_snippet(out, line);
    fputc('}', out);
}

static void put_object(FILE *out, const struct sarif_place *where, struct arena *a)
{
    struct buf name = BUF_IN(a);

    buf_add(&name, format_object(a, where->object));
    if (where->path.n)
        buf_add_char(&name, ' ');
    buf_add(&name, where->path);
    fputs(",\"logicalLocations\":[{\"name\":", out);
    format_json_string(out, where->object->name.p ? where->object->name : SV(""));
    fputs(",\"kind\":\"resource\",\"fullyQualifiedName\":", out);
    format_json_string(out, buf_sv(&name));
    fputs("}]", out);
}

void sarif_place_print(FILE *out, const struct sarif_place *where, struct arena *a)
{
    fputs(",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":", out);
    put_artifact(out, where->file);
    if (where->place.line)
        put_region(out, where);
    fputc('}', out);
    if (where->object)
        put_object(out, where, a);
    fputs("}]", out);
}
