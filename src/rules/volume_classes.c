/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims and volumes name a storage class that is approved; volumes without a
 * class (hostPath, emptyDir, inline CSI, nfs) are what the policy says they
 * are. What a class encrypts is judged where the class is made
 * (storage_encryption.c): nothing is looked up here.
 *
 * With an inventory (`check`) a claim without a class is judged by the default
 * class, which the API server gives it before any webhook sees it, so that
 * nothing is repaired. And a claim whose class is approved by name but, as it
 * stands among the inputs, does not encrypt is a violation: the one place where
 * context turns a pass into something else.
 */
#include "kube/object.h"
#include "rules/rules.h"
#include "rules/storage_driver.h"

#define CLASS_GROUP SV("storage.k8s.io")
#define CLASS_KIND SV("StorageClass")
#define BETA_CLASS "volume.beta.kubernetes.io/storage-class"

struct config {
    struct rule_head head;
    struct strings allow, drivers;
    struct sv default_class; /* as written */
    enum outcome host_path, empty_dir, inline_csi, nfs;
    struct values values, driver_values;
    struct sv repair; /* the default class; absent: none, or its site set is missing */
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, allow, "allow", FIELD_STRINGS, .required = true, .not_empty = true,
          .help = "approved storage classes, by exact name, or fact sets"),
    FIELD(struct config, default_class, "default", FIELD_STRING, .not_empty = true,
          .help = "the class that a claim without one is given: a name or a site set"),
    FIELD(struct config, host_path, "hostPath", FIELD_ENUM, .names = values_outcomes,
          .help = "what a directory or disk of the node is (hostPath volumes, local volumes)"),
    FIELD(struct config, empty_dir, "emptyDir", FIELD_ENUM, .names = values_outcomes,
          .help = "what scratch space on the node is"),
    FIELD(struct config, inline_csi, "inlineCsi", FIELD_ENUM, .names = values_outcomes,
          .help = "what a CSI volume inside a pod, which names no class, is"),
    FIELD(struct config, nfs, "nfs", FIELD_ENUM, .names = values_outcomes, .help = "what an nfs volume is"),
    FIELD(struct config, drivers, "drivers", FIELD_STRINGS, .not_empty = true,
          .help = "what is known of the drivers of classes among the inputs of `check`: as in storage-encryption"),
    FIELD_END,
};

/* Volume sources that say where the data is without a class. */
struct source {
    struct sv key;
    size_t outcome; /* offset of its option */
    bool in_pods, in_volumes;
    struct sv shown; /* member that tells one such source from another */
    struct sv message;
};
static const struct source sources[] = {
    { SV_INIT("hostPath"), offsetof(struct config, host_path), true, true, SV_INIT("path"),
      SV_INIT("hostPath is the node's own disk, whose encryption cannot be seen") },
    { SV_INIT("local"), offsetof(struct config, host_path), false, true, SV_INIT("path"),
      SV_INIT("a local volume is the node's own disk, whose encryption cannot be seen") },
    { SV_INIT("emptyDir"), offsetof(struct config, empty_dir), true, false, SV_INIT("medium"),
      SV_INIT("emptyDir is the node's own disk, whose encryption cannot be seen") },
    { SV_INIT("csi"), offsetof(struct config, inline_csi), true, false, SV_INIT("driver"),
      SV_INIT("an inline CSI volume names no storage class") },
    { SV_INIT("nfs"), offsetof(struct config, nfs), true, true, SV_INIT("server"),
      SV_INIT("nfs carries data without TLS to a disk that cannot be seen") },
};

/* Members of a pod's volume that are no storage of their own, or that are
 * judged elsewhere. */
static const struct sv harmless[] = {
    SV_INIT("name"),      SV_INIT("configMap"), SV_INIT("downwardAPI"),
    SV_INIT("ephemeral"), SV_INIT("image"),     SV_INIT("persistentVolumeClaim"),
    SV_INIT("projected"), SV_INIT("secret"),
};

/* A claim, a template of one, or a volume: what has metadata and spec. */
struct holder {
    const struct json *value;
    const struct pointer *at;
    struct sv subject;
    bool on_template, is_volume;
};

/* The class it names, and where. */
struct class
{
    struct sv name; /* absent: none is named; empty: explicitly none */
    struct pointer at;
    bool is_default; /* none is named, and this is the one it will be given */
};

