/* SPDX-License-Identifier: Apache-2.0 */
/* What want.json says and what came: every difference is a line, and what is alike says nothing. */
#include "cli/case_compare.h"

#include "support/check.h"
#include "json/doc.h"

struct fixture {
    struct arena arena;
    struct buf problems;
    struct finding findings[2];
    struct judgement judgements[2];
    struct case_answer validate, mutate, none;
};

static int set_up(void **state)
{
    struct fixture *x = calloc(1, sizeof(*x));
    struct err e = { 0 };

    *state = x;
    x->arena = (struct arena)ARENA_INIT(1 << 20);
    x->problems = (struct buf)BUF_IN(&x->arena);
    x->findings[0] = (struct finding){ .path = SV("/spec/containers/0/image"), .found = SV("nginx") };
    x->findings[1] = (struct finding){ .path = SV("/spec") };
    x->judgements[0] = (struct judgement){ .finding = &x->findings[0],
                                           .policy = SV("registry"),
                                           .rule_name = SV("endpoints"),
                                           .result = RESULT_VIOLATION,
                                           .mode = MODE_ENFORCE };
    x->judgements[1] = (struct judgement){ .finding = &x->findings[1], .policy = SV("p"), .result = RESULT_PASS };
    x->validate = (struct case_answer){ .stage = STAGE_VALIDATE,
                                        .bytes = SV("{}"),
                                        .code = SV("400"),
                                        .message = SV("no object"),
                                        .warnings = doc_parse(SV("[\"old image\"]"), &x->arena, &e) };
    x->validate.record.verdict.judgements = x->judgements;
    x->validate.record.verdict.judgement_count = ARRAY_LEN(x->judgements);
    x->mutate = (struct case_answer){ .stage = STAGE_MUTATE,
                                      .bytes = SV("{}"),
                                      .allowed = true,
                                      .patch = doc_parse(SV("[{\"op\":\"remove\",\"path\":\"/a\"}]"), &x->arena, &e) };
    x->none = (struct case_answer){ .stage = STAGE_VALIDATE, .error = SV("not an AdmissionReview") };
    return x->validate.warnings && x->mutate.patch ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *x = *state;

    arena_fini(&x->arena);
    free(x);
    return 0;
}

/* `want` against `got` says `problems`, "" for nothing. */
static void compare(struct fixture *x, const char *want, const struct case_answer *got, const char *problems)
{
    struct err e = { 0 };
    const struct json *value = doc_parse(sv_from(want), &x->arena, &e);

    assert_true(value || !*want);
    x->problems = (struct buf)BUF_IN(&x->arena);
    case_compare_answer(value, got, &x->arena, &x->problems);
    if (*problems)
        assert_sv(buf_sv(&x->problems), problems);
    else
        assert_int_equal(x->problems.len, 0);
}

#define FOUND "{\"policy\":\"registry\",\"rule\":\"endpoints\",\"result\":\"violation\",\"mode\":\"enforce\"}"
#define REMOVE "{\"op\":\"remove\",\"path\":\"/a\"}"

static void says_nothing_when_all_is_alike(void **state)
{
    struct fixture *x = *state;

    compare(x, "{\"allowed\":false,\"findings\":[" FOUND "]}", &x->validate, "");
    compare(x,
            "{\"allowed\":false,\"code\":400,\"message\":\"object\",\"warnings\":[\"image\"],\"findings\":"
            "[{\"path\":\"/spec/containers/0/image\",\"found\":\"nginx\",\"subject\":null}]}",
            &x->validate, "");
    compare(x, "{\"allowed\":true,\"patch\":[" REMOVE "]}", &x->mutate, "");
    compare(x, "{\"error\":\"AdmissionReview\"}", &x->none, "");
}

