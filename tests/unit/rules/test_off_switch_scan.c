/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "base/attr.h"
#include "base/buf.h"
#include "rules/off_switch_scan.h"

typedef bool scan(struct sv text, size_t *at, struct sv *name);

/* "name:value name:value", every value read. */
static const char *words(struct arena *a, scan *next, const char *line)
{
    struct buf out = BUF_IN(a);
    struct sv text = sv_from(line), name;

    for (size_t at = 0; next(text, &at, &name);) {
        struct sv value = off_switch_scan_value(text, &at);

        buf_printf(&out, "%s%.*s:%.*s", out.len ? " " : "", SV_ARG(name), SV_ARG(value));
    }
    buf_add_char(&out, '\0');
    return out.p;
}

struct row {
    const char *line, *words;
};

static void check_rows(scan *next, const struct row *rows, size_t count)
{
    struct arena a = ARENA_INIT(1 << 20);

    for (size_t i = 0; i < count; i++)
        if (strcmp(words(&a, next, rows[i].line), rows[i].words) != 0)
            fail_msg("%s\ngives: %s", rows[i].line, words(&a, next, rows[i].line));
    arena_fini(&a);
}

static void options_are_found_where_words_begin(void **state UNUSED)
{
    static const struct row rows[] = {
        { NULL, "" },
        { "", "" },
        { "-", "-:" },
        { "-Da=b", "-Da:b" },
        { "--x /path --y=z", "--x: --y:z" },
        { "sh -c 'java -Da=false'", "-c: -Da:false" },
        { "JAVA_OPTS=-Da=b ./run", "-Da:b" },
        { "JAVA_OPTS=\"-Da=b -Dc\"", "-Da:b -Dc:" },
        { "-Da=\"b c\" -d", "-Da:b c -d:" },
        { "-Da='b c", "-Da:b c" },
        { "-Da='-b -c' -d", "-Da:-b -c -d:" },
        { "a-b a--c=d well-known", "" },
        { "x-Da=b /-Da=b .-Da=b", "" },
        { "true;-a&&-b|-c(-d)", "-a: -b: -c: -d:" },
        { "--a\n--b\t--c", "--a: --b: --c:" },
        { "-Da=", "-Da:" },
        { "-a\"-b=c\"", "-a: -b:c" },
    };

    check_rows(off_switch_scan_option, rows, ARRAY_LEN(rows));
}

static void assignments_are_found_where_words_begin(void **state UNUSED)
{
    static const struct row rows[] = {
        { NULL, "" },
        { "", "" },
        { "=", "" },
        { "A=b", "A:b" },
        { "A=", "A:" },
        { "env A=b,c=d app", "A:b,c=d" },
        { "export A='b c'; A+=\"d\"", "A:b c A:d" },
        { "cd x&&A=b ./app|B=c", "A:b B:c" },
        { "A=`x` (B=c) $(C=d)", "A: B:c C:d" },
        { "--A=b -DA=b x.A=b x/A=b A-B=c", "" },
        { "A =b", "" },
        { "a_1=b", "a_1:b" },
        { "A='b", "A:b" },
    };

    check_rows(off_switch_scan_assignment, rows, ARRAY_LEN(rows));
}

/* Values inside values: a scan that begins anew at each would not end today. */
static void a_long_line_is_read_once(void **state UNUSED)
{
    static const char *const parts[] = { "-a=", "A=", "A=\"", "A='\"", "-", "=", "-a='", "A" };
    enum { BYTES = 4 << 20 };
    char *text = malloc(BYTES);
    struct sv name;

    assert_non_null(text);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        size_t n = strlen(parts[i]);

        for (size_t k = 0; k < BYTES; k++)
            text[k] = parts[i][k % n];
        for (size_t at = 0; off_switch_scan_option((struct sv){ text, BYTES }, &at, &name);)
            off_switch_scan_value((struct sv){ text, BYTES }, &at);
        for (size_t at = 0; off_switch_scan_assignment((struct sv){ text, BYTES }, &at, &name);)
            off_switch_scan_value((struct sv){ text, BYTES }, &at);
    }
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_found_where_words_begin),
        cmocka_unit_test(assignments_are_found_where_words_begin),
        cmocka_unit_test(a_long_line_is_read_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
