/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/field_path.h"

#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void refuses_what_is_no_pointer(void **state UNUSED)
{
    static const struct {
        const char *path, *why;
    } cases[] = {
        { "spec", "begins with `/`" },
        { "$.spec", "begins with `/`" },
        { "*", "begins with `/`" },
        { "/a~", "is written `~0`" },
        { "/a~2b", "is written `~0`" },
        { "/a/~/b", "is written `~0`" },
        { "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "at most 16" },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct field_path path;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err e = { .code = ERR_NONE };

        if (field_path_parse(sv_from(cases[i].path), &a, &path, &e))
            fail_msg("`%s` was read", cases[i].path);
        assert_int_equal(e.code, ERR_INPUT);
        if (!strstr(e.msg, cases[i].why))
            fail_msg("`%s`: %s", cases[i].path, e.msg);
    }
}

/* "found /a 1", "absent /b", ...: everything a walk visits, parents that are
 * missing marked. */
static const char *walk(struct arena *a, const char *object, const char *path_text)
{
    static const char *const ends[] = { "blocked", "none", "absent", "found" };
    const struct pointer root = POINTER_ROOT;
    struct err e = { .code = ERR_NONE };
    const struct json *value = doc_parse(sv_from(object), a, &e);
    struct buf out = BUF_IN(a);
    struct field_path path;
    struct field_walk w;

    assert_non_null(value);
    assert_true(field_path_parse(sv_from(path_text), a, &path, &e));
    for (field_walk_init(&w, &path, value, &root); field_walk_next(&w);) {
        struct sv at = pointer_print(w.at, a);

        buf_printf(&out, "%s%s %.*s", out.len ? ", " : "", ends[w.end], SV_ARG(at));
        if (w.end == WALK_FOUND || w.end == WALK_BLOCKED) {
            buf_add_char(&out, ' ');
            value_print(&out, w.value);
        } else {
            buf_printf(&out, "%s", w.has_parent ? "" : " (no parent)");
        }
    }
    buf_add_char(&out, '\0');
    assert_true(buf_ok(&out));
    return out.p;
}

static void visits_what_a_path_leads_to_and_where_it_leads_nowhere(void **state UNUSED)
{
    static const struct {
        const char *object, *path, *visits;
    } cases[] = {
        { "{}", "/a", "absent /a" },
        { "{}", "/a/b", "absent /a/b (no parent)" },
        { "{\"a\":null}", "/a", "absent /a" },
        { "{\"a\":null}", "/a/b", "absent /a/b (no parent)" },
        { "{\"a\":{}}", "/a/b", "absent /a/b" },
        { "{\"a\":\"x\"}", "/a/b", "blocked /a \"x\"" },
        { "{\"a\":1}", "/a/*", "blocked /a 1" },
        { "{\"a\":false}", "/a/*/b", "blocked /a false" },
        { "{}", "/a/*", "none /a" },
        { "{}", "/a/*/b", "none /a" },
        { "{}", "/a/b/*", "none /a/b (no parent)" },
        { "{\"a\":[]}", "/a/*/b", "none /a" },
        { "{\"a\":{}}", "/a/*/b", "none /a" },
        { "{\"a\":null}", "/a/*/b", "none /a" },
        { "{\"a\":[null]}", "/a/*/b", "absent /a/0/b (no parent)" },
        { "{\"a\":[{}]}", "/a/*/b", "absent /a/0/b" },
        { "{\"a\":[{\"b\":1},{},{\"b\":2},3]}", "/a/*/b",
          "found /a/0/b 1, absent /a/1/b, found /a/2/b 2, blocked /a/3 3" },
        { "{\"a\":{\"x\":{\"b\":1},\"y\":{\"b\":2}}}", "/a/*/b", "found /a/x/b 1, found /a/y/b 2" },
        { "{\"a\":[{\"b\":[1,2]},{\"b\":[]},{\"b\":[3]}]}", "/a/*/b/*",
          "found /a/0/b/0 1, found /a/0/b/1 2, none /a/1/b, found /a/2/b/0 3" },
        { "[[1,2],[],[3]]", "/*/*", "found /0/0 1, found /0/1 2, none /1, found /2/0 3" },
        { "{\"a\":[5,6]}", "/a/1", "found /a/1 6" },
        { "{\"a\":[5,6]}", "/a/2", "absent /a/2" },
        { "{\"a\":[5,6]}", "/a/01", "absent /a/01" },
        { "{\"a\":[5,6]}", "/a/b", "absent /a/b" },
        { "{\"a\":[5,6]}", "/a/-", "absent /a/-" },
        { "{\"a/b\":{\"c~d\":1}}", "/a~1b/c~0d", "found /a~1b/c~0d 1" },
        { "{\"\":1}", "/", "found / 1" },
        { "{\"a\":1}", "", "found  {\"a\":1}" },
        { "{\"A\":1}", "/a", "absent /a" },
        { "{\"a\":{\"*\":1,\"b\":2}}", "/a/*", "found /a/* 1, found /a/b 2" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const char *visits = walk(&a, cases[i].object, cases[i].path);

        if (strcmp(visits, cases[i].visits) != 0)
            fail_msg("%s in %s: %s", cases[i].path, cases[i].object, visits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_pointer),
        cmocka_unit_test(visits_what_a_path_leads_to_and_where_it_leads_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
