/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pod says that would switch FIPS off again: variables, options on a
 * command line or inside a variable, mounts over the module and its
 * configuration, kernel parameters. Which these are is data (set
 * `off-switches`). References (`$(NAME)`) are replaced as the kubelet does it. A
 * variable of which any value matters is a violation even where its value cannot
 * be seen; envFrom is not judged, since it may bring
 * anything and is in half of all pods. A clean pod proves nothing: a program
 * can do all of this by itself.
 */
#include "rules/container_env.h"
#include "rules/env_expansion.h"
#include "rules/mount_path.h"
#include "rules/off_switch.h"
#include "rules/off_switch_scan.h"
#include "rules/rules.h"
#include "rules/values.h"

struct config {
    struct rule_head head;
    struct strings switches, allow;
    struct off_switches table;
    const struct sv *names; /* of the variables in the table, sorted, distinct */
    size_t name_count;
    const struct off_switch *accepted; /* env:NAME=VALUE of `allow` */
    size_t accepted_count;
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, switches, "switches", FIELD_STRINGS, .not_empty = true,
          .help = "fact sets of what switches FIPS off"),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .not_empty = true,
          .help = "switches that are not judged, as the facts write them, or one value of one: env:NAME=VALUE"),
    FIELD_END,
};

static void set_defaults(void *config)
{
    static const struct sv everything[] = { SV_INIT("@off-switches") };

    ((struct config *)config)->switches = (struct strings){ everything, ARRAY_LEN(everything) };
}

static bool is_allowed(const struct config *c, struct sv text)
{
    for (size_t i = 0; i < c->allow.count; i++)
        if (sv_eq(c->allow.items[i], text))
            return true;
    return false;
}

/* The rows that are not allowed away. */
static bool compile_table(const struct rule_build *b, struct config *c, const struct values *v, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("switches"));
    struct off_switch *items = arena_array(b->arena, v->count, struct off_switch);
    size_t count = 0;

    if (!items)
        return err_nomem(e);
    for (size_t i = 0; i < c->switches.count; i++)
        if (!sv_starts_with(c->switches.items[i], SV("@")))
            return record_error(b->doc, &at, e, "`%.*s` is no fact set: what it does has to be written in one",
                                SV_ARG(c->switches.items[i]));
    for (size_t i = 0; i < v->count; i++) {
        struct err why = { 0 };

        if (is_allowed(c, v->rows[i]->value))
            continue;
        if (!off_switch_parse(v->rows[i]->value, &items[count], &why))
            return record_error(b->doc, &at, e, "a fact set it names holds %s", why.msg);
        if (items[count].kind == OFF_SWITCH_MOUNT)
            items[count].name = mount_path_clean(items[count].name, b->arena);
        if (!items[count].name.p)
            return err_nomem(e);
        items[count++].row = v->rows[i];
    }
    off_switch_sort(items, count, &c->table);
    return true;
}

static bool compile_names(const struct rule_build *b, struct config *c, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("switches"));
    size_t end = c->table.first[OFF_SWITCH_ENV + 1];
    struct sv *names = arena_array(b->arena, end, struct sv);

    if (!names)
        return err_nomem(e);
    for (size_t i = c->table.first[OFF_SWITCH_ENV]; i < end; i++)
        if (c->name_count == 0 || !sv_eq(names[c->name_count - 1], c->table.items[i].name))
            names[c->name_count++] = c->table.items[i].name;
    if (c->name_count > CONTAINER_ENV_NAMES)
        return record_error(b->doc, &at, e, "%zu variables, but one rule takes %d", c->name_count, CONTAINER_ENV_NAMES);
    c->names = names;
    return true;
}

