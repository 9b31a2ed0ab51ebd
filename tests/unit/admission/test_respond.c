/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds of an answer, and that nothing of an object can break out of it. */
#include "admission/respond.h"

#include "policy/policy.h"
#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct rule rule = { .id = "image-endpoints", .layer = "container-registry" };
static struct policy_set set = { .name = SV_INIT("builtin:test"),
                                 .max_mode = MODE_ENFORCE,
                                 .hash = "0123456789abcdef" };

struct answer {
    struct arena arena;
    struct buf bytes;
    const struct json *response;
};

static void answer_fini(struct answer *w)
{
    buf_fini(&w->bytes);
    arena_fini(&w->arena);
}

/* `count` findings of one mode, every one with `text` in all its places. */
static void judge(struct verdict *v, enum mode mode, size_t count, struct sv text, struct arena *a)
{
    struct judgement *list = arena_array(a, count, struct judgement);
    struct finding *f = arena_new(a, struct finding);

    assert_non_null(list);
    assert_non_null(f);
    *f = (struct finding){ .kind = FINDING_VIOLATION,
                           .path = text,
                           .subject = text,
                           .found = text,
                           .message = text,
                           .wanted = text,
                           .fix = text };
    for (size_t i = 0; i < count; i++)
        list[i] = (struct judgement){ .finding = f,
                                      .policy = SV("registry"),
                                      .rule_name = SV("fips"),
                                      .rule = &rule,
                                      .layer = SV("container-registry"),
                                      .controls = SV("SC-13"),
                                      .result = RESULT_VIOLATION,
                                      .mode = mode };
    *v = (struct verdict){ .allowed = mode != MODE_ENFORCE, .judgements = list, .judgement_count = count };
    v->denied = mode == MODE_ENFORCE ? count : 0;
    v->warned = mode == MODE_WARN ? count : 0;
    v->recorded = mode == MODE_AUDIT ? count : 0;
}

static void encode(struct answer *w, const struct verdict *v)
{
    const struct basis basis = { .policies = &set, .today = { 2026, 11, 22 } };
    const struct request r = { .uid = SV("u-1"), .gvk = { .kind = SV("Pod") } };
    struct err e = { .code = ERR_NONE };
    const struct json *root = NULL;

    w->bytes = (struct buf)BUF_INIT(1 << 20);
    assert_true(respond_encode(&basis, &r, v, &w->arena, &w->bytes, &e));
    root = doc_parse(buf_sv(&w->bytes), &w->arena, &e);
    if (!root)
        fail_msg("%s", e.msg);
    assert_true(sv_eq(value_string(value_get(root, SV("kind"))), SV("AdmissionReview")));
    assert_true(sv_eq(value_string(value_get(root, SV("apiVersion"))), SV("admission.k8s.io/v1")));
    w->response = value_get(root, SV("response"));
    assert_true(sv_eq(value_string(value_get(w->response, SV("uid"))), SV("u-1")));
}

static struct sv member(const struct answer *w, const char *pointer)
{
    return value_string(pointer_get(w->response, sv_from(pointer)));
}

static bool contains(struct sv text, const char *part)
{
    return text.p && memmem(text.p, text.n, part, strlen(part));
}

static void tells_a_person_what_to_do(void **state UNUSED)
{
    CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(8 << 20) };
    struct verdict v;
    struct sv message;

    judge(&v, MODE_ENFORCE, 1, SV("the text"), &w.arena);
    encode(&w, &v);
    message = member(&w, "/status/message");
    assert_false(value_is_true(value_get(w.response, SV("allowed"))));
    assert_true(sv_eq(value_number(pointer_get(w.response, SV("/status/code"))), SV("403")));
    assert_true(sv_eq(member(&w, "/status/reason"), SV("Forbidden")));
    for (size_t i = 0; i < 7; i++) {
        static const char *const parts[] = { "1 FIPS violation", "registry/fips",   "[container-registry]",
                                             "at: the text",     "found: the text", "wanted: the text",
                                             "controls: SC-13" };

        if (!contains(message, parts[i]))
            fail_msg("no `%s` in %.*s", parts[i], (int)message.n, message.p);
    }
    assert_null(value_get(w.response, SV("patch")));
    assert_null(value_get(w.response, SV("patchType")));
    assert_true(sv_eq(member(&w, "/auditAnnotations/policy-set"), SV("builtin:test@0123456789ab")));
}

