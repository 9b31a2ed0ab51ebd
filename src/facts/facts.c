/* SPDX-License-Identifier: Apache-2.0 */
/* FipsFacts documents into sets of rows: the schema, what the schema cannot
 * say, and which of two sets of one name counts. Judges nothing. */
#include "facts/facts.h"
#include "base/bug.h"

static const char *const verdicts[] = {
    [FACT_DENY] = "deny", [FACT_WARN] = "warn", [FACT_ALLOW] = "allow", [FACT_STRICT] = "strict", NULL,
};
static const char *const sures[] = { [SURE_C] = "C", [SURE_B] = "B", [SURE_A] = "A", NULL };
static const char *const encryptions[] = {
    [ENCRYPTION_NOT_VISIBLE] = "not-visible",
    [ENCRYPTION_BY_PARAMETERS] = "parameters",
    [ENCRYPTION_ALWAYS] = "always",
    [ENCRYPTION_NEVER] = "never",
    NULL,
};
static const char *const standards[] = {
    [CMVP_NO_STANDARD] = "none",
    [CMVP_140_2] = "140-2",
    [CMVP_140_3] = "140-3",
    NULL,
};
static const char *const statuses[] = {
    [CMVP_UNKNOWN] = "unknown",
    [CMVP_NONE] = "none",
    [CMVP_IN_REVIEW] = "in-review",
    [CMVP_ACTIVE] = "active",
    [CMVP_HISTORICAL] = "historical",
    [CMVP_REVOKED] = "revoked",
    NULL,
};
static const char *const layers[] = {
    "node-os", "service-to-service", "load-balancer", "container-registry", "application-dependencies", "storage", NULL,
};

static const struct field parameter_fields[] = {
    FIELD(struct fact_parameter, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "key of the parameter"),
    FIELD(struct fact_parameter, values, "values", FIELD_STRINGS, .not_empty = true,
          .help = "it must have one of these, letter case ignored; absent: any value that is not empty"),
    FIELD(struct fact_parameter, token, "token", FIELD_STRING, .not_empty = true,
          .help = "or: a word of its space- or comma-separated value"),
    FIELD_END,
};

static const struct field row_fields[] = {
    FIELD(struct fact, value, "value", FIELD_STRING, .required = true, .not_empty = true, .help = "what is looked up"),
    FIELD(struct fact, verdict, "verdict", FIELD_ENUM, .required = true, .names = verdicts,
          .help = "whether it passes: strict passes everywhere, allow at level standard"),
    FIELD(struct fact, sure, "sure", FIELD_ENUM, .required = true, .names = sures,
          .help = "A primary source, B secondary source, C neither: a C row never does more than warn"),
    FIELD(struct fact, source, "source", FIELD_STRING, .required = true, .not_empty = true,
          .help = "a key of `sources`, or text"),
    FIELD(struct fact, as_of, "asOf", FIELD_DATE, .required = true, .help = "the day it was read there"),
    FIELD(struct fact, note, "note", FIELD_STRING, .help = "shown by `policy explain`"),
    FIELD(struct fact, encryption, "encryption", FIELD_ENUM, .names = encryptions,
          .help = "storage drivers: how a volume comes to be encrypted"),
    FIELD(struct fact, parameters, "parameters", FIELD_RECORDS, .fields = parameter_fields,
          .item_size = sizeof(struct fact_parameter), .help = "storage drivers: all of these are needed"),
    FIELD(struct fact, forbidden, "forbidden", FIELD_RECORDS, .fields = parameter_fields,
          .item_size = sizeof(struct fact_parameter), .help = "storage drivers: any of these takes encryption away"),
    FIELD(struct fact, ignore_case, "ignoreCase", FIELD_BOOL,
          .help = "storage drivers: names of parameters, node labels: values are compared without letter case"),
    FIELD(struct fact, any_prefix, "anyPrefix", FIELD_BOOL,
          .help = "storage drivers: the name may follow `<namespace>.`"),
    FIELD(struct fact, module, "module", FIELD_STRING, .help = "certificates: the name of the module"),
    FIELD(struct fact, standard, "standard", FIELD_ENUM, .names = standards,
          .help = "certificates: FIPS 140-2 or 140-3"),
    FIELD(struct fact, status, "status", FIELD_ENUM, .names = statuses,
          .help = "certificates: what the CMVP listed on the day of `asOf`"),
    FIELD(struct fact, sunset, "sunset", FIELD_DATE, .help = "certificates: the day it stops counting"),
    FIELD(struct fact, provider, "provider", FIELD_STRING, .not_empty = true,
          .help = "certificates: the name that a provider of OpenSSL gives which is this module"),
    FIELD(struct fact, versions, "versions", FIELD_STRINGS, .not_empty = true,
          .help = "certificates: the versions that it gives, exactly; no other is this module"),
    FIELD_END,
};

