/* SPDX-License-Identifier: Apache-2.0 */
/* What is no review, what is half of one, and whom it can still be answered to. */
#include "admission/review.h"

#include "base/attr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define START "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u-1\""
#define KIND ",\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"}"
#define CREATE ",\"operation\":\"CREATE\""
#define POD ",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}"

static const struct {
    const char *what, *body;
    bool has_uid;
    enum err_code code;
    const char *message; /* part of it */
} bad[] = {
    { "nothing", "", false, ERR_SYNTAX, "" },
    { "not JSON", "hello", false, ERR_SYNTAX, "" },
    { "cut off", START KIND, false, ERR_SYNTAX, "" },
    { "a list", "[]", false, ERR_INPUT, "wanted an AdmissionReview" },
    { "another kind", "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}", false, ERR_INPUT,
      "`Pod`, wanted an AdmissionReview" },
    { "v1beta1", "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1beta1\",\"request\":{}}", false,
      ERR_INPUT, "admissionReviewVersions" },
    { "no request", "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}", false, ERR_INPUT,
      "`request` is absent" },
    { "no uid", "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{}}", false,
      ERR_INPUT, "request.uid" },
    { "uid that is a number",
      "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":1}}", false, ERR_INPUT,
      "request.uid" },
    { "uid with a quote",
      "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"a\\\"b\"}}", false,
      ERR_INPUT, "not a UID" },
    { "no operation", START KIND POD "}}", true, ERR_INPUT, "`request.operation` is absent" },
    { "unknown operation", START KIND ",\"operation\":\"PATCH\"" POD "}}", true, ERR_INPUT, "`PATCH`" },
    { "no kind", START CREATE POD "}}", true, ERR_INPUT, "`request.kind` is absent" },
    { "kind that is a string", START ",\"kind\":\"Pod\"" CREATE "}}", true, ERR_INPUT, "`request.kind` is a string" },
    { "kind without a version", START ",\"kind\":{\"kind\":\"Pod\"}" CREATE POD "}}", true, ERR_INPUT,
      "`request.kind.version` is absent" },
    { "kind without a name", START ",\"kind\":{\"version\":\"v1\",\"kind\":\"\"}" CREATE POD "}}", true, ERR_INPUT,
      "`request.kind.kind` is empty" },
    { "resource that is a string", START KIND CREATE POD ",\"resource\":\"pods\"}}", true, ERR_INPUT,
      "`request.resource` is a string" },
    { "object that is a list", START KIND CREATE ",\"object\":[]}}", true, ERR_INPUT, "`request.object` is an array" },
    { "oldObject that is a number", START KIND CREATE POD ",\"oldObject\":1}}", true, ERR_INPUT,
      "`request.oldObject` is a number" },
    { "namespace that is a number", START KIND CREATE POD ",\"namespace\":7}}", true, ERR_INPUT,
      "`request.namespace` is a number" },
    { "dryRun that is a string", START KIND CREATE POD ",\"dryRun\":\"yes\"}}", true, ERR_INPUT, "`request.dryRun`" },
    { "user that is a string", START KIND CREATE POD ",\"userInfo\":\"me\"}}", true, ERR_INPUT, "`request.userInfo`" },
    { "an object of another kind", START KIND CREATE ",\"object\":{\"kind\":\"Scale\",\"apiVersion\":\"v1\"}}}", true,
      ERR_INPUT, "`request.kind` says Pod" },
    { "an object of another group", START KIND CREATE ",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"x.io/v1\"}}}",
      true, ERR_INPUT, "x.io/v1" },
    { "a key twice", START KIND CREATE CREATE POD "}}", true, ERR_INPUT, "operation" },
    { "a key twice, uid not first", "{\"a\":1,\"a\":2}", false, ERR_INPUT, "" },
};

static void refuses_what_is_not_a_whole_review(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct err e = { .code = ERR_NONE };
        struct request r;

        if (review_decode(&r, sv_from(bad[i].body), &a, &e))
            fail_msg("%s: accepted", bad[i].what);
        if (e.code != bad[i].code || !strstr(e.msg, bad[i].message))
            fail_msg("%s: code %d, %s", bad[i].what, (int)e.code, e.msg);
        if ((r.uid.p != NULL) != bad[i].has_uid)
            fail_msg("%s: uid", bad[i].what);
    }
}

static void reads_a_whole_review(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct err e = { .code = ERR_NONE };
    struct request r;

    assert_true(review_decode(&r,
                              SV(START KIND
                                 ",\"resource\":{\"group\":\"\",\"version\":\"v1\",\"resource\":\"pods\"}"
                                 ",\"subResource\":\"ephemeralcontainers\",\"name\":\"a\",\"namespace\":\"b\""
                                 ",\"operation\":\"UPDATE\",\"userInfo\":{\"username\":\"me\",\"groups\":[\"g\"]}" POD
                                 ",\"oldObject\":null,\"dryRun\":true,\"unknown\":{\"x\":1}}}"),
                              &a, &e));
    assert_true(sv_eq(r.uid, SV("u-1")));
    assert_true(sv_eq(r.gvk.kind, SV("Pod")));
    assert_null(r.gvk.group.p);
    assert_true(sv_eq(r.resource, SV("pods")));
    assert_true(sv_eq(r.subresource, SV("ephemeralcontainers")));
    assert_true(sv_eq(r.name, SV("a")));
    assert_true(sv_eq(r.namespace, SV("b")));
    assert_int_equal(r.operation, OP_UPDATE);
    assert_true(sv_eq(r.user, SV("me")));
    assert_int_equal(value_size(r.groups), 1);
    assert_non_null(r.object);
    assert_null(r.old_object);
    assert_true(r.dry_run);
}

static void reads_the_uid_only_where_the_api_server_writes_it(void **state UNUSED)
{
    static const struct {
        const char *prefix, *uid;
    } rows[] = {
        { START ",", "u-1" },
        { START, "u-1" },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"cut", NULL },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"\"", NULL },
        { "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"a b\"", NULL },
        { " " START, NULL },
        { "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u-1\"", NULL },
        { "", NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct sv uid = review_uid_of_prefix(sv_from(rows[i].prefix));

        if ((uid.p != NULL) != (rows[i].uid != NULL) || !sv_eq(uid, sv_from(rows[i].uid)))
            fail_msg("%s", rows[i].prefix);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_not_a_whole_review),
        cmocka_unit_test(reads_a_whole_review),
        cmocka_unit_test(reads_the_uid_only_where_the_api_server_writes_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
