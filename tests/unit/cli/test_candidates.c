/* SPDX-License-Identifier: Apache-2.0 */
/* What completion offers is told from the words that help shows. */
#include "cli/candidates.h"
#include "support/check.h"

static const char *const names[] = { "json", "sarif", NULL };

static const struct {
    struct opt option;
    const char *words;
} options[] = {
    /* nothing to offer */
    { { .type = OPT_FLAG, .value = "PATH" }, "+" },
    { { .type = OPT_TEXT, .value = NULL }, "+" },
    { { .type = OPT_TEXT, .value = "" }, "+" },
    { { .type = OPT_TEXT, .value = "DATE" }, "+" },
    { { .type = OPT_TEXT, .value = "FILENAME" }, "+" },
    { { .type = OPT_TEXT, .value = "HOST:PORT" }, "+" },
    { { .type = OPT_LIST, .value = "NAME,..." }, ", +" },
    /* files, directories, words */
    { { .type = OPT_TEXT, .value = "FILE" }, "@file" },
    { { .type = OPT_TEXTS, .value = "PATH" }, "@file" },
    { { .type = OPT_TEXT, .value = "DIR" }, "@dir" },
    { { .type = OPT_TEXTS, .value = "CHART" }, "@dir" },
    { { .type = OPT_TEXT, .value = "DIR|FILE" }, "@file" },
    { { .type = OPT_ENUM, .names = names }, "json sarif" },
    { { .type = OPT_LIST, .value = "LAYER,...", .names = names }, ", json sarif" },
    { { .type = OPT_TEXTS, .value = "FORMAT[=FILE]", .names = names }, "=file json sarif" },
    { { .type = OPT_TEXTS, .value = "PATH|builtin:NAME" },
      "@file builtin:aws-govcloud builtin:azure-government builtin:baseline builtin:gcp-assured-workloads "
      "builtin:on-prem" },
};

static struct sv print(const struct candidates *c, struct arena *a)
{
    struct buf out = BUF_IN(a);

    candidates_print(&out, c);
    assert_true(buf_ok(&out));
    return buf_sv(&out);
}

static void reads_values_of_options(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(options); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct candidates c;

        assert_true(candidates_of_option(&options[i].option, &a, &c));
        assert_sv(print(&c, &a), options[i].words);
    }
}

static const struct {
    const char *arguments, *words;
} operands[] = {
    { "", "+" },
    { " [NUMBER...]", "+" },
    { " -", "+" },
    { " PATH|-...", "@file" },
    { " [PATH...]", "@file" },
    { " bash|fish|zsh", "bash fish zsh" },
    { " [FipsPolicy|FipsException]", "FipsPolicy FipsException" },
};

static void reads_operands(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(operands); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct cmd c = { .name = "x", .arguments = operands[i].arguments };
        struct candidates found;

        assert_true(candidates_of_operands(&c, &a, &found));
        assert_sv(print(&found, &a), operands[i].words);
    }
}

static void a_menu_takes_its_commands_and_nothing_else(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct candidates c;

    assert_true(candidates_of_operands(&cmd_program, &a, &c));
    assert_sv(print(&c, &a), "+");
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    const struct opt o = { .type = OPT_ENUM, .names = names };
    struct arena none = { 0 };
    struct candidates c;

    assert_false(candidates_of_option(&o, &none, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_values_of_options),
        cmocka_unit_test(reads_operands),
        cmocka_unit_test(a_menu_takes_its_commands_and_nothing_else),
        cmocka_unit_test(says_when_the_arena_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
