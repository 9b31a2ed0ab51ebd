/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One FipsPolicy document into a compiled policy. What a policy may say stands
 * in the tables; what the tables cannot say (a namespace glob, a rule's own
 * options) is checked below them.
 */
#include "policy/compile.h"

#include "base/attr.h"
#include "base/buf.h"
#include "rules/rules.h"

/* As long as a DNS label (RFC 1123), though dots may stand in it. */
enum { NAME_MAX_LENGTH = 63 };

static const char *const modes[] = { "off", "audit", "warn", "enforce", NULL };
static const char *const levels[] = { "standard", "strict", NULL };

static const char *const layers[] = {
    "node-os", "service-to-service", "load-balancer", "container-registry", "application-dependencies", "storage", NULL,
};
enum { LAYER_COUNT = ARRAY_LEN(layers) - 1 };
static const char *const operations[] = { "CREATE", "UPDATE", "DELETE", "CONNECT", NULL };

struct namespaces_doc {
    struct strings include, exclude;
};
struct users_doc {
    struct strings exclude;
};
struct match_doc {
    struct namespaces_doc namespaces;
    bool cluster_scoped;
    struct label_selector labels;
    struct strings operations;
    struct users_doc users;
};
struct spec_doc {
    struct sv layer;
    struct strings controls;
    enum mode mode, on_unknown;
    enum level level;
    bool repair;
    struct match_doc match;
    const struct json *rules;
};
struct policy_doc {
    struct sv api_version, kind;
    struct compile_meta metadata;
    struct spec_doc spec;
};

static const struct field namespaces_fields[] = {
    FIELD(struct namespaces_doc, include, "include", FIELD_STRINGS, .help = "name globs; absent means all"),
    FIELD(struct namespaces_doc, exclude, "exclude", FIELD_STRINGS, .help = "name globs, after include"),
    FIELD_END,
};
static const struct field users_fields[] = {
    FIELD(struct users_doc, exclude, "exclude", FIELD_STRINGS,
          .help = "user name globs; never applies to templates and to pods of a controller"),
    FIELD_END,
};
static const struct field match_fields[] = {
    FIELD(struct match_doc, namespaces, "namespaces", FIELD_RECORD, .fields = namespaces_fields,
          .help = "which namespaces, by name"),
    FIELD(struct match_doc, cluster_scoped, "clusterScoped", FIELD_BOOL,
          .help = "whether objects without a namespace are judged; default true"),
    FIELD(struct match_doc, labels, "labels", FIELD_RECORD, .fields = label_selector_fields,
          .help = "labels of the object, or of the pod a template makes"),
    FIELD(struct match_doc, operations, "operations", FIELD_STRINGS, .not_empty = true, .names = operations,
          .help = "CREATE, UPDATE, DELETE, CONNECT; default CREATE and UPDATE"),
    FIELD(struct match_doc, users, "users", FIELD_RECORD, .fields = users_fields, .help = "who is not judged"),
    FIELD_END,
};
static const struct field spec_fields[] = {
    FIELD(struct spec_doc, layer, "layer", FIELD_STRING, .not_empty = true, .names = layers,
          .help = "the FIPS layer its findings name; default each rule's own"),
    FIELD(struct spec_doc, controls, "controls", FIELD_STRINGS, .help = "controls it serves, such as SC-13"),
    FIELD(struct spec_doc, mode, "mode", FIELD_ENUM, .names = modes, .required = true,
          .help = "what a violation does: enforce denies, warn warns, audit records"),
    FIELD(struct spec_doc, on_unknown, "onUnknown", FIELD_ENUM, .names = modes,
          .help = "what \"cannot be told from this object\" does, if milder than mode; default warn"),
    FIELD(struct spec_doc, level, "level", FIELD_ENUM, .names = levels, .help = "which facts pass; default standard"),
    FIELD(struct spec_doc, repair, "repair", FIELD_BOOL,
          .help = "whether /mutate repairs what it can; only in mode enforce; default true"),
    FIELD(struct spec_doc, match, "match", FIELD_RECORD, .fields = match_fields,
          .help = "what the policy looks at; default everything its rules know"),
    FIELD(struct spec_doc, rules, "rules", FIELD_RAW, .required = true, .help = "the rules, each with name and type"),
    FIELD_END,
};
const struct field compile_meta_fields[] = {
    FIELD(struct compile_meta, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "unique among all policies in use"),
    FIELD(struct compile_meta, labels, "labels", FIELD_MAP, .help = "not used by fipsgate"),
    FIELD(struct compile_meta, annotations, "annotations", FIELD_MAP, .help = "not used by fipsgate"),
    FIELD_END,
};
const struct field compile_fields[] = {
    FIELD(struct policy_doc, api_version, "apiVersion", FIELD_STRING, .required = true, .help = FIPSGATE_API_VERSION),
    FIELD(struct policy_doc, kind, "kind", FIELD_STRING, .required = true, .help = "FipsPolicy"),
    FIELD(struct policy_doc, metadata, "metadata", FIELD_RECORD, .fields = compile_meta_fields, .required = true,
          .help = "name, labels, annotations"),
    FIELD(struct policy_doc, spec, "spec", FIELD_RECORD, .fields = spec_fields, .required = true,
          .help = "what it judges and how"),
    FIELD_END,
};

