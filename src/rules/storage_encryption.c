/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a storage driver will do with the data it is given, as far as the
 * object that configures it can tell: encrypt it, not encrypt it, or nothing
 * to be seen. Which parameter means what to which driver is data (the set
 * `storage-drivers`), not code.
 */
#include "rules/rules.h"
#include "rules/values.h"

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
    const struct fact *row; /* NULL: the driver is not known */
    struct values values;
    enum level level;
};

static void set_defaults(void *config)
{
    static const struct sv everything[] = { SV_INIT("@storage-drivers") };

    ((struct config *)config)->drivers = (struct strings){ everything, ARRAY_LEN(everything) };
}

static bool compile(const struct rule_build *b, void *config, struct err *e)
{
    const struct pointer at = pointer_key(b->at, SV("drivers"));
    struct config *c = config;

    return values_compile(b, &at, &c->drivers, &c->values, e);
}

/* Rook puts the operator's namespace, which holds no dot, before the name. */
static const struct fact *find_driver(const struct values *v, struct sv driver)
{
    const struct fact *row = values_find(v, driver);
    struct sv behind = driver;

    if (row)
        return row;
    sv_cut(&behind, '.');
    row = behind.n ? values_find(v, behind) : NULL;
    return row && row->any_prefix ? row : NULL;
}

static bool is_name(const struct fact *row, const struct fact_parameter *p, struct sv name)
{
    return row->ignore_case ? sv_eq_nocase(p->name, name) : sv_eq(p->name, name);
}

static bool has_token(struct sv value, struct sv token)
{
    size_t start = 0;

    for (size_t i = 0; i <= value.n; i++) {
        if (i < value.n && !strchr(" ,;\t", value.p[i]))
            continue;
        if (sv_eq((struct sv){ value.p + start, i - start }, token))
            return true;
        start = i + 1;
    }
    return false;
}

static bool value_holds(const struct fact_parameter *p, struct sv value)
{
    if (p->token.n)
        return has_token(value, p->token);
    for (size_t i = 0; i < p->values.count; i++)
        if (sv_eq_nocase(p->values.items[i], value))
            return true;
    return p->values.count == 0 && value.n > 0;
}

/* What the object says of one parameter. Names that differ only in case are
 * one parameter to some drivers, and which of them wins nobody should have to know. */
struct answer {
    size_t said, held;     /* times it is there, times it is as wanted */
    struct sv name, value; /* the first that is not (is, for `held_name`) as wanted */
    struct sv held_name, held_value;
};

static struct answer ask(const struct storage *s, const struct fact_parameter *p)
{
    struct answer answer = { 0 };

    for (struct value_iter it = value_iter(s->parameters); value_next(&it);) {
        struct sv value = value_scalar_text(it.value);

        if (!is_name(s->row, p, it.key))
            continue;
        answer.said++;
        if (value_holds(p, value)) {
            answer.held++;
            answer.held_name = answer.held_name.p ? answer.held_name : it.key;
            answer.held_value = answer.held_value.p ? answer.held_value : value;
        } else if (!answer.name.p) {
            answer.name = it.key;
            answer.value = value;
        }
    }
    return answer;
}

static struct finding *add(struct findings *out, enum finding_kind kind, const struct storage *s, struct sv key)
{
    const struct pointer key_at = pointer_key(&s->parameters_at, key);
    struct finding *f = findings_add(out, kind, key.p ? &key_at : &s->driver_at);

    f->subject = s->driver;
    f->field = key.p ? key : SV("driver");
    f->warn_only = kind == FINDING_VIOLATION && s->row && s->row->sure == SURE_C;
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
    f->message = with_note(out, message, s->row);
    f->wanted = s->values.wanted;
    f->fix = SV("use a driver whose objects show that it encrypts, or name the driver in `drivers`");
}

/* `encrypted: "true"`, for a person. */
static struct sv describe(struct findings *out, const struct fact_parameter *p)
{
    struct sv value = p->token.n ? p->token : p->values.count ? p->values.items[0] : SV("...");

    return findings_printf(out, "%.*s: %s%.*s%s", SV_ARG(p->name), p->token.n ? "[" : "\"", SV_ARG(value),
                           p->token.n ? "]" : "\"");
}

static struct sv describe_fix(struct findings *out, const struct storage *s, struct sv wanted)
{
    if (s->layout->family == FAMILY_STORAGE_CLASS)
        return findings_printf(out, "make a new class with %.*s (parameters of a class cannot be changed)",
                               SV_ARG(wanted));
    return findings_printf(out, "set %.*s", SV_ARG(wanted));
}

/* A parameter that encryption needs is absent, or says otherwise. */
static void report_needed(const struct storage *s, const struct fact_parameter *p, const struct answer *answer,
                          struct findings *out)
{
    struct finding *f = add(out, FINDING_VIOLATION, s, answer->name.p ? answer->name : p->name);

    f->found = answer->value;
    f->message = answer->said ? SV("volumes will not be encrypted")
                              : SV("encryption is not asked for, and an account-wide default cannot be seen");
    f->wanted = describe(out, p);
    f->fix = describe_fix(out, s, f->wanted);
}

