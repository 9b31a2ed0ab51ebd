/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the placeholders of usage lines: alternatives between `|`, brackets and
 * dots around them. */
#include "cli/candidates.h"
#include "policy/embedded.h"
#include "rules/rules.h"
#include <ctype.h>

struct reader {
    struct arena *arena;
    struct candidates *out;
    bool ok;
};

static void add(struct reader *r, const char *word)
{
    struct opt_values *words = &r->out->words;
    size_t size = words->count * sizeof(*words->items);
    const char **items = arena_realloc(r->arena, words->items, size, size + sizeof(*items));

    r->ok = r->ok && items && word;
    if (!r->ok)
        return;
    items[words->count++] = word;
    words->items = items;
}

static void add_file(struct reader *r)
{
    r->out->are_files = true;
}

static void add_directory(struct reader *r)
{
    r->out->are_directories = true;
}

static void add_rules(struct reader *r)
{
    for (size_t i = 0; i < rules_count(); i++)
        add(r, rules_at(i)->id);
}

/* The files of a set stand together. */
static void add_sets(struct reader *r)
{
    struct sv last = { NULL, 0 };

    for (size_t i = 0; i < embedded_count; i++) {
        struct sv set = embedded_files[i].set;

        if (sv_eq(set, last) || sv_eq(set, SV("facts")))
            continue;
        add(r, arena_cstr(r->arena, arena_printf(r->arena, "builtin:%.*s", SV_ARG(set))));
        last = set;
    }
}

static void add_command(const struct cmd_path *path, void *context)
{
    if (path->up)
        add(context, path->cmd->name);
}

static void add_commands(struct reader *r)
{
    cmd_each(add_command, r);
}

static const struct {
    struct sv word;
    void (*add)(struct reader *r);
} placeholders[] = {
    { SV_INIT("FILE"), add_file },         { SV_INIT("PATH"), add_file },  { SV_INIT("DIR"), add_directory },
    { SV_INIT("CHART"), add_directory },   { SV_INIT("RULE"), add_rules }, { SV_INIT("COMMAND"), add_commands },
    { SV_INIT("builtin:NAME"), add_sets },
};

/* "-" is standard input, and nothing to complete. */
static bool is_word(struct sv s)
{
    bool has_lower = false;

    for (size_t i = 0; i < s.n; i++)
        has_lower = has_lower || islower((unsigned char)s.p[i]);
    return has_lower;
}

static void read_one(struct reader *r, struct sv alternative)
{
    for (size_t i = 0; i < ARRAY_LEN(placeholders); i++)
        if (sv_eq(alternative, placeholders[i].word)) {
            placeholders[i].add(r);
            return;
        }
    if (is_word(alternative))
        add(r, arena_cstr(r->arena, alternative));
}

/* Takes away what `set` holds, from both ends. */
static struct sv strip(struct sv s, const char *set)
{
    while (s.n && strchr(set, s.p[0]))
        s = sv_skip(s, 1);
    while (s.n && strchr(set, s.p[s.n - 1]))
        s.n--;
    return s;
}

static bool read_all(const char *placeholder, const char *const *names, struct arena *a, struct candidates *out)
{
    struct reader r = { a, out, true };
    struct sv text = sv_from(placeholder ? placeholder : "");

    *out = (struct candidates){ .is_list = sv_ends_with(text, SV(",...")),
                                .may_assign_file = sv_ends_with(text, SV("[=FILE]")) };
    for (size_t i = 0; names && names[i]; i++)
        add(&r, names[i]);
    for (struct sv rest = strip(text, " []."); !names && rest.p;)
        read_one(&r, strip(sv_cut(&rest, '|'), " []."));
    return r.ok;
}

bool candidates_of_option(const struct opt *o, struct arena *a, struct candidates *out)
{
    return read_all(o->type == OPT_FLAG ? NULL : o->value, o->names, a, out);
}

bool candidates_of_operands(const struct cmd *c, struct arena *a, struct candidates *out)
{
    return read_all(c->subs ? NULL : c->arguments, NULL, a, out);
}

void candidates_print(struct buf *out, const struct candidates *c)
{
    const char *between = "";

    const struct {
        bool holds;
        const char *token;
    } tokens[] = {
        { c->are_files, "@file" },
        { c->are_directories && !c->are_files, "@dir" },
        { c->is_list, "," },
        { c->may_assign_file, "=file" },
        { !c->are_files && !c->are_directories && c->words.count == 0, "+" },
    };

    for (size_t i = 0; i < ARRAY_LEN(tokens); i++)
        if (tokens[i].holds) {
            buf_printf(out, "%s%s", between, tokens[i].token);
            between = " ";
        }
    for (size_t i = 0; i < c->words.count; i++) {
        buf_printf(out, "%s%s", between, c->words.items[i]);
        between = " ";
    }
}
