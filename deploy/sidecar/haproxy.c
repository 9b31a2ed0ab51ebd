/* SPDX-License-Identifier: Apache-2.0 */
/*
 * haproxy runs as master and worker. The configuration is a file in memory
 * (memfd) that it inherits, so that no file system needs to be writable; the
 * master reads it again on SIGUSR2.
 */
#include "sidecar/haproxy.h"
#include "base/file.h"
#include "net/fips.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOFT_STOPS = 3, OUTPUT_MAX = 1 << 16, CONFIG_MAX = 1 << 18 };

/* What the signal handlers need. */
static struct {
    volatile pid_t pid;
    volatile sig_atomic_t drain, stop; /* seconds */
    volatile sig_atomic_t stopping;    /* for how many seconds, counted by SIGALRM */
} running;

/* Once a second. A master that has only just begun loses signals: so the first
 * few times it is told to stop, and in the end as often as it takes. */
static void on_alarm(int number UNUSED)
{
    if (running.stopping >= running.stop)
        kill(running.pid, SIGTERM);
    else if (running.stopping < SOFT_STOPS)
        kill(running.pid, SIGUSR1);
    running.stopping++;
    alarm(1);
}

static void on_term(int number)
{
    static volatile sig_atomic_t seen;

    if (seen)
        return;
    seen = 1;
    if (running.drain > 0)
        alarm((unsigned)running.drain);
    else
        on_alarm(number);
}

/* Only to wake nanosleep(). */
static void on_child(int number UNUSED)
{
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler };

    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGALRM);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(number, &action, NULL);
}

/* haproxy gets what OpenSSL needs and nothing else of our environment. */
static _Noreturn void become(const char *const *arguments)
{
    const char *conf = getenv("OPENSSL_CONF"), *modules = getenv("OPENSSL_MODULES");
    char conf_text[512], modules_text[512];
    char *environment[] = { conf_text, modules_text, NULL };

    snprintf(conf_text, sizeof(conf_text), "OPENSSL_CONF=%s", conf ? conf : "");
    snprintf(modules_text, sizeof(modules_text), "OPENSSL_MODULES=%s", modules ? modules : "");
    if (!modules)
        environment[1] = NULL;
    execve(HAPROXY_PROGRAM, (char *const *)(uintptr_t)arguments, environment);
    _exit(127);
}

static bool ask(struct arena *a, struct sv *answer, struct err *e)
{
    static const char *const arguments[] = { HAPROXY_PROGRAM, "-vv", NULL };
    int ends[2], status = 0;
    bool read_all;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(e, ERR_IO, "no pipe: %s", strerror(errno));
    pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        become(arguments);
    }
    close(ends[1]);
    read_all = pid > 0 && file_read_open(ends[0], "haproxy -vv", OUTPUT_MAX, a, answer, e);
    close(ends[0]);
    if (pid < 0)
        return err_set(e, ERR_IO, "no process: %s", strerror(errno));
    waitpid(pid, &status, 0);
    if (!read_all)
        return false;
    return status == 0 || err_set(e, ERR_IO, "`%s -vv` does not run", HAPROXY_PROGRAM);
}

/* What a line "LABEL : value" of `text` says; absent: there is none. */
static struct sv value_of(struct sv text, struct sv label)
{
    while (text.p) {
        struct sv line = sv_cut(&text, '\n');

        if (sv_starts_with(line, label))
            return sv_trim(sv_skip(line, sv_find(line, ':') + 1));
    }
    return (struct sv){ NULL, 0 };
}

static bool has_both_and_no_other(struct sv providers)
{
    unsigned fips = 0, base = 0, others = 0;

    while (providers.p) {
        struct sv word = sv_cut(&providers, ' ');

        if (sv_eq(word, SV("fips")))
            fips++;
        else if (sv_eq(word, SV("base")))
            base++;
        else
            others++;
    }
    return fips == 1 && base == 1 && others == 0;
}

bool haproxy_prove(struct err *e)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct sv answer = { NULL, 0 }, providers, library;

    if (!ask(&a, &answer, e))
        return false;
    providers = value_of(answer, SV("OpenSSL providers loaded"));
    library = value_of(answer, SV("Running on OpenSSL version"));
    if (!has_both_and_no_other(providers))
        return err_set(e, ERR_TLS, "FIPS is required, and haproxy has the providers `%.*s`, not `fips base`",
                       SV_ARG(providers));
    return sv_eq(library, sv_from(fips_openssl())) ||
           err_set(e, ERR_TLS, "FIPS is required, and haproxy runs on `%.*s`, while `%s` was proved", SV_ARG(library),
                   fips_openssl());
}

