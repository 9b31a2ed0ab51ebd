/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Environment variables that put a program's cryptography, or the endpoints it
 * calls, into FIPS mode. What the object writes down is judged; what comes from
 * a ConfigMap, a Secret or another variable is unknown. A missing variable is
 * added even where envFrom might bring it, because an entry wins over that.
 */
#include "rules/container_env.h"
#include "rules/rules.h"

struct requirement {
    struct sv name;
    struct sv value; /* what it is set to; absent: nothing is repaired */
    struct strings values;
    struct strings containers;
    bool is_item;

    /* Compiled from the above; of an item the part behind its KEY. */
    struct sv key;
    struct strings allowed;
};

struct config {
    struct rule_head head;
    struct records env; /* struct requirement, sorted by name */
    struct strings except;
    const struct sv *names; /* of `env`, in its order */
};

static const struct field requirement_fields[] = {
    FIELD(struct requirement, name, "name", FIELD_STRING, .required = true, .not_empty = true,
          .help = "name of the variable"),
    FIELD(struct requirement, value, "value", FIELD_STRING, .not_empty = true,
          .help = "what it must be, and what it is set to"),
    FIELD(struct requirement, values, "values", FIELD_STRINGS, .not_empty = true,
          .help = "what else it may be; without `value` nothing is repaired"),
    FIELD(struct requirement, containers, "containers", FIELD_STRINGS, .not_empty = true,
          .help = "globs of container names; absent: every container"),
    FIELD(struct requirement, is_item, "item", FIELD_BOOL,
          .help = "true: values are one item KEY=VALUE of a comma-separated list, as GODEBUG is one"),
    FIELD_END,
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, env, "env", FIELD_RECORDS, .required = true, .not_empty = true, .fields = requirement_fields,
          .item_size = sizeof(struct requirement), .help = "the variables that are needed, 32 at most"),
    FIELD(struct config, except, "except", FIELD_STRINGS, .not_empty = true,
          .help = "globs of container names that are not judged here, such as a sidecar another rule judges"),
    FIELD_END,
};

/* Everything the variable may be; of an item the part behind the key, which
 * all of them share. What is wrong, or NULL. */
static const char *compile_values(struct requirement *r, struct sv *allowed)
{
    size_t count = 0;

    for (size_t i = 0; i < r->values.count + 1; i++) {
        struct sv rest = i < r->values.count ? r->values.items[i] : r->value, key;

        if (!rest.p)
            continue;
        allowed[count++] = rest;
        if (!r->is_item)
            continue;
        key = sv_cut(&rest, '=');
        if (key.n == 0 || !rest.p)
            return "an item is KEY=VALUE";
        if (count > 1 && !sv_eq(key, r->key))
            return "the values of an item have one KEY";
        r->key = key;
        allowed[count - 1] = rest;
    }
    r->allowed = (struct strings){ allowed, count };
    return count ? NULL : "a variable needs `value` or `values`";
}

static int by_name(const void *left, const void *right)
{
    return sv_cmp(((const struct requirement *)left)->name, ((const struct requirement *)right)->name);
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer list_at = pointer_key(b->at, SV("env"));
    struct config *c = config;
    struct requirement *list = c->env.items;
    struct sv *names = arena_array(b->arena, c->env.count, struct sv);

    if (!names)
        return err_nomem(e);
    if (c->env.count > CONTAINER_ENV_NAMES)
        return record_error(b->doc, &list_at, e, "%zu variables, but one rule takes %d", c->env.count,
                            CONTAINER_ENV_NAMES);
    for (size_t i = 0; i < c->env.count; i++) {
        const struct pointer item_at = pointer_index(&list_at, i);
        struct sv *allowed = arena_array(b->arena, list[i].values.count + 1, struct sv);
        const char *fault = allowed ? compile_values(&list[i], allowed) : NULL;

        if (!allowed)
            return err_nomem(e);
        if (fault)
            return record_error(b->doc, &item_at, e, "%s", fault);
    }
    qsort(list, c->env.count, sizeof(*list), by_name);
    for (size_t i = 0; i < c->env.count; i++) {
        names[i] = list[i].name;
        if (i > 0 && sv_eq(names[i - 1], names[i]))
            return record_error(b->doc, &list_at, e, "`%.*s` is required twice", SV_ARG(names[i]));
    }
    c->names = names;
    return true;
}

/* One variable of one container. */
struct subject {
    const struct target *target;
    const struct container *container;
    const struct requirement *wanted;
    struct env_entry entry;
};

static bool is_allowed(const struct requirement *r, struct sv value)
{
    struct sv said = r->is_item ? container_env_item(value, r->key) : value;

    for (size_t i = 0; said.p && i < r->allowed.count; i++)
        if (sv_eq(r->allowed.items[i], said))
            return true;
    return false;
}

static struct sv describe_wanted(struct findings *out, const struct requirement *r)
{
    struct buf text = BUF_IN(out->arena);

    for (size_t i = 0; i < r->allowed.count && i < 4; i++)
        buf_printf(&text, "%s%.*s%s%.*s", i ? " or " : "", SV_ARG(r->key), r->is_item ? "=" : "",
                   SV_ARG(r->allowed.items[i]));
    out->failed = out->failed || !buf_ok(&text);
    return buf_sv(&text);
}

static struct finding *add(struct findings *out, enum finding_kind kind, const struct subject *s,
                           const struct pointer *at)
{
    struct finding *f = findings_add(out, kind, at);

    f->on_template = s->target->pod->kind->is_template;
    f->subject = s->container->name;
    f->field = findings_printf(out, "env.%.*s", SV_ARG(s->wanted->name));
    f->image = s->container->image;
    f->wanted = describe_wanted(out, s->wanted);
    f->fix = findings_printf(out, "set %.*s to %.*s", SV_ARG(s->wanted->name), SV_ARG(f->wanted));
    return f;
}

