/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Schema 2020-12 for our documents, made from the same tables that read
 * them, so that an editor and the program know the same keys. Stricter than the
 * program in one thing: a key without a value is an error.
 */
#include "base/text.h"
#include "cli/cmd_policy.h"
#include "facts/facts.h"
#include "policy/compile.h"
#include "policy/exempt.h"
#include "rules/rules.h"
#include <jansson.h>

#define DIALECT "https://json-schema.org/draft/2020-12/schema"
#define NAME_PATTERN "^[a-z0-9.-]{1,63}$"
#define DATE_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

enum { SCHEMA_MEMORY = 1 << 20, OUTPUT_MAX = 4 << 20 };

struct document {
    const char *kind;
    const struct field *fields;
    bool has_rules;
    bool has_plain_name; /* metadata.name goes into messages and logs */
};

static const struct document documents[] = {
    { "FipsPolicy", compile_fields, .has_rules = true, .has_plain_name = true },
    { "FipsException", exempt_fields, .has_plain_name = true },
    { "FipsFacts", facts_fields, .has_rules = false },
};

static json_t *of_record(const struct field *fields);

static json_t *typed(const char *type)
{
    return json_pack("{ss}", "type", type);
}

/* YAML 1.1 reads a plain `off` as false, and the program takes it back. */
static json_t *of_names(const char *const *names)
{
    json_t *list = json_array();

    for (size_t i = 0; names[i]; i++) {
        json_array_append_new(list, json_string(names[i]));
        if (strcmp(names[i], "off") == 0)
            json_array_append_new(list, json_false());
        if (strcmp(names[i], "on") == 0)
            json_array_append_new(list, json_true());
    }
    return json_pack("{so}", "enum", list);
}

static json_t *of_string(const struct field *f)
{
    json_t *s = f->names ? of_names(f->names) : typed("string");

    if (f->not_empty && !f->names)
        json_object_set_new(s, "minLength", json_integer(1));
    return s;
}

static json_t *of_list(const struct field *f, json_t *items)
{
    json_t *s = json_pack("{ssso}", "type", "array", "items", items);

    if (f->not_empty)
        json_object_set_new(s, "minItems", json_integer(1));
    return s;
}

static json_t *of_map(const struct field *f)
{
    json_t *s = json_pack("{ssso}", "type", "object", "additionalProperties", typed("string"));

    if (f->not_empty)
        json_object_set_new(s, "minProperties", json_integer(1));
    return s;
}

static json_t *of_type(const struct field *f)
{
    switch (f->type) {
    case FIELD_STRING:
        return of_string(f);
    case FIELD_BOOL:
        return typed("boolean");
    case FIELD_ENUM:
        return of_names(f->names);
    case FIELD_DATE:
        return json_pack("{ssssss}", "type", "string", "format", "date", "pattern", DATE_PATTERN);
    case FIELD_STRINGS:
        return of_list(f, f->names ? of_names(f->names) : typed("string"));
    case FIELD_MAP:
        return of_map(f);
    case FIELD_RAW:
        return json_object();
    case FIELD_RECORD:
        return of_record(f->fields);
    case FIELD_RECORDS:
        return of_list(f, of_record(f->fields));
    }
    return json_object();
}

static json_t *of_record(const struct field *fields)
{
    json_t *properties = json_object(), *required = json_array();
    json_t *s = json_pack("{sssosb}", "type", "object", "properties", properties, "additionalProperties", 0);

    for (const struct field *f = fields; f->key; f++) {
        json_t *property = of_type(f);

        json_object_set_new(property, "description", json_string(f->help));
        json_object_set_new(properties, f->key, property);
        if (f->required)
            json_array_append_new(required, json_string(f->key));
    }
    json_object_set_new(s, "required", required);
    return s;
}

/* The schema of a property that is there; borrowed. */
static json_t *property(json_t *schema, const char *key)
{
    return json_object_get(json_object_get(schema, "properties"), key);
}

static json_t *if_then(const char *key, const char *value, const char *definition)
{
    return json_pack("{s{s{s{ss}}s[s]}s{so}}", "if", "properties", key, "const", value, "required", key, "then", "$ref",
                     json_sprintf("#/$defs/%s", definition));
}

static json_t *of_rule(const struct rule *r)
{
    json_t *s = of_record(r->fields);

    json_object_set_new(s, "title", json_string(r->id));
    json_object_set_new(s, "description", json_string(r->what));
    json_object_set_new(property(s, "name"), "pattern", json_string(NAME_PATTERN));
    json_object_set_new(property(s, "type"), "const", json_string(r->id));
    return s;
}

