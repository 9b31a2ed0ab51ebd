/* SPDX-License-Identifier: Apache-2.0 */
#include "report/line.h"

#include "support/check.h"
#include <stdlib.h>

static const struct {
    const char *line;
    size_t column;
    const char *found, *before, *value, *after;
} lines[] = {
    { "", 1, "x", "", "", "" },
    { "a", 9, NULL, "a", "", "" },
    { "a", 0, NULL, "", "a", "" },
    { "  image: nginx # web", 10, "nginx", "image: ", "nginx", " # web" },
    { "  image: nginx # web", 10, "httpd", "image: ", "nginx # web", "" },
    { "  image: nginx  ", 10, NULL, "image: ", "nginx", "  " },
    { "\timage: \"nginx\" # web", 9, "nginx", "image: ", "\"nginx\"", " # web" },
    { "image: 'nginx", 8, "nginx", "image: ", "'nginx", "" },
    { "image: \"nginx'", 8, "nginx", "image: ", "\"nginx", "'" },
    { "\xc3\xa4\xe4\xb8\xad: b", 5, "b", "\xc3\xa4\xe4\xb8\xad: ", "b", "" },
    { "\xff\xfe: b", 5, "b", "\xff\xfe: ", "b", "" },
};

static void check_part(const char *line, struct sv part, const char *want)
{
    if (!sv_eq(part, sv_from(want)))
        fail_msg("%s: `%.*s`, not `%s`", line, SV_ARG(part), want);
}

static void cuts_at_the_value(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct line l = line_cut(sv_from(lines[i].line), lines[i].column, sv_from(lines[i].found));

        check_part(lines[i].line, l.before, lines[i].before);
        check_part(lines[i].line, l.value, lines[i].value);
        check_part(lines[i].line, l.after, lines[i].after);
        assert_false(l.is_cut_before || l.is_cut_after);
    }
}

static void leaves_little_of_a_long_line(void **state UNUSED)
{
    enum { LENGTH = 1 << 20 };
    char *text = malloc(LENGTH);
    struct sv line = { text, LENGTH };
    struct line l;

    assert_non_null(text);
    memset(text, 'x', LENGTH);
    memcpy(text + LENGTH / 2, "nginx", 5);
    l = line_cut(line, LENGTH / 2 + 1, SV("nginx"));
    check_part("long", l.value, "nginx");
    assert_true(l.is_cut_before && l.is_cut_after);
    assert_true(l.before.n < 100 && l.after.n < 100);
    l = line_cut(line, 1, SV("httpd"));
    assert_true(!l.is_cut_before && l.is_cut_after && l.after.n == 0);
    assert_true(l.value.n < 200);
    free(text);
}

static void counts_characters_and_not_bytes(void **state UNUSED)
{
    size_t count = 2;

    assert_int_equal(line_bytes(SV("\xe4\xb8\xad\xff z"), &count), 4);
    assert_int_equal(count, 2);
    count = 9;
    assert_int_equal(line_bytes(SV("ab"), &count), 2);
    assert_int_equal(count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_at_the_value),
        cmocka_unit_test(leaves_little_of_a_long_line),
        cmocka_unit_test(counts_characters_and_not_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
