/* SPDX-License-Identifier: Apache-2.0 */
/* Loads what it is given as `serve` does, and then asks more of it. */
#include "cli/cmd_policy.h"
#include "cli/lint.h"

enum { LINT_MEMORY = 64 << 20, OUTPUT_MAX = 16 << 20 };

struct lint_options {
    struct opt_values policies, facts;
    const char *today;
    size_t max_age;
    bool strict;
};

static const struct opt options[] = {
    OPT(struct lint_options, policies, "policies", OPT_TEXTS, .value = "PATH|builtin:NAME",
        .help = "policies: files, directories, shipped sets; without any, and without a PATH, builtin:baseline"),
    OPT(struct lint_options, facts, "facts", OPT_TEXTS, .value = "PATH",
        .help = "facts of this site, or newer ones than those shipped"),
    OPT(struct lint_options, today, "today", OPT_TEXT, .value = "DATE",
        .help = "the day to judge exceptions and facts by, such as 2026-11-22; without it, today"),
    OPT(struct lint_options, max_age, "max-age", OPT_COUNT, .value = "DAYS", .standard = "365",
        .help = "a fact that was read longer ago is stale"),
    OPT(struct lint_options, strict, "strict", OPT_FLAG, .help = "warnings fail, too"),
    OPT_END,
};

static bool read_today(const struct lint_options *o, struct date *out, struct err *e)
{
    *out = date_today();
    return !o->today || date_parse(sv_from(o->today), out) ||
           err_set(e, ERR_INPUT, "--today: `%.*s` is not a date like 2026-11-22", SV_ARG(sv_from(o->today)));
}

/* Paths and --policies are the same to us. */
static struct policy_set *load(const struct lint_options *o, const struct opt_values *paths, struct arena *a,
                               struct err *e)
{
    size_t count = o->policies.count + paths->count;
    const char **all = arena_array(a, count + 1, const char *);

    if (!all) {
        err_nomem(e);
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        all[i] = i < o->policies.count ? o->policies.items[i] : paths->items[i - o->policies.count];
    if (count == 0)
        all[count++] = "builtin:baseline";
    return policy_set_load(
        &(struct policy_sources){
            .policies = all, .policy_count = count, .facts = o->facts.items, .fact_count = o->facts.count },
        e);
}

static enum exit_code report(struct lint *l, bool strict)
{
    enum exit_code shown;

    lint_all(l);
    buf_printf(l->out, "policies: %zu, exceptions: %zu, errors: %zu, warnings: %zu\n", l->set->policy_count,
               l->set->exception_count, l->errors, l->warnings);
    shown = cmd_show(l->out);
    if (shown != EXIT_CLEAN)
        return shown;
    return l->errors || (strict && l->warnings) ? EXIT_DENIED : EXIT_CLEAN;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(LINT_MEMORY);
    CLEANUP(policy_set_freep) struct policy_set *set = NULL;
    CLEANUP(buf_fini) struct buf out = BUF_INIT(OUTPUT_MAX);
    struct lint_options o = { 0 };
    struct opt_values paths = { 0 };
    struct lint l = { .arena = &a, .out = &out };
    struct err e = { 0 };

    if (opt_parse(options, argv, &a, &o, &paths, &e) && read_today(&o, &l.today, &e))
        l.set = set = load(&o, &paths, &a, &e);
    if (!set) {
        cmd_complain("%s", e.msg);
        return EXIT_USAGE;
    }
    l.max_age = o.max_age;
    return report(&l, o.strict);
}

static const struct cmd_example examples[] = {
    { "fipsgate policy lint policies/", "looks through the policies of a directory" },
    { "fipsgate policy lint --policies builtin:aws-govcloud --facts site.yaml --strict",
      "fails when the site lacks facts that a shipped set needs" },
    { NULL, NULL },
};

const struct cmd cmd_policy_lint = {
    .name = "lint",
    .arguments = " [PATH...]",
    .summary = "find what is wrong with policies, exceptions and facts that load",
    .about = "Finds what loads and is a mistake all the same: rules that nothing reaches, repairs that contradict each "
             "other, exclusions that go too far, exceptions that ended, facts that are missing or have grown old.",
    .denied = "an error was found, or with --strict a warning",
    .examples = examples,
    .options = options,
    .run = run,
};
