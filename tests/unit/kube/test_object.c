/* SPDX-License-Identifier: Apache-2.0 */
/* Metadata, and which updates nothing in could be judged. */
#include "kube/object.h"

#include "base/arena.h"
#include "base/attr.h"
#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct json *parse(const char *text, struct arena *a)
{
    struct err e = { 0 };
    const struct json *v = doc_parse(sv_from(text), a, &e);

    if (!v)
        fail_msg("%s: %s", text, e.msg);
    return v;
}

static const struct {
    const char *what, *old, *now;
} judged[] = {
    { "the image changed", "{\"metadata\":{},\"spec\":{\"image\":\"a\"}}",
      "{\"metadata\":{},\"spec\":{\"image\":\"b\"}}" },
    { "a label changed", "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}", "{\"metadata\":{\"labels\":{\"a\":\"2\"}}}" },
    { "an annotation came", "{\"metadata\":{}}", "{\"metadata\":{\"annotations\":{\"a\":\"1\"}}}" },
    { "an annotation went", "{\"metadata\":{\"annotations\":{\"a\":\"1\"}}}", "{\"metadata\":{}}" },
    { "the spec came", "{\"metadata\":{}}", "{\"metadata\":{},\"spec\":{}}" },
    { "the spec went", "{\"metadata\":{},\"spec\":{}}", "{\"metadata\":{}}" },
    { "a top-level member", "{\"provisioner\":\"a\"}", "{\"provisioner\":\"b\"}" },
    { "a member under another name", "{\"a\":1}", "{\"b\":1}" },
    { "the new one is being deleted", "{\"metadata\":{},\"spec\":1}",
      "{\"metadata\":{\"deletionTimestamp\":\"t\"},\"spec\":2}" },
    { "a label changed and the new one is being deleted", "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}",
      "{\"metadata\":{\"labels\":{\"a\":\"2\"},\"deletionTimestamp\":\"t\"}}" },
    { "being deleted, but the spec changed", "{\"metadata\":{\"deletionTimestamp\":\"t\"},\"spec\":1}",
      "{\"metadata\":{\"deletionTimestamp\":\"t\"},\"spec\":2}" },
    { "being deleted, but an annotation changed",
      "{\"metadata\":{\"deletionTimestamp\":\"t\",\"annotations\":{\"a\":\"1\"}},\"spec\":1}",
      "{\"metadata\":{\"deletionTimestamp\":\"t\",\"annotations\":{\"a\":\"2\"}},\"spec\":1}" },
    { "being deleted, but an annotation went",
      "{\"metadata\":{\"deletionTimestamp\":\"t\",\"annotations\":{\"a\":\"1\"}},\"spec\":1}",
      "{\"metadata\":{\"deletionTimestamp\":\"t\"},\"spec\":1}" },
    { "metadata of another type", "{\"metadata\":{}}", "{\"metadata\":[]}" },
    { "metadata went", "{\"metadata\":{\"labels\":{}}}", "{}" },
    { "no objects at all", "[]", "[]" },
    { "status of the name only", "{\"spec\":{\"status\":1}}", "{\"spec\":{\"status\":2}}" },
};

static void a_change_a_rule_could_judge_is_no_bookkeeping(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

        if (object_update_is_bookkeeping(parse(judged[i].old, &a), parse(judged[i].now, &a)))
            fail_msg("%s", judged[i].what);
    }
}

static void an_absent_object_is_no_bookkeeping(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

    assert_false(object_update_is_bookkeeping(NULL, NULL));
    assert_false(object_update_is_bookkeeping(NULL, parse("{}", &a)));
    assert_false(object_update_is_bookkeeping(parse("{}", &a), NULL));
}

static const struct {
    const char *what, *old, *now;
} bookkeeping[] = {
    { "nothing", "{\"spec\":1}", "{\"spec\":1}" },
    { "finalizers", "{\"metadata\":{\"finalizers\":[\"a\"],\"name\":\"n\"}}", "{\"metadata\":{\"name\":\"n\"}}" },
    { "status", "{\"metadata\":{\"name\":\"n\"},\"spec\":1,\"status\":{\"a\":1}}",
      "{\"metadata\":{\"name\":\"n\"},\"spec\":1,\"status\":{\"a\":2}}" },
    { "everything it may ignore",
      "{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"1\",\"generation\":1,\"managedFields\":[]},\"spec\":1}",
      "{\"metadata\":{\"ownerReferences\":[{}],\"name\":\"n\",\"resourceVersion\":\"2\",\"generation\":2,"
      "\"managedFields\":[{}],\"deletionTimestamp\":\"t\",\"deletionGracePeriodSeconds\":0},\"spec\":1}" },
    { "metadata of what is being deleted",
      "{\"metadata\":{\"deletionTimestamp\":\"t\",\"labels\":{\"a\":\"1\"}},\"spec\":1}",
      "{\"metadata\":{\"deletionTimestamp\":\"t\",\"annotations\":{}},\"spec\":1}" },
};

static void what_only_controllers_write_is_bookkeeping(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(bookkeeping); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);

        if (!object_update_is_bookkeeping(parse(bookkeeping[i].old, &a), parse(bookkeeping[i].now, &a)))
            fail_msg("%s", bookkeeping[i].what);
    }
}

#define WRONG_TYPES                                                                                                    \
    "{\"metadata\":{\"name\":1,\"namespace\":{},\"labels\":[],\"annotations\":\"a\",\"ownerReferences\":{}}}"

static void reads_absence_from_everything(void **state UNUSED)
{
    static const char *const objects[] = {
        "null", "{}", "[]", "\"text\"", "{\"metadata\":null}", "{\"metadata\":[]}", WRONG_TYPES,
    };

    for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
        const struct json *o = parse(objects[i], &a);

        if (object_name(o).p || value_get(object_labels(o), SV("a")) || object_annotation(o, SV("a")).p ||
            object_controller(o) || object_is_mirror_pod(o) || object_is_being_deleted(o))
            fail_msg("%s", objects[i]);
    }
    assert_null(object_name(NULL).p);
}

static void reads_metadata(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    const struct json *o = parse("{\"metadata\":{\"name\":\"n\",\"generateName\":\"g-\",\"namespace\":\"ns\","
                                 "\"labels\":{\"l\":\"\"},\"annotations\":{\"kubernetes.io/config.mirror\":\"\"},"
                                 "\"deletionTimestamp\":\"2026-01-01T00:00:00Z\",\"ownerReferences\":"
                                 "[{\"name\":\"a\"},{\"name\":\"b\",\"controller\":true}]}}",
                                 &a);
    const struct json *generated = parse("{\"metadata\":{\"name\":\"\",\"generateName\":\"g-\"}}", &a);

    assert_true(sv_eq(object_name(o), SV("n")));
    assert_true(sv_eq(object_name(generated), SV("g-")));
    assert_non_null(value_get(object_labels(o), SV("l")));
    assert_true(object_is_mirror_pod(o));
    assert_true(object_is_being_deleted(o));
    assert_true(sv_eq(value_string(value_get(object_controller(o), SV("name"))), SV("b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_a_rule_could_judge_is_no_bookkeeping),
        cmocka_unit_test(an_absent_object_is_no_bookkeeping),
        cmocka_unit_test(what_only_controllers_write_is_bookkeeping),
        cmocka_unit_test(reads_absence_from_everything),
        cmocka_unit_test(reads_metadata),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
