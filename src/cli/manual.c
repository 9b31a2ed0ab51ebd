/* SPDX-License-Identifier: Apache-2.0 */
/* Text is folded into short lines, and what roff would take for its own is
 * escaped: dashes, backslashes, dots and quotes that begin a line. */
#include "cli/manual.h"
#include "cli/cmd_version.h"
#include <ctype.h>

enum { LINE_MAX_BYTES = 76, WORD_MAX = 4 << 10, MEMORY = 64 << 10 };

/* Dashes that somebody may type stay ASCII dashes. */
static void escape(struct buf *out, struct sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '-')
            buf_add(out, SV("\\-"));
        else if (text.p[i] == '\\')
            buf_add(out, SV("\\e"));
        else
            buf_add_char(out, text.p[i]);
    }
}

/* Ends the line, too. */
static void print_text(struct buf *out, struct sv text)
{
    size_t column = 0;

    while (text.p) {
        struct sv word = sv_cut(&text, ' ');
        bool breaks = column > 0 && column + word.n >= LINE_MAX_BYTES;

        if (column > 0)
            buf_add_char(out, breaks ? '\n' : ' ');
        if ((column == 0 || breaks) && word.n && (word.p[0] == '.' || word.p[0] == '\''))
            buf_add(out, SV("\\&"));
        column = (breaks ? 0 : column) + word.n + 1;
        escape(out, word);
    }
    buf_add_char(out, '\n');
}

static void print_section(struct buf *out, const char *title)
{
    buf_printf(out, ".SH %s\n", title);
}

/* A bold term and what it means. */
static void print_term(struct buf *out, const char *term, const char *meaning)
{
    buf_add(out, SV(".TP\n.B "));
    escape(out, sv_from(term));
    buf_add_char(out, '\n');
    print_text(out, sv_from(meaning));
}

void manual_name(struct buf *out, const struct cmd_path *path)
{
    cmd_path_print(out, path, "-");
}

static void print_name(struct buf *out, const struct cmd_path *path)
{
    CLEANUP(buf_fini) struct buf name = BUF_INIT(WORD_MAX), line = BUF_INIT(WORD_MAX);

    manual_name(&name, path);
    buf_add(out, SV(".TH "));
    for (size_t i = 0; i < name.len; i++)
        escape(out, (struct sv){ &(char){ (char)toupper((unsigned char)name.p[i]) }, 1 });
    buf_printf(out, " 1 \"%s\" \"fipsgate %s\" \"fipsgate\"\n", FIPSGATE_DATE, cmd_version_own());
    print_section(out, "NAME");
    buf_add(&line, buf_sv(&name));
    buf_printf(&line, " - %s", path->cmd->summary);
    print_text(out, buf_sv(&line));
    out->failed = out->failed || !buf_ok(&name) || !buf_ok(&line);
}

static void print_synopsis(struct buf *out, const struct cmd_path *path)
{
    print_section(out, "SYNOPSIS");
    buf_add(out, SV(".B "));
    cmd_path_print(out, path, " ");
    buf_add_char(out, '\n');
    if (path->cmd->options || path->cmd->subs)
        buf_add(out, SV("[\\fIOPTIONS\\fR]\n"));
    if (*path->cmd->arguments)
        print_text(out, sv_trim(sv_from(path->cmd->arguments)));
}

static void print_description(struct buf *out, const struct cmd *c)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(WORD_MAX);

    print_section(out, "DESCRIPTION");
    buf_add_char(&text, (char)toupper((unsigned char)c->summary[0]));
    buf_printf(&text, "%s.", c->summary + 1);
    print_text(out, buf_sv(&text));
    out->failed = out->failed || !buf_ok(&text);
    if (!c->about)
        return;
    buf_add(out, SV(".PP\n"));
    print_text(out, sv_from(c->about));
}

static void print_commands(struct buf *out, const struct cmd *c)
{
    if (!c->subs)
        return;
    print_section(out, "COMMANDS");
    for (const struct cmd *const *sub = c->subs; *sub; sub++)
        print_term(out, (*sub)->name, (*sub)->summary);
    print_term(out, "help", "shows the commands, or with the name of one its options");
}