struct metadata {
    struct sv name;
};
static const struct field metadata_fields[] = {
    FIELD(struct metadata, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "name of the set; policies refer to it as `@name`"),
    FIELD_END,
};

struct spec {
    int layer;
    struct records rows; /* struct fact */
    struct string_map sources;
};
static const struct field spec_fields[] = {
    FIELD(struct spec, layer, "layer", FIELD_ENUM, .required = true, .names = layers,
          .help = "which of the six layers it is about"),
    FIELD(struct spec, rows, "rows", FIELD_RECORDS, .required = true, .not_empty = true, .fields = row_fields,
          .item_size = sizeof(struct fact), .help = "the facts"),
    FIELD(struct spec, sources, "sources", FIELD_MAP, .help = "address of each source that rows name"),
    FIELD_END,
};

struct document {
    struct sv api_version, kind;
    struct metadata metadata;
    struct spec spec;
};
const struct field facts_fields[] = {
    FIELD(struct document, api_version, "apiVersion", FIELD_STRING, .required = true, .help = "fipsgate.io/v1alpha1"),
    FIELD(struct document, kind, "kind", FIELD_STRING, .required = true, .help = "FipsFacts"),
    FIELD(struct document, metadata, "metadata", FIELD_RECORD, .required = true, .fields = metadata_fields,
          .help = "the name of the set"),
    FIELD(struct document, spec, "spec", FIELD_RECORD, .required = true, .fields = spec_fields,
          .help = "what is held to be true"),
    FIELD_END,
};

/* A set, and what is needed to say where another of its name stands. */
struct entry {
    struct fact_set set;
    int origin;
    struct place place;
    struct entry *next;
};

struct facts {
    struct entry *first;
    size_t count;
};

static const struct pointer root = { .up = NULL };

struct facts *facts_new(struct arena *a)
{
    return arena_new(a, struct facts);
}

static struct entry *entry_of(const struct facts *f, struct sv name)
{
    for (struct entry *x = f->first; x; x = x->next) {
        if (sv_eq(x->set.name, name))
            return x;
    }
    return NULL;
}

static bool check_parameters(const struct yaml_doc *doc, const struct pointer *at, const struct records *list,
                             struct err *e)
{
    const struct fact_parameter *parameters = list->items;

    for (size_t i = 0; i < list->count; i++) {
        struct pointer item = pointer_index(at, i);

        if (parameters[i].values.count > 0 && parameters[i].token.p)
            return record_error(doc, &item, e, "`values` and `token` exclude each other");
    }
    return true;
}

/* What belongs together in a row and the table of its keys cannot say. */
static bool check_row(const struct yaml_doc *doc, const struct pointer *at, const struct fact *row, struct err *e)
{
    struct pointer parameters = pointer_key(at, SV("parameters"));
    struct pointer forbidden = pointer_key(at, SV("forbidden"));
    bool by_parameters = row->encryption == ENCRYPTION_BY_PARAMETERS;

    if (by_parameters && row->parameters.count == 0)
        return record_error(doc, at, e, "encryption `parameters` needs a list `parameters`");
    if (row->provider.p && !row->versions.count)
        return record_error(doc, at, e, "`provider` needs `versions`: a certificate is for versions");
    if (!by_parameters && row->parameters.count > 0)
        return record_error(doc, &parameters, e, "`parameters` goes with encryption `parameters` only");
    return check_parameters(doc, &parameters, &row->parameters, e) &&
           check_parameters(doc, &forbidden, &row->forbidden, e);
}

static int by_value(const void *left, const void *right)
{
    const struct fact *const *a = left, *const *b = right;
    int order = sv_cmp((*a)->value, (*b)->value);

    return order ? order : (*a > *b) - (*a < *b);
}

