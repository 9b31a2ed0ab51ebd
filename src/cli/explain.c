/* SPDX-License-Identifier: Apache-2.0 */
/* One function a section, in the order in which they are read. */
#include "cli/explain.h"
#include "cli/references.h"
#include "policy/compile.h"
#include "rules/rules.h"

enum { WIDTH = 100, LABEL = 10, SETS_MAX = 64 };

static const char *const severities[] = {
    [SEVERITY_LOW] = "low", [SEVERITY_MEDIUM] = "medium", [SEVERITY_HIGH] = "high"
};

/* The sets a rule refers to, each once, in the order in which they are met. */
struct names {
    struct sv items[SETS_MAX];
    size_t count;
};

/* Words of `text` up to the width, on lines that are indented alike. */
static void wrap(struct buf *out, int indent, struct sv text)
{
    size_t column = (size_t)indent;

    while (text.p) {
        struct sv word = sv_cut(&text, ' ');

        if (column > (size_t)indent && column + 1 + word.n > WIDTH) {
            buf_printf(out, "\n%*s", indent, "");
            column = (size_t)indent;
        }
        buf_add(out, column > (size_t)indent ? SV(" ") : SV(""));
        buf_add(out, word);
        column += word.n + (column > (size_t)indent);
    }
    buf_add_char(out, '\n');
}

static void paragraph(struct buf *out, const char *label, const char *text)
{
    buf_printf(out, "  %-*s", LABEL, label);
    wrap(out, LABEL + 2, sv_from(text));
}

static void print_kinds(struct buf *out, const struct rule *r, struct arena *a)
{
    struct buf list = BUF_IN(a);

    if (r->families & FAMILY_UNLISTED)
        buf_add(&list, SV("whatever kind it is told to"));
    for (size_t i = 0; i < kind_count() && !(r->families & FAMILY_UNLISTED); i++) {
        const struct kind *k = kind_at(i);

        if (!(k->family & r->families))
            continue;
        buf_add(&list, list.len ? SV(", ") : SV(""));
        buf_add(&list, k->group);
        buf_add(&list, k->group.n ? SV("/") : SV(""));
        buf_add(&list, k->kind);
    }
    if (r->families & FAMILY_UNLISTED) {
        paragraph(out, "looks at", "any kind: those that the rule names");
        return;
    }
    buf_printf(out, "  %-*s", LABEL, "looks at");
    wrap(out, LABEL + 2, buf_sv(&list));
}

static void print_meaning(struct buf *out, const struct rule *r, struct arena *a)
{
    buf_printf(out, "%s (%s, severity %s)\n\n", r->id, r->layer, severities[r->severity]);
    paragraph(out, "judges", r->what);
    paragraph(out, "why", r->why);
    if (r->fix)
        paragraph(out, "fix", r->fix);
    paragraph(out, "repairs", r->repair ? r->repair : "nothing: it judges only");
    if (r->repair)
        paragraph(out, "when", r->repairs_updates ? "at /mutate, on CREATE and on UPDATE" : "at /mutate, on CREATE");
    print_kinds(out, r, a);
}