static void set_defaults(void *config)
{
    ((struct config *)config)->empty_dir = OUTCOME_PASS;
    ((struct config *)config)->drivers = storage_driver_default;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer allow_at = pointer_key(b->at, SV("allow"));
    const struct pointer default_at = pointer_key(b->at, SV("default"));
    const struct pointer drivers_at = pointer_key(b->at, SV("drivers"));
    struct config *c = config;
    const struct fact *row;

    if (!values_compile(b, &allow_at, &c->allow, &c->values, e) ||
        !values_compile(b, &drivers_at, &c->drivers, &c->driver_values, e))
        return false;
    if (!c->default_class.p)
        return true;
    if (!values_single(b, &default_at, c->default_class, &c->repair, e))
        return false;
    row = values_find(&c->values, c->repair);
    if (c->repair.p && !c->values.is_incomplete && values_opinion(row, LEVEL_STANDARD) != OPINION_PASS)
        return record_error(b->doc, &default_at, e, "the default class `%.*s` does not pass `allow`",
                            SV_ARG(c->repair));
    return true;
}

static struct finding *add_class(struct findings *out, enum finding_kind kind, const struct holder *h,
                                 const struct class *class)
{
    struct finding *f = findings_add(out, kind, &class->at);

    f->on_template = h->on_template;
    f->subject = h->subject;
    f->field = SV("storageClassName");
    f->found = class->name;
    return f;
}

/* A claim that names its volume: no class will make that. */
static bool is_bound(const struct holder *h)
{
    return value_string(value_get(value_get(h->value, SV("spec")), SV("volumeName"))).n > 0;
}

/* The class stands beside the claim, and data of its volumes will lie there in
 * the clear. */
static bool is_plain(const struct config *c, const struct holder *h, struct sv class, const struct target *t,
                     struct storage_judgement *out)
{
    const struct json *object = inventory_find(t->inventory, CLASS_GROUP, CLASS_KIND, class);

    if (!object || h->is_volume || is_bound(h))
        return false;
    *out = storage_driver_judge(&c->driver_values, value_string(value_get(object, SV("provisioner"))),
                                value_get(object, SV("parameters")), false);
    return storage_driver_is_plain(out);
}

static void report_plain(const struct holder *h, const struct class *class, const struct storage_judgement *j,
                         struct findings *out)
{
    struct finding *f = add_class(out, FINDING_VIOLATION, h, class);

    f->warn_only = j->row->sure == SURE_C;
    f->message = class->is_default ? SV("the claim takes the default class, which does not encrypt")
                                   : SV("storage class is approved, but as it stands here it does not encrypt");
    f->wanted =
        j->state == STORAGE_NOT_ASKED ? storage_driver_describe(j->parameter, out) : SV("a class that encrypts");
    f->fix = SV("make a class that encrypts, and name it");
}

static void report_refused(const struct config *c, const struct holder *h, const struct class *class, bool warn_only,
                           struct findings *out)
{
    struct finding *f = add_class(out, FINDING_VIOLATION, h, class);

    f->warn_only = warn_only;
    if (class->is_default)
        f->message = warn_only ? SV("the claim takes the default class, which passes only with a warning")
                               : SV("the claim takes the default class, which is not approved");
    else
        f->message = warn_only ? SV("storage class passes only with a warning") : SV("storage class is not approved");
    f->wanted = c->values.wanted;
    if (c->values.missing.n)
        f->fix =
            findings_printf(out, "supply the site facts %.*s, or name an approved class", SV_ARG(c->values.missing));
    else if (c->repair.p)
        f->fix = findings_printf(out, "name an approved class, such as `%.*s`", SV_ARG(c->repair));
    else
        f->fix = SV("name an approved class");
}

static void check_named(const struct config *c, const struct holder *h, const struct class *class,
                        const struct target *t, struct findings *out)
{
    enum opinion opinion = values_opinion(values_find(&c->values, class->name), t->level);
    struct storage_judgement j;

    if (opinion != OPINION_DENY && is_plain(c, h, class->name, t, &j))
        report_plain(h, class, &j, out);
    else if (opinion != OPINION_PASS)
        report_refused(c, h, class, opinion == OPINION_WARN, out);
    else
        findings_pass(out, &class->at, h->subject);
}

/* A claim that names its volume gets no class: the class would part them. */
static bool can_default(const struct config *c, const struct holder *h, enum level level)
{
    return c->repair.p && !is_bound(h) && values_opinion(values_find(&c->values, c->repair), level) == OPINION_PASS;
}

