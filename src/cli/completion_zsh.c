/* SPDX-License-Identifier: Apache-2.0 */
/* A function for each command, called by the function of the one above it. */
#include "cli/candidates.h"
#include "cli/completion.h"

enum { MEMORY = 256 << 10 };

static const char engine[] = "# Completes by words such as `@file`, or by those that are left.\n"
                             "_fipsgate_value() {\n"
                             "    local token ret=1\n"
                             "    local -a names\n"
                             "    for token; do\n"
                             "        case $token in\n"
                             "        @file) _files && ret=0 ;;\n"
                             "        @dir) _files -/ && ret=0 ;;\n"
                             "        =file) if compset -P '*='; then _files; return; fi ;;\n"
                             "        ,) compset -P '*,' ;;\n"
                             "        +) _message value ;;\n"
                             "        *) names+=(\"$token\") ;;\n"
                             "        esac\n"
                             "    done\n"
                             "    (( $#names )) && compadd -a names && ret=0\n"
                             "    return ret\n"
                             "}\n"
                             "\n"
                             "# The sub-commands of $1, which the caller has in `menu`.\n"
                             "_fipsgate_menu() {\n"
                             "    local curcontext=$curcontext state line ret=1\n"
                             "    local -A opt_args\n"
                             "    _arguments -C '1: :->command' '*:: :->rest' && ret=0\n"
                             "    case $state in\n"
                             "    command) _describe -t commands command menu && ret=0 ;;\n"
                             "    rest) if [[ $words[1] == help ]]; then $1 && ret=0; elif (( "
                             "$+functions[$1_$words[1]] )); then $1_$words[1] && ret=0; fi ;;\n"
                             "    esac\n"
                             "    return ret\n"
                             "}\n"
                             "\n"
                             "if [ \"$funcstack[1]\" = _fipsgate ]; then\n"
                             "    _fipsgate \"$@\"\n"
                             "else\n"
                             "    compdef _fipsgate fipsgate\n"
                             "fi\n";

/* Inside '...', where `special` characters want a backslash. */
static void print_quoted(struct buf *out, struct sv text, const char *special)
{
    for (size_t i = 0; i < text.n; i++) {
        if (strchr(special, text.p[i]))
            buf_add_char(out, '\\');
        if (text.p[i] == '\'')
            buf_add(out, SV("'\\''"));
        else
            buf_add_char(out, text.p[i]);
    }
}

static void print_action(struct buf *out, const struct candidates *c, struct arena *a)
{
    struct buf words = BUF_IN(a);

    buf_add(out, SV(": _fipsgate_value "));
    candidates_print(&words, c);
    out->failed = out->failed || !buf_ok(&words);
    print_quoted(out, buf_sv(&words), ":\\");
}

static void print_option(struct buf *out, const struct opt *o, struct arena *a)
{
    bool repeats = opt_repeats(o);
    struct candidates values;

    buf_printf(out, " \\\n        '%s--%s%s[", repeats ? "*" : "", o->name, o->type == OPT_FLAG ? "" : "=");
    print_quoted(out, sv_from(o->help), "[]\\");
    buf_add_char(out, ']');
    if (o->type != OPT_FLAG) {
        buf_add_char(out, ':');
        print_quoted(out, sv_from(o->value ? o->value : o->name), ":\\");
        out->failed = out->failed || !candidates_of_option(o, a, &values);
        print_action(out, &values, a);
    }
    buf_add_char(out, '\'');
}

static void print_menu(struct buf *out, const struct cmd_path *path)
{
    buf_add(out, SV("    local -a menu=(\n"));
    for (const struct cmd *const *c = path->cmd->subs; *c; c++) {
        buf_printf(out, "        '%s:", (*c)->name);
        print_quoted(out, sv_from((*c)->summary), ":\\");
        buf_add(out, SV("'\n"));
    }
    buf_add(out, SV("        'help:the commands, or the options of one'\n    )\n    _fipsgate_menu _"));
    cmd_path_print(out, path, "_");
    buf_add(out, SV(" \"$@\"\n"));
}

static void print_command(const struct cmd_path *path, void *out)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct buf *b = out;
    struct candidates operands;

    buf_add_char(b, '_');
    cmd_path_print(b, path, "_");
    buf_add(b, SV("() {\n"));
    if (path->cmd->subs) {
        print_menu(b, path);
        buf_add(b, SV("}\n\n"));
        return;
    }
    buf_add(b, SV("    _arguments -S '(- *)--help[show the options]'"));
    for (const struct opt *o = path->cmd->options; o && o->name; o++)
        print_option(b, o, &a);
    if (*path->cmd->arguments) {
        buf_add(b, SV(" \\\n        '*:"));
        print_quoted(b, sv_skip(sv_from(path->cmd->arguments), 1), ":\\");
        b->failed = b->failed || !candidates_of_operands(path->cmd, &a, &operands);
        print_action(b, &operands, &a);
        buf_add_char(b, '\'');
    }
    buf_add(b, SV("\n}\n\n"));
}

void completion_zsh(struct buf *out)
{
    buf_add(out, SV("#compdef fipsgate\n# zsh completion for fipsgate, made by `fipsgate completion zsh`\n\n"));
    cmd_each(print_command, out);
    buf_add(out, sv_from(engine));
}