/* Through a descriptor of its own: its place in the file is not haproxy's. */
static bool write_config(int fd, const struct settings *s, const struct upstreams *all, struct err *e)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(CONFIG_MAX);

    config_write(s, all, &text);
    if (!buf_ok(&text))
        return err_nomem(e);
    return (ftruncate(fd, 0) == 0 && pwrite(fd, text.p, text.len, 0) == (ssize_t)text.len) ||
           err_set(e, ERR_IO, "cannot write the configuration: %s", strerror(errno));
}

static bool start(int config, const struct settings *s, struct err *e)
{
    char path[32];
    const char *const arguments[] = { HAPROXY_PROGRAM, "-W", "-f", path, NULL };
    sigset_t ours, before;
    pid_t pid;

    snprintf(path, sizeof(path), "/dev/fd/%d", config);
    running.drain = (sig_atomic_t)settings_number(s->drain_seconds);
    running.stop = (sig_atomic_t)settings_number(s->stop_seconds);
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigprocmask(SIG_BLOCK, &ours, &before);
    pid = fork();
    if (pid == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        become(arguments);
    }
    running.pid = pid;
    handle(SIGTERM, on_term);
    handle(SIGINT, on_term);
    handle(SIGALRM, on_alarm);
    handle(SIGCHLD, on_child);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid > 0 || err_set(e, ERR_IO, "no process: %s", strerror(errno));
}

/* What tells one state of the certificates from another. Looked at once a
 * second, through the links of the kubelet; no event can be missed. */
struct fingerprint {
    struct {
        dev_t device;
        ino_t inode;
        off_t size;
        struct timespec changed;
    } files[3];
};

static struct fingerprint look(const struct settings *s)
{
    static const char *const names[] = { "tls.crt", "tls.key", "ca.crt" };
    struct fingerprint seen;

    memset(&seen, 0, sizeof(seen)); /* compared with its padding */
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[256];
        struct stat st;

        snprintf(path, sizeof(path), "%.*s/%s", SV_ARG(s->tls_dir), names[i]);
        if (stat(path, &st) != 0)
            continue;
        seen.files[i].device = st.st_dev;
        seen.files[i].inode = st.st_ino;
        seen.files[i].size = st.st_size;
        seen.files[i].changed = st.st_mtim;
    }
    return seen;
}

static bool same(const struct fingerprint *a, const struct fingerprint *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static void read_anew(int config, const struct settings *s, const struct upstreams *all)
{
    struct err why = { 0 };

    if (write_config(config, s, all, &why))
        kill(running.pid, SIGUSR2);
    else
        fprintf(stderr, "fips-proxy: what is in use stays: %s\n", why.msg);
}

/* Files come one after the other: what was the same for a second is whole. */
static void watch(int config, const struct settings *s, struct upstreams *all, int *status)
{
    const struct timespec second = { .tv_sec = 1 };
    struct fingerprint used = look(s), before = used;

    while (waitpid(running.pid, status, WNOHANG) == 0) {
        struct fingerprint now;
        bool again = upstream_take(all);

        nanosleep(&second, NULL);
        now = look(s);
        if (same(&now, &before) && !same(&now, &used)) {
            used = now;
            again = true;
        }
        before = now;
        if (again)
            read_anew(config, s, all);
    }
}

/* Who was told to stop, and stopped, did well: haproxy 2.6.12 sometimes crashes
 * on its way out, when every connection is closed (haproxy issue 2114). */
static int status_of(int raw)
{
    int status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);

    if (running.stopping == 0 || status == 0)
        return status;
    fprintf(stderr, "fips-proxy: haproxy was told to stop, and its status was %d\n", status);
    return 0;
}

bool haproxy_run(const struct settings *s, struct upstreams *all, int *status, struct err *e)
{
    int config = memfd_create("haproxy.cfg", 0), raw = 0;

    if (config < 0)
        return err_set(e, ERR_IO, "no memory for the configuration: %s", strerror(errno));
    if (!upstream_watch(all, e) || !write_config(config, s, all, e) || !start(config, s, e))
        return false;
    watch(config, s, all, &raw);
    *status = status_of(raw);
    return true;
}
