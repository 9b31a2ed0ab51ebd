/* SPDX-License-Identifier: Apache-2.0 */
/* The file is read by the reader of policies, so that a mistake in it has a
 * place, and written a line at a time. */
#include "cli/baseline.h"
#include "base/buf.h"
#include "base/file.h"
#include "yaml/record.h"
#include <errno.h>

struct contents {
    struct sv version;
    struct records findings;
};

static const struct field entry_fields[] = {
    FIELD(struct baseline_entry, fingerprint, "fingerprint", FIELD_STRING, .required = true, .not_empty = true,
          .help = "by which a finding is known"),
    FIELD(struct baseline_entry, policy, "policy", FIELD_STRING, .help = "its policy"),
    FIELD(struct baseline_entry, rule, "rule", FIELD_STRING, .help = "its rule in it"),
    FIELD(struct baseline_entry, object, "object", FIELD_STRING, .help = "what it is about"),
    FIELD(struct baseline_entry, path, "path", FIELD_STRING, .help = "where in the object, as a JSON pointer"),
    FIELD_END,
};

static const struct field fields[] = {
    FIELD(struct contents, version, "schemaVersion", FIELD_STRING, .required = true),
    FIELD(struct contents, findings, "findings", FIELD_RECORDS, .required = true, .fields = entry_fields,
          .item_size = sizeof(struct baseline_entry)),
    FIELD_END,
};

static int by_fingerprint(const void *left, const void *right)
{
    const struct baseline_entry *a = left, *b = right;

    return sv_cmp(a->fingerprint, b->fingerprint);
}

/* The same object in two files has one fingerprint, and one entry. */
static void sort(struct baseline *b)
{
    size_t kept = 0;

    if (b->count)
        qsort(b->entries, b->count, sizeof(*b->entries), by_fingerprint);
    for (size_t i = 0; i < b->count; i++)
        if (!kept || by_fingerprint(&b->entries[kept - 1], &b->entries[i]) != 0)
            b->entries[kept++] = b->entries[i];
    b->count = kept;
}

static bool read_contents(struct baseline *b, const struct yaml_doc *doc, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct contents c = { .version = { NULL, 0 } };

    if (!record_read(doc, &root, doc->root, fields, &b->arena, &c, e))
        return false;
    if (!sv_eq(c.version, SV("1")))
        return record_error(doc, &root, e, "a baseline of schemaVersion `%.*s`; this fipsgate knows `1`",
                            SV_ARG(c.version));
    b->entries = c.findings.items;
    b->count = b->cap = c.findings.count;
    sort(b);
    return true;
}

bool baseline_read(struct baseline *b, const char *path, struct err *e)
{
    struct yaml_doc *doc = NULL;
    struct sv text;

    if (!file_read(path, BASELINE_MAX_BYTES, &b->arena, &text, e) ||
        !yaml_read_large(sv_from(path), text, &b->arena, &doc, e))
        return false;
    if (!doc || doc->next)
        return err_set(e, ERR_INPUT, "%s: not a baseline: one document is wanted", path);
    return read_contents(b, doc, e);
}

bool baseline_take(struct baseline *b, const char *fingerprint)
{
    const struct baseline_entry key = { .fingerprint = sv_from(fingerprint) };
    struct baseline_entry *entry = NULL;

    if (b->count)
        entry = bsearch(&key, b->entries, b->count, sizeof(key), by_fingerprint);
    if (entry)
        entry->is_seen = true;
    return entry;
}

size_t baseline_next_gone(const struct baseline *b, size_t from)
{
    while (from < b->count && b->entries[from].is_seen)
        from++;
    return from;
}

static bool grow(struct baseline *b)
{
    size_t cap = b->cap ? b->cap * 2 : 64;
    struct baseline_entry *entries =
        arena_realloc(&b->arena, b->entries, b->cap * sizeof(*entries), cap * sizeof(*entries));

    if (!entries)
        return false;
    b->entries = entries;
    b->cap = cap;
    return true;
}

static struct sv object_text(const struct report_object *o, struct arena *a)
{
    return arena_printf(a, "%.*s %.*s%s%.*s", SV_ARG(o->kind), SV_ARG(o->namespace), o->namespace.n ? "/" : "",
                        SV_ARG(o->name));
}

bool baseline_add(struct baseline *b, const struct report_finding *f, struct err *e)
{
    struct arena *a = &b->arena;
    struct baseline_entry entry = {
        .fingerprint = arena_copy(a, sv_from(f->fingerprint)),
        .policy = f->judgement->policy,
        .rule = f->judgement->rule_name,
        .object = object_text(&f->object, a),
        .path = arena_copy(a, f->path),
    };

    if (!entry.fingerprint.p || !entry.object.p || !entry.path.p || (b->count == b->cap && !grow(b)))
        return arena_error(a, e);
    b->entries[b->count++] = entry;
    return true;
}

static void print_member(struct buf *out, const char *before, const char *key, struct sv value)
{
    buf_printf(out, "%s\"%s\":", before, key);
    value_print_string(out, value.p ? value : SV(""));
}

static bool write_entry(FILE *file, const struct baseline_entry *entry, const char *before)
{
    CLEANUP(buf_fini) struct buf line = BUF_INIT(SIZE_MAX);

    buf_add(&line, sv_from(before));
    print_member(&line, " {", "fingerprint", entry->fingerprint);
    print_member(&line, ",", "policy", entry->policy);
    print_member(&line, ",", "rule", entry->rule);
    print_member(&line, ",", "object", entry->object);
    print_member(&line, ",", "path", entry->path);
    buf_add_char(&line, '}');
    return buf_ok(&line) && fwrite(line.p, 1, line.len, file) == line.len;
}

static bool write_all(FILE *file, const struct baseline *b)
{
    bool ok = fputs("{\"schemaVersion\":\"1\",\"findings\":[\n", file) >= 0;

    for (size_t i = 0; ok && i < b->count; i++)
        ok = write_entry(file, &b->entries[i], i ? ",\n" : "");
    return ok && fputs(b->count ? "\n]}\n" : "]}\n", file) >= 0;
}

bool baseline_write(struct baseline *b, const char *path, struct err *e)
{
    FILE *file = fopen(path, "w");
    bool ok;

    sort(b);
    if (!file)
        return err_set(e, ERR_IO, "create `%s`: %s", path, strerror(errno));
    ok = write_all(file, b);
    return (fclose(file) == 0 && ok) || err_set(e, ERR_IO, "write `%s`: %s", path, strerror(errno));
}

void baseline_fini(struct baseline *b)
{
    arena_fini(&b->arena);
}