static bool check_rows(const struct yaml_doc *doc, const struct records *rows, struct arena *a, struct err *e)
{
    const struct fact *first = rows->items;
    const struct fact **sorted = arena_array(a, rows->count, const struct fact *);
    struct pointer list = pointer_text(&root, SV("/spec/rows"));

    if (!sorted)
        return err_nomem(e);
    for (size_t i = 0; i < rows->count; i++) {
        struct pointer at = pointer_index(&list, i);

        if (!check_row(doc, &at, &first[i], e))
            return false;
        sorted[i] = &first[i];
    }
    qsort(sorted, rows->count, sizeof(*sorted), by_value);
    for (size_t i = 1; i < rows->count; i++) {
        struct pointer at = pointer_index(&list, (size_t)(sorted[i] - first));
        struct pointer value = pointer_key(&at, SV("value"));

        if (sv_eq(sorted[i - 1]->value, sorted[i]->value))
            return record_error(doc, &value, e, "value `%.*s` is in this set already", SV_ARG(sorted[i]->value));
    }
    return true;
}

static bool read_document(const struct yaml_doc *doc, struct arena *a, struct document *out, struct err *e)
{
    struct pointer version = pointer_key(&root, SV("apiVersion")), kind = pointer_key(&root, SV("kind"));

    if (!record_read(doc, &root, doc->root, facts_fields, a, out, e))
        return false;
    if (!sv_eq(out->api_version, SV("fipsgate.io/v1alpha1")))
        return record_error(doc, &version, e, "apiVersion is `%.*s`, wanted `fipsgate.io/v1alpha1`",
                            SV_ARG(out->api_version));
    if (!sv_eq(out->kind, SV("FipsFacts")))
        return record_error(doc, &kind, e, "kind is `%.*s`, wanted `FipsFacts`", SV_ARG(out->kind));
    return check_rows(doc, &out->spec.rows, a, e);
}

/* The entry to fill: a new one, or that of the shipped set it replaces; NULL
 * when the name is taken or the arena is full. */
static struct entry *claim_entry(struct facts *f, const struct yaml_doc *doc, struct sv name, int origin,
                                 struct arena *a, struct err *e)
{
    struct pointer at = pointer_text(&root, SV("/metadata/name"));
    struct entry *x = entry_of(f, name), **last = &f->first;

    if (x && x->origin == origin) {
        record_error(doc, &at, e, "fact set `%.*s` is defined already at %.*s:%u", SV_ARG(name), SV_ARG(x->set.file),
                     x->place.line);
        return NULL;
    }
    if (x)
        return x;
    x = arena_new(a, struct entry);
    if (!x) {
        err_nomem(e);
        return NULL;
    }
    while (*last)
        last = &(*last)->next;
    *last = x;
    f->count++;
    return x;
}

bool facts_add(struct facts *f, const struct yaml_doc *doc, int origin, struct arena *a, struct err *e)
{
    struct document d = { 0 };
    struct entry *x;
    size_t replaced;

    if (!read_document(doc, a, &d, e))
        return false;
    x = claim_entry(f, doc, d.metadata.name, origin, a, e);
    if (!x)
        return false;
    if (x->set.name.p && x->origin > origin) {
        x->set.replaced = d.spec.rows.count;
        return true;
    }
    replaced = x->set.count;
    x->set = (struct fact_set){
        .name = d.metadata.name,
        .layer = sv_from(layers[d.spec.layer]),
        .file = doc->file,
        .rows = d.spec.rows.items,
        .count = d.spec.rows.count,
        .sources = d.spec.sources,
        .origin = origin,
        .replaced = replaced,
        .doc = doc,
    };
    x->origin = origin;
    x->place = positions_value(doc->positions, SV("/metadata/name"));
    return true;
}

const struct fact_set *facts_find(const struct facts *f, struct sv name)
{
    const struct entry *x = entry_of(f, name);

    return x ? &x->set : NULL;
}

size_t facts_count(const struct facts *f)
{
    return f->count;
}

const struct fact_set *facts_at(const struct facts *f, size_t index)
{
    const struct entry *x = f->first;

    BUG_IF(index >= f->count);
    while (index-- > 0)
        x = x->next;
    return &x->set;
}
