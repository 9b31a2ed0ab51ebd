/* SPDX-License-Identifier: Apache-2.0 */
/* What is written is read again; what is no baseline says where it is wrong. */
#include "base/file.h"
#include "cli/baseline.h"
#include "support/check.h"
#include <unistd.h>

#define PRINT_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PRINT_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define PRINT_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

struct fixture {
    struct baseline baseline;
    char path[32];
    struct err err;
};

static void make_file(struct fixture *f)
{
    int fd = mkstemp(f->path);

    assert_true(fd >= 0);
    close(fd);
}

static void forget(struct fixture *f)
{
    baseline_fini(&f->baseline);
    unlink(f->path);
}

#define FIXTURE                                                                                                        \
    CLEANUP(forget) struct fixture f = { .baseline = BASELINE_INIT, .path = "/tmp/baseline-XXXXXX" };                  \
    make_file(&f)

static void write_text(const struct fixture *f, const char *text)
{
    FILE *file = fopen(f->path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool read_again(struct fixture *f)
{
    baseline_fini(&f->baseline);
    f->baseline = (struct baseline)BASELINE_INIT;
    return baseline_read(&f->baseline, f->path, &f->err);
}

static void refuses_what_is_no_baseline(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "", "not a baseline" },
        { "[]", ":1:1: a mapping is wanted here" },
        { "{", ":1:" },
        { "{\"schemaVersion\":\"1\"}", ":1:1: `findings` is missing" },
        { "{\"schemaVersion\":\"2\",\"findings\":[]}", ":1:1: a baseline of schemaVersion `2`" },
        { "{\"schemaVersion\":\"1\",\"findings\":[{}]}", ":1:34: `fingerprint` is missing" },
        { "{\"schemaVersion\":\"1\",\"findings\":[],\n\"more\":1}", ":2:1: unknown key `more`" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FIXTURE;

        write_text(&f, rows[i][0]);
        if (baseline_read(&f.baseline, f.path, &f.err))
            fail_msg("%s", rows[i][0]);
        if (!strstr(f.err.msg, rows[i][1]))
            fail_msg("%s: %s", rows[i][0], f.err.msg);
    }
}

static void says_that_there_is_no_file(void **state UNUSED)
{
    FIXTURE;

    assert_false(baseline_read(&f.baseline, "/tmp/baseline-nowhere", &f.err));
    assert_err(f.err, ERR_IO, "/tmp/baseline-nowhere");
    assert_false(baseline_write(&f.baseline, "/tmp/baseline-nowhere/x", &f.err));
    assert_err(f.err, ERR_IO, "/tmp/baseline-nowhere/x");
}

static void add(struct fixture *f, const char *fingerprint, const char *path)
{
    const struct judgement judgement = { .policy = SV_INIT("registry"), .rule_name = SV_INIT("endpoints") };
    struct report_finding finding = {
        .judgement = &judgement,
        .object = { SV_INIT("v1"), SV_INIT("Pod"), SV_INIT("payments"), SV_INIT("web") },
        .path = sv_from(path),
    };

    memcpy(finding.fingerprint, fingerprint, sizeof(finding.fingerprint));
    assert_true(baseline_add(&f->baseline, &finding, &f->err));
}

static void writes_each_finding_once_in_one_order(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct sv text;
    FIXTURE;

    add(&f, PRINT_C, "/c \"quoted\"");
    add(&f, PRINT_A, "/a");
    add(&f, PRINT_C, "/c \"quoted\"");
    assert_true(baseline_write(&f.baseline, f.path, &f.err));
    assert_true(file_read(f.path, 1 << 20, &a, &text, &f.err));
    assert_sv(text, "{\"schemaVersion\":\"1\",\"findings\":[\n"
                    " {\"fingerprint\":\"" PRINT_A "\",\"policy\":\"registry\",\"rule\":\"endpoints\","
                    "\"object\":\"Pod payments/web\",\"path\":\"/a\"},\n"
                    " {\"fingerprint\":\"" PRINT_C "\",\"policy\":\"registry\",\"rule\":\"endpoints\","
                    "\"object\":\"Pod payments/web\",\"path\":\"/c \\\"quoted\\\"\"}\n]}\n");
}

static void knows_what_it_wrote_and_what_is_gone(void **state UNUSED)
{
    FIXTURE;

    for (size_t i = 0; i < 100; i++)
        add(&f, i % 2 ? PRINT_A : PRINT_C, "/x");
    assert_true(baseline_write(&f.baseline, f.path, &f.err));
    assert_true(read_again(&f));
    assert_int_equal(f.baseline.count, 2);
    assert_false(baseline_take(&f.baseline, PRINT_B));
    assert_int_equal(baseline_next_gone(&f.baseline, 0), 0);
    assert_true(baseline_take(&f.baseline, PRINT_A));
    assert_true(baseline_take(&f.baseline, PRINT_A));
    assert_int_equal(baseline_next_gone(&f.baseline, 0), 1);
    assert_sv(f.baseline.entries[1].object, "Pod payments/web");
    assert_true(baseline_take(&f.baseline, PRINT_C));
    assert_int_equal(baseline_next_gone(&f.baseline, 0), 2);
}

static void may_be_empty(void **state UNUSED)
{
    FIXTURE;

    assert_false(baseline_take(&f.baseline, PRINT_A));
    assert_true(baseline_write(&f.baseline, f.path, &f.err));
    assert_true(read_again(&f));
    assert_int_equal(f.baseline.count, 0);
    assert_false(baseline_take(&f.baseline, PRINT_A));
    assert_int_equal(baseline_next_gone(&f.baseline, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_baseline),
        cmocka_unit_test(says_that_there_is_no_file),
        cmocka_unit_test(writes_each_finding_once_in_one_order),
        cmocka_unit_test(knows_what_it_wrote_and_what_is_gone),
        cmocka_unit_test(may_be_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