/* Each item of `allow` takes a row away, or is one value of a variable. */
static bool compile_allow(const struct rule_build *b, struct config *c, const struct values *v, struct err *e)
{
    const struct pointer list_at = pointer_key(b->at, SV("allow"));
    struct off_switch *accepted = arena_array(b->arena, c->allow.count, struct off_switch);

    if (!accepted)
        return err_nomem(e);
    for (size_t i = 0; i < c->allow.count; i++) {
        const struct pointer at = pointer_index(&list_at, i);
        struct off_switch *one = &accepted[c->accepted_count];
        struct err why = { 0 };
        size_t count = 0;

        if (values_find(v, c->allow.items[i]))
            continue;
        if (!off_switch_parse(c->allow.items[i], one, &why))
            return record_error(b->doc, &at, e, "%s", why.msg);
        if (one->kind != OFF_SWITCH_ENV || one->test != OFF_SWITCH_IS ||
            !off_switch_find(&c->table, OFF_SWITCH_ENV, one->name, &count))
            return record_error(b->doc, &at, e, "no fact set holds `%.*s`", SV_ARG(c->allow.items[i]));
        c->accepted_count++;
    }
    c->accepted = accepted;
    return true;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("switches"));
    struct config *c = config;
    struct values values;

    return values_compile(b, &at, &c->switches, &values, e) && compile_table(b, c, &values, e) &&
           compile_names(b, c, e) && compile_allow(b, c, &values, e);
}

/* A pod, or one container of it, under judgement. */
struct scene {
    const struct config *config;
    const struct target *target;
    const struct container *container; /* NULL: the pod */
    struct env_expansion *expansion;   /* of the container */
    struct findings *out;
};

/* The worst switch that one value throws. */
struct hit {
    const struct off_switch *thrown; /* NULL: none */
    enum opinion opinion;
    struct sv found;
};

static void consider(const struct scene *s, struct hit *hit, const struct off_switch *thrown, struct sv found)
{
    enum opinion opinion = values_opinion(thrown->row, s->target->level);

    if (opinion == OPINION_PASS || (hit->thrown && opinion >= hit->opinion))
        return;
    *hit = (struct hit){ .thrown = thrown, .opinion = opinion, .found = found };
}

static bool is_accepted(const struct config *c, struct sv name, struct sv value)
{
    for (size_t i = 0; i < c->accepted_count; i++)
        if (sv_eq(c->accepted[i].name, name) && sv_eq(c->accepted[i].value, value))
            return true;
    return false;
}

static struct finding *report(const struct scene *s, const struct hit *hit, enum finding_kind kind,
                              const struct pointer *at, struct sv field)
{
    struct findings *out = s->out;
    struct finding *f = findings_add(out, kind, at);
    struct sv note = findings_text(out, hit->thrown->row->note, 160);

    f->warn_only = hit->opinion == OPINION_WARN;
    f->on_template = s->target->pod->kind->is_template;
    f->subject = s->container ? s->container->name : SV("");
    f->image = s->container ? s->container->image : (struct sv){ NULL, 0 };
    f->field = field;
    f->found = hit->found;
    f->message = findings_printf(out, "this %s FIPS off%s%.*s", f->warn_only ? "may switch" : "switches",
                                 note.n ? ": " : "", SV_ARG(note));
    f->wanted = SV("nothing that switches FIPS off");
    f->fix = findings_printf(out, "remove it, or let the policy allow `%.*s`", SV_ARG(hit->thrown->row->value));
    return f;
}

static void report_unseen(const struct scene *s, const struct hit *hit, const struct pointer *at, struct sv field)
{
    struct finding *f = report(s, hit, FINDING_UNKNOWN, at, field);

    f->message = findings_printf(s->out, "the value of `%.*s`, which can switch FIPS off, comes from elsewhere",
                                 SV_ARG(hit->thrown->name));
    f->fix = findings_printf(s->out, "write the value of `%.*s` down in the container", SV_ARG(hit->thrown->name));
}

/* From the name of a word to the end of its value. */
static struct sv whole(struct sv name, struct sv value)
{
    return (struct sv){ name.p, value.n ? (size_t)(value.p + value.n - name.p) : name.n };
}

