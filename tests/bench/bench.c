/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long reading and judging one review takes, without the network: decode
 * and evaluate, up to where the answer would be written. Also counts what must
 * be zero after warm-up: heap allocations (malloc is replaced by a counting
 * one) and system calls (a child that may make none judges a thousand times).
 *
 *     bench REVIEW POLICIES [FACTS]
 */
#include "admission/review.h"
#include "base/file.h"
#include "policy/evaluate.h"
#include "policy/policy.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REVIEW_MEMORY = 48 << 20, WARM_UP = 500, BATCH = 200, BATCHES = 51, SILENT = 1000 };

/* glibc's own allocator, under ours. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void __libc_free(void *p);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void free(void *p);

static atomic_size_t allocations;

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

void free(void *p)
{
    __libc_free(p);
}

struct bench {
    struct basis basis;
    struct sv body;
    struct arena review;
    size_t findings;
};

static bool judge(struct bench *b, struct err *e)
{
    struct evaluation how = { .stage = STAGE_VALIDATE };
    struct request r = { 0 };
    struct verdict v;

    arena_reset(&b->review);
    if (!review_decode(&r, b->body, &b->review, e) || !evaluate_request(&b->basis, &how, &r, &b->review, &v, e))
        return false;
    b->findings = v.judgement_count;
    return true;
}

static bool judge_times(struct bench *b, size_t times, struct err *e)
{
    for (size_t i = 0; i < times; i++)
        if (!judge(b, e))
            return false;
    return true;
}

/* Of the processor, so that other work on the machine does not count. */
static double now_us(void)
{
    struct timespec t = { 0 };

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

/* The median of the batches: what happens beside us moves the mean, not this. */
static bool measure(struct bench *b, double *us, struct err *e)
{
    double batches[BATCHES];

    for (size_t i = 0; i < BATCHES; i++) {
        double start = now_us();

        if (!judge_times(b, BATCH, e))
            return false;
        batches[i] = (now_us() - start) / BATCH;
    }
    qsort(batches, BATCHES, sizeof(batches[0]), compare);
    *us = batches[BATCHES / 2];
    return true;
}

/* In a child that is killed on any system call but exit. */
static bool makes_no_system_call(struct bench *b)
{
    struct sock_filter only_exit[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = { .len = ARRAY_LEN(only_exit), .filter = only_exit };
    struct err e = { .code = ERR_NONE };
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
            _exit(2);
        syscall(SYS_exit, judge_times(b, SILENT, &e) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool load(struct bench *b, char **args, struct arena *a, struct err *e)
{
    struct policy_sources sources = {
        .policies = (const char *const *)&args[2],
        .policy_count = 1,
        .facts = (const char *const *)&args[3],
        .fact_count = args[3] ? 1 : 0,
    };

    b->basis.today = date_today();
    b->basis.policies = policy_set_load(&sources, e);
    return b->basis.policies && file_read(args[1], 1 << 20, a, &b->body, e);
}

static bool run(struct bench *b, char **args, struct arena *a, struct err *e)
{
    size_t before;
    double us = 0;

    if (!load(b, args, a, e) || !judge_times(b, WARM_UP, e))
        return false;
    before = allocations;
    if (!measure(b, &us, e))
        return false;
    before = allocations - before;
    printf("%zu bytes, %zu rules, %zu findings: %.1f us, %zu heap allocations, system calls: %s\n", b->body.n,
           b->basis.policies->rule_count, b->findings, us, before, makes_no_system_call(b) ? "none" : "SOME");
    return true;
}

int main(int count, char **args)
{
    struct bench b = { .review = ARENA_INIT(REVIEW_MEMORY) };
    struct arena a = ARENA_INIT(REVIEW_MEMORY);
    struct err e = { .code = ERR_NONE };

    if (count < 3 || count > 4) {
        fprintf(stderr, "usage: bench REVIEW POLICIES [FACTS]\n");
        return 2;
    }
    if (run(&b, args, &a, &e))
        return 0;
    fprintf(stderr, "bench: %s\n", e.msg);
    return 1;
}
