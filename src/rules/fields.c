/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fields of any kind, listed or not: a path, an operator and values, as a
 * policy gives them. For the objects of cloud controllers (ACK, Crossplane,
 * Config Connector), and for what no rule of its own foresaw.
 */
#include "base/text.h"
#include "rules/field_operator.h"
#include "rules/field_path.h"
#include "rules/rules.h"
#include "rules/values.h"

struct kind_of {
    struct sv group, kind;
    struct strings versions;
};

struct wanted_field {
    struct sv path_text;
    enum field_operator op;
    const struct json *values, *set;
    enum outcome absent, none;
    struct sv message, fix;

    struct field_path path;
    struct sv wanted, set_text;
};

struct config {
    struct rule_head head;
    struct records kinds;  /* struct kind_of */
    struct records fields; /* struct wanted_field */
};

static const struct field kind_fields[] = {
    FIELD(struct kind_of, group, "group", FIELD_STRING, .help = "its API group; default the core group"),
    FIELD(struct kind_of, kind, "kind", FIELD_STRING, .required = true, .not_empty = true,
          .help = "its kind, such as DBInstance"),
    FIELD(struct kind_of, versions, "versions", FIELD_STRINGS, .not_empty = true,
          .help = "versions whose fields are known; of others, what is missing is unknown; default all"),
    FIELD_END,
};

static const struct field field_fields[] = {
    FIELD(struct wanted_field, path_text, "path", FIELD_STRING, .required = true, .not_empty = true,
          .help = "JSON pointer of the field; `*` is every element of a list and every value of a map"),
    FIELD(struct wanted_field, op, "operator", FIELD_ENUM, .required = true, .names = field_operator_names,
          .help = "how the field is compared"),
    FIELD(struct wanted_field, values, "values", FIELD_RAW,
          .help = "what it is compared with: strings, numbers, booleans; Matches takes globs (`*` only)"),
    FIELD(struct wanted_field, absent, "absent", FIELD_ENUM, .names = values_outcomes,
          .help = "what it means that the field is not there; default violation"),
    FIELD(struct wanted_field, none, "none", FIELD_ENUM, .names = values_outcomes,
          .help = "what it means that a `*` finds no elements; default as absent"),
    FIELD(struct wanted_field, set, "set", FIELD_RAW,
          .help = "what repair sets where the field is absent or wrong; only for paths without `*`"),
    FIELD(struct wanted_field, message, "message", FIELD_STRING, .not_empty = true,
          .help = "what a violation says; default that the field is not as wanted"),
    FIELD(struct wanted_field, fix, "fix", FIELD_STRING, .not_empty = true,
          .help = "how it is mended; default to set the field"),
    FIELD_END,
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, kinds, "kinds", FIELD_RECORDS, .required = true, .not_empty = true, .fields = kind_fields,
          .item_size = sizeof(struct kind_of), .help = "which kinds are judged, by group and kind"),
    FIELD(struct config, fields, "fields", FIELD_RECORDS, .required = true, .not_empty = true, .fields = field_fields,
          .item_size = sizeof(struct wanted_field), .help = "what their fields have to be"),
    FIELD_END,
};

/* One item of `fields`, as it stands in the policy. */
struct item {
    const struct rule_build *build;
    struct pointer at;
    const struct json *value;
};

static bool compile_path(const struct item *i, struct wanted_field *f, struct err *e)
{
    const struct pointer path_at = pointer_key(&i->at, SV("path"));
    struct err why = { .code = ERR_NONE };

    if (field_path_parse(f->path_text, i->build->arena, &f->path, &why))
        return true;
    return record_error(i->build->doc, &path_at, e, "bad path `%.*s`: %s", SV_ARG(f->path_text), why.msg);
}

static bool compile_operator(const struct item *i, struct wanted_field *f, struct err *e)
{
    const struct pointer values_at = pointer_key(&i->at, SV("values"));
    struct err why = { .code = ERR_NONE };
    size_t index;

    if (!field_operator_check(f->op, f->values, &index, &why)) {
        const struct pointer item_at = pointer_index(&values_at, index);

        return record_error(i->build->doc, index < value_size(f->values) ? &item_at : &values_at, e, "%s", why.msg);
    }
    f->wanted = field_operator_describe(f->op, f->values, i->build->arena);
    return f->wanted.p || arena_error(i->build->arena, e);
}

/* What an option that is not given means, and which make no sense together. */
static bool compile_outcomes(const struct item *i, struct wanted_field *f, struct err *e)
{
    const struct pointer absent_at = pointer_key(&i->at, SV("absent")), none_at = pointer_key(&i->at, SV("none"));
    bool has_absent = !value_is_nothing(value_get(i->value, SV("absent")));
    bool has_none = !value_is_nothing(value_get(i->value, SV("none")));

    if (f->op == OPERATOR_DOES_NOT_EXIST && (has_absent || has_none))
        return record_error(i->build->doc, has_absent ? &absent_at : &none_at, e,
                            "DoesNotExist is content with a field that is not there");
    if (has_none && !f->path.is_many)
        return record_error(i->build->doc, &none_at, e, "`none` is for a path with a `*`");
    f->absent = f->op == OPERATOR_DOES_NOT_EXIST ? OUTCOME_PASS : has_absent ? f->absent : OUTCOME_VIOLATION;
    f->none = has_none ? f->none : f->absent;
    return true;
}

static bool is_index(struct sv token)
{
    size_t n;

    return text_to_size(token, &n);
}

