/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6902 as far as a patch of ours goes; what does not fit is named. */
#include "patch/apply.h"

#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OBJECT "{\"a\":{\"b\":1,\"x/y~z\":{}},\"l\":[{\"n\":0},1],\"e\":[],\"s\":\"t\"}"

static const struct {
    const char *patch, *why;
} refused[] = {
    { "", "patch" },
    { "[", "patch" },
    { "{}", "the patch is an object" },
    { "[1]", "operation 0: not an `add` or `replace`" },
    { "[{\"op\":\"remove\",\"path\":\"/a\"}]", "operation 0: not an `add` or `replace`" },
    { "[{\"op\":\"move\",\"path\":\"/a\",\"from\":\"/l\",\"value\":1}]", "operation 0: not an" },
    { "[{\"op\":\"add\",\"path\":\"/a\"}]", "operation 0: not an" },
    { "[{\"op\":\"add\",\"value\":1}]", "operation 0: not an" },
    { "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]", "operation 0: not an" },
    { "[{\"op\":\"add\",\"path\":\"/q/b\",\"value\":1}]", "operation 0: add `/q/b`: there is no such place" },
    { "[{\"op\":\"add\",\"path\":\"/s/b\",\"value\":1}]", "operation 0: add `/s/b`" },
    { "[{\"op\":\"add\",\"path\":\"/l/3\",\"value\":1}]", "operation 0: add `/l/3`" },
    { "[{\"op\":\"add\",\"path\":\"/l/01\",\"value\":1}]", "operation 0: add `/l/01`" },
    { "[{\"op\":\"add\",\"path\":\"/l/x\",\"value\":1}]", "operation 0: add `/l/x`" },
    { "[{\"op\":\"add\",\"path\":\"/l/-1\",\"value\":1}]", "operation 0: add `/l/-1`" },
    { "[{\"op\":\"add\",\"path\":\"/l/-/n\",\"value\":1}]", "operation 0: add `/l/-/n`" },
    { "[{\"op\":\"replace\",\"path\":\"/q\",\"value\":1}]", "operation 0: replace `/q`" },
    { "[{\"op\":\"replace\",\"path\":\"/l/2\",\"value\":1}]", "operation 0: replace `/l/2`" },
    { "[{\"op\":\"replace\",\"path\":\"/l/-\",\"value\":1}]", "operation 0: replace `/l/-`" },
    { "[{\"op\":\"add\",\"path\":\"/q\",\"value\":1},{\"op\":\"add\",\"path\":\"/q/r\",\"value\":1}]",
      "operation 1: add `/q/r`" },
};

static void refuses_what_does_not_fit(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct err e = { 0 };
        struct sv text;

        if (apply_patch(doc_parse(SV(OBJECT), &a, &e), sv_from(refused[i].patch), &a, &text, &e))
            fail_msg("%s was accepted", refused[i].patch);
        if (!strstr(e.msg, refused[i].why))
            fail_msg("%s: %s", refused[i].patch, e.msg);
    }
}

static const struct {
    const char *object, *patch, *result;
} accepted[] = {
    { "{}", "[]", "{}" },
    { "{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]", "{\"a\":null}" },
    { "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b\",\"value\":{\"c\":[]}}]", "{\"a\":1,\"b\":{\"c\":[]}}" },
    { "{\"a\":1,\"b\":2}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":3}]", "{\"a\":3,\"b\":2}" },
    { "{\"a\":1,\"b\":2}", "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":3}]", "{\"a\":1,\"b\":3}" },
    { "{\"a\":{}}", "[{\"op\":\"add\",\"path\":\"/a/b~1c~0d\",\"value\":1}]", "{\"a\":{\"b/c~d\":1}}" },
    { "{\"a\":[]}", "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":1}]", "{\"a\":[1]}" },
    { "{\"a\":[]}", "[{\"op\":\"add\",\"path\":\"/a/0\",\"value\":1}]", "{\"a\":[1]}" },
    { "{\"a\":[1,2]}", "[{\"op\":\"add\",\"path\":\"/a/0\",\"value\":0}]", "{\"a\":[0,1,2]}" },
    { "{\"a\":[1,2]}", "[{\"op\":\"add\",\"path\":\"/a/1\",\"value\":0}]", "{\"a\":[1,0,2]}" },
    { "{\"a\":[1,2]}", "[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":0}]", "{\"a\":[1,2,0]}" },
    { "{\"a\":[1,{\"b\":2}]}", "[{\"op\":\"replace\",\"path\":\"/a/1/b\",\"value\":0}]", "{\"a\":[1,{\"b\":0}]}" },
    { "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"b\":2}}]", "{\"b\":2}" },
    { "{\"\":1}", "[{\"op\":\"replace\",\"path\":\"/\",\"value\":2}]", "{\"\":2}" },
    { "{\"n\":1.50}", "[{\"op\":\"add\",\"path\":\"/m\",\"value\":1e3}]", "{\"n\":1.50,\"m\":1e3}" },
    { "{\"a\":[]}", "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":1},{\"op\":\"add\",\"path\":\"/a/-\",\"value\":2}]",
      "{\"a\":[1,2]}" },
};

static void applies_additions_and_replacements(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(accepted); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct err e = { 0 };
        struct sv text = { NULL, 0 };

        if (!apply_patch(doc_parse(sv_from(accepted[i].object), &a, &e), sv_from(accepted[i].patch), &a, &text, &e))
            fail_msg("%s: %s", accepted[i].patch, e.msg);
        if (!sv_eq(text, sv_from(accepted[i].result)))
            fail_msg("%s: %.*s", accepted[i].patch, SV_ARG(text));
    }
}

/* Memory for the object and its patch is enough for every operation. */
static void applies_a_thousand_operations_in_little_memory(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(buf_fini) struct buf patch = BUF_INIT(1 << 20);
    struct err e = { 0 };
    struct sv text = { NULL, 0 };

    for (size_t i = 0; i < 1000; i++)
        buf_printf(&patch, "%c{\"op\":\"add\",\"path\":\"/%zu\",\"value\":%zu}", i ? ',' : '[', i, i);
    buf_add_char(&patch, ']');
    if (!apply_patch(doc_parse(SV("{}"), &a, &e), buf_sv(&patch), &a, &text, &e))
        fail_msg("%s", e.msg);
    assert_true(sv_ends_with(text, SV(",\"999\":999}")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(applies_additions_and_replacements),
        cmocka_unit_test(applies_a_thousand_operations_in_little_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
