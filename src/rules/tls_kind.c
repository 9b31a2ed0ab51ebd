/* SPDX-License-Identifier: Apache-2.0 */
/* A setting is looked up by its path, then read as one of its words, then
 * against the values of its reading. */
#include "rules/tls_kind.h"
#include "base/bug.h"
#include "rules/field_path.h"
#include "rules/tls_list.h"

/* What is said of a value that is not among the allowed ones. */
static const struct {
    const char *wrong, *fix;
} readings[TLS_READINGS] = {
    [TLS_FLOOR] = { "is not an allowed least TLS version", "set it to TLS 1.2 or 1.3" },
    [TLS_CEILING] = { "is too low for a greatest TLS version", "set it to TLS 1.2 or 1.3, or remove it" },
    [TLS_SUITES] = { "is not an allowed cipher suite", "list allowed suites by name" },
    [TLS_GROUPS] = { "is not an allowed key exchange group", "list allowed groups by name" },
    [TLS_POLICY] = { "is not an allowed FIPS policy", "name an allowed policy" },
    [TLS_PROFILE] = { "is not an allowed TLS profile", "name an allowed profile" },
    [TLS_NAME] = { "is not among the TLS settings known to be FIPS",
                   "name settings that are known to be FIPS, or add the name to the rule's `names`" },
};

/* Nothing stands above the object. */
static const struct pointer root = { .up = NULL };

/* One setting under judgement. */
struct reading {
    const struct tls_options *options;
    const struct tls_setting *setting;
    struct sv unit; /* what tells it from others; absent: the object is one */
    const struct pointer *at;
    struct sv field; /* the place below the unit, without the last index of a plain list */
    enum level level;
};

/* False: the arena is full. The tables' own paths are right. */
static bool parse(struct sv path, struct findings *out, struct field_path *to)
{
    struct err e = { .code = ERR_NONE };

    if (field_path_parse(path, out->arena, to, &e))
        return true;
    BUG_IF(e.code == ERR_INPUT);
    out->failed = true;
    return false;
}

static void fill(const struct reading *r, struct finding *f, struct sv found, const char *message)
{
    f->subject = r->unit;
    f->field = r->field;
    f->found = found;
    f->message = sv_from(message);
    f->wanted = sv_from(r->setting->wanted);
    f->fix = sv_from(r->setting->fix);
}

static void say(const struct reading *r, enum tls_meaning means, struct sv found, const char *message,
                struct findings *out)
{
    struct finding *f;

    if (means == TLS_SILENT)
        return;
    f = values_outcome(out, r->options->outcomes[means], r->at, r->unit);
    if (f)
        fill(r, f, found, message ? message : r->setting->lack);
}

static void say_pass(const struct reading *r, const struct fact *row, struct findings *out)
{
    struct finding *f;

    if (!out->keep_passes)
        return;
    f = findings_add(out, FINDING_PASS, r->at);
    f->subject = r->unit;
    f->field = r->field;
    f->message = row ? findings_text(out, row->note, 160) : (struct sv){ NULL, 0 };
}

/* The value that offends is one of several in a text, or the text. */
static void judge_values(const struct reading *r, struct sv text, struct findings *out)
{
    enum tls_reading reading = r->setting->reading;
    const struct values *set = &r->options->sets[reading];
    struct sv item = text;
    enum opinion opinion = tls_list_judge(set, r->level, text, &item);
    const struct fact *row = values_find(set, item);
    bool is_unknown = set->count == 0 || (!row && set->is_incomplete);
    struct finding *f;

    if (opinion == OPINION_PASS) {
        say_pass(r, row, out);
        return;
    }
    f = findings_add(out, is_unknown ? FINDING_UNKNOWN : FINDING_VIOLATION, r->at);
    fill(r, f, text, NULL);
    f->warn_only = opinion == OPINION_WARN;
    f->message = findings_printf(out, "`%.*s` %s", SV_ARG(findings_text(out, item, 80)),
                                 is_unknown ? "is a name that nothing is known of" : readings[reading].wrong);
    f->wanted = set->wanted;
    f->fix = sv_from(readings[reading].fix);
    if (set->missing.n)
        f->fix = findings_printf(out, "supply the site facts %.*s", SV_ARG(set->missing));
}

static void judge_text(const struct reading *r, const struct json *value, struct findings *out)
{
    struct sv text = value_scalar_text(value);

    for (const struct tls_word *w = r->setting->words; w && w->word.p; w++) {
        if (!sv_eq(w->word, text))
            continue;
        if (w->means == TLS_FINE)
            say_pass(r, NULL, out);
        else
            say(r, w->means, text, w->message, out);
        return;
    }
    if (!text.p)
        say(r, TLS_DEFAULT, text, NULL, out);
    else if (r->setting->reading == TLS_WORDS)
        fill(r, findings_add(out, FINDING_UNKNOWN, r->at), text, "a value that nothing is known of");
    else
        judge_values(r, text, out);
}

