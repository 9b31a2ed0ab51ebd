/* SPDX-License-Identifier: Apache-2.0 */
/* Label selectors: what the schema cannot refuse, and that an absent label is
 * not the empty one. */
#include "kube/label.h"

#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool read_selector(const char *text, struct label_selector *s, struct arena *a, struct err *e)
{
    const struct pointer root = POINTER_ROOT;
    struct yaml_doc *doc = NULL;

    return yaml_read(SV("p.yaml"), sv_from(text), a, &doc, e) &&
           record_read(doc, &root, doc->root, label_selector_fields, a, s, e) && label_selector_check(s, doc, &root, e);
}

static const struct {
    const char *text, *why;
} refused[] = {
    { "matchExpressions: [{ key: a, operator: In }]", "p.yaml:1:20: operator `In` needs `values`" },
    { "matchExpressions: [{ key: a, operator: NotIn, values: [] }]", "operator `NotIn` needs `values`" },
    { "matchExpressions: [{ key: a, operator: Exists, values: [x] }]", "operator `Exists` takes no values" },
    { "matchExpressions: [{ key: a, operator: DoesNotExist, values: [x] }]", "`DoesNotExist` takes no values" },
    { "matchExpressions: [{ key: a, operator: in, values: [x] }]", "p.yaml:1:" },
    { "matchExpressions: [{ key: a, operator: Gt, values: [x] }]", "p.yaml:1:" },
    { "matchExpressions: [{ operator: Exists }]", "`key`" },
    { "matchExpressions: [{ key: '', operator: Exists }]", "p.yaml:1:" },
    { "matchExpressions: [{ key: a }]", "`operator`" },
    { "matchLabel: { a: b }", "did you mean `matchLabels`?" },
};

static void refuses_expressions_that_cannot_be_meant(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct label_selector s = { 0 };
        struct err e = { 0 };

        if (read_selector(refused[i].text, &s, &a, &e))
            fail_msg("%s was accepted", refused[i].text);
        if (!strstr(e.msg, refused[i].why))
            fail_msg("%s: %s", refused[i].text, e.msg);
    }
}

static const struct {
    const char *selector, *labels;
    bool matches;
} rows[] = {
    { "{}", "null", true },
    { "{}", "{\"a\":\"b\"}", true },
    { "matchLabels: { a: b }", "null", false },
    { "matchLabels: { a: b }", "{}", false },
    { "matchLabels: { a: b }", "{\"a\":\"c\"}", false },
    { "matchLabels: { a: b }", "{\"a\":\"b\"}", true },
    { "matchLabels: { a: '' }", "{}", false },
    { "matchLabels: { a: '' }", "{\"a\":\"\"}", true },
    { "matchLabels: { a: b, c: d }", "{\"a\":\"b\"}", false },
    { "matchLabels: { a: b, c: d }", "{\"c\":\"d\",\"a\":\"b\"}", true },
    { "matchExpressions: [{ key: a, operator: In, values: [x, w] }]", "{}", false },
    { "matchExpressions: [{ key: a, operator: In, values: [x, w] }]", "{\"a\":\"z\"}", false },
    { "matchExpressions: [{ key: a, operator: In, values: [x, w] }]", "{\"a\":\"w\"}", true },
    { "matchExpressions: [{ key: a, operator: In, values: [''] }]", "{}", false },
    { "matchExpressions: [{ key: a, operator: NotIn, values: [x] }]", "{}", true },
    { "matchExpressions: [{ key: a, operator: NotIn, values: [x] }]", "{\"a\":\"x\"}", false },
    { "matchExpressions: [{ key: a, operator: NotIn, values: [x] }]", "{\"a\":\"w\"}", true },
    { "matchExpressions: [{ key: a, operator: Exists }]", "{}", false },
    { "matchExpressions: [{ key: a, operator: Exists }]", "{\"a\":\"\"}", true },
    { "matchExpressions: [{ key: a, operator: DoesNotExist }]", "{}", true },
    { "matchExpressions: [{ key: a, operator: DoesNotExist }]", "{\"a\":\"\"}", false },
    { "{ matchLabels: { a: b }, matchExpressions: [{ key: c, operator: Exists }] }", "{\"a\":\"b\"}", false },
    { "{ matchLabels: { a: b }, matchExpressions: [{ key: c, operator: Exists }] }", "{\"a\":\"b\",\"c\":\"\"}", true },
};

static void matches_as_kubernetes_does(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct label_selector s = { 0 };
        struct err e = { 0 };

        if (!read_selector(rows[i].selector, &s, &a, &e))
            fail_msg("%s", e.msg);
        if (label_selector_matches(&s, doc_parse(sv_from(rows[i].labels), &a, &e)) != rows[i].matches)
            fail_msg("%s on %s", rows[i].selector, rows[i].labels);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_expressions_that_cannot_be_meant),
        cmocka_unit_test(matches_as_kubernetes_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