/* A document being compiled: where it comes from, where it goes. */
struct job {
    struct policy_set *set;
    const struct yaml_doc *doc;
    struct policy *out;
};

bool compile_globs(const struct yaml_doc *doc, const struct pointer *up, struct sv key, const struct strings *list,
                   struct err *e)
{
    struct pointer at = pointer_key(up, key);

    for (size_t i = 0; i < list->count; i++) {
        struct pointer item = pointer_index(&at, i);
        struct sv glob = list->items[i];

        if (glob.n == 0)
            return record_error(doc, &item, e, "empty glob");
        for (size_t c = 0; c < glob.n; c++)
            if (strchr("?[]{}!\\", glob.p[c]))
                return record_error(doc, &item, e, "bad glob `%.*s`: `%c` has no meaning here, only `*` has",
                                    SV_ARG(glob), glob.p[c]);
    }
    return true;
}

static bool compile_operations(const struct job *j, const struct pointer *at, const struct strings *names,
                               struct err *e)
{
    struct sv known[ARRAY_LEN(operations) - 1];
    struct pointer list = pointer_key(at, SV("operations"));

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        known[i] = sv_from(operations[i]);
    if (names->count == 0)
        j->out->match.operations = 1u << OP_CREATE | 1u << OP_UPDATE;
    for (size_t i = 0; i < names->count; i++) {
        struct pointer item = pointer_index(&list, i);
        enum operation op;

        if (!request_operation_parse(names->items[i], &op)) {
            struct sv hint = record_hint(names->items[i], known, ARRAY_LEN(known), &j->set->arena);
            return record_error(j->doc, &item, e, "unknown operation `%.*s`%.*s", SV_ARG(names->items[i]),
                                SV_ARG(hint));
        }
        j->out->match.operations |= 1u << op;
    }
    return true;
}

static bool compile_match(const struct job *j, const struct match_doc *d, const struct pointer *spec, struct err *e)
{
    struct pointer at = pointer_key(spec, SV("match"));
    struct pointer namespaces = pointer_key(&at, SV("namespaces"));
    struct pointer labels = pointer_key(&at, SV("labels"));
    struct pointer users = pointer_key(&at, SV("users"));

    j->out->match = (struct match){
        .include = d->namespaces.include,
        .exclude = d->namespaces.exclude,
        .skip_cluster_scoped = !d->cluster_scoped,
        .labels = d->labels,
        .user_excludes = d->users.exclude,
    };
    return compile_globs(j->doc, &namespaces, SV("include"), &d->namespaces.include, e) &&
           compile_globs(j->doc, &namespaces, SV("exclude"), &d->namespaces.exclude, e) &&
           compile_globs(j->doc, &users, SV("exclude"), &d->users.exclude, e) &&
           label_selector_check(&d->labels, j->doc, &labels, e) && compile_operations(j, &at, &d->operations, e);
}

static const struct rule *find_type(const struct job *j, const struct pointer *at, const struct json *value,
                                    struct err *e)
{
    struct pointer type_at = pointer_key(at, SV("type"));
    struct sv type = value_string(value_get(value, SV("type")));
    const struct rule *rule = rules_find(type);
    struct sv names[64];
    struct sv hint;

    if (rule)
        return rule;
    if (!type.p) {
        (void)record_error(j->doc, at, e, "a rule needs `type`: the name of a rule type");
        return NULL;
    }
    for (size_t i = 0; i < rules_count() && i < ARRAY_LEN(names); i++)
        names[i] = sv_from(rules_at(i)->id);
    hint =
        record_hint(type, names, rules_count() < ARRAY_LEN(names) ? rules_count() : ARRAY_LEN(names), &j->set->arena);
    (void)record_error(j->doc, &type_at, e, "unknown rule type `%.*s`%.*s", SV_ARG(type), SV_ARG(hint));
    return NULL;
}

static bool compile_rule(const struct job *j, const struct pointer *at, const struct json *value,
                         struct compiled_rule *out, struct err *e)
{
    struct policy_set *set = j->set;
    struct rule_build build = { j->doc, at, value, set->facts, &set->arena, &set->missing };
    const struct rule *rule = NULL;
    void *config = NULL;

