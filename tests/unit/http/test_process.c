/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of this very process, which knows what they should be. */
#include "http/process.h"

#include "support/check.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { TOUCHED = 64 << 20, DESCRIPTORS = 9 };

static double value_of(const char *name)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 16);
    struct sv text;

    process_print(&out);
    buf_add_char(&out, '\0');
    for (text = buf_sv(&out); text.n;) {
        struct sv line = sv_cut(&text, '\n');

        if (sv_starts_with(line, sv_from(name)) && line.p[strlen(name)] == ' ')
            return strtod(line.p + strlen(name), NULL);
    }
    fail_msg("no %s", name);
    return 0;
}

static void open_descriptors_are_counted(void **state)
{
    double before = value_of("process_open_fds");
    int fds[DESCRIPTORS];
    struct rlimit limit;

    (void)state;
    for (size_t i = 0; i < DESCRIPTORS; i++)
        fds[i] = open("/dev/null", O_RDONLY);
    assert_true(value_of("process_open_fds") == before + DESCRIPTORS);
    for (size_t i = 0; i < DESCRIPTORS; i++)
        close(fds[i]);
    assert_true(value_of("process_open_fds") == before);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_true(value_of("process_max_fds") == (double)limit.rlim_cur);
}

/* ThreadSanitizer keeps several times as much beside what is touched. */
#ifdef __SANITIZE_THREAD__
static const double most = 16.0;
#else
static const double most = 1.5;
#endif

static void memory_that_is_touched_is_resident(void **state)
{
    double before = value_of("process_resident_memory_bytes"), after;
    char *p = mmap(NULL, TOUCHED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_true(p != MAP_FAILED);
    memset(p, 1, TOUCHED);
    after = value_of("process_resident_memory_bytes");
    assert_true(after - before > 0.9 * TOUCHED && after - before < most * TOUCHED);
    assert_true(value_of("process_virtual_memory_bytes") >= after);
    munmap(p, TOUCHED);
}

static void a_name_with_spaces_and_parentheses_does_not_shift_the_fields(void **state)
{
    double before = value_of("process_virtual_memory_bytes");

    (void)state;
    assert_int_equal(prctl(PR_SET_NAME, ") R 1 ) 2", 0, 0, 0), 0);
    assert_true(value_of("process_virtual_memory_bytes") > before / 2);
    assert_true(value_of("process_virtual_memory_bytes") < before * 2);
}

static void time_passes(void **state)
{
    double started = value_of("process_start_time_seconds"), now = (double)time(NULL);
    double used = value_of("process_cpu_seconds_total"), limit = used + 0.05;

    (void)state;
    assert_true(started <= now + 1 && started > now - 600);
    while (value_of("process_cpu_seconds_total") < limit)
        continue;
    assert_true(value_of("process_start_time_seconds") == started);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_descriptors_are_counted),
        cmocka_unit_test(memory_that_is_touched_is_resident),
        cmocka_unit_test(a_name_with_spaces_and_parentheses_does_not_shift_the_fields),
        cmocka_unit_test(time_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
