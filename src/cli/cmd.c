/* SPDX-License-Identifier: Apache-2.0 */
/* One list of commands; what a person reads about them is printed from it. */
#include "cli/cmd.h"
#include "base/text.h"
#include "cli/cmd_version.h"
#include <stdarg.h>

enum { HELP_MAX = 64 << 10 };

static const struct cmd *const cmds[] = {
    /* by name */
    &cmd_serve,
    &cmd_version,
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

static const struct cmd *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(cmds); i++)
        if (strcmp(cmds[i]->name, name) == 0)
            return cmds[i];
    return NULL;
}

static enum exit_code unknown(const char *name)
{
    struct sv names[ARRAY_LEN(cmds) + 1] = { SV("help") }, near;

    for (size_t i = 0; i < ARRAY_LEN(cmds); i++)
        names[i + 1] = sv_from(cmds[i]->name);
    near = text_nearest(sv_from(name), names, ARRAY_LEN(names));
    if (near.p)
        cmd_complain("unknown command `%.*s`, did you mean `%.*s`?", SV_ARG(sv_from(name)), SV_ARG(near));
    else
        cmd_complain("unknown command `%.*s`; `fipsgate help` lists them", SV_ARG(sv_from(name)));
    return EXIT_USAGE;
}

static enum exit_code show(const struct buf *text)
{
    return fwrite(text->p, 1, text->len, stdout) == text->len && fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_FAILED;
}

static enum exit_code help_all(void)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(HELP_MAX);

    buf_printf(&out, "fipsgate %s: keeps a Kubernetes cluster FIPS 140 clean\n\nusage: fipsgate COMMAND [OPTIONS]\n\n",
               cmd_version_own());
    for (size_t i = 0; i < ARRAY_LEN(cmds); i++)
        buf_printf(&out, "  %-10s %s\n", cmds[i]->name, cmds[i]->summary);
    buf_add(&out, SV("  help       this text; `fipsgate help COMMAND` shows the options of one\n"));
    return show(&out);
}

static enum exit_code help_one(const struct cmd *c)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(HELP_MAX);

    buf_printf(&out, "fipsgate %s: %s\n\nusage: fipsgate %s%s%s\n", c->name, c->summary, c->name,
               c->options ? " [OPTIONS]" : "", c->arguments);
    if (c->options) {
        buf_add(&out, SV("\n"));
        opt_print(&out, c->options);
        buf_add(&out, SV("\nEach option can also be given in the environment: --max-body as FIPSGATE_MAX_BODY, and so "
                         "on; repeatable\nones with commas between their values.\n"));
    }
    return show(&out);
}

static enum exit_code help(char *const argv[])
{
    const struct cmd *c;

    if (!argv[1])
        return help_all();
    c = find(argv[1]);
    return c ? help_one(c) : unknown(argv[1]);
}

enum exit_code cmd_main(char *const argv[])
{
    const char *name = argv[0] ? argv[1] : NULL;
    const struct cmd *c;

    if (!name) {
        help_all();
        return EXIT_USAGE;
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help(argv + 1);
    c = find(strcmp(name, "--version") == 0 ? "version" : name);
    if (!c)
        return unknown(name);
    return opt_asks_help(argv + 1) ? help_one(c) : c->run(argv + 1);
}
