/* SPDX-License-Identifier: Apache-2.0 */
/* One `complete` for each command, option and operand. */
#include "cli/candidates.h"
#include "cli/completion.h"

enum { MEMORY = 256 << 10 };

static const char engine[] =
    "# Whether the command before the cursor is $argv.\n"
    "function __fipsgate_at\n"
    "    set -l path fipsgate\n"
    "    set -l has_option no\n"
    "    set -l tokens (commandline -opc)\n"
    "    for token in $tokens[2..-1]\n"
    "        if test $has_option = yes\n"
    "            set has_option no\n"
    "        else if contains -- \"$path $token\" $__fipsgate_valued\n"
    "            set has_option yes\n"
    "        else if contains -- \"$path $token\" $__fipsgate_commands\n"
    "            set path \"$path $token\"\n"
    "        end\n"
    "    end\n"
    "    test \"$path\" = \"$argv\"\n"
    "end\n"
    "\n"
    "# The words after `,`: one more of a list; after `=file`: one, `=` and a file.\n"
    "function __fipsgate_value\n"
    "    set -l token (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))\n"
    "    set -l before (string match -r -- '^.*,' $token)\n"
    "    if test $argv[1] = =file\n"
    "        set before (string match -r -- '^[^=]*=' $token)\n"
    "        if test -n \"$before\"\n"
    "            printf '%s\\n' \"$before\"(__fish_complete_path (string replace -- \"$before\" '' $token))\n"
    "            return\n"
    "        end\n"
    "    end\n"
    "    printf '%s\\n' \"$before\"$argv[2..-1]\n"
    "end\n"
    "\n";

static void print_quoted(struct buf *out, const char *text)
{
    buf_add_char(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '\'');
}

static void print_names(const struct cmd_path *path, void *out)
{
    buf_add(out, SV(" '"));
    cmd_path_print(out, path, " ");
    buf_add_char(out, '\'');
}

static void print_valued(const struct cmd_path *path, void *out)
{
    for (const struct opt *o = path->cmd->options; o && o->name; o++) {
        if (o->type == OPT_FLAG)
            continue;
        buf_add(out, SV(" '"));
        cmd_path_print(out, path, " ");
        buf_printf(out, " --%s'", o->name);
    }
}

static void print_head(struct buf *out, const struct cmd_path *path)
{
    buf_add(out, SV("complete -c fipsgate -n '__fipsgate_at "));
    cmd_path_print(out, path, " ");
    buf_add_char(out, '\'');
}

static void print_candidates(struct buf *out, const struct candidates *c)
{
    bool has_files = c->are_files || c->are_directories;

    if (has_files)
        buf_add(out, SV(" -F"));
    if (c->words.count == 0)
        return;
    buf_printf(out, "%s -a '%s", has_files ? "" : " -f",
               c->may_assign_file ? "(__fipsgate_value =file"
               : c->is_list       ? "(__fipsgate_value ,"
                                  : "");
    for (size_t i = 0; i < c->words.count; i++)
        buf_printf(out, "%s%s", i || c->is_list || c->may_assign_file ? " " : "", c->words.items[i]);
    buf_printf(out, "%s'", c->may_assign_file || c->is_list ? ")" : "");
}

static void print_option(struct buf *out, const struct cmd_path *path, const struct opt *o, struct arena *a)
{
    struct candidates values;

    print_head(out, path);
    buf_printf(out, " -l %s%s", o->name, o->type == OPT_FLAG ? "" : " -r");
    out->failed = out->failed || !candidates_of_option(o, a, &values);
    if (o->type != OPT_FLAG)
        print_candidates(out, &values);
    buf_add(out, SV(" -d "));
    print_quoted(out, o->help);
    buf_add_char(out, '\n');
}

static void print_sub(struct buf *out, const struct cmd_path *path, const char *name, const char *summary)
{
    print_head(out, path);
    buf_printf(out, " -a %s -d ", name);
    print_quoted(out, summary);
    buf_add_char(out, '\n');
}

static void print_command(const struct cmd_path *path, void *out)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct candidates operands;
    struct buf *b = out;

    for (const struct cmd *const *c = path->cmd->subs; c && *c; c++)
        print_sub(b, path, (*c)->name, (*c)->summary);
    if (path->cmd->subs)
        print_sub(b, path, "help", "the commands, or the options of one");
    for (const struct opt *o = path->cmd->options; o && o->name; o++)
        print_option(b, path, o, &a);
    b->failed = b->failed || !candidates_of_operands(path->cmd, &a, &operands);
    if (operands.are_files || operands.are_directories || operands.words.count) {
        print_head(b, path);
        print_candidates(b, &operands);
        buf_add_char(b, '\n');
    }
    print_head(b, path);
    buf_add(b, SV(" -l help -d 'show the options'\n"));
}

void completion_fish(struct buf *out)
{
    buf_add(out,
            SV("# fish completion for fipsgate, made by `fipsgate completion fish`\n\nset -g __fipsgate_commands"));
    cmd_each(print_names, out);
    buf_add(out, SV("\nset -g __fipsgate_valued"));
    cmd_each(print_valued, out);
    buf_add(out, SV("\n\n"));
    buf_add(out, sv_from(engine));
    buf_add(out, SV("complete -c fipsgate -f\n"));
    cmd_each(print_command, out);
}
