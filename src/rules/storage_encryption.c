/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a storage driver will do with the data it is given, as far as the
 * object that configures it can tell (storage_driver.h): storage classes,
 * classes of attributes, and volumes that name a CSI driver.
 */
#include "rules/rules.h"
#include "rules/storage_driver.h"

struct config {
    struct rule_head head;
    struct strings drivers;
    struct values values;
};

static const struct field fields[] = {
    RULE_HEAD_FIELDS(struct config),
    FIELD(struct config, drivers, "drivers", FIELD_STRINGS, .not_empty = true,
          .help = "what is known of storage drivers: fact sets, or names of drivers that always encrypt"),
    FIELD_END,
};

/* Where each kind names its driver and what it tells it; JSON pointers. */
struct layout {
    enum kind_family family;
    struct sv driver, parameters;
};
static const struct layout layouts[] = {
    { FAMILY_STORAGE_CLASS, SV_INIT("/provisioner"), SV_INIT("/parameters") },
    { FAMILY_ATTRIBUTES_CLASS, SV_INIT("/driverName"), SV_INIT("/parameters") },
    { FAMILY_VOLUME, SV_INIT("/spec/csi/driver"), SV_INIT("/spec/csi/volumeAttributes") },
};

/* One object under judgement. */
struct storage {
    const struct layout *layout;
    struct sv driver; /* absent: none is named */
    struct pointer driver_at, parameters_at;
    const struct json *parameters;
    struct storage_judgement judgement;
    struct sv wanted; /* what the option `drivers` names */
    enum level level;
};

static void set_defaults(void *config)
{
    ((struct config *)config)->drivers = storage_driver_default;
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("drivers"));
    struct config *c = config;

    return values_compile(b, &at, &c->drivers, &c->values, e);
}

static struct finding *add(struct findings *out, enum finding_kind kind, const struct storage *s, struct sv key)
{
    const struct pointer key_at = pointer_key(&s->parameters_at, key);
    struct finding *f = findings_add(out, kind, key.p ? &key_at : &s->driver_at);

    f->subject = s->driver;
    f->field = key.p ? key : SV("driver");
    f->warn_only = kind == FINDING_VIOLATION && s->judgement.row && s->judgement.row->sure == SURE_C;
    return f;
}

static struct sv with_note(struct findings *out, struct sv message, const struct fact *row)
{
    struct sv note = row ? findings_text(out, row->note, 160) : (struct sv){ NULL, 0 };

    return note.n ? findings_printf(out, "%.*s (%.*s)", SV_ARG(message), SV_ARG(note)) : message;
}

static void report_unknown(const struct storage *s, struct sv message, struct findings *out)
{
    struct finding *f = add(out, FINDING_UNKNOWN, s, (struct sv){ NULL, 0 });

    f->found = s->driver;
    f->message = with_note(out, message, s->judgement.row);
    f->wanted = s->wanted;
    f->fix = SV("use a driver whose objects show that it encrypts, or name the driver in `drivers`");
}

static void report_unknown_driver(const struct storage *s, struct findings *out)
{
    report_unknown(s, SV("nothing is known of this storage driver"), out);
}

static void report_not_visible(const struct storage *s, struct findings *out)
{
    report_unknown(s, SV("the driver's objects do not show whether it encrypts"), out);
}

static struct sv describe_fix(struct findings *out, const struct storage *s, struct sv wanted)
{
    if (s->layout->family == FAMILY_STORAGE_CLASS)
        return findings_printf(out, "make a new class with %.*s (parameters of a class cannot be changed)",
                               SV_ARG(wanted));
    return findings_printf(out, "set %.*s", SV_ARG(wanted));
}

/* A parameter that encryption needs is absent, or says otherwise. */
static void report_not_asked(const struct storage *s, struct findings *out)
{
    const struct storage_judgement *j = &s->judgement;
    struct finding *f;

    if (s->layout->family == FAMILY_VOLUME) {
        report_unknown(s, SV("the volume does not show whether it is encrypted: its class decided that"), out);
        return;
    }
    f = add(out, FINDING_VIOLATION, s, j->key.p ? j->key : j->parameter->name);
    f->found = j->value;
    f->message = j->key.p ? SV("volumes will not be encrypted")
                          : SV("encryption is not asked for, and an account-wide default cannot be seen");
    f->wanted = storage_driver_describe(j->parameter, out);
    f->fix = describe_fix(out, s, f->wanted);
}

static void report_switched_off(const struct storage *s, struct findings *out)
{
    struct finding *f = add(out, FINDING_VIOLATION, s, s->judgement.key);

    f->found = s->judgement.value;
    f->message = SV("this setting switches encryption off");
    f->wanted = SV("no such setting");
    f->fix = findings_printf(out, "remove %.*s", SV_ARG(s->judgement.parameter->name));
}

/* What encrypts may still not be as the level asks; a change of attributes
 * leaves the driver as it is. */