static void report_classless(const struct config *c, const struct holder *h, const struct class *class,
                             enum level level, struct findings *out)
{
    struct finding *f = add_class(out, FINDING_UNKNOWN, h, class);
    const struct pointer spec_at = pointer_key(h->at, SV("spec"));
    const struct pointer class_at = pointer_key(&spec_at, SV("storageClassName"));

    f->wanted = c->values.wanted;
    f->fix = SV("name an approved class");
    if (h->is_volume) {
        f->message = SV("volume names no storage class, so nothing tells how it is stored");
        return;
    }
    f->message = class->name.p ? SV("claim asks for no storage class: it takes a volume made by hand")
                               : SV("claim names no storage class: the cluster's default cannot be seen");
    if (class->name.p || !can_default(c, h, level))
        return;
    f->fix = findings_printf(out, "set storageClassName to `%.*s`", SV_ARG(c->repair));
    findings_repair_string(out, f, PATCH_MEMBER, &class_at, c->repair);
}

/* What the API server will write where a claim names no class. */
static bool take_default(const struct holder *h, const struct target *t, struct class *class)
{
    const struct json *object;

    if (class->name.p || h->is_volume || is_bound(h))
        return false;
    object = inventory_default(t->inventory, CLASS_GROUP, CLASS_KIND, SV("storageclass.kubernetes.io/is-default-class"),
                               SV("storageclass.beta.kubernetes.io/is-default-class"));
    class->name = object_name(object);
    class->is_default = class->name.n > 0;
    return class->is_default;
}

/* The annotation is older than the field and still wins over it. */
static void check_class(const struct config *c, const struct holder *h, const struct target *t, struct findings *out)
{
    const struct pointer metadata_at = pointer_key(h->at, SV("metadata"));
    const struct pointer annotations_at = pointer_key(&metadata_at, SV("annotations"));
    const struct pointer spec_at = pointer_key(h->at, SV("spec"));
    struct class class = { .name = object_annotation(h->value, SV(BETA_CLASS)) };

    if (class.name.p) {
        class.at = pointer_key(&annotations_at, SV(BETA_CLASS));
    } else {
        class.name = value_string(value_get(value_get(h->value, SV("spec")), SV("storageClassName")));
        class.at = pointer_key(&spec_at, SV("storageClassName"));
    }
    if (class.name.n || take_default(h, t, &class))
        check_named(c, h, &class, t, out);
    else
        report_classless(c, h, &class, t->level, out);
}

static void check_source(const struct config *c, const struct source *source, const struct holder *h,
                         struct findings *out)
{
    const struct pointer at = pointer_key(h->at, source->key);
    enum outcome outcome = *(const enum outcome *)((const char *)c + source->outcome);
    struct finding *f = values_outcome(out, outcome, &at, h->subject);

    if (!f)
        return;
    f->on_template = h->on_template;
    f->field = source->key;
    f->found = value_string(value_get(value_get(h->value, source->key), source->shown));
    f->message = source->message;
    f->wanted = h->is_volume ? c->values.wanted : SV("a claim of an approved storage class");
    f->fix = h->is_volume ? SV("let an approved class make the volume")
                          : SV("use a PersistentVolumeClaim or an ephemeral claim of an approved class");
}

static const struct source *find_source(struct sv key)
{
    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        if (sv_eq(sources[i].key, key))
            return &sources[i];
    return NULL;
}

static bool is_harmless(struct sv key)
{
    for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
        if (sv_eq(harmless[i], key))
            return true;
    return false;
}

static void report_strange(const struct config *c, const struct holder *h, struct sv key, struct findings *out)
{
    const struct pointer at = pointer_key(h->at, key);
    struct finding *f = findings_add(out, FINDING_UNKNOWN, &at);

    f->on_template = h->on_template;
    f->subject = h->subject;
    f->field = SV("volume source");
    f->found = key;
    f->message = SV("nothing tells how this kind of volume is stored");
    f->wanted = c->values.wanted;
    f->fix = SV("use a PersistentVolumeClaim or an ephemeral claim of an approved class");
}

static void check_ephemeral(const struct config *c, const struct holder *volume, const struct target *t,
                            struct findings *out)
{
    const struct pointer ephemeral_at = pointer_key(volume->at, SV("ephemeral"));
    const struct pointer at = pointer_key(&ephemeral_at, SV("volumeClaimTemplate"));
    const struct json *ephemeral = value_get(volume->value, SV("ephemeral"));
    const struct holder claim = { .value = value_get(ephemeral, SV("volumeClaimTemplate")),
                                  .at = &at,
                                  .subject = volume->subject,
                                  .on_template = true };