/* What the engine could not repair anyway, a running pod's debugging container,
 * is not offered. */
static bool can_repair(const struct subject *s)
{
    return s->wanted->value.p && s->container->list != LIST_EPHEMERAL_CONTAINERS;
}

/* An entry wins over envFrom, so adding one settles what cannot be seen; of a
 * list it would drop the other items. */
static void report_absent(const struct subject *s, struct findings *out)
{
    const struct pointer env_at = pointer_key(&s->container->at, SV("env"));
    bool may_be_there = container_env_imports(s->container->value, s->wanted->name);
    struct finding *f = add(out, may_be_there ? FINDING_UNKNOWN : FINDING_VIOLATION, s, &env_at);
    struct buf entry = BUF_IN(out->arena);

    if (may_be_there)
        f->message = findings_printf(out, "environment variable `%.*s` is not written down; envFrom may set it",
                                     SV_ARG(s->wanted->name));
    else
        f->message = findings_printf(out, "environment variable `%.*s` is missing", SV_ARG(s->wanted->name));
    if (!can_repair(s) || (may_be_there && s->wanted->is_item))
        return;
    buf_add(&entry, SV("{\"name\":"));
    value_print_string(&entry, s->wanted->name);
    buf_add(&entry, SV(",\"value\":"));
    value_print_string(&entry, s->wanted->value);
    buf_add(&entry, SV("}"));
    findings_repair(out, f, PATCH_APPEND, &env_at, buf_ok(&entry) ? buf_sv(&entry) : (struct sv){ NULL, 0 });
}

/* The last item of a list counts, so the others stay as they are. */
static struct sv repaired(struct findings *out, const struct requirement *r, struct sv value)
{
    struct buf text = BUF_IN(out->arena);

    if (!r->is_item || value.n == 0)
        return r->value;
    buf_add(&text, value);
    buf_add(&text, SV(","));
    buf_add(&text, r->value);
    out->failed = out->failed || !buf_ok(&text);
    return buf_sv(&text);
}

static void report_wrong(const struct subject *s, struct sv value, struct findings *out)
{
    const struct pointer env_at = pointer_key(&s->container->at, SV("env"));
    const struct pointer entry_at = pointer_index(&env_at, s->entry.index);
    const struct pointer at = pointer_key(&entry_at, SV("value"));
    bool is_there = value_get(s->entry.value, SV("value"));
    struct finding *f = add(out, FINDING_VIOLATION, s, &at);

    f->found = value;
    f->message = findings_printf(out, "environment variable `%.*s` is not what it has to be", SV_ARG(s->wanted->name));
    if (can_repair(s))
        findings_repair_string(out, f, is_there ? PATCH_REPLACE : PATCH_MEMBER, &at, repaired(out, s->wanted, value));
}

static void report_unseen(const struct subject *s, struct findings *out)
{
    const struct pointer env_at = pointer_key(&s->container->at, SV("env"));
    const struct pointer at = pointer_index(&env_at, s->entry.index);
    struct finding *f = add(out, FINDING_UNKNOWN, s, &at);

    f->message =
        findings_printf(out, "the value of environment variable `%.*s` comes from elsewhere", SV_ARG(s->wanted->name));
}

static void check_variable(const struct subject *s, struct findings *out)
{
    const struct pointer env_at = pointer_key(&s->container->at, SV("env"));
    struct sv value;

    if (!s->entry.value) {
        report_absent(s, out);
        return;
    }
    value = container_env_literal(s->entry.value);
    if (!value.p)
        report_unseen(s, out);
    else if (!is_allowed(s->wanted, value))
        report_wrong(s, value, out);
    else
        findings_pass(out, &env_at, s->container->name);
}

static bool is_named(const struct strings *globs, struct sv name)
{
    for (size_t i = 0; i < globs->count; i++)
        if (sv_glob(globs->items[i], name))
            return true;
    return false;
}

static void check_container(const struct config *c, const struct target *t, const struct container *k,
                            struct findings *out)
{
    const struct requirement *list = c->env.items;
    struct env_entry entries[CONTAINER_ENV_NAMES];

    container_env_find(value_get(k->value, SV("env")), c->names, c->env.count, entries);
    for (size_t i = 0; i < c->env.count; i++)
        if (list[i].containers.count == 0 || is_named(&list[i].containers, k->name))
            check_variable(&(struct subject){ t, k, &list[i], entries[i] }, out);
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    struct container_iter it = container_iter(t->pod);

    while (container_next(&it))
        if (!container_is_image_volume(&it.now) && !is_named(&c->except, it.now.name))
            check_container(c, t, &it.now, out);
}

const struct rule rule_required_env = {
    .id = "required-env",
    .layer = "application-dependencies",
    .severity = SEVERITY_MEDIUM,
    .families = FAMILY_WORKLOAD,
    .what = "containers have the environment variables that switch FIPS on",
    .why = "SDKs call endpoints outside FIPS, and runtimes use algorithms outside the approved mode, unless a variable "
           "such as AWS_USE_FIPS_ENDPOINT or GODEBUG=fips140=on says otherwise",
    .fix = "set the variable in the container, or let `value` add it when the pod is created",
    .repair = "adds the variable, or replaces a value that does not pass, when a pod is created",
    .repair_options = "env",
    .example = "name: fips-variables\n"
               "type: required-env\n"
               "env:\n"
               "  - { name: AWS_USE_FIPS_ENDPOINT, value: \"true\" }\n"
               "  - { name: GODEBUG, value: fips140=on, values: [fips140=only], item: true }\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .compile = compile,
    .check = check,
};
