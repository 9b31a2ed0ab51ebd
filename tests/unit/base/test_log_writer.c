/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines on their way to a standard error that nobody reads, that is full, gone
 * or slow: who logs never notices, no line is ever half a line glued to another
 * one, and what arrived and what was dropped is together what was logged.
 */
#include "base/log.h"
#include "support/check.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COLLECTED_MAX = 16 << 20 };

static int saved_stderr, read_end = -1;
static char collected[COLLECTED_MAX + 1];
static size_t collected_n;
static uint64_t dropped_before;

static int set_up(void **state)
{
    (void)state;
    saved_stderr = dup(STDERR_FILENO);
    dropped_before = log_dropped();
    collected_n = 0;
    log_setup(LOG_JSON, LOG_INFO);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    log_stop(0);
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    if (read_end >= 0)
        close(read_end);
    read_end = -1;
    return 0;
}

static void start(void)
{
    struct err e = { 0 };

    if (!log_start(&e))
        fail_msg("%s", e.msg);
}

static void become_stderr(int fd)
{
    dup2(fd, STDERR_FILENO);
    close(fd);
}

static void stderr_is_a_pipe(void)
{
    int ends[2];

    if (fcntl(STDERR_FILENO, F_GETFD) < 0) /* its number would be given to the pipe */
        dup2(saved_stderr, STDERR_FILENO);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    become_stderr(ends[1]);
    read_end = ends[0];
}