static bool check_forbidden(const struct storage *s, struct findings *out)
{
    const struct fact_parameter *p = s->row->forbidden.items;

    for (size_t i = 0; i < s->row->forbidden.count; i++) {
        struct answer answer = ask(s, &p[i]);
        struct finding *f;

        if (!answer.held)
            continue;
        f = add(out, FINDING_VIOLATION, s, answer.held_name);
        f->found = answer.held_value;
        f->message = SV("this setting switches encryption off");
        f->wanted = SV("no such setting");
        f->fix = findings_printf(out, "remove %.*s", SV_ARG(p[i].name));
        return false;
    }
    return true;
}

static void check_encrypted(const struct storage *s, struct findings *out)
{
    enum opinion opinion = values_opinion(s->row, s->level);
    struct finding *f;

    if (opinion == OPINION_PASS) {
        findings_pass(out, &s->driver_at, s->driver);
        return;
    }
    f = add(out, FINDING_VIOLATION, s, (struct sv){ NULL, 0 });
    f->warn_only = opinion == OPINION_WARN;
    f->found = s->driver;
    f->message = with_note(out,
                           f->warn_only ? SV("driver encrypts, but passes only with a warning")
                                        : SV("driver encrypts, but not as this level asks"),
                           s->row);
    f->wanted = s->values.wanted;
    f->fix = SV("use a driver whose encryption passes at this level");
}

/* A parameter that is needed and not as it should be; NULL: all are. */
static const struct fact_parameter *find_unmet(const struct storage *s, bool only_said, struct answer *answer)
{
    const struct fact_parameter *p = s->row->parameters.items;

    for (size_t i = 0; i < s->row->parameters.count; i++) {
        *answer = ask(s, &p[i]);
        if (answer->held < answer->said || (answer->said == 0 && !only_said))
            return &p[i];
    }
    return NULL;
}

static void check_parameters(const struct storage *s, struct findings *out)
{
    struct answer answer = { 0 };
    const struct fact_parameter *unmet = find_unmet(s, false, &answer);

    if (!unmet)
        check_encrypted(s, out);
    else if (s->layout->family == FAMILY_VOLUME)
        report_unknown(s, SV("the volume does not show whether it is encrypted: its class decided that"), out);
    else
        report_needed(s, unmet, &answer, out);
}

static void report_never(const struct storage *s, struct findings *out)
{
    struct finding *f = add(out, FINDING_VIOLATION, s, (struct sv){ NULL, 0 });

    f->found = s->driver;
    f->message = SV("driver does not encrypt");
    f->wanted = s->values.wanted;
    f->fix = SV("use a driver that encrypts");
}

static void check_driver(const struct storage *s, struct findings *out)
{
    if (!s->row) {
        report_unknown(s, SV("nothing is known of this storage driver"), out);
        return;
    }
    if (!check_forbidden(s, out))
        return;
    switch (s->row->encryption) {
    case ENCRYPTION_NOT_VISIBLE:
        report_unknown(s, SV("the driver's objects do not show whether it encrypts"), out);
        return;
    case ENCRYPTION_BY_PARAMETERS:
        check_parameters(s, out);
        return;
    case ENCRYPTION_ALWAYS:
        check_encrypted(s, out);
        return;
    case ENCRYPTION_NEVER:
        report_never(s, out);
        return;
    }
}

static bool speaks_of_encryption(struct sv name)
{
    static const struct sv word = SV_INIT("encrypt");

    for (size_t i = 0; i + word.n <= name.n; i++)
        if (sv_eq_nocase((struct sv){ name.p + i, word.n }, word))
            return true;
    return false;
}

/* Changes volumes that a class made: it has a say only where it speaks of
 * encryption at all. */
static void check_attributes_class(const struct storage *s, struct findings *out)
{
    struct answer answer = { 0 };
    const struct fact_parameter *unmet = s->row ? find_unmet(s, true, &answer) : NULL;

    if (unmet) {
        report_needed(s, unmet, &answer, out);
        return;
    }
    if (s->row && !check_forbidden(s, out))
        return;
    for (struct value_iter it = value_iter(s->parameters); !s->row && value_next(&it);) {
        if (!speaks_of_encryption(it.key))
            continue;
        report_unknown(s, SV("nothing is known of this storage driver, and its encryption is changed"), out);
        return;
    }
    findings_pass(out, &s->driver_at, s->driver);
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
    struct storage s = { .layout = layout, .values = c->values, .level = t->level };

    if (!layout)
        return;
    s.driver = value_string(pointer_get(t->object, layout->driver));
    s.driver_at = pointer_text(&root, layout->driver);
    s.parameters = pointer_get(t->object, layout->parameters);
    s.parameters_at = pointer_text(&root, layout->parameters);
    s.row = s.driver.p ? find_driver(&c->values, s.driver) : NULL;
    if (!s.driver.p)
        report_unknown(&s, SV("no CSI driver is named, so nothing tells whether it is encrypted"), out);
    else if (layout->family == FAMILY_ATTRIBUTES_CLASS)
        check_attributes_class(&s, out);
    else
        check_driver(&s, out);
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
