/* SPDX-License-Identifier: Apache-2.0 */
/* Every part is zero until it is made; check_run() takes down what was put up. */
#include "cli/check_run.h"
#include "cli/check_file.h"
#include "cli/cmd.h"
#include "cli/cmd_version.h"
#include "cli/gather.h"
#include "cli/render.h"
#include "policy/policy.h"
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MEMORY ((size_t)4 << 30) /* of one text, and of the names of all */
enum {
    OBJECT_MEMORY = 48 << 20, /* of one object, as the webhook has it for one review */
    LARGE_BLOCK = 256 << 10,
    GONE_MAX = 10, /* entries of a baseline that are named */
};

struct run {
    const struct check_options *options;
    struct arena arena; /* what lives as long as the run */
    struct policy_set *policies;
    struct basis basis;
    struct inputs inputs;
    struct report_setup setup;
    struct report *report;
    struct baseline known, collects;
    struct progress progress;
    struct check_files files;
};

static void run_fini(struct run *r)
{
    report_free(r->report);
    baseline_fini(&r->known);
    baseline_fini(&r->collects);
    arena_fini(&r->files.text);
    arena_fini(&r->files.object);
    policy_set_free(r->policies);
    input_fini(&r->inputs);
    arena_fini(&r->arena);
}

static bool load_policies(struct run *r, struct err *e)
{
    const struct check_options *o = r->options;
    struct policy_sources sources = {
        .policies = o->policies.items,
        .policy_count = o->policies.count,
        .facts = o->facts.items,
        .fact_count = o->facts.count,
        .max_mode = o->max_mode,
    };
    struct sv *never_deny = arena_array(&r->arena, o->never_deny.count, struct sv);

    if (!never_deny)
        return arena_error(&r->arena, e);
    for (size_t i = 0; i < o->never_deny.count; i++)
        never_deny[i] = sv_from(o->never_deny.items[i]);
    r->basis.never_deny = (struct strings){ never_deny, o->never_deny.count };
    r->basis.today = date_today();
    if (o->today && !date_parse(sv_from(o->today), &r->basis.today))
        return err_set(e, ERR_INPUT, "--today: `%.*s` is not a date like 2026-11-22", SV_ARG(sv_from(o->today)));
    r->basis.policies = r->policies = policy_set_load(&sources, e);
    return r->policies != NULL;
}

static bool find_inputs(struct run *r, const struct opt_values *paths, struct err *e)
{
    const struct check_options *o = r->options;
    struct input text;

    if (!input_find(paths->items, paths->count, &r->arena, &r->inputs, e))
        return false;
    for (size_t i = 0; i < o->helm.count; i++)
        if (!render_helm(o->helm.items[i], o->values.items, o->values.count, &r->arena, &text, e) ||
            !input_add(&r->inputs, &text, &r->arena, e))
            return false;
    for (size_t i = 0; i < o->kustomize.count; i++)
        if (!render_kustomize(o->kustomize.items[i], &r->arena, &text, e) ||
            !input_add(&r->inputs, &text, &r->arena, e))
            return false;
    return true;
}

/* A fix of what is no file would go nowhere. */
static bool check_editable(const struct run *r, struct err *e)
{
    if (r->options->fixes && r->inputs.text_count)
        return err_set(e, ERR_INPUT, "--fix changes files; `%s` is none", r->inputs.texts[0].name);
    return true;
}

static bool open_baselines(struct run *r, struct err *e)
{
    const struct check_options *o = r->options;

    r->files.teller.known = o->baseline ? &r->known : NULL;
    r->files.teller.collects = o->write_baseline ? &r->collects : NULL;
    return !o->baseline || baseline_read(&r->known, o->baseline, e);
}

static bool is_colored(enum check_color color)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    if (color != COLOR_AUTO)
        return color == COLOR_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static enum check_rewriting rewriting(const struct check_options *o)
{
    if (o->mutates)
        return REWRITE_MUTATE;
    if (o->diffs)
        return REWRITE_DIFF;
    return o->fixes ? REWRITE_FIX : REWRITE_NOTHING;
}

static bool open_report(struct run *r, struct err *e)
{
    const struct check_options *o = r->options;

    r->setup = (struct report_setup){
        .policies = r->policies,
        .today = r->basis.today,
        .version = cmd_version_own(),
        .is_colored = is_colored(o->color),
        .shows_skipped = o->shows_skipped,
        .has_text_elsewhere = o->mutates || o->diffs,
        .exits_zero = o->exits_zero,
    };
    r->files.teller.report = r->report = report_new(&r->setup, o->outputs.items, o->outputs.count, e);
    return r->report != NULL;
}

/* An UPDATE is judged as if everything in the file were new: what it was before
 * is in the cluster. */
static void set_question(struct run *r)
{
    const struct check_options *o = r->options;
    struct check_files *f = &r->files;

    f->question.basis = &r->basis;
    f->question.keep_passes = o->shows_passes;
    f->context = (struct manifest_context){
        .operation = o->operation,
        .user = sv_from(o->user),
        .namespace = sv_from(o->namespace),
        .is_all_new = true,
    };
    f->teller.progress = &r->progress;
    f->teller.layers = o->layers;
    f->teller.least = o->least;
    f->teller.summary.is_partial = o->layers.count || o->least > SEVERITY_LOW;
    f->rewrite.what = rewriting(o);
}

static bool is_one_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* The files that are written, one after the other; NULL: no file. */
static const char *written(const struct check_options *o, size_t i)
{
    const char *equals = i < o->outputs.count ? strchr(o->outputs.items[i], '=') : NULL;

    if (i == o->outputs.count)
        return o->write_baseline;
    return equals ? equals + 1 : NULL;
}

