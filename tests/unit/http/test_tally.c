/* SPDX-License-Identifier: Apache-2.0 */
/* What was not learnt is `other`, whatever it is called, and the number of
 * series has an end. */
#include "http/tally.h"

#include "support/check.h"
#include <pthread.h>

enum { THREADS = 4, ROUNDS = 20000 };

static void count(struct tally *t, const char *a, const char *b)
{
    const struct sv values[] = { sv_from(a), sv_from(b) };

    tally_count(t, values);
}

static void learn(struct tally *t, const char *a, const char *b)
{
    const struct sv values[] = { sv_from(a), sv_from(b) };

    tally_learn(t, values);
}

static void counts_what_it_has_learnt_and_the_rest_as_other(void **state)
{
    static struct tally t = TALLY_INIT("x_total", "Help.", 8, "policy", "rule");
    CLEANUP(buf_fini) struct buf out = BUF_INIT(4096);

    (void)state;
    learn(&t, "b", "r");
    learn(&t, "a", "r");
    learn(&t, "b", "r");
    learn(&t, "a\"\\\n", "");
    count(&t, "a", "r");
    count(&t, "a", "r");
    count(&t, "a", "unknown");
    count(&t, "ar", "");
    count(&t, "", "ar");
    tally_print(&t, &out);
    assert_sv(buf_sv(&out), "# HELP x_total Help.\n# TYPE x_total counter\n"
                            "x_total{policy=\"b\",rule=\"r\"} 0\n"
                            "x_total{policy=\"a\",rule=\"r\"} 2\n"
                            "x_total{policy=\"a\\\"\\\\\\n\",rule=\"\"} 0\n"
                            "x_total{policy=\"other\",rule=\"other\"} 3\n");
}

static void an_empty_one_is_a_family_without_samples(void **state)
{
    static struct tally t = TALLY_INIT("x_total", "Help.", 8, "policy");
    CLEANUP(buf_fini) struct buf out = BUF_INIT(4096);

    (void)state;
    tally_print(&t, &out);
    assert_sv(buf_sv(&out), "# HELP x_total Help.\n# TYPE x_total counter\n");
}

static void grows_to_its_maximum_and_not_beyond(void **state)
{
    static struct tally t = TALLY_INIT("x_total", "Help.", TALLY_MAX, "policy");
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 20);
    size_t lines = 0;
    struct sv text;

    (void)state;
    for (size_t i = 0; i < TALLY_MAX + 100; i++) {
        char name[32];
        struct sv value = { name, (size_t)snprintf(name, sizeof(name), "policy-%zu", i) };

        tally_learn(&t, &value);
        tally_count(&t, &value);
    }
    assert_int_equal(t.count, TALLY_MAX);
    assert_int_equal(t.other, 100);
    tally_print(&t, &out);
    for (text = buf_sv(&out); text.n; lines++) {
        struct sv line = sv_cut(&text, '\n');

        if (lines >= 2)
            assert_true(sv_ends_with(line, text.n ? SV("\"} 1") : SV("{policy=\"other\"} 100")));
    }
    assert_int_equal(lines, 2 + TALLY_MAX + 1);
}

static struct tally shared = TALLY_INIT("x_total", "Help.", 64, "policy", "rule");

static void *learn_and_count(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        char name[2] = { (char)('a' + i % 26), '\0' };

        if (i % 7 == 0)
            learn(&shared, name, "r");
        count(&shared, name, "r");
    }
    return NULL;
}

static void nothing_is_lost_while_others_learn(void **state)
{
    CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 16);
    pthread_t threads[THREADS];
    uint64_t sum = 0;
    struct sv text;

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, learn_and_count, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.count, 26);
    tally_print(&shared, &out);
    for (text = buf_sv(&out); text.n;) {
        struct sv line = sv_cut(&text, '\n');

        if (line.p[0] != '#')
            sum += strtoull(line.p + sv_find_last(line, ' '), NULL, 10);
    }
    assert_int_equal(sum, THREADS * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_it_has_learnt_and_the_rest_as_other),
        cmocka_unit_test(an_empty_one_is_a_family_without_samples),
        cmocka_unit_test(grows_to_its_maximum_and_not_beyond),
        cmocka_unit_test(nothing_is_lost_while_others_learn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
