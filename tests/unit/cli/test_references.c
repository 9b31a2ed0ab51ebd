/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "cli/references.h"
#include "rules/rules.h"
#include "support/check.h"
#include "json/doc.h"

/* "site-a at /x; " for each that was met. */
static void note(void *arg, struct sv set, const struct pointer *at)
{
    struct buf *out = arg;

    buf_printf(out, "%.*s at ", SV_ARG(set));
    if (at)
        pointer_add(out, at);
    else
        buf_add(out, SV("default"));
    buf_add(out, SV("; "));
}

static void finds_sets_in_every_string(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "{\"allow\":[\"@ecr-fips\",\"host\",\"@site-registries\"]}",
          "ecr-fips at /r/allow/0; site-registries at /r/allow/2; " },
        { "{\"rewrite\":[{\"to\":\"@site-mirror/docker-hub/\"}]}", "site-mirror at /r/rewrite/0/to; " },
        { "\"@x\"", "x at /r; " },
        { "{\"@key\":\"a@b\",\"n\":1,\"e\":\"@\",\"s\":\"@/x\",\"m\":\"\"}", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct pointer root = POINTER_ROOT, at = pointer_text(&root, SV("/r"));
        struct buf out = BUF_IN(&a);
        struct err e = { 0 };

        references_in(doc_parse(sv_from(rows[i][0]), &a, &e), &at, note, &out);
        assert_sv(buf_sv(&out), rows[i][1]);
    }
}

static void finds_nothing_in_nothing(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pointer root = POINTER_ROOT;
    struct buf out = BUF_IN(&a);

    references_in(NULL, &root, note, &out);
    assert_int_equal(out.len, 0);
}

static void finds_what_options_are_by_default(void **state UNUSED)
{
    static const char *const rows[][2] = {
        { "storage-encryption", "storage-drivers at default; " },
        { "sidecar", "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct buf out = BUF_IN(&a);

        assert_true(references_by_default(rules_find(sv_from(rows[i][0])), &a, note, &out));
        assert_sv(buf_sv(&out), rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_sets_in_every_string),
        cmocka_unit_test(finds_nothing_in_nothing),
        cmocka_unit_test(finds_what_options_are_by_default),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
