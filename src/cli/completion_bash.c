/* SPDX-License-Identifier: Apache-2.0 */
/* The table is a function: for a command it sets three variables, the names of
 * sub-commands, what operands may be, and a line for each option. */
#include "cli/candidates.h"
#include "cli/completion.h"

enum { MEMORY = 256 << 10 };

/* readline cuts words at `=` and `:`; what it completes is the last piece. */
static const char engine[] =
    "# Puts together what readline cut at `=` and `:`.\n"
    "_fipsgate_words() {\n"
    "    local i last=-1 glue=''\n"
    "    for ((i = 0; i <= COMP_CWORD; i++)); do\n"
    "        if [[ $last -ge 0 && ( -n $glue || ${COMP_WORDS[i]} == [=:]* ) ]]; then\n"
    "            words[last]+=${COMP_WORDS[i]}\n"
    "        else\n"
    "            words[++last]=${COMP_WORDS[i]}\n"
    "        fi\n"
    "        glue=\n"
    "        [[ ${COMP_WORDS[i]} != *[=:] ]] || glue=1\n"
    "    done\n"
    "}\n"
    "\n"
    "# Sets `offers` to what the value of option $1 may be; fails when there is no such option, or it takes none.\n"
    "_fipsgate_takes() {\n"
    "    local name rest\n"
    "    offers=-\n"
    "    while read -r name rest; do\n"
    "        [[ $name != \"$1\" ]] || offers=$rest\n"
    "    done <<<\"$options\"\n"
    "    [[ $offers != - ]]\n"
    "}\n"
    "\n"
    "# Completes $2 by the words of $1; $3 stands before it in its word.\n"
    "_fipsgate_offer() {\n"
    "    local token value=$2 before=$3 names='' files='' found\n"
    "    for token in $1; do\n"
    "        case $token in\n"
    "        @file) files=-f ;;\n"
    "        @dir) files=-d ;;\n"
    "        =file) if [[ $value == *=* ]]; then before+=${value%%=*}= value=${value#*=} names='' files=-f; break; fi "
    ";;\n"
    "        ,) if [[ $value == *,* ]]; then before+=${value%,*}, value=${value##*,}; fi ;;\n"
    "        + | -) ;;\n"
    "        *) names+=\" $token\" ;;\n"
    "        esac\n"
    "    done\n"
    "    while read -r found; do\n"
    "        [[ -z $found ]] || COMPREPLY+=(\"$before$found\")\n"
    "    done <<<\"$(compgen -W \"$names\" -- \"$value\")\"\n"
    "    [[ -n $files ]] || return 0\n"
    "    while read -r found; do\n"
    "        [[ -n $found ]] || continue\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        COMPREPLY+=(\"$before$found\")\n"
    "    done <<<\"$(compgen $files -- \"$value\")\"\n"
    "}\n"
    "\n"
    "_fipsgate() {\n"
    "    local IFS=$' \\t\\n' words=() commands operands options offers path=fipsgate option='' are_over='' i word\n"
    "    COMPREPLY=()\n"
    "    _fipsgate_words\n"
    "    _fipsgate_table \"$path\"\n"
    "    for ((i = 1; i < ${#words[@]} - 1; i++)); do\n"
    "        word=${words[i]}\n"
    "        if [[ -n $option ]]; then\n"
    "            option=\n"
    "        elif [[ $word == -- ]]; then\n"
    "            are_over=1\n"
    "        elif [[ $word == --*=* ]]; then\n"
    "            :\n"
    "        elif [[ $word == --* ]]; then\n"
    "            ! _fipsgate_takes \"$word\" || option=$word\n"
    "        elif [[ \" $commands \" == *\" $word \"* && $word != help ]]; then\n"
    "            path+=\" $word\"\n"
    "            _fipsgate_table \"$path\"\n"
    "        fi\n"
    "    done\n"
    "    word=${words[i]}\n"
    "    if [[ -n $option ]]; then\n"
    "        _fipsgate_takes \"$option\"\n"
    "        _fipsgate_offer \"$offers\" \"$word\" ''\n"
    "    elif [[ -z $are_over && $word == --*=* ]]; then\n"
    "        ! _fipsgate_takes \"${word%%=*}\" || _fipsgate_offer \"$offers\" \"${word#*=}\" \"${word%%=*}=\"\n"
    "    elif [[ -z $are_over && $word == -* ]]; then\n"
    "        _fipsgate_offer \"--help $(while read -r option offers; do echo \"$option\"; done <<<\"$options\")\" "
    "\"$word\" ''\n"
    "    else\n"
    "        _fipsgate_offer \"$commands $operands\" \"$word\" ''\n"
    "    fi\n"
    "    option=${COMP_WORDS[COMP_CWORD]}\n"
    "    [[ $option != [=:] ]] || option=\n"
    "    for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do\n"
    "        COMPREPLY[i]=${COMPREPLY[i]:${#word} - ${#option}}\n"
    "    done\n"
    "}\n"
    "\n"
    "complete -F _fipsgate fipsgate\n";

static void print_command(const struct cmd_path *path, void *out)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    struct buf *b = out;
    struct candidates operands, values;

    buf_add(b, SV("    '"));
    cmd_path_print(b, path, " ");
    buf_add(b, SV("')\n        commands='"));
    for (const struct cmd *const *c = path->cmd->subs; c && *c; c++)
        buf_printf(b, "%s%s", (*c)->name, c[1] ? " " : " help");
    buf_add(b, SV("'\n        operands='"));
    b->failed = b->failed || !candidates_of_operands(path->cmd, &a, &operands);
    candidates_print(b, &operands);
    buf_add(b, SV("'\n        options='"));
    for (const struct opt *o = path->cmd->options; o && o->name; o++) {
        buf_printf(b, "\n--%s ", o->name);
        b->failed = b->failed || !candidates_of_option(o, &a, &values);
        if (o->type == OPT_FLAG)
            buf_add_char(b, '-');
        else
            candidates_print(b, &values);
    }
    buf_add(b, SV("'\n        ;;\n"));
}

void completion_bash(struct buf *out)
{
    buf_add(out, SV("# bash completion for fipsgate, made by `fipsgate completion bash`\n\n_fipsgate_table() {\n"
                    "    case $1 in\n"));
    cmd_each(print_command, out);
    buf_add(out, SV("    esac\n}\n\n"));
    buf_add(out, sv_from(engine));
}