/* A rule has the keys of its type. */
static void set_rules(json_t *schema)
{
    json_t *ids = json_array(), *branches = json_array();
    json_t *rules = property(property(schema, "spec"), "rules");

    for (size_t i = 0; i < rules_count(); i++) {
        json_array_append_new(ids, json_string(rules_at(i)->id));
        json_array_append_new(branches, if_then("type", rules_at(i)->id, rules_at(i)->id));
    }
    json_object_set_new(rules, "type", json_string("array"));
    json_object_set_new(rules, "minItems", json_integer(1));
    json_object_set_new(rules, "items",
                        json_pack("{sss[ss]s{s{so}s{}}so}", "type", "object", "required", "name", "type", "properties",
                                  "type", "enum", ids, "name", "allOf", branches));
}

static void add_rules(json_t *definitions)
{
    for (size_t i = 0; i < rules_count(); i++)
        json_object_set_new(definitions, rules_at(i)->id, of_rule(rules_at(i)));
}

static json_t *of_document(const struct document *d)
{
    json_t *s = of_record(d->fields);

    json_object_set_new(s, "title", json_string(d->kind));
    json_object_set_new(property(s, "apiVersion"), "const", json_string(FIPSGATE_API_VERSION));
    json_object_set_new(property(s, "kind"), "const", json_string(d->kind));
    if (d->has_plain_name)
        json_object_set_new(property(property(s, "metadata"), "name"), "pattern", json_string(NAME_PATTERN));
    if (d->has_rules)
        set_rules(s);
    return s;
}

static json_t *of_one(const struct document *d)
{
    json_t *s = of_document(d), *definitions = json_object();

    json_object_set_new(s, "$schema", json_string(DIALECT));
    if (d->has_rules)
        add_rules(definitions);
    json_object_set_new(s, "$defs", definitions);
    return s;
}

/* Any of our documents, told apart by its kind. */
static json_t *of_all(void)
{
    json_t *kinds = json_array(), *branches = json_array(), *definitions = json_object();

    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        json_array_append_new(kinds, json_string(documents[i].kind));
        json_array_append_new(branches, if_then("kind", documents[i].kind, documents[i].kind));
        json_object_set_new(definitions, documents[i].kind, of_document(&documents[i]));
    }
    add_rules(definitions);
    return json_pack("{sssssss[ss]s{s{so}}soso}", "$schema", DIALECT, "title", "fipsgate documents", "type", "object",
                     "required", "apiVersion", "kind", "properties", "kind", "enum", kinds, "allOf", branches, "$defs",
                     definitions);
}

static bool make(const struct opt_values *kinds, json_t **out, struct err *e)
{
    struct sv names[ARRAY_LEN(documents)], wanted, near;

    if (kinds->count > 1)
        return err_set(e, ERR_INPUT, "policy schema: one kind at a time, or none for all of them");
    if (kinds->count == 0) {
        *out = of_all();
        return *out || err_nomem(e);
    }
    wanted = sv_from(kinds->items[0]);
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        names[i] = sv_from(documents[i].kind);
        if (!sv_eq(names[i], wanted))
            continue;
        *out = of_one(&documents[i]);
        return *out || err_nomem(e);
    }
    near = text_nearest(wanted, names, ARRAY_LEN(names));
    return err_set(e, ERR_INPUT, "unknown kind `%.*s`%s%.*s%s; there are FipsPolicy, FipsException and FipsFacts",
                   SV_ARG(wanted), near.p ? ", did you mean `" : "", SV_ARG(near), near.p ? "`?" : "");
}

static const struct opt options[] = {
    OPT_END,
};

static enum exit_code show(json_t *schema)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    char *text = json_dumps(schema, JSON_INDENT(2));

    buf_add(&out, sv_from(text));
    buf_add_char(&out, '\n');
    out.failed = out.failed || !text;
    free(text);
    json_decref(schema);
    return cmd_show(&out);
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(SCHEMA_MEMORY);
    struct opt_values kinds = { 0 };
    struct err e = { 0 };
    json_t *schema = NULL;
    char unused;

    if (opt_parse(options, argv, &a, &unused, &kinds, &e) && make(&kinds, &schema, &e))
        return show(schema);
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

static const struct cmd_example examples[] = {
    { "fipsgate policy schema FipsPolicy > fipspolicy.schema.json", "the schema of policies" },
    { NULL, NULL },
};

const struct cmd cmd_policy_schema = {
    .name = "schema",
    .arguments = " [FipsPolicy|FipsException|FipsFacts]",
    .summary = "print the JSON Schema of policies, exceptions and facts",
    .about = "JSON Schema 2020-12, for editors that complete and check YAML. Without a kind, one schema of all three.",
    .examples = examples,
    .run = run,
};
