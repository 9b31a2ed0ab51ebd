/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "base/buf.h"
#include "cli/render.h"
#include "support/check.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char work[] = "/tmp/fipsgate-test-XXXXXX";

/* Programs of these names, in a directory that alone is on PATH. */
static void put_program(const char *name, const char *script)
{
    FILE *f = fopen(name, "w");

    assert_non_null(f);
    assert_true(fprintf(f, "#!/bin/sh\n%s\n", script) > 0);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(name, 0700), 0);
}

static int enter(void **state UNUSED)
{
    if (!mkdtemp(work) || chdir(work) != 0)
        return -1;
    return setenv("PATH", work, 1);
}

static int clean(void **state UNUSED)
{
    static const char *const programs[] = { "helm", "kustomize", "kubectl" };

    for (size_t i = 0; i < ARRAY_LEN(programs); i++)
        remove(programs[i]);
    return 0;
}

static int leave(void **state UNUSED)
{
    return chdir("/") == 0 ? rmdir(work) : -1;
}

static void says_which_program_is_missing(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct input out = { 0 };
    struct err e = { 0 };

    assert_false(render_helm("charts/web", NULL, 0, &a, &out, &e));
    assert_err(e, ERR_IO, "`helm` is not on PATH, so `charts/web` cannot be rendered");
    assert_false(render_kustomize("overlays/prod", &a, &out, &e));
    assert_err(e, ERR_IO, "neither `kustomize` nor `kubectl` is on PATH, so `overlays/prod` cannot be rendered");
    assert_null(out.name);
}

static void says_how_a_program_failed(void **state UNUSED)
{
    static const struct {
        const char *script, *message;
    } rows[] = {
        { "echo half; exit 3", "`helm template` failed with status 3" },
        { "echo half; kill -9 $$", "`helm template` was ended by signal 9" },
        { "while :; do echo 'more than there is room for'; done",
          "what `helm template` writes: `helm`: needs more than the 1048576 bytes of memory it may take" },
        { "trap '' PIPE TERM; while :; do echo 'more than there is room for'; done 2>/dev/null",
          "what `helm template` writes" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct input out = { 0 };
        struct err e = { 0 };

        put_program("helm", rows[i].script);
        assert_false(render_helm("web", NULL, 0, &a, &out, &e));
        assert_err(e, i < 2 ? ERR_IO : ERR_LIMIT, rows[i].message);
        assert_null(out.name);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    }
}

static void cannot_start_what_is_no_program(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct input out = { 0 };
    struct err e = { 0 };

    put_program("helm", "");
    assert_int_equal(chmod("helm", 0600), 0);
    assert_false(render_helm("web", NULL, 0, &a, &out, &e));
    assert_err(e, ERR_IO, "start `helm`: Permission denied");
}

/* Each word in brackets; no shell takes them apart, no option is made of them. */
#define SHOW_WORDS "for word; do printf '[%s]' \"$word\"; done"

static void gives_helm_chart_and_values(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const char *const values[] = { "a.yaml", "b; exit 1" };
    struct input out = { .path = "x", .is_editable = true };
    struct err e = { 0 };

    put_program("helm", SHOW_WORDS);
    assert_true(render_helm("--post-renderer=$(evil)", values, 2, &a, &out, &e));
    assert_sv(out.text, "[template][--values=a.yaml][--values=b; exit 1][--][--post-renderer=$(evil)]");
    assert_string_equal(out.name, "helm:--post-renderer=$(evil)");
    assert_null(out.path);
    assert_false(out.is_editable);
}

static void prefers_kustomize_to_kubectl(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct input out = { 0 };
    struct err e = { 0 };

    put_program("kubectl", "printf kubectl; " SHOW_WORDS);
    assert_true(render_kustomize("over lay", &a, &out, &e));
    assert_sv(out.text, "kubectl[kustomize][--][over lay]");
    assert_string_equal(out.name, "kustomize:over lay");
    put_program("kustomize", "printf kustomize; " SHOW_WORDS);
    assert_true(render_kustomize("over lay", &a, &out, &e));
    assert_sv(out.text, "kustomize[build][--][over lay]");
    put_program("kustomize", "exit 1");
    assert_false(render_kustomize("over lay", &a, &out, &e));
    assert_err(e, ERR_IO, "`kustomize build` failed with status 1");
}

/* Ours may have been set to ignore SIGPIPE, and our input may be a manifest. */
static void shares_neither_input_nor_signals(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct input out = { 0 };
    struct err e = { 0 };

    signal(SIGPIPE, SIG_IGN);
    put_program("helm", "kill -PIPE $$; echo alive");
    assert_false(render_helm("web", NULL, 0, &a, &out, &e));
    assert_err(e, ERR_IO, "was ended by signal 13");
    put_program("helm", "read line && echo \"read: $line\" || echo nothing");
    assert_true(render_helm("web", NULL, 0, &a, &out, &e));
    assert_sv(out.text, "nothing\n");
    signal(SIGPIPE, SIG_DFL);
}

static void takes_an_empty_text(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct input out = { 0 };
    struct err e = { 0 };
    struct sv text;

    put_program("helm", "exit 0");
    assert_true(render_helm("web", NULL, 0, &a, &out, &e));
    assert_true(input_read(&out, &a, &text, &e));
    assert_sv(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(says_which_program_is_missing, clean),
        cmocka_unit_test_teardown(says_how_a_program_failed, clean),
        cmocka_unit_test_teardown(cannot_start_what_is_no_program, clean),
        cmocka_unit_test_teardown(gives_helm_chart_and_values, clean),
        cmocka_unit_test_teardown(prefers_kustomize_to_kubectl, clean),
        cmocka_unit_test_teardown(shares_neither_input_nor_signals, clean),
        cmocka_unit_test_teardown(takes_an_empty_text, clean),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
