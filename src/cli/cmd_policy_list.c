/* SPDX-License-Identifier: Apache-2.0 */
/* Every rule of the policies in use, a row each; one list, printed in two ways. */
#include "base/attr.h"
#include "cli/cmd_policy.h"
#include "policy/policy.h"
#include <jansson.h>

enum { LIST_MEMORY = 4 << 20, OUTPUT_MAX = 16 << 20, COLUMNS = 7 };

struct list_options {
    struct opt_values policies, facts;
    enum { OUTPUT_TEXT, OUTPUT_JSON } output;
};

static const char *const outputs[] = { "text", "json", NULL };

static const struct opt options[] = {
    OPT(struct list_options, policies, "policies", OPT_TEXTS, .value = "PATH|builtin:NAME",
        .standard = "builtin:baseline", .help = "policies: files, directories, shipped sets"),
    OPT(struct list_options, facts, "facts", OPT_TEXTS, .value = "PATH",
        .help = "facts of this site, or newer ones than those shipped"),
    OPT(struct list_options, output, "output", OPT_ENUM, .names = outputs, .standard = "text",
        .help = "a table, or JSON with everything"),
    OPT_END,
};

struct row {
    const struct policy *policy;
    const struct compiled_rule *rule;
};

static const char *const heads[COLUMNS] = { "POLICY", "RULE", "TYPE", "LAYER", "MODE", "REPAIR", "CONTROLS" };

static bool repairs(const struct row *r)
{
    return r->policy->mode == MODE_ENFORCE && r->policy->repair && r->rule->rule->repair;
}

static struct sv layer_of(const struct row *r)
{
    return r->policy->layer.p ? r->policy->layer : sv_from(r->rule->rule->layer);
}

static void fill(const struct row *r, struct sv cells[COLUMNS])
{
    const struct sv all[COLUMNS] = {
        r->policy->name,
        r->rule->name,
        sv_from(r->rule->rule->id),
        layer_of(r),
        sv_from(verdict_mode_name(r->policy->mode)),
        repairs(r) ? SV("yes") : SV("no"),
        r->policy->controls,
    };

    memcpy(cells, all, sizeof(all));
}

static const struct row *collect(const struct policy_set *set, struct arena *a)
{
    struct row *rows = arena_array(a, set->rule_count, struct row);
    size_t n = 0;

    for (size_t p = 0; rows && p < set->policy_count; p++)
        for (size_t i = 0; i < set->policies[p].rule_count; i++)
            rows[n++] = (struct row){ &set->policies[p], &set->policies[p].rules[i] };
    return rows;
}

static void print_line(struct buf *out, const struct sv cells[COLUMNS], const size_t widths[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++)
        buf_printf(out, "%-*.*s%s", c + 1 < COLUMNS ? (int)widths[c] : 0, SV_ARG(cells[c]),
                   c + 1 < COLUMNS ? "  " : "\n");
}

static void print_text(const struct policy_set *set, const struct row *rows, struct buf *out)
{
    struct sv cells[COLUMNS];
    size_t widths[COLUMNS] = { 0 };

    for (size_t i = 0; i <= set->rule_count; i++) {
        if (i < set->rule_count)
            fill(&rows[i], cells);
        for (size_t c = 0; c < COLUMNS; c++) {
            size_t n = i < set->rule_count ? cells[c].n : strlen(heads[c]);

            widths[c] = n > widths[c] ? n : widths[c];
        }
    }
    for (size_t c = 0; c < COLUMNS; c++)
        cells[c] = sv_from(heads[c]);
    print_line(out, cells, widths);
    for (size_t i = 0; i < set->rule_count; i++) {
        fill(&rows[i], cells);
        print_line(out, cells, widths);
    }
}

static json_t *text(struct sv s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *controls_of(const struct policy *p)
{
    json_t *list = json_array();

    for (struct sv rest = p->controls; rest.n;)
        json_array_append_new(list, text(sv_trim(sv_cut(&rest, ','))));
    return list;
}

static json_t *rule_json(const struct row *r)
{
    const struct policy *p = r->policy;
    json_t *o = json_object();

    json_object_set_new(o, "policy", text(p->name));
    json_object_set_new(o, "rule", text(r->rule->name));
    json_object_set_new(o, "type", text(sv_from(r->rule->rule->id)));
    json_object_set_new(o, "layer", text(layer_of(r)));
    json_object_set_new(o, "mode", json_string(verdict_mode_name(p->mode)));
    json_object_set_new(o, "onUnknown", json_string(verdict_mode_name(p->on_unknown)));
    json_object_set_new(o, "level", json_string(p->level == LEVEL_STRICT ? "strict" : "standard"));
    json_object_set_new(o, "repair", json_boolean(repairs(r)));
    json_object_set_new(o, "controls", controls_of(p));
    json_object_set_new(o, "judges", json_string(r->rule->rule->what));
    json_object_set_new(o, "file", text(p->file));
    return o;
}

static void print_json(const struct policy_set *set, const struct row *rows, struct buf *out)
{
    json_t *root = json_object(), *list = json_array(), *missing = json_array();
    char *printed;

    for (size_t i = 0; i < set->rule_count; i++)
        json_array_append_new(list, rule_json(&rows[i]));
    for (size_t i = 0; i < set->missing.count; i++)
        json_array_append_new(missing, text(set->missing.names[i]));
    json_object_set_new(root, "schemaVersion", json_string("1"));
    json_object_set_new(root, "policySet", text(set->name));
    json_object_set_new(root, "hash", json_string(set->hash));
    json_object_set_new(root, "missingFacts", missing);
    json_object_set_new(root, "rules", list);
    printed = json_dumps(root, JSON_INDENT(2));
    buf_add(out, sv_from(printed));
    buf_add_char(out, '\n');
    out->failed = out->failed || !printed;
    free(printed);
    json_decref(root);
}

static bool list(const struct list_options *o, struct arena *a, struct buf *out, struct err *e)
{
    struct policy_sources sources = {
        .policies = o->policies.items,
        .policy_count = o->policies.count,
        .facts = o->facts.items,
        .fact_count = o->facts.count,
    };
    CLEANUP(policy_set_freep) struct policy_set *set = policy_set_load(&sources, e);
    const struct row *rows = set ? collect(set, a) : NULL;

    if (!set)
        return false;
    if (!rows)
        return err_nomem(e);
    (o->output == OUTPUT_JSON ? print_json : print_text)(set, rows, out);
    return true;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(LIST_MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct list_options o = { 0 };
    struct err e = { 0 };

    if (opt_parse(options, argv, &a, &o, NULL, &e) && list(&o, &a, &out, &e))
        return cmd_show(&out);
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

static const struct cmd_example examples[] = {
    { "fipsgate policy list --policies builtin:azure-government", "a row for each rule of a shipped set" },
    { NULL, NULL },
};

const struct cmd cmd_policy_list = {
    .name = "list",
    .arguments = "",
    .summary = "list the rules of policies, with layer, mode and controls",
    .examples = examples,
    .options = options,
    .run = run,
};
