/* SPDX-License-Identifier: Apache-2.0 */
/* Reads each row's YAML as `check` and the policies read it, and compares with
 * what kubectl and an API server made of it (scalars.json). Numbers are equal
 * when they are the same double: kubectl prints through one. */
#include "base/file.h"
#include "yaml/transcode.h"
#include "json/doc.h"
#include <math.h>

enum { MEMORY = 64 << 20, TABLE_MAX = 1 << 20 };

static const char head[] = "apiVersion: apps/v1\nkind: ControllerRevision\nmetadata:\n  name: thing\nrevision: 1\n";

static double number(const struct json *v)
{
    char text[400] = "";
    struct sv s = value_number(v);

    if (s.n < sizeof(text))
        memcpy(text, s.p, s.n);
    return strtod(text, NULL);
}

/* Both are finite. */
static bool is_same_number(const struct json *a, const struct json *b)
{
    return !(number(a) < number(b)) && !(number(b) < number(a));
}

static bool is_same(const struct json *ours, const struct json *theirs)
{
    struct value_iter it = value_iter(theirs);

    if (value_is_nothing(ours) && value_is_nothing(theirs))
        return true;
    if (value_type(ours) != value_type(theirs) || value_size(ours) != value_size(theirs))
        return false;
    if (value_is(ours, VALUE_NUMBER))
        return is_same_number(ours, theirs);
    if (!value_is(ours, VALUE_OBJECT) && !value_is(ours, VALUE_ARRAY))
        return value_equal(ours, theirs);
    while (value_next(&it))
        if (!is_same(it.in_object ? value_get(ours, it.key) : value_at(ours, it.index), it.value))
            return false;
    return true;
}

static bool is_whole(struct sv yaml)
{
    return strstr(yaml.p, "kind:") || strstr(yaml.p, "\"kind\"");
}

static void complain(struct sv yaml, const char *who, const struct json *theirs, const struct json *ours,
                     const char *why)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(TABLE_MAX);

    value_print_string(&out, yaml);
    buf_printf(&out, "\n  %s: ", who);
    value_print(&out, theirs);
    buf_add(&out, SV("\n  fipsgate: "));
    if (*why)
        buf_add(&out, sv_from(why));
    else
        value_print(&out, ours);
    fprintf(stderr, "%.*s\n", (int)out.len, out.p);
}

/* What `who` said, or what the row says we say instead. */
static bool agrees(const struct json *row, const char *who, const struct json *ours, const char *why)
{
    const struct json *theirs = value_get(row, sv_from(who)), *own = value_get(row, SV("fipsgate"));
    const struct json *wanted = own ? own : theirs;
    bool is_refused = value_is_true(value_get(wanted, SV("refused")));

    if (!theirs || (is_refused ? *why != 0 : *why == 0 && is_same(ours, value_get(wanted, SV("value")))))
        return true;
    complain(value_string(value_get(row, SV("yaml"))), who, wanted, ours, why);
    return false;
}

/* kubectl is the measure; the server is asked where it answered, which it does
 * not when `data` is null. */
static bool compare(const struct json *row)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct sv yaml = value_string(value_get(row, SV("yaml")));
    struct sv text = arena_printf(&a, "%s%.*s", is_whole(yaml) ? "" : head, SV_ARG(yaml));
    const struct json *server = value_get(row, SV("apiserver"));
    struct yaml_doc *doc = NULL;
    struct err e = { 0 };
    bool ok = yaml_read(SV("row"), text, &a, &doc, &e);
    const struct json *ours = ok && doc ? value_get(doc->root, SV("data")) : NULL;

    ok = agrees(row, "kubectl", ours, e.msg);
    return (!server || value_is_true(value_get(server, SV("refused"))) || agrees(row, "apiserver", ours, e.msg)) && ok;
}

int main(int argc, char **argv)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct err e = { 0 };
    struct sv text;
    const struct json *table =
        argc == 2 && file_read(argv[1], TABLE_MAX, &a, &text, &e) ? doc_parse(text, &a, &e) : NULL;
    size_t bad = 0;

    for (struct value_iter it = value_iter(value_get(table, SV("rows"))); value_next(&it);)
        bad += !compare(it.value);
    if (!table || value_size(value_get(table, SV("rows"))) < 60)
        return fprintf(stderr, "usage: compare scalars.json (60 rows at least) %s\n", e.msg), 2;
    printf("%zu rows, %zu differ from kubectl %.*s\n", value_size(value_get(table, SV("rows"))), bad,
           SV_ARG(value_string(value_get(table, SV("kubectl")))));
    return bad != 0;
}