static bool compile_set(const struct item *i, struct wanted_field *f, struct err *e)
{
    const struct pointer set_at = pointer_key(&i->at, SV("set"));
    struct buf text = BUF_IN(i->build->arena);

    if (!f->set)
        return true;
    if (f->path.is_many)
        return record_error(i->build->doc, &set_at, e, "`set` is for a path without `*`");
    for (size_t k = 0; k < f->path.count; k++)
        if (is_index(f->path.tokens[k]))
            return record_error(i->build->doc, &set_at, e, "`set` is for a path that leads through no list");
    if (!field_operator_holds(f->op, f->set, f->values))
        return record_error(i->build->doc, &set_at, e, "`set` is no value that passes");
    value_print(&text, f->set);
    f->set_text = buf_sv(&text);
    return buf_ok(&text) || arena_error(i->build->arena, e);
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("fields"));
    struct config *c = config;
    struct wanted_field *list = c->fields.items;

    for (size_t k = 0; k < c->fields.count; k++) {
        const struct item i = { b, pointer_index(&at, k), value_at(value_get(b->value, SV("fields")), k) };

        if (!compile_path(&i, &list[k], e) || !compile_operator(&i, &list[k], e) ||
            !compile_outcomes(&i, &list[k], e) || !compile_set(&i, &list[k], e))
            return false;
    }
    return true;
}

static bool knows_version(const struct kind_of *k, struct sv version)
{
    for (size_t i = 0; i < k->versions.count; i++)
        if (sv_eq(k->versions.items[i], version))
            return true;
    return k->versions.count == 0;
}

/* A kind may stand there more than once, each time with other versions. */
static bool has_kind(const struct config *c, const struct gvk *gvk, bool *is_known)
{
    const struct kind_of *list = c->kinds.items;
    bool is_listed = false;

    *is_known = false;
    for (size_t i = 0; i < c->kinds.count; i++) {
        if (!sv_eq(list[i].kind, gvk->kind) || !sv_eq(list[i].group, gvk->group))
            continue;
        is_listed = true;
        *is_known = *is_known || knows_version(&list[i], gvk->version);
    }
    return is_listed;
}

/* Whole, since it tells one state from another. */
static struct sv found_text(const struct json *v, struct findings *out)
{
    struct sv text = value_scalar_text(v);
    struct buf all = BUF_IN(out->arena);

    if (text.p || !v)
        return text;
    value_print(&all, v);
    out->failed = out->failed || !buf_ok(&all);
    return buf_sv(&all);
}

static const char *const problems[] = {
    [WALK_BLOCKED] = ", is in the way of the field, which cannot be read",
    [WALK_NONE] = " has no elements",
    [WALK_ABSENT] = " is not set",
    [WALK_FOUND] = ", is not what the policy wants",
};

/* Of a version whose fields are not known, only what is there can be judged. */
static enum outcome judge(const struct wanted_field *w, const struct field_walk *walk, bool is_known)
{
    switch (walk->end) {
    case WALK_FOUND:
        return field_operator_holds(w->op, walk->value, w->values) ? OUTCOME_PASS : OUTCOME_VIOLATION;
    case WALK_ABSENT:
        return is_known ? w->absent : OUTCOME_UNKNOWN;
    case WALK_NONE:
        return is_known ? w->none : OUTCOME_UNKNOWN;
    case WALK_BLOCKED:
        break;
    }
    return is_known ? OUTCOME_VIOLATION : OUTCOME_UNKNOWN;
}

static void report(const struct wanted_field *w, const struct field_walk *walk, bool is_known, struct findings *out)
{
    struct finding *f = values_outcome(out, judge(w, walk, is_known), walk->at, (struct sv){ NULL, 0 });

    if (!f)
        return;
    f->subject = w->path.is_many ? f->path : (struct sv){ NULL, 0 };
    f->field = w->path_text;
    f->found = found_text(walk->value, out);
    f->wanted = w->wanted;
    f->message = w->message;
    f->fix = w->fix;
    if (!f->message.p)
        f->message = findings_printf(out, "`%.*s`%s%s%s", SV_ARG(f->path), walk->value ? ", " : "",
                                     walk->value ? value_type_name(value_type(walk->value)) : "", problems[walk->end]);
    if (!f->fix.p)
        f->fix = sv_from(field_operator_fix(w->op));
    if (w->set_text.p && (walk->end == WALK_FOUND || (walk->end == WALK_ABSENT && is_known)))
        findings_repair(out, f, walk->end == WALK_FOUND ? PATCH_REPLACE : PATCH_MEMBER, walk->at, w->set_text);
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    const struct wanted_field *list = c->fields.items;
    const struct pointer root = POINTER_ROOT;
    struct field_walk walk;
    bool is_known;

    if (!has_kind(c, &t->request->gvk, &is_known))
        return;
    for (size_t i = 0; i < c->fields.count; i++)
        for (field_walk_init(&walk, &list[i].path, t->object, &root); field_walk_next(&walk);)
            report(&list[i], &walk, is_known, out);
}

static bool concerns(const struct request *r, const void *config)
{
    bool is_known;

    return has_kind(config, &r->gvk, &is_known);
}

const struct rule rule_fields = {
    .id = "fields",
    .layer = "storage",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_ANY,
    .is_whole = true,
    .repairs_updates = true,
    .what = "fields of any kind have the values that the policy names",
    .why = "databases, buckets and keys are made by objects of many controllers, and each has its own field for "
           "encryption",
    .fix = "set the field as the policy wants it, before the thing is made: many cannot be changed afterwards",
    .repair = "sets the field to what `set` says",
    .repair_options = "fields",
    .example = "name: encrypted-databases\n"
               "type: fields\n"
               "kinds: [{ group: rds.services.k8s.aws, kind: DBInstance }]\n"
               "fields: [{ path: /spec/storageEncrypted, operator: Equals, values: [true], set: true }]\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .concerns = concerns,
    .compile = compile,
    .check = check,
};
