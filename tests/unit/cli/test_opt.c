/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong options are named, with what was meant; right ones land in their field. */
#include "cli/opt.h"

#include "support/check.h"

struct things {
    const char *name;
    struct opt_values paths, spaces, places;
    size_t count, size;
    uint64_t patience;
    enum { ALPHA, BETA } letter;
    bool loud;
};

static const char *const letters[] = { "alpha", "beta", NULL };

static const struct opt options[] = {
    OPT(struct things, name, "name", OPT_TEXT, .value = "NAME", .help = "a name"),
    OPT(struct things, paths, "path", OPT_TEXTS, .value = "PATH", .standard = "here", .help = "some paths"),
    OPT(struct things, spaces, "spaces", OPT_LIST, .value = "A,B", .standard = "a,b", .help = "a list"),
    OPT(struct things, places, "places", OPT_NAMES, .value = "NAME,...", .standard = "kube-system", .help = "places"),
    OPT(struct things, count, "count", OPT_COUNT, .value = "N", .standard = "7", .help = "a count"),
    OPT(struct things, size, "max-size", OPT_SIZE, .value = "SIZE", .standard = "16Mi", .help = "a size"),
    OPT(struct things, patience, "patience", OPT_DURATION, .value = "TIME", .standard = "1s", .help = "a time"),
    OPT(struct things, letter, "letter", OPT_ENUM, .names = letters, .standard = "beta", .help = "a letter"),
    OPT(struct things, loud, "loud", OPT_FLAG, .help = "a flag"),
    OPT_END,
};

static struct things t;
static struct arena arena = ARENA_INIT(1 << 20);
static struct opt_values operands;

/* argv[0] is added. */
static bool parse(const char *const *arguments, bool takes_operands, struct err *e)
{
    char *argv[16] = { (char *)(uintptr_t) "cmd" };

    for (size_t i = 0; arguments[i]; i++)
        argv[i + 1] = (char *)(uintptr_t)arguments[i];
    t = (struct things){ 0 };
    operands = (struct opt_values){ 0 };
    return opt_parse(options, argv, &arena, &t, takes_operands ? &operands : NULL, e);
}

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct {
    const char *arguments[4];
    const char *error;
} wrong[] = {
    { { "--nmae", "x" }, "unknown option `--nmae`, did you mean `--name`?" },
    { { "--max-siz=3" }, "unknown option `--max-siz`, did you mean `--max-size`?" },
    { { "--zzzzzzzzz" }, "unknown option `--zzzzzzzzz`; --help lists them" },
    { { "--"
        "=x" },
      "unknown option" },
    { { "-n", "x" }, "options begin with two dashes" },
    { { "--name" }, "`--name` needs a value: NAME" },
    { { "--count", "x" }, "--count: `x` is not a number" },
    { { "--places", "a,b*" }, "--places: `b*` is not the name of a namespace" },
    { { "--places", "a", "--places=B" }, "--places: `B` is not the name of a namespace" },
    { { "--places", "kube-?" }, "`kube-?` is not the name" },
    { { "--places", "[a]" }, "`[a]` is not the name" },
    { { "--places", "-a" }, "`-a` is not the name" },
    { { "--places", "a-" }, "`a-` is not the name" },
    { { "--places", "a.b" }, "`a.b` is not the name" },
    { { "--places", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }, "is not the name" },
    { { "--places", "a,,b" }, "--places: an empty name in `a,,b`" },
    { { "--places", "a," }, "--places: an empty name in `a,`" },
    { { "--places=,a" }, "--places: an empty name in `,a`" },
    { { "--places= " }, "an empty name" },
    { { "--count", "-1" }, "is not a number" },
    { { "--count=" }, "is not a number" },
    { { "--max-size", "16MB" }, "is not a size, such as" },
    { { "--max-size", "Mi" }, "is not a size" },
    { { "--max-size", "99999999999999999999" }, "is not a size" },
    { { "--max-size", "18014398509481984Ki" }, "is not a size" },
    { { "--patience", "1" }, "is not a duration" },
    { { "--patience", "1d" }, "is not a duration" },
    { { "--letter", "gamma" }, "`gamma` is not alpha|beta" },
    { { "--letter", "" }, "is not alpha|beta" },
    { { "--loud=yes" }, "takes no value" },
    { { "operand" }, "unexpected argument `operand`" },
    { { "--", "--name" }, "unexpected argument `--name`" },
};

static void names_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err e = { 0 };

        if (parse(wrong[i].arguments, false, &e))
            fail_msg("%s is taken", wrong[i].arguments[0]);
        assert_err(e, ERR_INPUT, wrong[i].error);
    }
}

static void has_defaults(void **state)
{
    struct err e = { 0 };

    (void)state;
    assert_true(parse((const char *const[]){ NULL }, false, &e));
    assert_null(t.name);
    assert_int_equal(t.paths.count, 1);
    assert_string_equal(t.paths.items[0], "here");
    assert_int_equal(t.spaces.count, 2);
    assert_int_equal(t.count, 7);
    assert_int_equal(t.size, 16 << 20);
    assert_int_equal(t.patience, 1000);
    assert_int_equal(t.letter, BETA);
    assert_false(t.loud);
}

