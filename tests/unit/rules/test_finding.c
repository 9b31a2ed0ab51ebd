/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

static const struct pointer root = { .up = NULL };

static void a_full_arena_marks_the_list_and_still_gives_a_finding(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct findings out;

    findings_init(&out, &a, false);
    for (size_t i = 0; i < 10000 && !out.failed; i++)
        findings_add(&out, FINDING_VIOLATION, &root)->field = SV("x");
    assert_true(out.failed);
    for (size_t i = 0; i < 3; i++) {
        struct finding *f = findings_add(&out, FINDING_VIOLATION, &root);

        assert_non_null(f);
        assert_null(f->field.p);
        f->field = SV("goes nowhere");
    }
    for (const struct finding *f = out.first; f; f = f->next)
        assert_true(sv_eq(f->field, SV("x")));
}

static void a_full_arena_fails_repairs_and_text(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 16);
    struct finding f = { 0 };
    struct findings out;

    findings_init(&out, &a, false);
    while (arena_alloc(&a, 16))
        ;
    assert_null(findings_printf(&out, "%0100d", 1).p);
    assert_true(out.failed);
    out.failed = false;
    findings_repair_string(&out, &f, PATCH_REPLACE, &root, SV("a value"));
    assert_true(out.failed);
    assert_null(f.repairs);
    out.failed = false;
    assert_null(findings_text(&out, SV("a\nb"), 100).p);
    assert_true(out.failed);
}

static void findings_and_repairs_keep_their_order(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    const struct pointer spec = pointer_key(&root, SV("spec"));
    const struct pointer odd = pointer_key(&spec, SV("a/b~c"));
    struct findings out;
    struct finding *f;

    findings_init(&out, &a, false);
    findings_add(&out, FINDING_UNKNOWN, &spec);
    f = findings_add(&out, FINDING_VIOLATION, &odd);
    findings_repair(&out, f, PATCH_MEMBER, &spec, SV("{}"));
    findings_repair_string(&out, f, PATCH_REPLACE, &odd, SV("say \"x\""));
    assert_int_equal(out.count, 2);
    assert_true(sv_eq(out.first->path, SV("/spec")));
    assert_true(sv_eq(out.first->next->path, SV("/spec/a~1b~0c")));
    assert_ptr_equal(out.last, f);
    assert_true(sv_eq(f->repairs->value, SV("{}")));
    assert_true(sv_eq(f->repairs->next->value, SV("\"say \\\"x\\\"\"")));
    assert_int_equal(f->repairs->next->class, PATCH_REPLACE);
    assert_null(f->repairs->next->next);
    assert_false(out.failed);
}

static void passes_are_kept_only_when_asked_for(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct findings out;

    findings_init(&out, &a, false);
    findings_pass(&out, &root, SV("web"));
    assert_int_equal(out.count, 0);
    findings_init(&out, &a, true);
    findings_pass(&out, &root, SV("web"));
    assert_int_equal(out.count, 1);
    assert_int_equal(out.first->kind, FINDING_PASS);
    assert_true(sv_eq(out.first->subject, SV("web")));
}

static void text_is_formatted_whole_and_foreign_text_is_tamed(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct findings out;
    struct sv text;

    findings_init(&out, &a, false);
    text = findings_printf(&out, "%0500d", 7);
    assert_int_equal(text.n, 500);
    assert_int_equal(text.p[499], '7');
    text = findings_text(&out, SV("a\nb"), 100);
    assert_int_equal(sv_find(text, '\n'), text.n);
    assert_true(findings_text(&out, text, 3).n <= 3);
    assert_false(out.failed);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_arena_marks_the_list_and_still_gives_a_finding),
        cmocka_unit_test(a_full_arena_fails_repairs_and_text),
        cmocka_unit_test(findings_and_repairs_keep_their_order),
        cmocka_unit_test(passes_are_kept_only_when_asked_for),
        cmocka_unit_test(text_is_formatted_whole_and_foreign_text_is_tamed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
