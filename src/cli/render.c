/* SPDX-License-Identifier: Apache-2.0 */
/* Starts a program by the words it gets, reads what it writes, and waits for its end. */
#include "cli/render.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* It reads nothing, writes to `out`, and can be ended by a pipe that nobody
 * reads, even if that does not end us. Returns errno, as posix_spawnp() does. */
static int spawn(const char *const *words, int out, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t ends;
    int fault;

    if (posix_spawn_file_actions_init(&files) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return ENOMEM;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGPIPE);
    fault = posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (fault == 0)
        fault = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    if (fault == 0)
        fault = posix_spawnattr_setsigdefault(&attributes, &ends);
    if (fault == 0)
        fault = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    if (fault == 0)
        fault = posix_spawnp(pid, words[0], &files, &attributes, (char *const *)(uintptr_t)words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return fault;
}

static bool wait_for(pid_t pid, const char *const *words, struct err *e)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return err_set(e, ERR_IO, "wait for `%s`: %s", words[0], strerror(errno));
    if (WIFSIGNALED(status))
        return err_set(e, ERR_IO, "`%s %s` was ended by signal %d", words[0], words[1], WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return err_set(e, ERR_IO, "`%s %s` failed with status %d", words[0], words[1], WEXITSTATUS(status));
    return true;
}

/* Until the program closes its end. When that cannot be, it is ended. */
static bool collect(pid_t pid, int from, const char *const *words, struct arena *a, struct sv *text, struct err *e)
{
    struct err ended;

    if (file_read_open(from, words[0], INPUT_MAX_BYTES, a, text, e))
        return wait_for(pid, words, e);
    kill(pid, SIGKILL);
    wait_for(pid, words, &ended);
    return err_wrap(e, "what `%s %s` writes", words[0], words[1]);
}

enum run_result { RUN_FAILED, RUN_DONE, RUN_ABSENT };

/* RUN_ABSENT: there is no such program on PATH; `e` is untouched. */
static enum run_result run(const char *const *words, struct arena *a, struct sv *text, struct err *e)
{
    CLEANUP(close_fd) int from = -1;
    int ends[2], fault;
    pid_t pid = 0;

    if (pipe2(ends, O_CLOEXEC) < 0) {
        err_set(e, ERR_IO, "make a pipe: %s", strerror(errno));
        return RUN_FAILED;
    }
    from = ends[0];
    fault = spawn(words, ends[1], &pid);
    close(ends[1]);
    if (fault == ENOENT)
        return RUN_ABSENT;
    if (fault != 0) {
        err_set(e, ERR_IO, "start `%s`: %s", words[0], strerror(fault));
        return RUN_FAILED;
    }
    return collect(pid, from, words, a, text, e) ? RUN_DONE : RUN_FAILED;
}

static bool name_it(const char *kind, const char *what, struct sv text, struct arena *a, struct input *out,
                    struct err *e)
{
    struct sv name = arena_printf(a, "%s:%s", kind, what);

    if (!name.p)
        return arena_error(a, e);
    *out = (struct input){ .name = name.p, .text = text };
    return true;
}

bool render_helm(const char *chart, const char *const *values, size_t value_count, struct arena *a, struct input *out,
                 struct err *e)
{
    /* helm template --values=FILE ... -- CHART, and the NULL at the end */
    const char **words = arena_array(a, value_count + 5, const char *);
    enum run_result result;
    struct sv text;
    size_t n = 0;

    if (!words)
        return arena_error(a, e);
    words[n++] = "helm";
    words[n++] = "template";
    for (size_t i = 0; i < value_count; i++) {
        words[n++] = arena_printf(a, "--values=%s", values[i]).p;
        if (!words[n - 1])
            return arena_error(a, e);
    }
    words[n++] = "--";
    words[n++] = chart;
    result = run(words, a, &text, e);
    if (result == RUN_ABSENT)
        return err_set(e, ERR_IO, "`helm` is not on PATH, so `%s` cannot be rendered", chart);
    return result == RUN_DONE && name_it("helm", chart, text, a, out, e);
}

bool render_kustomize(const char *dir, struct arena *a, struct input *out, struct err *e)
{
    const char *const programs[][5] = { { "kustomize", "build", "--", dir, NULL },
                                        { "kubectl", "kustomize", "--", dir, NULL } };
    enum run_result result = RUN_ABSENT;
    struct sv text;

    for (size_t i = 0; i < ARRAY_LEN(programs) && result == RUN_ABSENT; i++)
        result = run(programs[i], a, &text, e);
    if (result == RUN_ABSENT)
        return err_set(e, ERR_IO, "neither `kustomize` nor `kubectl` is on PATH, so `%s` cannot be rendered", dir);
    return result == RUN_DONE && name_it("kustomize", dir, text, a, out, e);
}