static void judge_encrypted(const struct storage *s, struct findings *out)
{
    enum opinion opinion = values_opinion(s->judgement.row, s->level);
    struct finding *f;

    if (opinion == OPINION_PASS || s->layout->family == FAMILY_ATTRIBUTES_CLASS) {
        findings_pass(out, &s->driver_at, s->driver);
        return;
    }
    f = add(out, FINDING_VIOLATION, s, (struct sv){ NULL, 0 });
    f->warn_only = opinion == OPINION_WARN;
    f->found = s->driver;
    f->message = with_note(out,
                           f->warn_only ? SV("driver encrypts, but passes only with a warning")
                                        : SV("driver encrypts, but not as this level asks"),
                           s->judgement.row);
    f->wanted = s->wanted;
    f->fix = SV("use a driver whose encryption passes at this level");
}

static void report_never(const struct storage *s, struct findings *out)
{
    struct finding *f = add(out, FINDING_VIOLATION, s, (struct sv){ NULL, 0 });

    f->found = s->driver;
    f->message = SV("driver does not encrypt");
    f->wanted = s->wanted;
    f->fix = SV("use a driver that encrypts");
}

static void (*const reporters[])(const struct storage *s, struct findings *out) = {
    [STORAGE_UNKNOWN_DRIVER] = report_unknown_driver,
    [STORAGE_NOT_VISIBLE] = report_not_visible,
    [STORAGE_ENCRYPTED] = judge_encrypted,
    [STORAGE_NOT_ASKED] = report_not_asked,
    [STORAGE_SWITCHED_OFF] = report_switched_off,
    [STORAGE_NEVER] = report_never,
};

static bool speaks_of_encryption(struct sv name)
{
    static const struct sv word = SV_INIT("encrypt");

    for (size_t i = 0; i + word.n <= name.n; i++)
        if (sv_eq_nocase((struct sv){ name.p + i, word.n }, word))
            return true;
    return false;
}

/* A class of attributes changes volumes that another class made: of a driver
 * that nobody knows it has a say only where it speaks of encryption at all. */
static void judge_unknown_change(const struct storage *s, struct findings *out)
{
    for (struct value_iter it = value_iter(s->parameters); value_next(&it);) {
        if (!speaks_of_encryption(it.key))
            continue;
        report_unknown(s, SV("nothing is known of this storage driver, and its encryption is changed"), out);
        return;
    }
    findings_pass(out, &s->driver_at, s->driver);
}

/* These have no driver that could be asked: volume-classes judges them. */
static bool has_no_driver(const struct target *t)
{
    static const struct sv sources[] = { SV_INIT("hostPath"), SV_INIT("local"), SV_INIT("nfs") };
    const struct json *spec = value_get(t->object, SV("spec"));

    for (size_t i = 0; i < ARRAY_LEN(sources); i++)
        if (t->kind->family == FAMILY_VOLUME && !value_is_nothing(value_get(spec, sources[i])))
            return true;
    return false;
}

static const struct layout *find_layout(enum kind_family family)
{
    for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
        if (layouts[i].family == family)
            return &layouts[i];
    return NULL;
}

static void check(const struct target *t, const void *config, struct findings *out)
{
    const struct config *c = config;
    const struct pointer root = POINTER_ROOT;
    const struct layout *layout = find_layout(t->kind->family);
    bool is_change = t->kind->family == FAMILY_ATTRIBUTES_CLASS;
    struct storage s = { .layout = layout, .wanted = c->values.wanted, .level = t->level };

    if (!layout)
        return;
    s.driver = value_string(pointer_get(t->object, layout->driver));
    s.driver_at = pointer_text(&root, layout->driver);
    s.parameters = pointer_get(t->object, layout->parameters);
    s.parameters_at = pointer_text(&root, layout->parameters);
    s.judgement = storage_driver_judge(&c->values, s.driver, s.parameters, is_change);
    if (!s.driver.p && has_no_driver(t))
        return;
    if (!s.driver.p)
        report_unknown(&s, SV("no CSI driver is named, so nothing tells whether it is encrypted"), out);
    else if (is_change && s.judgement.state == STORAGE_UNKNOWN_DRIVER)
        judge_unknown_change(&s, out);
    else
        reporters[s.judgement.state](&s, out);
}

const struct rule rule_storage_encryption = {
    .id = "storage-encryption",
    .layer = "storage",
    .severity = SEVERITY_HIGH,
    .families = FAMILY_STORAGE_CLASS | FAMILY_ATTRIBUTES_CLASS | FAMILY_VOLUME,
    .what = "storage classes and volumes ask their driver for encryption",
    .why = "data at rest has to be encrypted, and most drivers do so only when they are asked",
    .fix =
        "give the class the parameter that asks its driver for encryption; a class cannot be changed, so make it anew",
    .example = "name: classes-encrypt\n"
               "type: storage-encryption\n",
    .fields = fields,
    .config_size = sizeof(struct config),
    .defaults = set_defaults,
    .compile = compile,
    .check = check,
};
