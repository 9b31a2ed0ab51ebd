/* SPDX-License-Identifier: Apache-2.0 */
/* Which outputs may be asked for, whether they were written, what is counted. */
#include "base/attr.h"
#include "report/report.h"
#include "support/check.h"
#include <sys/stat.h>
#include <unistd.h>

static struct policy_set policies = { .name = SV_INIT("test"), .hash = "00" };
static const struct report_setup setup = { .policies = &policies, .today = { 2026, 11, 22 }, .version = "1" };
static const struct report_setup taken = {
    .policies = &policies, .today = { 2026, 11, 22 }, .version = "1", .has_text_elsewhere = true
};

static const struct {
    const struct report_setup *setup;
    const char *outputs[2];
    enum err_code code;
    const char *part;
} refused[] = {
    { &setup, { "jsno" }, ERR_INPUT, "unknown format `jsno`, did you mean `json`?" },
    { &setup, { "" }, ERR_INPUT, "unknown format ``" },
    { &setup, { "=x" }, ERR_INPUT, "unknown format ``" },
    { &setup, { "json=" }, ERR_INPUT, "`json=` names no file" },
    { &setup, { "text", "json" }, ERR_INPUT, "`text` and `json` cannot both go to standard output" },
    { &setup, { "text=-", "text" }, ERR_INPUT, "cannot both go to standard output" },
    { &setup, { "sarif=same", "json=same" }, ERR_INPUT, "cannot both go to `same`" },
    { &setup, { "json=/nonexistent/x" }, ERR_IO, "write `/nonexistent/x`: No such file" },
    { &setup, { "json=/" }, ERR_IO, "write `/`: Is a directory" },
    { &taken, { "json" }, ERR_INPUT, "standard output is taken: give `json` a file" },
};

static void refuses_outputs_that_cannot_be(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct err e = { 0 };

        assert_null(report_new(refused[i].setup, refused[i].outputs, refused[i].outputs[1] ? 2 : 1, &e));
        assert_err(e, refused[i].code, refused[i].part);
    }
    assert_int_equal(access("same", F_OK), -1);
}

static void text_may_go_elsewhere(void **state UNUSED)
{
    static const char *const outputs[] = { "text" };
    struct err e = { 0 };
    struct report *r = report_new(&taken, outputs, 1, &e);

    assert_non_null(r);
    report_free(r);
}

static void names_every_format(void **state UNUSED)
{
    static const char *const want[] = { "text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html" };

    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_string_equal(report_formats[i], want[i]);
    assert_null(report_formats[ARRAY_LEN(want)]);
}

static void writes_every_format_to_its_file(void **state UNUSED)
{
    char dir[] = "/tmp/report.XXXXXX", outputs[8][64], file[64];
    const char *list[8];
    struct report_summary s = { 0 };
    struct err e = { 0 };
    struct report *r;

    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < 8; i++) {
        (void)snprintf(outputs[i], sizeof(outputs[i]), "%s=%s/%zu", report_formats[i], dir, i);
        list[i] = outputs[i];
    }
    r = report_new(&setup, list, 8, &e);
    assert_non_null(r);
    assert_true(report_finish(r, &s, &e));
    report_free(r);
    for (size_t i = 0; i < 8; i++) {
        struct stat info;

        (void)snprintf(file, sizeof(file), "%s/%zu", dir, i);
        assert_int_equal(stat(file, &info), 0);
        assert_true(info.st_size > 2);
        assert_int_equal(unlink(file), 0);
    }
    assert_int_equal(rmdir(dir), 0);
}

static void says_when_a_disk_is_full(void **state UNUSED)
{
    for (size_t i = 0; report_formats[i]; i++) {
        struct err e = { 0 };
        struct report_summary s = { 0 };
        char output[64];
        const char *list[] = { output };
        struct report *r;

        (void)snprintf(output, sizeof(output), "%s=/dev/full", report_formats[i]);
        r = report_new(&setup, list, 1, &e);
        assert_non_null(r);
        assert_false(report_finish(r, &s, &e));
        assert_err(e, ERR_IO, "/dev/full could not be written to the end: No space left");
        report_free(r);
    }
}