static uint64_t now_ms(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Reads until nothing has come for so long. */
static void collect(int quiet_ms)
{
    struct pollfd fd = { .fd = read_end, .events = POLLIN };
    ssize_t n = 1;

    while (n > 0 && collected_n < COLLECTED_MAX && poll(&fd, 1, quiet_ms) > 0) {
        n = read(read_end, collected + collected_n, COLLECTED_MAX - collected_n);
        collected_n += n > 0 ? (size_t)n : 0;
    }
    collected[collected_n] = '\0';
}

static size_t count_of(const char *part)
{
    size_t n = 0;

    for (const char *p = collected; (p = strstr(p, part)); p += strlen(part))
        n++;
    return n;
}

static size_t told(void)
{
    size_t sum = 0;

    for (const char *p = collected; (p = strstr(p, "were dropped\",\"lines\":")); p++)
        sum += strtoul(p + strlen("were dropped\",\"lines\":"), NULL, 10);
    return sum;
}

/* Every line begins with a brace, has one beginning only, and ends with a brace; `torn` of them do not. */
static void check_lines(size_t torn)
{
    struct sv rest = { collected, collected_n };
    size_t halves = 0;

    while (rest.n) {
        struct sv line = sv_cut(&rest, '\n');

        assert_true(sv_starts_with(line, SV("{\"time\":\"")));
        assert_null(memmem(line.p + 1, line.n - 1, "{\"time\"", 7));
        halves += !sv_ends_with(line, SV("}"));
    }
    assert_int_equal(halves, torn);
}

static uint64_t dropped(void)
{
    return log_dropped() - dropped_before;
}

static void wait_until_dropped(uint64_t n)
{
    for (int i = 0; i < 500 && dropped() < n; i++)
        usleep(10000);
    assert_int_equal(dropped(), n);
}

static void log_times(size_t n)
{
    for (size_t i = 0; i < n; i++)
        log_at(LOG_INFO, "line %zu %100s", i, "x");
}

static void does_not_wait_for_a_reader(void **state)
{
    uint64_t begin;

    (void)state;
    stderr_is_a_pipe();
    start();
    begin = now_ms();
    log_times(20000);
    assert_true(now_ms() - begin < 5000); /* a sanitizer's speed; 10 ms otherwise */
    assert_true(dropped() > 5000);
    collect(500);
    check_lines(0);
    assert_int_equal(told(), dropped());
    assert_int_equal(count_of("\"line "), 20000 - dropped());
    log_at(LOG_INFO, "again");
    collect(300);
    assert_int_equal(count_of("\"again\""), 1);
    assert_int_equal(told(), dropped());
}

static void does_not_wait_for_a_reader_without_its_thread_either(void **state)
{
    (void)state;
    stderr_is_a_pipe();
    log_times(20000);
    assert_true(dropped() > 5000);
    collect(0);
    while (count_of("\"again\"") == 0) {
        log_at(LOG_INFO, "again");
        collect(0);
    }
    check_lines(0);
    assert_int_equal(told(), dropped());
    assert_int_equal(count_of("\"line "), 20000 - told());
}

static void survives_a_full_disk(void **state)
{
    (void)state;
    become_stderr(open("/dev/full", O_WRONLY | O_CLOEXEC));
    start();
    log_times(100);
    wait_until_dropped(100);
    log_times(3);
    wait_until_dropped(103);
    stderr_is_a_pipe();
    collect(1500); /* told without another line, too */
    assert_int_equal(told(), 103);
    log_times(2);
    collect(300);
    check_lines(0);
    assert_int_equal(count_of("\"line "), 2);
    assert_int_equal(told(), 103);
    assert_int_equal(dropped(), 103);
}

/* SIGPIPE is not ignored in this program: the writer's thread takes no signals. */
static void survives_nobody_at_the_other_end(void **state)
{
    (void)state;
    stderr_is_a_pipe();
    close(read_end);
    read_end = -1;
    start();
    log_times(10);
    wait_until_dropped(10);
    stderr_is_a_pipe();
    collect(1500);
    assert_int_equal(told(), 10);
}

static void survives_a_closed_stderr(void **state)
{
    (void)state;
    close(STDERR_FILENO);
    start();
    log_times(10);
    wait_until_dropped(10);
    log_stop(1000);
    stderr_is_a_pipe();
    log_times(1);
    collect(100);
    check_lines(0);
    assert_int_equal(told(), 10);
    assert_int_equal(count_of("\"line "), 1);
}

static void set_file_limit(rlim_t n)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = n;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The disk fills in the middle of a line, and has room again later. */
static void begins_anew_after_half_a_line(void **state)
{
    char name[] = "/tmp/test_log_XXXXXX";
    int fd = mkostemp(name, O_CLOEXEC | O_APPEND);

    (void)state;
    assert_true(fd >= 0);
    read_end = open(name, O_RDONLY | O_CLOEXEC);
    unlink(name);
    become_stderr(fd);
    start();
    set_file_limit(1000);
    log_times(100);
    for (int i = 0; i < 500 && !dropped(); i++)
        usleep(10000);
    wait_until_dropped(dropped());
    usleep(100000);
    set_file_limit(RLIM_INFINITY);
    log_at(LOG_INFO, "after");
    log_stop(1000);
    collect(0);
    check_lines(1);
    assert_int_equal(count_of("\"after\""), 1);
    assert_int_equal(told(), dropped());
    assert_int_equal(count_of("\"line "), 100 - dropped() + 1); /* half of one is there */
}

static void *read_slowly(void *arg)
{
    char piece[997];
    ssize_t n;

    (void)arg;
    while ((n = read(read_end, piece, sizeof(piece))) > 0) {
        memcpy(collected + collected_n, piece, (size_t)n);
        collected_n += (size_t)n;
        usleep(100);
    }
    collected[collected_n] = '\0';
    return NULL;
}

/* A stream socket takes part of a write, and EAGAIN is its word for `later`. */
static void finishes_what_was_taken_in_part(void **state)
{
    int ends[2], small = 4096;
    pthread_t reader;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    become_stderr(ends[1]);
    read_end = ends[0];
    pthread_create(&reader, NULL, read_slowly, NULL);
    start();
    log_times(3000);
    log_stop(20000);
    dup2(saved_stderr, STDERR_FILENO);
    pthread_join(reader, NULL);
    check_lines(0);
    assert_int_equal(dropped(), 0);
    assert_int_equal(count_of("\"line "), 3000);
}

/* Here each write(2) is a message of its own. */
static void writes_several_lines_at_once(void **state)
{
    int ends[2];
    ssize_t n;
    size_t writes = 0;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    become_stderr(ends[1]);
    read_end = ends[0];
    start();
    log_times(100);
    log_stop(5000);
    dup2(saved_stderr, STDERR_FILENO);
    while ((n = read(read_end, collected + collected_n, COLLECTED_MAX - collected_n)) > 0) {
        assert_true(n <= PIPE_BUF);
        collected_n += (size_t)n;
        assert_int_equal(collected[collected_n - 1], '\n');
        writes++;
    }
    collected[collected_n] = '\0';
    check_lines(0);
    assert_int_equal(count_of("\"line "), 100);
    assert_true(writes < 100 / 5);
}

enum { LINES_EACH = 8000 };

static void *log_mine(void *arg)
{
    const struct log_field fields[] = { LOG_N("thread", *(int *)arg), LOG_S("text", SV("0123456789")) };

    for (size_t i = 0; i < LINES_EACH; i++)
        log_line(LOG_INFO, SV("mine"), fields, 2);
    return NULL;
}

static void counts_every_line_of_two_threads(void **state)
{
    pthread_t threads[2];
    int names[2] = { 1, 2 };

    (void)state;
    stderr_is_a_pipe();
    start();
    pthread_create(&threads[0], NULL, log_mine, &names[0]);
    pthread_create(&threads[1], NULL, log_mine, &names[1]);
    collect(500);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    collect(500);
    log_stop(1000);
    collect(0);
    check_lines(0);
    assert_int_equal(told(), dropped());
    assert_int_equal(count_of("\"mine\""), 2 * LINES_EACH - dropped());
}

static void *log_with_nothing_but_futex(void *arg)
{
    struct sock_filter only[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_futex, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = { .len = ARRAY_LEN(only), .filter = only };

    (void)arg;
    log_times(1); /* what is only done once, the zone of the clock say */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) {
        log_times(10000);
        syscall(SYS_exit_group, 0);
    }
    syscall(SYS_exit_group, 2);
    return NULL;
}

/* The pipe is full most of the time. Only of this thread's calls the filter knows. */
static void makes_no_system_call_but_to_wake_the_writer(void **state)
{
    const char *preload = getenv("LD_PRELOAD");
    int status = 0;
    pid_t child;

    (void)state;
    if (preload && strstr(preload, "vgpreload"))
        skip(); /* valgrind makes calls of its own */
    stderr_is_a_pipe();
    child = fork();
    if (child == 0) {
        pthread_t thread;

        start();
        pthread_create(&thread, NULL, log_with_nothing_but_futex, NULL);
        pthread_join(thread, NULL);
        _exit(3);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s %d", WIFEXITED(status) ? "exit" : "signal", WIFEXITED(status) ? WEXITSTATUS(status) : status);
}

static void stops_in_time_though_nobody_reads(void **state)
{
    uint64_t begin;

    (void)state;
    stderr_is_a_pipe();
    start();
    log_times(3000);
    begin = now_ms();
    log_stop(300);
    assert_true(now_ms() - begin >= 300);
    assert_true(now_ms() - begin < 1500);
    do {
        log_at(LOG_INFO, "after");
        collect(0);
    } while (count_of("\"after\"") == 0);
    check_lines(0);
    assert_int_equal(count_of("\"line "), 3000);
}

static void writes_everything_before_it_stops(void **state)
{
    (void)state;
    stderr_is_a_pipe();
    for (int i = 0; i < 10; i++) {
        start();
        log_times(20);
        log_stop(5000);
    }
    collect(0);
    check_lines(0);
    assert_int_equal(count_of("\"line "), 200);
    log_at(LOG_INFO, "after");
    collect(0);
    assert_int_equal(count_of("\"after\""), 1);
}

/* Without being asked: the writer wakes itself when the second is over. */
static void says_the_number_when_the_second_is_over(void **state)
{
    (void)state;
    stderr_is_a_pipe();
    start();
    for (int i = 0; i < 30; i++)
        log_at(LOG_WARN, "refused");
    collect(300);
    assert_int_equal(count_of("\"refused\""), 10);
    collect(1700);
    assert_int_equal(count_of("\"refused\""), 11);
    assert_int_equal(count_of("\"repeated\":20}\n"), 1);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(does_not_wait_for_a_reader),
        TEST(does_not_wait_for_a_reader_without_its_thread_either),
        TEST(survives_a_full_disk),
        TEST(survives_nobody_at_the_other_end),
        TEST(survives_a_closed_stderr),
        TEST(begins_anew_after_half_a_line),
        TEST(finishes_what_was_taken_in_part),
        TEST(writes_several_lines_at_once),
        TEST(counts_every_line_of_two_threads),
        TEST(makes_no_system_call_but_to_wake_the_writer),
        TEST(stops_in_time_though_nobody_reads),
        TEST(writes_everything_before_it_stops),
        TEST(says_the_number_when_the_second_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
