/* SPDX-License-Identifier: Apache-2.0 */
/* The options of the dry run, and which of them go together. */
#include "base/text.h"
#include "cli/check_run.h"
#include "cli/cmd.h"
#include "report/report.h"

static const char *const operations[] = {
    [OP_CREATE] = "CREATE", [OP_UPDATE] = "UPDATE", [OP_DELETE] = "DELETE", NULL
};
static const char *const severities[] = {
    [SEVERITY_LOW] = "low", [SEVERITY_MEDIUM] = "medium", [SEVERITY_HIGH] = "high", NULL
};
static const char *const colors[] = { [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never", NULL };

#define CHECK(member, name, type, ...) OPT(struct check_options, member, name, type, __VA_ARGS__)

static const struct opt options[] = {
    CHECK(policies, "policies", OPT_TEXTS, .value = "PATH|builtin:NAME", .standard = "builtin:baseline",
          .help = "policies: files, directories, shipped sets"),
    CHECK(facts, "facts", OPT_TEXTS, .value = "PATH", .help = "facts of this site, or newer ones than those shipped"),
    CHECK(today, "today", OPT_TEXT, .value = "DATE", .help = "the day that is judged by, as 2026-11-22 [today, UTC]"),
    CHECK(namespace, "namespace", OPT_TEXT, .value = "NAME", .standard = "default",
          .help = "where objects go that name no namespace"),
    CHECK(operation, "operation", OPT_ENUM, .names = operations, .standard = "CREATE",
          .help = "what is done with the objects; an UPDATE counts as changing everything"),
    CHECK(user, "user", OPT_TEXT, .value = "NAME", .standard = "kubernetes-admin", .help = "who does it"),
    CHECK(never_deny, "never-deny-namespaces", OPT_NAMES, .value = "NAME,...",
          .standard = "kube-system,kube-node-lease",
          .help = "where enforce becomes warn and nothing is changed; as given to serve"),
    CHECK(max_mode, "max-mode", OPT_ENUM, .names = policy_max_modes, .standard = "enforce",
          .help = "lower every policy of a harder mode to this one; as given to serve"),
    CHECK(helm, "helm", OPT_TEXTS, .value = "CHART", .help = "judge what `helm template CHART` prints"),
    CHECK(values, "values", OPT_TEXTS, .value = "FILE", .help = "values for the charts of --helm"),
    CHECK(kustomize, "kustomize", OPT_TEXTS, .value = "DIR", .help = "judge what `kustomize build DIR` prints"),
    CHECK(outputs, "output", OPT_TEXTS, .value = "FORMAT[=FILE]", .names = report_formats,
          .help = "what to write, to a file or else to stdout; text without this option"),
    CHECK(mutates, "mutate", OPT_FLAG, .help = "print the objects as /mutate leaves them"),
    CHECK(diffs, "diff", OPT_FLAG, .help = "print the repairs as a difference that `patch -p1` applies"),
    CHECK(fixes, "fix", OPT_FLAG, .help = "write the repairs into the files"),
    CHECK(baseline, "baseline", OPT_TEXT, .value = "FILE",
          .help = "findings that are known: shown, but they fail nothing"),
    CHECK(write_baseline, "write-baseline", OPT_TEXT, .value = "FILE",
          .help = "write the findings of this run as known; they fail nothing then"),
    CHECK(layers, "only-layer", OPT_LIST, .value = "LAYER,...", .names = report_layers,
          .help = "only findings of these layers show and count"),
    CHECK(least, "min-severity", OPT_ENUM, .names = severities, .standard = "low",
          .help = "only findings of at least this severity show and count"),
    CHECK(shows_skipped, "show-skipped", OPT_FLAG, .help = "name the files and documents that were skipped, and why"),
    CHECK(shows_passes, "show-passes", OPT_FLAG, .help = "show what passed too"),
    CHECK(is_isolated, "isolated", OPT_FLAG,
          .help = "judge each object alone, as the webhook does, without the classes found among the inputs"),
    CHECK(exits_zero, "exit-zero", OPT_FLAG, .help = "exit with 0 also when the webhook would deny something"),
    CHECK(color, "color", OPT_ENUM, .names = colors, .standard = "auto", .help = "whether text has colours"),
    CHECK(prints_schema, "output-schema", OPT_FLAG,
          .help = "print the JSON Schema of --output json, and do nothing else"),
    OPT_END,
};

static bool check_layer(const char *name, struct err *e)
{
    struct sv names[REPORT_LAYERS], near;

    for (size_t i = 0; i < REPORT_LAYERS; i++) {
        names[i] = sv_from(report_layers[i]);
        if (sv_eq(names[i], sv_from(name)))
            return true;
    }
    near = text_nearest(sv_from(name), names, REPORT_LAYERS);
    if (near.p)
        return err_set(e, ERR_INPUT, "--only-layer: no layer is called `%.*s`, did you mean `%.*s`?",
                       SV_ARG(sv_from(name)), SV_ARG(near));
    return err_set(e, ERR_INPUT, "--only-layer: no layer is called `%.*s`; `fipsgate help check` lists them",
                   SV_ARG(sv_from(name)));
}

static bool check_options(const struct check_options *o, const struct opt_values *paths, struct err *e)
{
    for (size_t i = 0; i < o->layers.count; i++)
        if (!check_layer(o->layers.items[i], e))
            return false;
    if (o->mutates + o->diffs + o->fixes > 1)
        return err_set(e, ERR_INPUT, "--mutate, --diff and --fix exclude one another");
    if (o->values.count && !o->helm.count)
        return err_set(e, ERR_INPUT, "--values are for the chart of --helm, and none is given");
    if (!paths->count && !o->helm.count && !o->kustomize.count)
        return err_set(e, ERR_INPUT, "check: no path given; name files or directories, or - for standard input");
    return true;
}

static enum exit_code print_schema(void)
{
    struct sv schema = report_schema();

    return fwrite(schema.p, 1, schema.n, stdout) == schema.n && fflush(stdout) == 0 ? EXIT_CLEAN : EXIT_FAILED;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 20);
    struct check_options o = { .operation = OP_CREATE };
    struct opt_values paths = { NULL, 0 };
    struct err e = { .code = ERR_NONE };
    bool ok = opt_parse(options, argv, &a, &o, &paths, &e);

    if (ok && o.prints_schema)
        return print_schema();
    if (ok && check_options(&o, &paths, &e))
        return check_run(&o, &paths);
    cmd_complain("%s", e.msg);
    return EXIT_USAGE;
}

static const struct cmd_example examples[] = {
    { "fipsgate check deploy/", "judges all manifests below deploy/ as the webhook would" },
    { "helm template charts/web | fipsgate check -", "judges what a chart makes" },
    { "fipsgate check --diff deploy/ | patch -p1", "repairs what can be repaired" },
    { "fipsgate check --output sarif=check.sarif --output text deploy/", "writes a report for a code host as well" },
    { NULL, NULL },
};

const struct cmd cmd_check = {
    .name = "check",
    .arguments = " PATH|-...",
    .summary = "judge manifests as the webhook would, with file, line and column",
    .about =
        "Reads YAML and JSON manifests, lists and streams of them, and asks the engine of the webhook about each "
        "object: "
        "what /mutate would repair, and what /validate would then say. Directories are read recursively, but for what "
        "a .fipsgateignore in them names.",
    .denied = "the webhook would deny something",
    .examples = examples,
    .options = options,
    .run = run,
};
