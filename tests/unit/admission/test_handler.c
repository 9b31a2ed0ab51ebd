/* SPDX-License-Identifier: Apache-2.0 */
/* What cannot be evaluated is denied under its uid, whatever ran out. */
#include "admission/handler.h"

#include "policy/policy.h"
#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PREFIX "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u-1\""

#define OF_A_POD ",\"operation\":\"CREATE\",\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"},\"object\":{}"

static struct policy_set set = { .name = SV_INIT("builtin:test"),
                                 .max_mode = MODE_ENFORCE,
                                 .hash = "0123456789abcdef" };

/* A review that takes more memory than `max`, answered into the memory that ran out. */
static void a_review_too_large_for_its_arena_is_denied(void **state UNUSED)
{
    static const size_t sizes[] = { 4 << 10, 64 << 10, 200 << 10, 1 << 20 };

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        CLEANUP(arena_fini) struct arena text = ARENA_INIT(16 << 20);
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(sizes[i]);
        const struct basis basis = { .policies = &set, .today = { 2026, 11, 22 } };
        struct buf body = BUF_IN(&text), out = BUF_IN(&a);
        struct admission_record record = { 0 };
        struct err e = { .code = ERR_NONE };
        const struct json *answer;

        buf_add(&body, SV(PREFIX ",\"padding\":["));
        for (size_t k = 0; k < sizes[i]; k++)
            buf_add(&body, SV("1,"));
        buf_add(&body, SV("1]}}"));
        assert_true(buf_ok(&body));
        if (!admission_handle(&basis, STAGE_VALIDATE, buf_sv(&body), &a, &out, &record, &e))
            fail_msg("arena of %zu: no answer: %s", sizes[i], e.msg);
        assert_int_equal(record.answer, ANSWER_DENIED);
        assert_int_equal(record.code, 413);
        answer = doc_parse(buf_sv(&out), &text, &e);
        assert_non_null(answer);
        assert_true(sv_eq(value_string(pointer_get(answer, SV("/response/uid"))), SV("u-1")));
        assert_true(value_is(pointer_get(answer, SV("/response/allowed")), VALUE_BOOL));
        assert_false(value_is_true(pointer_get(answer, SV("/response/allowed"))));
    }
}

static void without_a_uid_there_is_no_answer(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct basis basis = { .policies = &set, .today = { 2026, 11, 22 } };
    struct buf out = BUF_IN(&a);
    struct admission_record record = { 0 };
    struct err e = { .code = ERR_NONE };

    assert_false(admission_handle(&basis, STAGE_VALIDATE, SV("{"), &a, &out, &record, &e));
    assert_int_equal(record.answer, ANSWER_ERROR);
    assert_int_equal(e.code, ERR_SYNTAX);
}

static uint64_t ticks;

static uint64_t tick(void)
{
    return ticks += 5;
}

/* The three parts and no more are timed, and only for who brings a clock. */
static void says_how_long_its_parts_took(void **state UNUSED)
{
    static const struct {
        const char *body;
        uint64_t (*clock)(void);
        struct admission_times took;
    } rows[] = {
        { PREFIX "}}", tick, { 5, 0, 0 } },
        { PREFIX OF_A_POD "}}", tick, { 5, 5, 5 } },
        { PREFIX OF_A_POD "}}", NULL, { 0, 0, 0 } },
        { "{", tick, { 5, 0, 0 } },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct basis basis = { .policies = &set, .today = { 2026, 11, 22 } };
        struct buf out = BUF_IN(&a);
        struct admission_record record = { .clock = rows[i].clock };
        struct err e = { .code = ERR_NONE };

        if (!admission_handle(&basis, STAGE_VALIDATE, sv_from(rows[i].body), &a, &out, &record, &e))
            assert_int_equal(record.answer, ANSWER_ERROR);
        assert_int_equal(record.took.decode, rows[i].took.decode);
        assert_int_equal(record.took.evaluate, rows[i].took.evaluate);
        assert_int_equal(record.took.respond, rows[i].took.respond);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_how_long_its_parts_took),
        cmocka_unit_test(a_review_too_large_for_its_arena_is_denied),
        cmocka_unit_test(without_a_uid_there_is_no_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