static void names_every_difference(void **state)
{
    struct fixture *x = *state;
    const struct {
        const char *want;
        const struct case_answer *got;
        const char *says;
    } rows[] = {
        { "", &x->validate, "  want.json does not say\n" },
        { "{\"allowed\":true,\"findings\":[" FOUND "]}", &x->validate, "  wanted allowed: true\n" },
        { "{\"code\":403,\"findings\":[" FOUND "]}", &x->validate, "  wanted code 403, got `400`\n" },
        { "{\"alowed\":false,\"findings\":[" FOUND "]}", &x->validate,
          "  want.json: unknown key `alowed` in `validate`\n" },
        { "{\"message\":\"denied\",\"findings\":[" FOUND "]}", &x->validate,
          "  wanted in the message: denied\n  message: no object\n" },
        { "{\"warnings\":[\"a\",\"b\"],\"findings\":[" FOUND "]}", &x->validate,
          "  wanted 2 warnings, got 1\n  wanted in the warning: b\n  warning: \n" },
        { "{\"findings\":[]}", &x->validate,
          "  not wanted: { \"policy\": \"registry\", \"rule\": \"endpoints\", \"result\": \"violation\", "
          "\"mode\": \"enforce\", \"path\": \"/spec/containers/0/image\", \"found\": \"nginx\" }\n" },
        { "{\"findings\":[" FOUND "," FOUND "]}", &x->validate, "  wanted and missing: " FOUND "\n" },
        { "{\"findings\":[" FOUND ",{}]}", &x->validate, "  wanted and missing: {}\n" },
        { "{\"findings\":[" FOUND ",{\"colour\":\"red\"}]}", &x->validate,
          "  wanted and missing: {\"colour\":\"red\"}\n" },
        { "{\"findings\":[" FOUND ",{\"policy\":null}]}", &x->validate, "  wanted and missing: {\"policy\":null}\n" },
        { "{\"error\":\"x\",\"findings\":[" FOUND "]}", &x->validate,
          "  wanted in the error: x\n  error: \n  wanted an error, got an answer: ``\n" },
        { "{\"allowed\":false}", &x->none, "  no answer: `not an AdmissionReview`\n" },
        { "{\"error\":\"JSON\"}", &x->none, "  wanted in the error: JSON\n  error: not an AdmissionReview\n" },
        { "{\"allowed\":true,\"patch\":null}", &x->mutate, "  wanted patch: null\n  patch: [\n    " REMOVE "\n  ]\n" },
        { "{\"allowed\":true}", &x->mutate, "  wanted patch: null\n  patch: [\n    " REMOVE "\n  ]\n" },
        { "{\"allowed\":true,\"patch\":[" REMOVE "," REMOVE "]}", &x->mutate,
          "  wanted patch: [\n    " REMOVE ",\n    " REMOVE "\n  ]\n  patch: [\n    " REMOVE "\n  ]\n" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sv all =
            arena_printf(&x->arena, "%s differs:\n%s%c", verdict_stage_name(rows[i].got->stage), rows[i].says, '\0');

        compare(x, rows[i].want, rows[i].got, all.p);
    }
}

static void wants_a_patch_where_there_is_none(void **state)
{
    struct fixture *x = *state;

    x->mutate.patch = NULL;
    compare(x, "{\"allowed\":true,\"patch\":null}", &x->mutate, "");
    compare(x, "{\"allowed\":true,\"patch\":[" REMOVE "]}", &x->mutate,
            "mutate differs:\n  wanted patch: [\n    " REMOVE "\n  ]\n  patch: null\n");
}

static void records_what_compares_alike(void **state)
{
    struct fixture *x = *state;
    struct buf out = BUF_IN(&x->arena);
    struct err e = { 0 };
    const struct json *want;

    case_compare_record(&x->validate, &x->mutate, &out);
    want = doc_parse(buf_sv(&out), &x->arena, &e);
    x->problems = (struct buf)BUF_IN(&x->arena);
    case_compare_answer(value_get(want, SV("validate")), &x->validate, &x->arena, &x->problems);
    case_compare_answer(value_get(want, SV("mutate")), &x->mutate, &x->arena, &x->problems);
    assert_int_equal(x->problems.len, 0);
    assert_sv(value_string(value_get(value_get(want, SV("validate")), SV("message"))), "no object");
}

static void records_an_error(void **state)
{
    struct fixture *x = *state;
    struct buf out = BUF_IN(&x->arena);

    case_compare_record(&x->none, &x->none, &out);
    assert_sv(buf_sv(&out), "{\n  \"validate\": {\n    \"error\": \"not an AdmissionReview\"\n  },\n"
                            "  \"validate\": {\n    \"error\": \"not an AdmissionReview\"\n  }\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(says_nothing_when_all_is_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_every_difference, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wants_a_patch_where_there_is_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_what_compares_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_an_error, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