static void print_option(struct buf *out, const struct opt *o)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(WORD_MAX);

    buf_add(out, SV(".TP\n\\fB\\-\\-"));
    escape(out, sv_from(o->name));
    buf_add(out, SV("\\fR"));
    if (o->type != OPT_FLAG && o->value) {
        buf_add(out, SV(" \\fI"));
        escape(out, sv_from(o->value));
        buf_add(out, SV("\\fR"));
    }
    for (size_t i = 0; o->type == OPT_ENUM && o->names[i]; i++) {
        buf_add(out, i ? SV("|\\fB") : SV(" \\fB"));
        escape(out, sv_from(o->names[i]));
        buf_add(out, SV("\\fR"));
    }
    buf_add_char(out, '\n');
    buf_add(&text, sv_from(o->help));
    for (size_t i = 0; o->type != OPT_ENUM && o->names && o->names[i]; i++)
        buf_printf(&text, "%s%s", i ? ", " : ": ", o->names[i]);
    if (opt_repeats(o))
        buf_add(&text, SV("; repeatable"));
    if (o->standard)
        buf_printf(&text, "; default: %s", o->standard);
    print_text(out, buf_sv(&text));
    out->failed = out->failed || !buf_ok(&text);
}

static void print_options(struct buf *out, const struct cmd *c)
{
    print_section(out, "OPTIONS");
    for (const struct opt *o = c->options; o && o->name; o++)
        print_option(out, o);
    print_term(out, "--help", "shows a summary of this page");
    if (!c->options)
        return;
    buf_add(out, SV(".PP\n"));
    print_text(out, SV("A value follows its option as the next word, or after `='. `--' ends the options."));
}

static void print_environment(struct buf *out, const struct cmd *c)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);

    if (!c->options || !c->options->name)
        return;
    print_section(out, "ENVIRONMENT");
    print_text(out, SV("What the command line does not say is taken from these variables, where they are set and not "
                       "empty; repeatable options take values with commas between them."));
    for (const struct opt *o = c->options; o->name; o++) {
        const char *name = opt_environment(o, &a);

        out->failed = out->failed || !name;
        buf_add(out, SV(".TP\n.B "));
        escape(out, sv_from(name ? name : ""));
        buf_add(out, SV("\n\\-\\-"));
        escape(out, sv_from(o->name));
        buf_add_char(out, '\n');
    }
}

static void print_exit_status(struct buf *out, const struct cmd *c)
{
    print_section(out, "EXIT STATUS");
    print_term(out, "0", "done, and nothing to say against it");
    if (c->denied)
        print_term(out, "1", c->denied);
    print_term(out, "2", "wrong usage, or input that cannot be read, policies included");
    print_term(out, "3", "the system refused: output that cannot be written, a port that is taken, no FIPS provider");
}

static void print_examples(struct buf *out, const struct cmd *c)
{
    if (!c->examples)
        return;
    print_section(out, "EXAMPLES");
    for (const struct cmd_example *x = c->examples; x->line; x++)
        print_term(out, x->line, x->what);
}

static void print_reference(struct buf *out, const struct cmd_path *path, bool is_last)
{
    CLEANUP(buf_fini) struct buf name = BUF_INIT(WORD_MAX);

    manual_name(&name, path);
    buf_add(out, SV(".BR "));
    escape(out, buf_sv(&name));
    buf_printf(out, " (1)%s\n", is_last ? "" : ",");
    out->failed = out->failed || !buf_ok(&name);
}

/* What stands above, beside and below it. */
static void print_see_also(struct buf *out, const struct cmd_path *path)
{
    const struct cmd_path *menu = path->cmd->subs ? path : path->up;

    print_section(out, "SEE ALSO");
    if (menu->up)
        print_reference(out, menu->up, false);
    if (menu != path)
        print_reference(out, menu, false);
    for (const struct cmd *const *c = menu->cmd->subs; *c; c++)
        if (*c != path->cmd)
            print_reference(out, &(const struct cmd_path){ menu, *c }, !c[1] || (c[1] == path->cmd && !c[2]));
}

void manual_print(struct buf *out, const struct cmd_path *path)
{
    print_name(out, path);
    print_synopsis(out, path);
    print_description(out, path->cmd);
    print_commands(out, path->cmd);
    print_options(out, path->cmd);
    print_environment(out, path->cmd);
    print_exit_status(out, path->cmd);
    print_examples(out, path->cmd);
    print_see_also(out, path);
}