    if (!value_is(value, VALUE_OBJECT))
        return record_error(j->doc, at, e, "a rule is a mapping with `name` and `type`, not %s",
                            value_type_name(value_type(value)));
    if (!(rule = find_type(j, at, value, e)))
        return false;
    if (!(config = arena_zalloc(&set->arena, 1, rule->config_size)))
        return err_nomem(e);
    if (rule->defaults)
        rule->defaults(config);
    if (!record_read(j->doc, at, value, rule->fields, &set->arena, config, e))
        return false;
    if (rule->compile && !rule->compile(&build, config, e))
        return false;
    /* Every rule's options begin with its head. */
    *out = (struct compiled_rule){ rule, ((const struct rule_head *)config)->name, config };
    return true;
}

/* Names go into messages, logs, metrics and annotations as they are. */
static bool check_name(const struct yaml_doc *doc, const struct pointer *at, struct sv name, struct err *e)
{
    bool ok = name.n > 0 && name.n <= NAME_MAX_LENGTH;

    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        ok = ok && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.');
    }
    if (ok)
        return true;
    return record_error(doc, at, e, "bad name `%.*s`: 1 to %d of a-z, 0-9, `-` and `.`", SV_ARG(name), NAME_MAX_LENGTH);
}

bool compile_name(const struct yaml_doc *doc, struct sv name, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct pointer at = pointer_text(&root, SV("/metadata/name"));

    return check_name(doc, &at, name, e);
}

static bool check_rule_name(const struct job *j, const struct pointer *at, const struct compiled_rule *rules,
                            size_t index, struct err *e)
{
    struct pointer name_at = pointer_key(at, SV("name"));

    if (!check_name(j->doc, &name_at, rules[index].name, e))
        return false;
    for (size_t i = 0; i < index; i++)
        if (sv_eq(rules[i].name, rules[index].name))
            return record_error(j->doc, &name_at, e, "rule `%.*s` is defined twice in this policy",
                                SV_ARG(rules[index].name));
    return true;
}

static bool compile_rules(const struct job *j, const struct json *list, const struct pointer *spec, struct err *e)
{
    struct pointer at = pointer_key(spec, SV("rules"));
    struct compiled_rule *rules = NULL;

    if (!value_is(list, VALUE_ARRAY) || value_size(list) == 0)
        return record_error(j->doc, &at, e, "`rules` is a list with at least one rule");
    if (!(rules = arena_array(&j->set->arena, value_size(list), struct compiled_rule)))
        return err_nomem(e);
    for (struct value_iter it = value_iter(list); value_next(&it);) {
        struct pointer item = pointer_index(&at, it.index);

        if (!compile_rule(j, &item, it.value, &rules[it.index], e) || !check_rule_name(j, &item, rules, it.index, e))
            return false;
        j->out->families |= rules[it.index].rule->families;
    }
    j->out->rules = rules;
    j->out->rule_count = value_size(list);
    return true;
}

static bool check_layer(const struct job *j, struct sv layer, const struct pointer *spec, struct err *e)
{
    struct pointer at = pointer_key(spec, SV("layer"));
    struct sv names[LAYER_COUNT];
    struct sv hint;

    for (size_t i = 0; i < LAYER_COUNT; i++) {
        names[i] = sv_from(layers[i]);
        if (!layer.p || sv_eq(layer, names[i]))
            return true;
    }
    hint = record_hint(layer, names, ARRAY_LEN(names), &j->set->arena);
    return record_error(j->doc, &at, e, "unknown layer `%.*s`%.*s", SV_ARG(layer), SV_ARG(hint));
}

static struct sv join_controls(const struct strings *controls, struct arena *a)
{
    struct buf text = BUF_IN(a);

    for (size_t i = 0; i < controls->count; i++) {
        buf_add(&text, i ? SV(", ") : SV(""));
        buf_add(&text, controls->items[i]);
    }
    return buf_sv(&text);
}

bool compile_policy(struct policy_set *set, const struct yaml_doc *doc, struct policy *out, struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct pointer spec = pointer_key(&root, SV("spec"));
    struct job j = { set, doc, out };
    struct policy_doc d = {
        .spec = { .mode = MODE_ENFORCE, .on_unknown = MODE_WARN, .repair = true, .match = { .cluster_scoped = true } },
    };

    if (!record_read(doc, &root, doc->root, compile_fields, &set->arena, &d, e))
        return false;
    *out = (struct policy){
        .name = d.metadata.name,
        .file = doc->file,
        .layer = d.spec.layer,
        .controls = join_controls(&d.spec.controls, &set->arena),
        .mode = verdict_milder(d.spec.mode, set->max_mode),
        .on_unknown = d.spec.on_unknown,
        .level = d.spec.level,
        .repair = d.spec.repair,
        .doc = doc,
    };
    return compile_name(doc, d.metadata.name, e) && check_layer(&j, d.spec.layer, &spec, e) &&
           compile_match(&j, &d.spec.match, &spec, e) && compile_rules(&j, d.spec.rules, &spec, e);
}
