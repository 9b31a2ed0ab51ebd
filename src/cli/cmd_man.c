/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the manual page of a command, or writes those of all into a directory. */
#include "base/attr.h"
#include "cli/cmd.h"
#include "cli/manual.h"
#include <errno.h>

enum { MEMORY = 1 << 20, PAGE_MAX = 1 << 20 };

struct man_options {
    const char *dir;
};

static const struct opt options[] = {
    OPT(struct man_options, dir, "dir", OPT_TEXT, .value = "DIR",
        .help = "write every page into this directory, such as /usr/local/share/man/man1"),
    OPT_END,
};

/* Where all pages go. */
struct shelf {
    const char *dir;
    struct err *e;
    bool ok;
};

static bool write_file(const char *path, const struct buf *text, struct err *e)
{
    FILE *file = fopen(path, "we");
    bool ok;

    if (!file)
        return err_set(e, ERR_IO, "open `%s`: %s", path, strerror(errno));
    ok = fwrite(text->p, 1, text->len, file) == text->len;
    ok = fclose(file) == 0 && ok;
    return ok || err_set(e, ERR_IO, "write `%s`: %s", path, strerror(errno));
}

static void put(const struct cmd_path *path, void *context)
{
    CLEANUP(buf_fini) struct buf page = BUF_INIT(PAGE_MAX), name = BUF_INIT(PAGE_MAX);
    struct shelf *shelf = context;

    if (!shelf->ok)
        return;
    buf_printf(&name, "%s/", shelf->dir);
    manual_name(&name, path);
    buf_add(&name, SV(".1"));
    buf_add_char(&name, '\0');
    manual_print(&page, path);
    shelf->ok = buf_ok(&page) && buf_ok(&name) ? write_file(name.p, &page, shelf->e) : err_nomem(shelf->e);
}

/* Prints the page of the command that `names` lead to, from `path` down. */
static bool print(const struct cmd_path *path, const char *const *names, size_t count, struct buf *out, struct err *e)
{
    struct cmd_path below = { path, NULL };

    if (count == 0) {
        manual_print(out, path);
        return true;
    }
    below.cmd = path->cmd->subs ? cmd_find(path->cmd, names[0]) : NULL;
    if (!below.cmd)
        return err_set(e, ERR_INPUT, "no command `%.*s`; `fipsgate help` lists them", SV_ARG(sv_from(names[0])));
    return print(&below, names + 1, count - 1, out, e);
}

static enum exit_code write_all(const char *dir)
{
    struct err e = { 0 };
    struct shelf shelf = { dir, &e, true };

    cmd_each(put, &shelf);
    if (shelf.ok)
        return EXIT_CLEAN;
    cmd_complain("%s", e.msg);
    return EXIT_FAILED;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(PAGE_MAX);
    const struct cmd_path program = { NULL, &cmd_program };
    struct opt_values names = { 0 };
    struct man_options o = { 0 };
    struct err e = { 0 };
    bool ok = opt_parse(options, argv, &a, &o, &names, &e);

    if (ok && o.dir && names.count > 0)
        ok = err_set(&e, ERR_INPUT, "--dir writes every page; name no command with it");
    if (ok && o.dir)
        return write_all(o.dir);
    if (ok && print(&program, names.items, names.count, &out, &e))
        return cmd_show(&out);
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

static const struct cmd_example examples[] = {
    { "fipsgate man policy lint | man -l -", "shows one page" },
    { "fipsgate man --dir /usr/local/share/man/man1", "installs all of them" },
    { NULL, NULL },
};

const struct cmd cmd_man = {
    .name = "man",
    .arguments = " [COMMAND...]",
    .summary = "print a manual page",
    .about = "Without a command, the page of fipsgate itself. Pages are made from the tables that --help is made from.",
    .examples = examples,
    .options = options,
    .run = run,
};