    if (!value_is_nothing(ephemeral))
        check_class(c, &claim, t, out);
}

/* Without any source a volume is an emptyDir: the API server makes it one. */
static void check_pod_volume(const struct config *c, const struct holder *volume, const struct target *t,
                             struct findings *out)
{
    static const struct sv empty_dir = SV_INIT("emptyDir");
    size_t count = 0;

    for (struct value_iter it = value_iter(volume->value); value_next(&it);) {
        const struct source *source = find_source(it.key);

        if (value_is_nothing(it.value))
            continue;
        count += !sv_eq(it.key, SV("name"));
        if (source && source->in_pods)
            check_source(c, source, volume, out);
        else if (!is_harmless(it.key))
            report_strange(c, volume, it.key, out);
    }
    if (count == 0)
        check_source(c, find_source(empty_dir), volume, out);
    check_ephemeral(c, volume, t, out);
}

static void check_pod(const struct config *c, const struct target *t, struct findings *out)
{
    const struct pointer list_at = pointer_key(&t->pod->spec_at, SV("volumes"));

    for (struct value_iter it = value_iter(value_get(t->pod->spec, SV("volumes"))); value_next(&it);) {
        const struct pointer at = pointer_index(&list_at, it.index);
        const struct holder volume = { .value = it.value,
                                       .at = &at,
                                       .subject = value_string(value_get(it.value, SV("name"))),
                                       .on_template = t->pod->kind->is_template };

        check_pod_volume(c, &volume, t, out);
    }
}

static void check_claim_templates(const struct config *c, const struct target *t, struct findings *out)
{
    const struct pointer list_at = pointer_text(&POINTER_ROOT, t->kind->claims);

    if (!t->kind->claims.p)
        return;
    for (struct value_iter it = value_iter(pointer_get(t->object, t->kind->claims)); value_next(&it);) {
        const struct pointer at = pointer_index(&list_at, it.index);
        const struct holder claim = {
            .value = it.value, .at = &at, .subject = object_name(it.value), .on_template = true
        };

        check_class(c, &claim, t, out);
    }
}

/* A volume whose source is judged needs no class, but one it names counts. */
static void check_volume(const struct config *c, const struct target *t, struct findings *out)
{
    const struct pointer root = POINTER_ROOT;
    const struct pointer spec_at = pointer_key(&root, SV("spec"));
    const struct json *spec = value_get(t->object, SV("spec"));
    const struct holder whole = {
        .value = t->object, .at = &root, .subject = object_name(t->object), .is_volume = true
    };
    const struct holder inner = { .value = spec, .at = &spec_at, .subject = whole.subject, .is_volume = true };
    bool has_class = value_string(value_get(spec, SV("storageClassName"))).n > 0 ||
                     object_annotation(t->object, SV(BETA_CLASS)).n > 0;
    size_t judged = 0;

    for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
        if (!sources[i].in_volumes || value_is_nothing(value_get(spec, sources[i].key)))
            continue;
        check_source(c, &sources[i], &inner, out);
        judged++;
    }
    if (has_class || judged == 0)
        check_class(c, &whole, t, out);
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct pointer root = POINTER_ROOT;
    const struct holder claim = { .value = t->object, .at = &root, .subject = object_name(t->object) };

    if (t->kind->family == FAMILY_CLAIM)
        check_class(config, &claim, t, out);
    if (t->kind->family == FAMILY_VOLUME)
        check_volume(config, t, out);
    if (t->kind->family == FAMILY_WORKLOAD) {
        check_pod(config, t, out);
        check_claim_templates(config, t, out);
    }
}

const struct rule rule_volume_classes = {
    .id = "volume-classes",
    .layer = "storage",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_CLAIM | FAMILY_VOLUME | FAMILY_WORKLOAD,
    .what = "claims and volumes name an approved storage class",
    .why = "data at rest is protected by the class that makes the volume, and by nothing where there is no class",
    .fix = "name an approved class in storageClassName; for hostPath and nfs use a claim instead",
    .repair = "sets the class of a claim or a volume that names none",
    .repair_options = "default",
    .example = "name: approved-classes\n"
               "type: volume-classes\n"
               "allow: [\"@site-classes\"]\n"
               "default: \"@site-classes\"\n"
               "hostPath: warn\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