static void scan_options(const struct scene *s, struct sv text, struct hit *hit)
{
    struct sv name;

    for (size_t at = 0; off_switch_scan_option(text, &at, &name);) {
        size_t count = 0;
        const struct off_switch *list = off_switch_find(&s->config->table, OFF_SWITCH_ARG, name, &count);
        struct sv value = list ? off_switch_scan_value(text, &at) : SV("");

        for (size_t i = 0; i < count; i++)
            if (off_switch_holds(&list[i], value))
                consider(s, hit, &list[i], whole(name, value));
    }
}

static void scan_assignments(const struct scene *s, struct sv text, struct hit *hit)
{
    struct sv name;

    for (size_t at = 0; off_switch_scan_assignment(text, &at, &name);) {
        size_t count = 0;
        const struct off_switch *list = off_switch_find(&s->config->table, OFF_SWITCH_ENV, name, &count);
        struct sv value = list ? off_switch_scan_value(text, &at) : SV("");

        for (size_t i = 0; i < count; i++)
            if (off_switch_holds(&list[i], value) && !is_accepted(s->config, name, value))
                consider(s, hit, &list[i], whole(name, value));
    }
}

/* A variable whose name the facts know; an absent value cannot be seen. */
static void judge_variable(const struct scene *s, struct sv name, struct sv value, const struct pointer *at)
{
    const struct off_switch *list;
    struct hit hit = { .thrown = NULL }, unseen = hit;
    size_t count = 0;

    list = off_switch_find(&s->config->table, OFF_SWITCH_ENV, name, &count);
    if (value.p && is_accepted(s->config, name, value))
        return;
    for (size_t i = 0; i < count; i++) {
        if (value.p ? off_switch_holds(&list[i], value) : list[i].test == OFF_SWITCH_ANY)
            consider(s, &hit, &list[i], value);
        else if (!value.p)
            consider(s, &unseen, &list[i], value);
    }
    if (hit.thrown)
        report(s, &hit, FINDING_VIOLATION, at, findings_printf(s->out, "env.%.*s", SV_ARG(name)));
    else if (unseen.thrown)
        report_unseen(s, &unseen, at, findings_printf(s->out, "env.%.*s", SV_ARG(name)));
}

static void judge_environment(const struct scene *s)
{
    const struct pointer list_at = pointer_key(&s->container->at, SV("env"));
    const struct json *env = value_get(s->container->value, SV("env"));
    struct env_entry entries[CONTAINER_ENV_NAMES];

    container_env_find(env, s->config->names, s->config->name_count, entries);
    for (size_t i = 0; i < s->config->name_count; i++) {
        const struct pointer entry_at = pointer_index(&list_at, entries[i].index);
        const struct pointer value_at = pointer_key(&entry_at, SV("value"));

        if (entries[i].value)
            judge_variable(s, s->config->names[i],
                           env_expansion_entry(s->expansion, entries[i].value, entries[i].index),
                           value_get(entries[i].value, SV("value")) ? &value_at : &entry_at);
    }
    for (struct value_iter it = value_iter(env); value_next(&it);) {
        const struct pointer entry_at = pointer_index(&list_at, it.index), at = pointer_key(&entry_at, SV("value"));
        struct sv value = env_expansion_entry(s->expansion, it.value, it.index);
        struct hit hit = { .thrown = NULL };

        scan_options(s, value.p ? value : value_string(value_get(it.value, SV("value"))), &hit);
        if (hit.thrown)
            report(s, &hit, FINDING_VIOLATION, &at, SV("env"));
    }
}

