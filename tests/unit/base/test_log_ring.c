/* SPDX-License-Identifier: Apache-2.0 */
/* Lines come out whole, each once, each thread's in its order; what does not fit is refused. */
#include "base/attr.h"
#include "base/log_ring.h"
#include "support/check.h"
#include <pthread.h>
#include <sched.h>

enum { LONGEST = 4095, THREADS = 4, LINES_EACH = 50000 };

static struct log_ring ring;

static int empty_it(void **state)
{
    (void)state;
    memset(&ring, 0, sizeof(ring));
    return 0;
}

static void has_no_line_at_first(void **state)
{
    (void)state;
    assert_int_equal(log_ring_next(&ring), 0);
}

static void refuses_what_does_not_fit(void **state)
{
    char line[LOG_RING_UNIT + 1] = { 'x' }, out[LONGEST];

    (void)state;
    for (size_t i = 0; i < LOG_RING_UNITS / 2; i++)
        assert_true(log_ring_put(&ring, (struct sv){ line, sizeof(line) }, 0));
    assert_false(log_ring_put(&ring, SV("y"), 0));
    assert_int_equal(log_ring_next(&ring), sizeof(line));
    log_ring_take(&ring, out);
    assert_true(log_ring_put(&ring, SV("y"), 0));
    assert_true(log_ring_put(&ring, SV("z"), 0));
    assert_false(log_ring_put(&ring, SV("y"), 0));
}

static void keeps_lines_whole_across_its_end(void **state)
{
    char line[LONGEST], out[LONGEST];

    (void)state;
    for (uint32_t i = 1; i < 3 * LOG_RING_UNITS; i++) {
        size_t n = 1 + i * 37 % LONGEST;

        memset(line, (int)(i % 251), n);
        assert_true(log_ring_put(&ring, (struct sv){ line, n }, i));
        assert_int_equal(log_ring_next(&ring), n);
        assert_int_equal(log_ring_take(&ring, out), i);
        assert_memory_equal(out, line, n);
        assert_int_equal(log_ring_next(&ring), 0);
    }
}

/* A line says of which thread it is and which of its lines, again and again. */
struct stamp {
    uint32_t thread, number;
};

static void *put_lines(void *arg)
{
    struct stamp stamps[64];

    for (uint32_t i = 0; i < LINES_EACH; i++) {
        size_t n = 1 + i % ARRAY_LEN(stamps);

        for (size_t k = 0; k < n; k++)
            stamps[k] = (struct stamp){ *(uint32_t *)arg, i };
        while (!log_ring_put(&ring, (struct sv){ (char *)stamps, n * sizeof(stamps[0]) }, i))
            sched_yield();
    }
    return NULL;
}

static void check_line(uint32_t *seen)
{
    struct stamp stamps[64];
    size_t n = log_ring_next(&ring);
    uint32_t tag;

    assert_true(n % sizeof(stamps[0]) == 0 && n <= sizeof(stamps));
    tag = log_ring_take(&ring, (char *)stamps);
    assert_true(stamps[0].thread < THREADS);
    assert_int_equal(stamps[0].number, seen[stamps[0].thread]++);
    assert_int_equal(tag, stamps[0].number);
    assert_int_equal(n / sizeof(stamps[0]), 1 + tag % ARRAY_LEN(stamps));
    for (size_t k = 1; k < n / sizeof(stamps[0]); k++)
        assert_memory_equal(&stamps[k], &stamps[0], sizeof(stamps[0]));
}

static void loses_and_mixes_nothing_of_many_threads(void **state)
{
    pthread_t threads[THREADS];
    uint32_t names[THREADS], seen[THREADS] = { 0 };

    (void)state;
    for (uint32_t i = 0; i < THREADS; i++) {
        names[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, put_lines, &names[i]), 0);
    }
    for (size_t taken = 0; taken < THREADS * LINES_EACH;) {
        if (log_ring_next(&ring)) {
            check_line(seen);
            taken++;
        } else {
            sched_yield();
        }
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(log_ring_next(&ring), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(has_no_line_at_first, empty_it),
        cmocka_unit_test_setup(refuses_what_does_not_fit, empty_it),
        cmocka_unit_test_setup(keeps_lines_whole_across_its_end, empty_it),
        cmocka_unit_test_setup(loses_and_mixes_nothing_of_many_threads, empty_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