/* Nothing, or nothing in it: to Go and to protobuf that is one. */
static bool is_lacking(const struct field_walk *w)
{
    return w->end != WALK_FOUND || (value_is(w->value, VALUE_STRING) && value_string(w->value).n == 0);
}

static void judge_lack(const struct reading *r, const struct field_walk *w, struct findings *out)
{
    static const struct sv nothing = { NULL, 0 };
    const struct tls_setting *s = r->setting;

    switch (w->end) {
    case WALK_NONE:
        say(r, s->none, nothing, NULL, out);
        return;
    case WALK_FOUND:
    case WALK_ABSENT:
        say(r, w->has_parent ? s->absent : s->orphan, nothing, w->has_parent ? s->bare : NULL, out);
        return;
    case WALK_BLOCKED: /* shape_check() lets none through */
        say(r, TLS_DEFAULT, nothing, NULL, out);
        return;
    }
}

static bool ends_in_star(const struct field_path *p)
{
    return p->count > 0 && sv_eq(p->tokens[p->count - 1], SV("*"));
}

/* The walk is below the unit, so that moving a named unit within its list
 * leaves its findings what they were. */
static void judge_setting(struct reading *r, const struct json *unit, const struct pointer *unit_at,
                          struct findings *out)
{
    struct field_path path;
    struct field_walk w;
    struct pointer at;

    if (!parse(r->setting->path, out, &path))
        return;
    for (field_walk_init(&w, &path, unit, &root); field_walk_next(&w);) {
        at = pointer_text(unit_at, pointer_print(w.at, out->arena));
        r->at = &at;
        r->field = w.end == WALK_FOUND && ends_in_star(&path) ? pointer_print(w.at->up, out->arena) : at.text;
        if (is_lacking(&w))
            judge_lack(r, &w, out);
        else
            judge_text(r, w.value, out);
    }
    r->at = unit_at;
}

static const char *const ends[TLS_MEANINGS] = {
    [TLS_DEFAULT] = "where TLS ends cannot be told",
    [TLS_PLAINTEXT] = "no TLS: what comes in is not encrypted",
    [TLS_PASSTHROUGH] = "bytes are passed through: whether there is FIPS TLS is up to what is behind",
};

static void judge_end(struct reading *r, enum tls_meaning means, struct sv text, const struct json *unit,
                      struct findings *out)
{
    static const struct tls_setting setting = { .wanted = "TLS that ends here", .fix = "configure TLS" };

    r->setting = &setting;
    r->field = text;
    say(r, means, value_scalar_text(pointer_get(unit, text)), ends[means], out);
}

static void judge_unit(const struct tls_kind *row, struct reading *r, const struct json *unit,
                       const struct pointer *unit_at, struct findings *out)
{
    struct sv end_at = SV("");
    enum tls_meaning end = row->end ? row->end(unit, &end_at) : TLS_FINE;
    const struct pointer at = pointer_text(unit_at, end_at);

    if (end != TLS_FINE) {
        r->at = &at;
        judge_end(r, end, end_at, unit, out);
        r->at = unit_at;
        return;
    }
    r->at = unit_at;
    if (!row->settings)
        findings_pass(out, unit_at, r->unit);
    for (const struct tls_setting *s = row->settings; s && s->path.p; s++) {
        r->setting = s;
        judge_setting(r, unit, unit_at, out);
    }
}

/* What tells the unit from others: its name, else its place. */
static struct sv name_unit(const struct tls_kind *row, const struct field_walk *w, struct findings *out)
{
    struct sv name = row->name.p ? value_scalar_text(pointer_get(w->value, row->name)) : (struct sv){ NULL, 0 };

    return name.n > 0 || !w->path->is_many ? name : pointer_print(w->at, out->arena);
}

void tls_kind_check(const struct tls_kind *row, const struct tls_options *o, const struct target *t,
                    struct findings *out)
{
    const struct tls_setting lack = { .lack = row->lack };
    struct field_path path;
    struct field_walk w;

    if (!parse(row->each, out, &path))
        return;
    for (field_walk_init(&w, &path, t->object, &root); field_walk_next(&w);) {
        struct reading r = { .options = o, .setting = &lack, .at = w.at, .level = t->level };

        if (w.end == WALK_FOUND) {
            r.unit = name_unit(row, &w, out);
            judge_unit(row, &r, w.value, w.at, out);
        } else {
            say(&r, w.end == WALK_NONE ? row->none : TLS_DEFAULT, r.unit, NULL, out);
        }
    }
}

const struct tls_kind *tls_kind_next(const struct tls_kind *rows, size_t count, const struct target *t, size_t *index)
{
    while (*index < count) {
        const struct tls_kind *row = &rows[(*index)++];

        if (sv_eq(row->kind, t->kind->kind) && sv_eq(row->group, t->kind->group))
            return row;
    }
    return NULL;
}

void tls_kind_defaults(struct tls_options *o)
{
    o->outcomes[TLS_FINE] = OUTCOME_PASS;
    o->outcomes[TLS_WRONG] = OUTCOME_VIOLATION;
    o->outcomes[TLS_PLAINTEXT] = OUTCOME_WARN;
}