static void judge_words(const struct scene *s, struct sv list)
{
    const struct pointer list_at = pointer_key(&s->container->at, list);

    for (struct value_iter it = value_iter(value_get(s->container->value, list)); value_next(&it);) {
        const struct pointer at = pointer_index(&list_at, it.index);
        struct sv written = value_string(it.value), word = env_expansion_word(s->expansion, written);
        struct hit hit = { .thrown = NULL };

        word = word.p ? word : written;
        scan_options(s, word, &hit);
        scan_assignments(s, word, &hit);
        if (hit.thrown)
            report(s, &hit, FINDING_VIOLATION, &at, list);
    }
}

static void judge_mounts(const struct scene *s)
{
    const struct off_switches *table = &s->config->table;
    const struct pointer list_at = pointer_key(&s->container->at, SV("volumeMounts"));

    for (struct value_iter it = value_iter(value_get(s->container->value, SV("volumeMounts"))); value_next(&it);) {
        const struct pointer mount_at = pointer_index(&list_at, it.index), at = pointer_key(&mount_at, SV("mountPath"));
        struct sv written = value_string(value_get(it.value, SV("mountPath"))), path;
        struct hit hit = { .thrown = NULL };

        path = mount_path_clean(written, s->out->arena);
        s->out->failed = s->out->failed || !path.p;
        for (size_t i = table->first[OFF_SWITCH_MOUNT]; i < table->first[OFF_SWITCH_MOUNT + 1]; i++)
            if (mount_path_touches(path, table->items[i].name))
                consider(s, &hit, &table->items[i], written);
        if (hit.thrown)
            report(s, &hit, FINDING_VIOLATION, &at, SV("volumeMounts"));
    }
}

static void judge_sysctls(const struct scene *s)
{
    const struct pointer list_at = pointer_text(&s->target->pod->spec_at, SV("/securityContext/sysctls"));
    const struct json *list = pointer_get(s->target->pod->spec, SV("/securityContext/sysctls"));

    for (struct value_iter it = value_iter(list); value_next(&it);) {
        const struct pointer at = pointer_index(&list_at, it.index);
        struct sv name = value_string(value_get(it.value, SV("name")));
        struct sv value = value_scalar_text(value_get(it.value, SV("value")));
        struct hit hit = { .thrown = NULL };
        size_t count = 0;
        const struct off_switch *found = off_switch_find(&s->config->table, OFF_SWITCH_SYSCTL, name, &count);

        for (size_t i = 0; i < count; i++)
            if (off_switch_holds(&found[i], value))
                consider(s, &hit, &found[i], value);
        if (hit.thrown)
            report(s, &hit, FINDING_VIOLATION, &at, findings_printf(s->out, "sysctls.%.*s", SV_ARG(name)));
    }
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    struct scene s = { .config = config, .target = t, .out = out };
    struct container_iter it = container_iter(t->pod);
    size_t before = out->count;

    judge_sysctls(&s);
    while (container_next(&it)) {
        struct env_expansion expansion = env_expansion_of(it.now.value, out->arena);

        if (container_is_image_volume(&it.now))
            continue;
        s.container = &it.now;
        s.expansion = &expansion;
        judge_environment(&s);
        judge_words(&s, SV("command"));
        judge_words(&s, SV("args"));
        judge_mounts(&s);
        out->failed = out->failed || expansion.failed;
    }
    if (out->count == before)
        findings_pass(out, &t->pod->spec_at, SV(""));
}

const struct rule rule_fips_off_switches = {
    .id = "fips-off-switches",
    .layer = "application-dependencies",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_WORKLOAD,
    .what = "nothing in a pod switches the FIPS mode of its programs off",
    .why =
        "one variable, option or mount is enough to make a program on a FIPS node use another configuration, another "
        "module or none, and nothing else shows it",
    .fix = "remove the setting; where it is meant (a configuration that switches FIPS on), name its value in `allow`",
    .example = "name: no-off-switch\n"
               "type: fips-off-switches\n"
               "allow: [\"env:OPENSSL_CONF=/etc/ssl/openssl-fips.cnf\"]\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