/* What is to be read would be empty by then. */
static bool check_unread(const struct check_options *o, const struct opt_values *paths, struct err *e)
{
    const struct opt_values *read[] = { paths, &o->policies, &o->facts, &o->values };

    for (size_t i = 0; i <= o->outputs.count; i++)
        for (size_t k = 0; written(o, i) && k < ARRAY_LEN(read); k++)
            for (size_t n = 0; n < read[k]->count; n++)
                if (is_one_file(written(o, i), read[k]->items[n]))
                    return err_set(e, ERR_INPUT, "`%s` is read, and cannot be written to", read[k]->items[n]);
    return true;
}

/* Once they are there: two reports in one file are none. */
static bool check_apart(const struct check_options *o, struct err *e)
{
    for (size_t i = 0; i <= o->outputs.count; i++)
        for (size_t k = 0; written(o, i) && k < i; k++)
            if (written(o, k) && is_one_file(written(o, i), written(o, k)))
                return err_set(e, ERR_INPUT, "`%s` and `%s` are one file", written(o, k), written(o, i));
    return true;
}

static bool prepare(struct run *r, const struct opt_values *paths, struct err *e)
{
    set_question(r);
    return check_unread(r->options, paths, e) && load_policies(r, e) && find_inputs(r, paths, e) &&
           check_editable(r, e) && open_baselines(r, e) && open_report(r, e) && check_apart(r->options, e);
}

static bool tell_skips(struct run *r, struct err *e)
{
    CLEANUP(input_end) struct input_reader reader = INPUT_READER_INIT;
    struct input_skip skip;

    if (!input_start_skips(&reader, &r->inputs, e))
        return false;
    while (input_next_skip(&reader, &skip, e)) {
        const struct check_text text = { .file = sv_from(skip.name) };

        if (!skip.name)
            return true;
        check_tell_note(&r->files.teller, NOTE_SKIPPED, &text, (struct place){ 0, 0 }, sv_from(skip.why));
    }
    return false;
}

static bool check_each(struct run *r, struct err *e)
{
    CLEANUP(input_end) struct input_reader reader = INPUT_READER_INIT;
    struct input input;

    if (!input_start(&reader, &r->inputs, e))
        return false;
    for (size_t done = 1; input_next(&reader, &input, e); done++) {
        if (!input.name)
            return true;
        if (!check_file(&r->files, &input, e))
            return false;
        progress_step(&r->progress, done, r->files.teller.summary.violations);
    }
    return false;
}

static bool check_all(struct run *r, struct err *e)
{
    struct inventory *inventory = NULL;

    progress_start(&r->progress, r->inputs.names.count);
    if (!r->options->is_isolated && !gather_inventory(&r->inputs, &r->files.text, &r->arena, &inventory, e))
        return false;
    r->files.question.inventory = inventory;
    if (!tell_skips(r, e) || !check_each(r, e))
        return false;
    progress_clear(&r->progress);
    return true;
}

/* What is known of and no longer there should leave the baseline. */
static void tell_gone(const struct run *r)
{
    const struct baseline *b = &r->known;
    size_t count = 0;

    for (size_t i = baseline_next_gone(b, 0); i < b->count; i = baseline_next_gone(b, i + 1), count++)
        if (count < GONE_MAX)
            cmd_complain("%s: no longer found: %.*s/%.*s, %.*s, %.*s", r->options->baseline,
                         SV_ARG(b->entries[i].policy), SV_ARG(b->entries[i].rule), SV_ARG(b->entries[i].object),
                         SV_ARG(b->entries[i].path));
    if (count > GONE_MAX)
        cmd_complain("%s: and %zu more; --write-baseline writes it anew", r->options->baseline, count - GONE_MAX);
}

static bool finish(struct run *r, struct err *e)
{
    if (!report_finish(r->report, &r->files.teller.summary, e))
        return false;
    if (fflush(stdout) != 0 || ferror(stdout))
        return err_set(e, ERR_IO, "stdout cannot be written");
    tell_gone(r);
    return !r->options->write_baseline || baseline_write(&r->collects, r->options->write_baseline, e);
}

static enum exit_code verdict(const struct run *r)
{
    const struct report_summary *s = &r->files.teller.summary;

    if (s->errors)
        return EXIT_USAGE;
    return s->denied && !r->options->exits_zero ? EXIT_DENIED : EXIT_CLEAN;
}

/* What was given is at fault; or the machine. */
static enum exit_code give_up(struct run *r, const struct err *e)
{
    progress_clear(&r->progress);
    cmd_complain("%s", e->msg);
    return e->code == ERR_IO || e->code == ERR_NOMEM ? EXIT_FAILED : EXIT_USAGE;
}

enum exit_code check_run(const struct check_options *o, const struct opt_values *paths)
{
    CLEANUP(run_fini)
    struct run r = {
        .options = o,
        .arena = ARENA_INIT(TEXT_MEMORY),
        .inputs = INPUTS_INIT,
        .known = BASELINE_INIT,
        .collects = BASELINE_INIT,
        .files = { .text = ARENA_INIT(TEXT_MEMORY), .object = ARENA_INIT(OBJECT_MEMORY) },
    };
    struct err e = { .code = ERR_NONE };
    static char line[BUFSIZ];

    (void)setvbuf(stderr, line, _IOLBF, sizeof(line)); /* the report goes there with --diff, a piece at a time */
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);            /* so that what a large text took goes back to the system */
    if (!prepare(&r, paths, &e)) {
        cmd_complain("%s", e.msg);
        return EXIT_USAGE;
    }
    return check_all(&r, &e) && finish(&r, &e) ? verdict(&r) : give_up(&r, &e);
}