static void print_type(struct buf *out, const struct field *f)
{
    static const char *const words[] = {
        [FIELD_STRING] = "text", [FIELD_BOOL] = "true or false",   [FIELD_ENUM] = "one of",
        [FIELD_DATE] = "date",   [FIELD_STRINGS] = "list of text", [FIELD_MAP] = "mapping of text",
        [FIELD_RAW] = "YAML",    [FIELD_RECORD] = "mapping",       [FIELD_RECORDS] = "list of mappings",
    };

    buf_add(out, sv_from(words[f->type]));
    for (size_t i = 0; f->names && f->names[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : " ", f->names[i]);
    buf_add(out, f->required ? SV("; required\n") : SV("\n"));
}

static void print_fields(struct buf *out, const struct field *fields, int indent)
{
    for (const struct field *f = fields; f->key; f++) {
        buf_printf(out, "%*s%s: ", indent, "", f->key);
        print_type(out, f);
        buf_printf(out, "%*s", indent + 4, "");
        wrap(out, indent + 4, sv_from(f->help));
        if (f->fields)
            print_fields(out, f->fields, indent + 4);
    }
}

static void collect(void *arg, struct sv set, const struct pointer *at UNUSED)
{
    struct names *names = arg;

    for (size_t i = 0; i < names->count; i++)
        if (sv_eq(names->items[i], set))
            return;
    if (names->count < SETS_MAX)
        names->items[names->count++] = set;
}

static void print_set(struct buf *out, const struct facts *facts, struct sv name)
{
    const struct fact_set *set = facts_find(facts, name);
    struct date newest = { 0, 0, 0 };

    buf_printf(out, "  @%.*s: ", SV_ARG(name));
    if (!set) {
        buf_add(out, SV("yours to give with --facts; policies/sample-site.yaml shows the form\n"));
        return;
    }
    for (size_t i = 0; i < set->count; i++)
        newest = date_compare(set->rows[i].as_of, newest) > 0 ? set->rows[i].as_of : newest;
    buf_printf(out, "%zu rows, read on %04d-%02d-%02d, in %.*s\n", set->count, newest.year, newest.month, newest.day,
               SV_ARG(set->file));
    for (size_t i = 0; i < set->sources.count; i++) {
        buf_printf(out, "      %.*s: ", SV_ARG(set->sources.items[i].key));
        buf_add(out, set->sources.items[i].value);
        buf_add_char(out, '\n');
    }
}

static void print_facts(struct buf *out, const struct names *names, const struct facts *facts)
{
    buf_add(out, SV("\nFacts:\n"));
    for (size_t i = 0; i < names->count; i++)
        print_set(out, facts, names->items[i]);
    if (!names->count)
        buf_add(out, SV("  none\n"));
}

static void print_use(struct buf *out, const struct policy *p, size_t index)
{
    struct sv at = SV("/spec/rules");
    char pointer[64];
    struct place place;
    int n = snprintf(pointer, sizeof(pointer), "%.*s/%zu", (int)at.n, at.p, index);

    place = positions_value(p->doc->positions, (struct sv){ pointer, n > 0 ? (size_t)n : 0 });
    buf_printf(out, "  %.*s/%.*s: mode %s, onUnknown %s, at %.*s:%u:%u\n", SV_ARG(p->name),
               SV_ARG(p->rules[index].name), verdict_mode_name(p->mode), verdict_mode_name(p->on_unknown),
               SV_ARG(p->file), place.line, place.column);
    if (p->controls.n)
        buf_printf(out, "      controls: %.*s\n", SV_ARG(p->controls));
}

static void print_uses(struct buf *out, const struct explain_subject *s, const struct policy_set *set)
{
    size_t count = 0;

    buf_printf(out, "\nIn use in %.*s:\n", SV_ARG(set->name));
    for (size_t p = 0; p < set->policy_count; p++)
        for (size_t i = 0; i < set->policies[p].rule_count; i++) {
            bool is_it =
                s->policy ? s->policy == &set->policies[p] && s->index == i : set->policies[p].rules[i].rule == s->rule;

            if (is_it)
                print_use(out, &set->policies[p], i);
            count += is_it;
        }
    if (!count)
        buf_add(out, SV("  nowhere\n"));
}

void explain_example(const struct rule *r, struct buf *out)
{
    struct sv rest = sv_from(r->example);

    buf_printf(out,
               "apiVersion: " FIPSGATE_API_VERSION "\nkind: FipsPolicy\nmetadata: { name: example }\nspec:\n"
               "  layer: %s\n  mode: warn\n  rules:\n",
               r->layer);
    for (size_t line = 0; rest.n; line++) {
        buf_add(out, line ? SV("      ") : SV("    - "));
        buf_add(out, sv_cut(&rest, '\n'));
        buf_add_char(out, '\n');
    }
}

/* From the example, from what stands for options that nobody gives, and from
 * the rule itself if it is one of a policy. */
static bool collect_sets(const struct explain_subject *s, struct sv example, struct arena *a, struct names *out,
                         struct err *e)
{
    struct pointer root = POINTER_ROOT;
    struct yaml_doc *doc = NULL;

    if (!references_by_default(s->rule, a, collect, out))
        return err_nomem(e);
    if (s->policy) {
        const struct json *rules = pointer_get(s->policy->doc->root, SV("/spec/rules"));

        references_in(value_at(rules, s->index), &root, collect, out);
        return true;
    }
    if (!yaml_read(SV("example"), example, a, &doc, e))
        return false;
    references_in(doc ? doc->root : NULL, &root, collect, out);
    return true;
}

static void print_indented(struct buf *out, struct sv text)
{
    buf_add(out, SV("\nExample:\n"));
    while (text.n) {
        buf_add(out, SV("    "));
        buf_add(out, sv_cut(&text, '\n'));
        buf_add_char(out, '\n');
    }
}

bool explain_rule(const struct explain_subject *s, const struct policy_set *set, struct arena *a, struct buf *out,
                  struct err *e)
{
    struct buf example = BUF_IN(a);
    struct names names = { .count = 0 };

    if (s->rule->example)
        explain_example(s->rule, &example);
    if (!collect_sets(s, buf_sv(&example), a, &names, e))
        return false;
    print_meaning(out, s->rule, a);
    buf_add(out, SV("\nOptions:\n"));
    print_fields(out, s->rule->fields, 2);
    print_facts(out, &names, set->facts);
    print_uses(out, s, set);
    if (example.len)
        print_indented(out, buf_sv(&example));
    return buf_ok(out) || err_nomem(e);
}

void explain_list(struct buf *out)
{
    for (size_t i = 0; i < rules_count(); i++)
        buf_printf(out, "%-20s %-24s %s\n", rules_at(i)->id, rules_at(i)->layer, rules_at(i)->what);
    buf_add(out, SV("\n`fipsgate policy explain RULE` says more about one, by its type or by its name in a policy\n"));
}
