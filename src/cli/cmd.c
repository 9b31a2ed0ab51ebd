/* SPDX-License-Identifier: Apache-2.0 */
/* One list of commands; what a person reads about them is printed from it. */
#include "cli/cmd.h"
#include "base/text.h"
#include "cli/cmd_version.h"
#include <stdarg.h>

enum { HELP_MAX = 64 << 10, NAMES_MAX = 32 };

/* Where we are among commands and sub-commands. */
struct menu {
    const struct menu *up; /* NULL: the program itself */
    const char *name, *summary;
    const struct cmd *const *list;
};

static const struct cmd *const cmds[] = {
    /* by name */
    &cmd_policy,
    &cmd_serve,
    &cmd_version,
    NULL,
};

void cmd_complain(const char *fmt, ...)
{
    va_list args;

    fputs("fipsgate: ", stderr);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
}

enum exit_code cmd_show(const struct buf *text)
{
    bool whole = buf_ok(text) && fwrite(text->p, 1, text->len, stdout) == text->len;

    return fflush(stdout) == 0 && whole ? EXIT_CLEAN : EXIT_FAILED;
}

static const struct cmd *find(const struct menu *m, const char *name)
{
    for (const struct cmd *const *c = m->list; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

static struct menu menu_of(const struct menu *up, const struct cmd *c)
{
    return (struct menu){ up, c->name, c->summary, c->subs };
}

/* "fipsgate policy" */
static void print_path(struct buf *out, const struct menu *m)
{
    if (m->up) {
        print_path(out, m->up);
        buf_add_char(out, ' ');
    }
    buf_add(out, sv_from(m->name));
}

static enum exit_code unknown(const struct menu *m, const char *name)
{
    CLEANUP(buf_fini) struct buf path = BUF_INIT(HELP_MAX);
    struct sv names[NAMES_MAX] = { SV("help") }, near;
    size_t count = 1;

    for (const struct cmd *const *c = m->list; *c && count < NAMES_MAX; c++)
        names[count++] = sv_from((*c)->name);
    near = text_nearest(sv_from(name), names, count);
    print_path(&path, m);
    if (near.p)
        cmd_complain("unknown command `%.*s`, did you mean `%.*s`?", SV_ARG(sv_from(name)), SV_ARG(near));
    else
        cmd_complain("unknown command `%.*s`; `%.*s help` lists them", SV_ARG(sv_from(name)), SV_ARG(buf_sv(&path)));
    return EXIT_USAGE;
}

static enum exit_code help_all(const struct menu *m)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(HELP_MAX);
    bool is_program = !m->up;

    print_path(&out, m);
    buf_printf(&out, "%s%s: %s\n\nusage: ", is_program ? " " : "", is_program ? cmd_version_own() : "", m->summary);
    print_path(&out, m);
    buf_add(&out, SV(" COMMAND [OPTIONS]\n\n"));
    for (const struct cmd *const *c = m->list; *c; c++)
        buf_printf(&out, "  %-10s %s\n", (*c)->name, (*c)->summary);
    buf_add(&out, SV("  help       this text; `"));
    print_path(&out, m);
    buf_add(&out, SV(" help COMMAND` shows the options of one\n"));
    return cmd_show(&out);
}

static enum exit_code help_one(const struct menu *m, const struct cmd *c)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(HELP_MAX);
    struct menu self = menu_of(m, c);

    print_path(&out, &self);
    buf_printf(&out, ": %s\n\nusage: ", c->summary);
    print_path(&out, &self);
    buf_printf(&out, "%s%s\n", c->options ? " [OPTIONS]" : "", c->arguments);
    if (c->options) {
        buf_add(&out, SV("\n"));
        opt_print(&out, c->options);
        buf_add(&out, SV("\nEach option can also be given in the environment: --max-body as FIPSGATE_MAX_BODY, and so "
                         "on; repeatable\nones with commas between their values.\n"));
    }
    return cmd_show(&out);
}

/* argv[0] is the word "help"; what follows names a command. */
static enum exit_code help(const struct menu *m, char *const argv[])
{
    const struct cmd *c;
    struct menu below;

    if (!argv[1])
        return help_all(m);
    c = find(m, argv[1]);
    if (!c)
        return unknown(m, argv[1]);
    if (!c->subs)
        return help_one(m, c);
    below = menu_of(m, c);
    return help(&below, argv + 1);
}

static bool asks_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* argv[0] is the name of the menu. */
static enum exit_code dispatch(const struct menu *m, char *const argv[])
{
    const char *name = argv[0] ? argv[1] : NULL;
    const struct cmd *c;
    struct menu below;

    if (!name) {
        help_all(m);
        return EXIT_USAGE;
    }
    if (asks_help(name))
        return help(m, argv + 1);
    c = find(m, !m->up && strcmp(name, "--version") == 0 ? "version" : name);
    if (!c)
        return unknown(m, name);
    if (!c->subs)
        return opt_asks_help(argv + 1) ? help_one(m, c) : c->run(argv + 1);
    below = menu_of(m, c);
    return dispatch(&below, argv + 1);
}

enum exit_code cmd_main(char *const argv[])
{
    const struct menu root = { NULL, "fipsgate", "keeps a Kubernetes cluster FIPS 140 clean", cmds };

    return dispatch(&root, argv);
}
