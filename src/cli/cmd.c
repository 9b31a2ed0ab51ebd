/* SPDX-License-Identifier: Apache-2.0 */
/* One list of commands; what a person reads about them is printed from it. */
#include "cli/cmd.h"
#include "base/text.h"
#include "cli/cmd_version.h"
#include <stdarg.h>

enum { HELP_MAX = 64 << 10, NAMES_MAX = 32 };

static const struct cmd *const cmds[] = {
    /* by name */
    &cmd_ask, &cmd_certs, &cmd_check, &cmd_completion, &cmd_man, &cmd_policy, &cmd_serve, &cmd_version, NULL,
};

static const struct cmd_example examples[] = {
    { "fipsgate check deploy/", "judges all manifests below deploy/ as the webhook would" },
    { "fipsgate serve --tls-cert tls.crt --tls-key tls.key --policies builtin:aws-govcloud --facts site.yaml",
      "runs the webhook" },
    { "fipsgate policy explain lb-service", "says what a rule means" },
    { NULL, NULL },
};

const struct cmd cmd_program = {
    .name = "fipsgate",
    .arguments = " COMMAND",
    .summary = "keeps a Kubernetes cluster FIPS 140 clean",
    .about =
        "fipsgate looks at everything that is created or changed in a Kubernetes cluster, refuses what would break "
        "FIPS "
        "140, says why and how to mend it, and repairs what it can. One policy engine answers the API server, a CI "
        "job and an auditor alike.",
    .examples = examples,
    .subs = cmds,
};

/* Names of files and of objects come from whoever wrote them, and a CI job takes commands from lines. */
PRINTF(2, 0) static void say(const char *before, const char *fmt, va_list args)
{
    CLEANUP(buf_fini) struct buf line = BUF_INIT(SIZE_MAX);
    char *text = NULL;
    int n = vasprintf(&text, fmt, args);

    buf_add(&line, sv_from(before));
    if (n >= 0)
        text_add_printable(&line, (struct sv){ text, (size_t)n }, SIZE_MAX);
    buf_add_char(&line, '\n');
    (void)fflush(stdout); /* both may be one pipe */
    (void)fwrite(line.p, 1, line.len, stderr);
    if (n >= 0)
        free(text);
}

void cmd_complain(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    say("fipsgate: ", fmt, args);
    va_end(args);
}

void cmd_note(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    say("", fmt, args);
    va_end(args);
}

enum exit_code cmd_show(const struct buf *text)
{
    struct sv all = buf_sv(text);
    bool whole = buf_ok(text) && fwrite(all.p, 1, all.n, stdout) == all.n;

    return fflush(stdout) == 0 && whole ? EXIT_CLEAN : EXIT_FAILED;
}

const struct cmd *cmd_find(const struct cmd *cmd, const char *name)
{
    for (const struct cmd *const *c = cmd->subs; *c; c++)
        if (strcmp((*c)->name, name) == 0)
            return *c;
    return NULL;
}

void cmd_path_print(struct buf *out, const struct cmd_path *path, const char *between)
{
    if (path->up) {
        cmd_path_print(out, path->up, between);
        buf_add(out, sv_from(between));
    }
    buf_add(out, sv_from(path->cmd->name));
}

static void visit_all(const struct cmd_path *path, cmd_visit_fn *visit, void *context)
{
    visit(path, context);
    for (const struct cmd *const *c = path->cmd->subs; c && *c; c++) {
        struct cmd_path below = { path, *c };

        visit_all(&below, visit, context);
    }
}

void cmd_each(cmd_visit_fn *visit, void *context)
{
    const struct cmd_path program = { NULL, &cmd_program };

    visit_all(&program, visit, context);
}

static enum exit_code unknown(const struct cmd_path *m, const char *name)
{
    CLEANUP(buf_fini) struct buf path = BUF_INIT(HELP_MAX);
    struct sv names[NAMES_MAX] = { SV("help") }, near;
    size_t count = 1;

    for (const struct cmd *const *c = m->cmd->subs; *c && count < NAMES_MAX; c++)
        names[count++] = sv_from((*c)->name);
    near = text_nearest(sv_from(name), names, count);
    cmd_path_print(&path, m, " ");
    if (near.p)
        cmd_complain("unknown command `%.*s`, did you mean `%.*s`?", SV_ARG(sv_from(name)), SV_ARG(near));
    else
        cmd_complain("unknown command `%.*s`; `%.*s help` lists them", SV_ARG(sv_from(name)), SV_ARG(buf_sv(&path)));
    return EXIT_USAGE;
}

static enum exit_code help_all(const struct cmd_path *m)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(HELP_MAX);
    bool is_program = !m->up;

    cmd_path_print(&out, m, " ");
    buf_printf(&out, "%s%s: %s\n\nusage: ", is_program ? " " : "", is_program ? cmd_version_own() : "",
               m->cmd->summary);
    cmd_path_print(&out, m, " ");
    buf_add(&out, SV(" COMMAND [OPTIONS]\n\n"));
    for (const struct cmd *const *c = m->cmd->subs; *c; c++)
        buf_printf(&out, "  %-11s %s\n", (*c)->name, (*c)->summary);
    buf_add(&out, SV("  help        this text; `"));
    cmd_path_print(&out, m, " ");
    buf_add(&out, SV(" help COMMAND` shows the options of one\n"));
    return cmd_show(&out);
}

static enum exit_code help_one(const struct cmd_path *m, const struct cmd *c)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(HELP_MAX);
    const struct cmd_path self = { m, c };

    cmd_path_print(&out, &self, " ");
    buf_printf(&out, ": %s\n\nusage: ", c->summary);
    cmd_path_print(&out, &self, " ");
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
static enum exit_code help(const struct cmd_path *m, char *const argv[])
{
    const struct cmd *c;

    if (!argv[1])
        return help_all(m);
    c = cmd_find(m->cmd, argv[1]);
    if (!c)
        return unknown(m, argv[1]);
    if (!c->subs)
        return help_one(m, c);
    return help(&(const struct cmd_path){ m, c }, argv + 1);
}

static bool asks_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* argv[0] is the name of a command with sub-commands. */
static enum exit_code dispatch(const struct cmd_path *m, char *const argv[])
{
    const char *name = argv[0] ? argv[1] : NULL;
    const struct cmd *c;

    if (!name) {
        help_all(m);
        return EXIT_USAGE;
    }
    if (asks_help(name))
        return help(m, argv + 1);
    c = cmd_find(m->cmd, !m->up && strcmp(name, "--version") == 0 ? "version" : name);
    if (!c)
        return unknown(m, name);
    if (!c->subs)
        return opt_asks_help(argv + 1) ? help_one(m, c) : c->run(argv + 1);
    return dispatch(&(const struct cmd_path){ m, c }, argv + 1);
}

enum exit_code cmd_main(char *const argv[])
{
    return dispatch(&(const struct cmd_path){ NULL, &cmd_program }, argv);
}
