/* SPDX-License-Identifier: Apache-2.0 */
/* How files are named; the rest is shown by tests/report/. */
#include "report/sarif_place.h"

#include "support/check.h"
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *file, *uri;
} files[] = {
    { "-", "{\"uri\":\"stdin\",\"description\":{\"text\":\"standard input\"}}" },
    { "/etc/a b.yaml", "{\"uri\":\"file:///etc/a%20b.yaml\"}" },
    { "web.yaml", "{\"uri\":\"web.yaml\",\"uriBaseId\":\"SRCROOT\"}" },
    { "./deploy/web.yaml", "{\"uri\":\"deploy/web.yaml\",\"uriBaseId\":\"SRCROOT\"}" },
    { "helm:charts/web", "{\"uri\":\"helm%3Acharts/web\",\"uriBaseId\":\"SRCROOT\"}" },
    { "a?b#c%41\"\\.yaml", "{\"uri\":\"a%3Fb%23c%2541%22%5C.yaml\",\"uriBaseId\":\"SRCROOT\"}" },
    { "\xc3\xa4\xff\n.yaml", "{\"uri\":\"%C3%A4%FF%0A.yaml\",\"uriBaseId\":\"SRCROOT\"}" },
};

static char *printed(const struct sarif_place *where)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char *text = NULL;
    size_t n;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    sarif_place_print(out, where, &a);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void check_place(const struct sarif_place *where, const char *want)
{
    char *text = printed(where);

    if (!strstr(text, want))
        fail_msg("%s does not hold %s", text, want);
    free(text);
}

static void names_files_by_uri(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        check_place(&(struct sarif_place){ .file = sv_from(files[i].file) }, files[i].uri);
}

static void names_what_is_below_the_working_directory_by_its_relative_path(void **state UNUSED)
{
    char *here = getcwd(NULL, 0), *path = NULL;

    assert_non_null(here);
    assert_true(asprintf(&path, "%s/deploy/web.yaml", here) > 0);
    check_place(&(struct sarif_place){ .file = sv_from(path) }, "\"uri\":\"deploy/web.yaml\",\"uriBaseId\"");
    free(path);
    free(here);
}

static const struct {
    const char *line, *found, *region;
} values[] = {
    { "image: nginx # web", "nginx", "\"startColumn\":8,\"endColumn\":13,\"snippet\":{\"text\":\"nginx\"}}," },
    { "image: \"nginx\" # web", "nginx", "\"endColumn\":15,\"snippet\":{\"text\":\"\\\"nginx\\\"\"}}," },
    { "name : \xc3\xa4\xe4\xb8\xad x", "\xc3\xa4\xe4\xb8\xad", "\"endColumn\":10,\"snippet\"" },
    { "image: nginx # web", "httpd", "\"endColumn\":19,\"snippet\":{\"text\":\"nginx # web\"}}," },
    { "image: nginx", NULL, "\"contextRegion\":{\"startLine\":3,\"snippet\":{\"text\":\"image: nginx\"}}" },
    { "image", NULL, "\"startColumn\":8}" },
};

static void marks_the_value(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        check_place(&(struct sarif_place){ .file = SV_INIT("a"),
                                           .place = { 3, 8 },
                                           .line = sv_from(values[i].line),
                                           .found = sv_from(values[i].found) },
                    values[i].region);
}

static void cuts_a_long_line(void **state UNUSED)
{
    char line[1001] = { 0 };

    memset(line, 'x', sizeof(line) - 1);
    check_place(&(struct sarif_place){ .file = SV_INIT("a"), .place = { 3, 11 }, .line = { line, 1000 } },
                "\"startColumn\":11,\"endColumn\":171,\"snippet\":{\"text\":\"xx");
}

static void has_no_region_without_a_line(void **state UNUSED)
{
    char *text = printed(&(struct sarif_place){ .file = SV_INIT("a") });

    assert_null(strstr(text, "egion"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_files_by_uri),
        cmocka_unit_test(names_what_is_below_the_working_directory_by_its_relative_path),
        cmocka_unit_test(marks_the_value),
        cmocka_unit_test(cuts_a_long_line),
        cmocka_unit_test(has_no_region_without_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
