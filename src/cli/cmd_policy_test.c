/* SPDX-License-Identifier: Apache-2.0 */
/* Runs case directories one after the other, and says what came of them in one
 * of two formats: a table of functions each. */
#include "base/text.h"
#include "cli/case_find.h"
#include "cli/case_run.h"
#include "cli/cmd_policy.h"

enum { CASES_MEMORY = 64 << 20, LINE_MAX_BYTES = 4096 };

struct test_options {
    enum { OUTPUT_TEXT, OUTPUT_JUNIT } output;
    bool record;
};

static const char *const outputs[] = { "text", "junit", NULL };

static const struct opt options[] = {
    OPT(struct test_options, output, "output", OPT_ENUM, .names = outputs, .standard = "text",
        .help = "a line for each case, or JUnit XML"),
    OPT(struct test_options, record, "record", OPT_FLAG,
        .help = "write want.json as the engine answers now; read it before you keep it"),
    OPT_END,
};

struct tally {
    size_t passed, failed, unreadable;
};

struct writer {
    void (*begin)(size_t count);
    void (*one)(const char *dir, enum case_result result, struct sv problems);
    void (*end)(const struct tally *t);
};

static void begin_text(size_t count UNUSED)
{
}

static void one_text(const char *dir, enum case_result result, struct sv problems)
{
    printf("%-4s %s\n", result == CASE_PASSED ? "ok" : "FAIL", dir);
    fwrite(problems.p, 1, problems.n, stdout);
}

static void end_text(const struct tally *t)
{
    printf("%zu passed, %zu failed\n", t->passed, t->failed + t->unreadable);
}

/* Printable text, line by line, with what XML gives a meaning escaped. */
static void print_xml(struct sv text)
{
    CLEANUP(buf_fini) struct buf clean = BUF_INIT(1 << 20);

    while (text.n) {
        text_add_printable(&clean, sv_cut(&text, '\n'), LINE_MAX_BYTES);
        buf_add(&clean, text.n ? SV("\n") : SV(""));
    }
    for (size_t i = 0; i < clean.len; i++) {
        static const char specials[] = "&<>\"";
        static const char *const names[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
        const char *at = strchr(specials, clean.p[i]);

        if (at)
            fputs(names[at - specials], stdout);
        else
            putchar(clean.p[i]);
    }
}

static void begin_junit(size_t count)
{
    printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"fipsgate policy test\" tests=\"%zu\">\n",
           count);
}

/* The directory above is the class, as JUnit readers show it. */
static void one_junit(const char *dir, enum case_result result, struct sv problems)
{
    struct sv path = sv_from(dir);
    size_t slash = sv_find_last(path, '/');
    struct sv name = slash < path.n ? sv_skip(path, slash + 1) : path;

    fputs("  <testcase classname=\"", stdout);
    print_xml(slash < path.n ? (struct sv){ path.p, slash } : SV("."));
    fputs("\" name=\"", stdout);
    print_xml(name);
    if (result == CASE_PASSED) {
        puts("\"/>");
        return;
    }
    puts("\">");
    fputs(result == CASE_FAILED ? "    <failure message=\"differs\">" : "    <error message=\"unreadable\">", stdout);
    print_xml(problems);
    puts(result == CASE_FAILED ? "</failure>" : "</error>");
    puts("  </testcase>");
}

/* stdout is XML and nothing else. */
static void end_junit(const struct tally *t)
{
    puts("</testsuite>");
    fprintf(stderr, "%zu passed, %zu failed\n", t->passed, t->failed + t->unreadable);
}

static const struct writer writers[] = {
    [OUTPUT_TEXT] = { begin_text, one_text, end_text },
    [OUTPUT_JUNIT] = { begin_junit, one_junit, end_junit },
};

static struct tally run_all(const struct file_names *cases, const struct test_options *o)
{
    const struct writer *w = &writers[o->output];
    struct tally t = { 0 };

    w->begin(cases->count);
    for (size_t i = 0; i < cases->count; i++) {
        CLEANUP(buf_fini) struct buf problems = BUF_INIT(16 << 20);
        enum case_result result = case_run(cases->items[i], o->record, &problems);

        w->one(cases->items[i], result, buf_sv(&problems));
        t.passed += result == CASE_PASSED;
        t.failed += result == CASE_FAILED;
        t.unreadable += result == CASE_UNREADABLE;
    }
    w->end(&t);
    return t;
}

static enum exit_code finish(const struct tally *t)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return EXIT_FAILED;
    if (t->unreadable)
        return EXIT_USAGE;
    return t->failed ? EXIT_DENIED : EXIT_CLEAN;
}

static bool find_all(const struct opt_values *paths, struct arena *a, struct file_names *out, struct err *e)
{
    if (paths->count == 0)
        return err_set(e, ERR_INPUT, "policy test: no path given; name directories of cases");
    for (size_t i = 0; i < paths->count; i++) {
        size_t before = out->count;

        if (!case_find(paths->items[i], a, out, e))
            return false;
        if (out->count == before)
            return err_set(e, ERR_INPUT, "no case below `%s`: a case is a directory with a file `today`",
                           paths->items[i]);
    }
    return true;
}

static enum exit_code run(char *const argv[])
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(CASES_MEMORY);
    struct test_options o = { 0 };
    struct opt_values paths = { 0 };
    struct file_names cases = { NULL, 0 };
    struct err e = { 0 };
    struct tally t;

    if (!opt_parse(options, argv, &a, &o, &paths, &e) || !find_all(&paths, &a, &cases, &e)) {
        cmd_complain("%s", e.msg);
        return EXIT_USAGE;
    }
    t = run_all(&cases, &o);
    return finish(&t);
}

static const struct cmd_example examples[] = {
    { "fipsgate policy test cases/", "runs every case below cases/" },
    { "fipsgate policy test --record cases/new", "writes what the engine says now, for you to read" },
    { NULL, NULL },
};

const struct cmd cmd_policy_test = {
    .name = "test",
    .arguments = " PATH...",
    .summary = "run the case directories below each path",
    .about = "A case is a directory: a review or a manifest, the day it is judged on, policies, and what must come of "
             "it in want.json.",
    .denied = "a case does not come out as it wants",
    .examples = examples,
    .options = options,
    .run = run,
};