/* Whoever reads the audit log sees that it would have been refused otherwise. */
static void a_lowered_mode_leaves_a_trace(void **state UNUSED)
{
    CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(8 << 20) };
    struct verdict v;

    judge(&v, MODE_WARN, 1, SV("the text"), &w.arena);
    set.max_mode = MODE_WARN;
    encode(&w, &v);
    set.max_mode = MODE_ENFORCE;
    assert_true(sv_eq(member(&w, "/auditAnnotations/policy-set"), SV("builtin:test@0123456789ab, at most warn")));
}

static void every_use_of_an_exception_leaves_a_trace(void **state UNUSED)
{
    CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(8 << 20) };
    struct exception x = { .name = SV("legacy"), .owner = SV("platform@example.gov"), .expires = { 2027, 1, 31 } };
    struct judgement excepted;
    struct verdict v;

    judge(&v, MODE_OFF, 1, SV("/spec/containers/0/image"), &w.arena);
    excepted = v.judgements[0];
    excepted.result = RESULT_EXCEPTED;
    excepted.exception = &x;
    v.judgements = &excepted;
    encode(&w, &v);
    assert_true(value_is_true(value_get(w.response, SV("allowed"))));
    assert_true(sv_eq(member(&w, "/auditAnnotations/exceptions"),
                      SV("legacy registry/fips /spec/containers/0/image until 2027-01-31")));
    assert_null(pointer_get(w.response, SV("/auditAnnotations/findings")));
    assert_null(value_get(w.response, SV("warnings")));
}

static void says_which_exception_does_not_count_today(void **state UNUSED)
{
    static const struct {
        struct date expires;
        const char *part;
    } rows[] = {
        { { 2026, 11, 21 }, "exception: `legacy` of a@b.gov does not count any more: its last day was 2026-11-21" },
        { { 2028, 1, 1 }, "does not count yet: its last day, 2028-01-01, is more than 366 days away" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(8 << 20) };
        struct exception x = { .name = SV("legacy"), .owner = SV("a@b.gov"), .expires = rows[i].expires };
        struct judgement denied;
        struct verdict v;

        judge(&v, MODE_ENFORCE, 1, SV("the text"), &w.arena);
        denied = v.judgements[0];
        denied.exception = &x;
        v.judgements = &denied;
        encode(&w, &v);
        if (!contains(member(&w, "/status/message"), rows[i].part))
            fail_msg("no `%s` in %.*s", rows[i].part, SV_ARG(member(&w, "/status/message")));
        assert_null(pointer_get(w.response, SV("/auditAnnotations/exceptions")));
    }
}

static void keeps_every_bound(void **state UNUSED)
{
    static const enum mode modes[] = { MODE_ENFORCE, MODE_WARN, MODE_AUDIT };

    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(32 << 20) };
        struct sv flood = { arena_zalloc(&w.arena, 70000, 1), 70000 };
        struct verdict v;

        judge(&v, modes[i], 500, flood, &w.arena);
        encode(&w, &v);
        assert_true(member(&w, "/status/message").n <= 4096);
        assert_true(modes[i] != MODE_ENFORCE || contains(member(&w, "/status/message"), "\nand 4"));
        assert_true(value_size(value_get(w.response, SV("warnings"))) == (modes[i] == MODE_WARN ? 10 : 0));
        for (struct value_iter it = value_iter(value_get(w.response, SV("warnings"))); value_next(&it);)
            assert_true(value_string(it.value).n <= 120);
        assert_true(member(&w, "/auditAnnotations/findings").n <= 1024);
        assert_true(contains(member(&w, "/auditAnnotations/findings"), "; and 4"));
    }
}

