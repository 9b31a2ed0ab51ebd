/* SPDX-License-Identifier: Apache-2.0 */
/* A child process finds itself wrong; this one watches. */
#include "base/attr.h"
#include "base/bug.h"
#include "support/check.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(int condition, char *text, size_t size)
{
    int ends[2], status;
    ssize_t n;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        BUG_IF(condition == 1);
        _exit(0);
    }
    close(ends[1]);
    n = read(ends[0], text, size - 1);
    text[n > 0 ? n : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void aborts_with_one_line(void **state UNUSED)
{
    char text[200];
    int status = run(1, text, sizeof(text));

    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_non_null(strstr(text, "test_bug.c:"));
    assert_non_null(strstr(text, "condition == 1\n"));
}

static void passes_by_when_all_is_well(void **state UNUSED)
{
    char text[200];
    int status = run(0, text, sizeof(text));

    assert_true(WIFEXITED(status));
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aborts_with_one_line),
        cmocka_unit_test(passes_by_when_all_is_well),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