static const struct {
    enum result result;
    enum mode mode;
    bool is_known;
    enum report_effect effect;
    struct report_summary want;
} counted[] = {
    { RESULT_VIOLATION,
      MODE_ENFORCE,
      false,
      EFFECT_DENY,
      { .denied = 1, .violations = 1, .by_layer = { [5] = { .denied = 1 } } } },
    { RESULT_VIOLATION,
      MODE_WARN,
      false,
      EFFECT_WARN,
      { .warnings = 1, .violations = 1, .by_layer = { [5] = { .warned = 1 } } } },
    { RESULT_VIOLATION,
      MODE_AUDIT,
      false,
      EFFECT_RECORD,
      { .violations = 1, .by_layer = { [5] = { .recorded = 1 } } } },
    { RESULT_VIOLATION, MODE_ENFORCE, true, EFFECT_NONE, { .known = 1 } },
    { RESULT_UNKNOWN,
      MODE_ENFORCE,
      false,
      EFFECT_DENY,
      { .denied = 1, .unknown = 1, .by_layer = { [5] = { .denied = 1 } } } },
    { RESULT_GRANDFATHERED, MODE_WARN, false, EFFECT_WARN, { .warnings = 1, .by_layer = { [5] = { .warned = 1 } } } },
    { RESULT_WILL_MUTATE, MODE_ENFORCE, false, EFFECT_NONE, { .by_layer = { [5] = { .mended = 1 } } } },
    { RESULT_EXCEPTED, MODE_ENFORCE, false, EFFECT_NONE, { .excepted = 1 } },
    { RESULT_PASS, MODE_ENFORCE, false, EFFECT_NONE, { 0 } },
};

static void counts_findings(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(counted); i++) {
        struct judgement j = { .layer = SV("storage") };
        struct report_finding f = {
            .judgement = &j, .result = counted[i].result, .mode = counted[i].mode, .is_known = counted[i].is_known
        };
        struct report_summary s = { 0 };

        report_count(&s, &f);
        if (report_effect(&f) != counted[i].effect || memcmp(&s, &counted[i].want, sizeof(s)) != 0)
            fail_msg("row %zu", i);
    }
}

static void counts_a_layer_of_somebody_else_in_the_totals_only(void **state UNUSED)
{
    struct judgement j = { .layer = SV("elsewhere") };
    struct report_finding f = { .judgement = &j, .result = RESULT_VIOLATION, .mode = MODE_ENFORCE };
    struct report_summary s = { 0 }, want = { .denied = 1, .violations = 1 };

    report_count(&s, &f);
    assert_memory_equal(&s, &want, sizeof(s));
}

/* Each differs from the first by what stands there. */
static const struct {
    const char *policy, *api_version, *name, *path, *found;
    uint32_t line;
    bool is_same;
} prints[] = {
    { "p", "apps/v1", "n", "/a", "x", 1, true },      { "p", "apps/v1", "n", "/a", "x", 9, true },
    { "p", "apps/v1beta1", "n", "/a", "x", 1, true }, { "q", "apps/v1", "n", "/a", "x", 1, false },
    { "p", "batch/v1", "n", "/a", "x", 1, false },    { "p", "v1", "n", "/a", "x", 1, false },
    { "p", "apps/v1", "m", "/a", "x", 1, false },     { "p", "apps/v1", "n", "/b", "x", 1, false },
    { "p", "apps/v1", "n", "/a", "y", 1, false },     { "p", "apps/v1", "n/", "a", "x", 1, false },
};

static void fingerprints_what_it_is_and_not_where(void **state UNUSED)
{
    char first[DIGEST_HEX + 1] = "";

    for (size_t i = 0; i < ARRAY_LEN(prints); i++) {
        struct finding about = { .found = sv_from(prints[i].found) };
        struct judgement j = { .finding = &about, .policy = sv_from(prints[i].policy), .rule_name = SV("r") };
        struct report_finding f = {
            .judgement = &j,
            .object = { sv_from(prints[i].api_version), SV("Deployment"), SV("ns"), sv_from(prints[i].name) },
            .path = sv_from(prints[i].path),
            .place = { prints[i].line, 1 },
        };

        report_fingerprint(&f);
        assert_int_equal(strlen(f.fingerprint), DIGEST_HEX);
        if (i == 0)
            memcpy(first, f.fingerprint, sizeof(first));
        if ((strcmp(first, f.fingerprint) == 0) != prints[i].is_same)
            fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_outputs_that_cannot_be),
        cmocka_unit_test(text_may_go_elsewhere),
        cmocka_unit_test(names_every_format),
        cmocka_unit_test(writes_every_format_to_its_file),
        cmocka_unit_test(says_when_a_disk_is_full),
        cmocka_unit_test(counts_findings),
        cmocka_unit_test(counts_a_layer_of_somebody_else_in_the_totals_only),
        cmocka_unit_test(fingerprints_what_it_is_and_not_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