static void takes_both_forms_and_repeats(void **state)
{
    struct err e = { 0 };

    (void)state;
    assert_true(parse(ARGS("--name=a=b", "--path", "x,y", "--path=z", "--spaces", "k, l,", "--loud", "--patience=500ms",
                           "--max-size", "3Ki", "--letter=alpha"),
                      false, &e));
    assert_string_equal(t.name, "a=b");
    assert_int_equal(t.paths.count, 2);
    assert_string_equal(t.paths.items[0], "x,y");
    assert_string_equal(t.paths.items[1], "z");
    assert_int_equal(t.spaces.count, 2);
    assert_string_equal(t.spaces.items[1], "l");
    assert_true(t.loud);
    assert_int_equal(t.patience, 500);
    assert_int_equal(t.size, 3072);
    assert_int_equal(t.letter, ALPHA);
    assert_true(parse(ARGS("--patience=2h"), false, &e));
    assert_int_equal(t.patience, 7200000);
}

static void takes_names_as_they_are(void **state)
{
    struct err e = { 0 };

    (void)state;
    assert_true(parse(ARGS("--places", "a, b-1", "--places=0"), false, &e));
    assert_int_equal(t.places.count, 3);
    assert_string_equal(t.places.items[1], "b-1");
    assert_true(parse((const char *const[]){ NULL }, false, &e));
    assert_int_equal(t.places.count, 1);
    assert_true(parse(ARGS("--places="), false, &e));
    assert_int_equal(t.places.count, 0);
}

static void takes_operands_where_they_belong(void **state)
{
    struct err e = { 0 };

    (void)state;
    assert_true(parse(ARGS("a", "--count", "2", "-", "--", "--name", "b"), true, &e));
    assert_int_equal(operands.count, 4);
    assert_string_equal(operands.items[0], "a");
    assert_string_equal(operands.items[1], "-");
    assert_string_equal(operands.items[2], "--name");
    assert_int_equal(t.count, 2);
    assert_null(t.name);
}

static void the_environment_comes_between(void **state)
{
    struct err e = { 0 };

    (void)state;
    setenv("FIPSGATE_MAX_SIZE", "1Gi", 1);
    setenv("FIPSGATE_PATH", "p,q", 1);
    setenv("FIPSGATE_COUNT", "", 1);
    assert_true(parse(ARGS("--path", "r"), false, &e));
    assert_int_equal(t.size, 1 << 30);
    assert_int_equal(t.paths.count, 1);
    assert_string_equal(t.paths.items[0], "r");
    assert_int_equal(t.count, 7);
    assert_true(parse(ARGS("--max-size", "1"), false, &e));
    assert_int_equal(t.size, 1);
    assert_int_equal(t.paths.count, 2);
    setenv("FIPSGATE_MAX_SIZE", "big", 1);
    assert_false(parse((const char *const[]){ NULL }, false, &e));
    assert_err(e, ERR_INPUT, "FIPSGATE_MAX_SIZE: `big` is not a size");
    unsetenv("FIPSGATE_MAX_SIZE");
    setenv("FIPSGATE_PLACES", "a,*", 1);
    assert_false(parse((const char *const[]){ NULL }, false, &e));
    assert_err(e, ERR_INPUT, "FIPSGATE_PLACES: `*` is not the name of a namespace");
    unsetenv("FIPSGATE_PLACES");
    unsetenv("FIPSGATE_PATH");
    unsetenv("FIPSGATE_COUNT");
}

static void help_is_asked_for_before_the_operands_only(void **state)
{
    char *yes[] = { (char *)(uintptr_t) "cmd", (char *)(uintptr_t) "--x", (char *)(uintptr_t) "--help", NULL };
    char *no[] = { (char *)(uintptr_t) "cmd", (char *)(uintptr_t) "--", (char *)(uintptr_t) "--help", NULL };

    (void)state;
    assert_true(opt_asks_help(yes));
    assert_false(opt_asks_help(no));
}

static void help_names_every_option_and_default(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 16);

    (void)state;
    opt_print(&out, options);
    buf_add_char(&out, '\0');
    for (size_t i = 0; options[i].name; i++) {
        assert_non_null(strstr(out.p, options[i].name));
        assert_non_null(strstr(out.p, options[i].help));
        if (options[i].standard)
            assert_non_null(strstr(out.p, options[i].standard));
    }
    assert_non_null(strstr(out.p, "--letter alpha|beta"));
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_wrong),
        cmocka_unit_test(has_defaults),
        cmocka_unit_test(takes_both_forms_and_repeats),
        cmocka_unit_test(takes_names_as_they_are),
        cmocka_unit_test(takes_operands_where_they_belong),
        cmocka_unit_test(the_environment_comes_between),
        cmocka_unit_test(help_is_asked_for_before_the_operands_only),
        cmocka_unit_test(help_names_every_option_and_default),
    };

    return cmocka_run_group_tests(tests, NULL, tear_down);
}
