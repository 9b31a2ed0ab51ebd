/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the completion script of one shell. */
#include "base/attr.h"
#include "base/text.h"
#include "cli/cmd.h"
#include "cli/completion.h"

enum { MEMORY = 1 << 20, SCRIPT_MAX = 1 << 20 };

static const struct opt options[] = { OPT_END };

static const struct {
    struct sv name;
    void (*print)(struct buf *out);
} shells[] = {
    { SV_INIT("bash"), completion_bash },
    { SV_INIT("fish"), completion_fish },
    { SV_INIT("zsh"), completion_zsh },
};

static bool print(const struct opt_values *names, struct buf *out, struct err *e)
{
    struct sv known[ARRAY_LEN(shells)], name, near;

    if (names->count != 1)
        return err_set(e, ERR_INPUT, "which shell? bash, fish or zsh");
    name = sv_from(names->items[0]);
    for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
        known[i] = shells[i].name;
        if (!sv_eq(name, known[i]))
            continue;
        shells[i].print(out);
        return true;
    }
    near = text_nearest(name, known, ARRAY_LEN(known));
    return near.p ? err_set(e, ERR_INPUT, "unknown shell `%.*s`, did you mean `%.*s`?", SV_ARG(name), SV_ARG(near))
                  : err_set(e, ERR_INPUT, "unknown shell `%.*s`; known are bash, fish and zsh", SV_ARG(name));
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(MEMORY);
    CLEANUP(buf_fini) struct buf out = BUF_INIT(SCRIPT_MAX);
    struct opt_values names = { 0 };
    struct err e = { 0 };
    char unused;

    if (opt_parse(options, argv, &a, &unused, &names, &e) && print(&names, &out, &e))
        return cmd_show(&out);
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

static const struct cmd_example examples[] = {
    { "source <(fipsgate completion bash)", "completes in this bash; in ~/.bashrc, in every one" },
    { "fipsgate completion zsh > ~/.zfunc/_fipsgate",
      "completes in zsh, when ~/.zfunc is in fpath before compinit runs" },
    { "fipsgate completion fish > ~/.config/fish/completions/fipsgate.fish", "completes in fish" },
    { NULL, NULL },
};

const struct cmd cmd_completion = {
    .name = "completion",
    .arguments = " bash|fish|zsh",
    .summary = "print the completion script of a shell",
    .about = "The script knows all commands and options and what may stand for their values. It does not run fipsgate; "
             "make it "
             "anew when fipsgate is.",
    .examples = examples,
    .run = run,
};
