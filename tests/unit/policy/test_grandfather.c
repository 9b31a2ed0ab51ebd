/* SPDX-License-Identifier: Apache-2.0 */
/* An old finding excuses exactly itself. */
#include "policy/grandfather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void excuses_only_what_was_there(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pointer root = POINTER_ROOT;
    struct findings old;
    struct grandfather g;
    struct finding seen = {
        .kind = FINDING_VIOLATION, .subject = SV("web"), .field = SV("image"), .found = SV("nginx")
    };
    struct finding other;

    findings_init(&old, &a, false);
    for (size_t i = 0; i < 300; i++) {
        struct finding *f = findings_add(&old, FINDING_VIOLATION, &root);

        f->subject = arena_printf(&a, "c%zu", i);
        f->field = SV("image");
        f->found = SV("nginx");
    }
    findings_add(&old, FINDING_VIOLATION, &root)->subject = SV("web");
    old.last->field = SV("image");
    old.last->found = SV("nginx");
    assert_true(grandfather_init(&g, &old, &a));

    assert_true(grandfather_take(&g, &seen));
    other = seen;
    other.subject = SV("api");
    assert_false(grandfather_take(&g, &other));
    other = seen;
    other.field = SV("ports");
    assert_false(grandfather_take(&g, &other));
    other = seen;
    other.found = SV("nginx:2");
    assert_false(grandfather_take(&g, &other));
    other = seen;
    other.kind = FINDING_UNKNOWN;
    assert_false(grandfather_take(&g, &other));
}

static void excuses_as_many_as_there_were(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct pointer root = POINTER_ROOT;
    struct finding seen = { .kind = FINDING_VIOLATION, .subject = SV("web") };
    struct finding other = { .kind = FINDING_VIOLATION, .subject = SV("web2") };
    struct findings old;
    struct grandfather g;

    findings_init(&old, &a, false);
    for (size_t i = 0; i < 3; i++)
        findings_add(&old, FINDING_VIOLATION, &root)->subject = i < 2 ? seen.subject : other.subject;
    assert_true(grandfather_init(&g, &old, &a));

    assert_true(grandfather_take(&g, &seen));
    assert_true(grandfather_take(&g, &seen));
    assert_false(grandfather_take(&g, &seen));
    assert_true(grandfather_take(&g, &other));
    assert_false(grandfather_take(&g, &other));
}

static void excuses_nothing_without_an_old_state(void **state UNUSED)
{
    struct grandfather g = { NULL, NULL, 0 };
    struct finding f = { .kind = FINDING_VIOLATION };

    assert_false(grandfather_take(&g, &f));
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    CLEANUP(arena_fini) struct arena tiny = ARENA_INIT(1);
    struct pointer root = POINTER_ROOT;
    struct findings old;
    struct grandfather g;

    findings_init(&old, &a, false);
    (void)findings_add(&old, FINDING_VIOLATION, &root);
    assert_false(grandfather_init(&g, &old, &tiny));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(excuses_only_what_was_there),
        cmocka_unit_test(excuses_as_many_as_there_were),
        cmocka_unit_test(excuses_nothing_without_an_old_state),
        cmocka_unit_test(says_when_the_arena_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