static void lets_nothing_of_the_object_break_out(void **state UNUSED)
{
    static const char nasty[] = "a\"b\\c\r\n\x1b[31m\x00\xff\xc3\xe2\x80\xae<script>";
    CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(8 << 20) };
    struct verdict v;
    struct sv message;

    judge(&v, MODE_ENFORCE, 1, SV(nasty), &w.arena);
    encode(&w, &v);
    message = member(&w, "/status/message");
    assert_false(contains(message, "\x1b"));
    assert_false(contains(message, "\r"));
    assert_false(contains(message, "\xe2\x80\xae"));
    assert_true(contains(message, "a\"b"));
}

static void patches_only_what_it_allows(void **state UNUSED)
{
    CLEANUP(answer_fini) struct answer yes = { .arena = ARENA_INIT(8 << 20) };
    CLEANUP(answer_fini) struct answer no = { .arena = ARENA_INIT(8 << 20) };
    struct verdict v = { .allowed = true, .patch = SV("[{\"op\":\"add\"}]") };

    encode(&yes, &v);
    assert_true(value_is_true(value_get(yes.response, SV("allowed"))));
    assert_true(sv_eq(member(&yes, "/patch"), SV("W3sib3AiOiJhZGQifV0=")));
    assert_true(sv_eq(member(&yes, "/patchType"), SV("JSONPatch")));

    v.allowed = false;
    v.conflict = SV("policies `a` and `b` repair `/x` differently");
    encode(&no, &v);
    assert_false(value_is_true(value_get(no.response, SV("allowed"))));
    assert_null(value_get(no.response, SV("patch")));
    assert_null(value_get(no.response, SV("patchType")));
    assert_true(contains(member(&no, "/status/message"), "`a` and `b`"));
}

static void denies_when_nobody_filled_in_the_verdict(void **state UNUSED)
{
    CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(8 << 20) };
    const struct verdict zero = { .allowed = false };

    encode(&w, &zero);
    assert_false(value_is_true(value_get(w.response, SV("allowed"))));
}

static void refuses_under_the_uid(void **state UNUSED)
{
    static const struct {
        int code;
        const char *reason;
    } rows[] = { { 400, "BadRequest" }, { 413, "RequestEntityTooLarge" }, { 500, "InternalError" } };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(answer_fini) struct answer w = { .arena = ARENA_INIT(1 << 20), .bytes = BUF_INIT(1 << 16) };
        struct err e = { .code = ERR_NONE };

        assert_true(respond_refuse(SV("u-9"), rows[i].code, SV("why"), &w.bytes, &e));
        w.response = value_get(doc_parse(buf_sv(&w.bytes), &w.arena, &e), SV("response"));
        assert_true(sv_eq(member(&w, "/uid"), SV("u-9")));
        assert_false(value_is_true(value_get(w.response, SV("allowed"))));
        assert_true(sv_eq(member(&w, "/status/reason"), sv_from(rows[i].reason)));
        assert_true(sv_eq(member(&w, "/status/message"), SV("why")));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_a_person_what_to_do),
        cmocka_unit_test(a_lowered_mode_leaves_a_trace),
        cmocka_unit_test(every_use_of_an_exception_leaves_a_trace),
        cmocka_unit_test(says_which_exception_does_not_count_today),
        cmocka_unit_test(keeps_every_bound),
        cmocka_unit_test(lets_nothing_of_the_object_break_out),
        cmocka_unit_test(patches_only_what_it_allows),
        cmocka_unit_test(denies_when_nobody_filled_in_the_verdict),
        cmocka_unit_test(refuses_under_the_uid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
