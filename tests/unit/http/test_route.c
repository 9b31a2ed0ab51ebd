/* SPDX-License-Identifier: Apache-2.0 */
/* Exactly four paths; JSON by whatever parameters. */
#include "http/route.h"

#include "support/check.h"

static void knows_no_other_path(void **state)
{
    static const char *const paths[] = {
        "",           "/",           "/validate/",      "/Validate", "/validate/enforce/",
        "//validate", "/validate/x", "/mutate/enforce", "/livez",    "/validat"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (route_find(sv_from(paths[i])))
            fail_msg("%s", paths[i]);
}

static void leads_each_path_to_its_stage(void **state)
{
    static const struct {
        const char *path;
        enum stage stage;
    } rows[] = {
        { "/validate", STAGE_VALIDATE },
        { "/validate/enforce", STAGE_ENFORCE },
        { "/validate/audit", STAGE_AUDIT },
        { "/mutate", STAGE_MUTATE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct route *r = route_find(sv_from(rows[i].path));

        assert_non_null(r);
        assert_int_equal(r->stage, rows[i].stage);
        assert_sv(r->method, "POST");
    }
}

static void takes_json_only(void **state)
{
    static const struct {
        const char *type;
        bool takes;
    } rows[] = {
        { "text/plain", false },
        { "", false },
        { "application/jsonx", false },
        { "application/json-patch+json", false },
        { "text/html; application/json", false },
        { "application/json", true },
        { "Application/JSON", true },
        { "application/json;charset=utf-8", true },
        { " application/json ; charset=utf-8", true },
    };
    const struct route *r = route_find(SV("/validate"));

    (void)state;
    assert_false(route_takes(r, (struct sv){ NULL, 0 }));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (route_takes(r, sv_from(rows[i].type)) != rows[i].takes)
            fail_msg("%s", rows[i].type);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_no_other_path),
        cmocka_unit_test(leads_each_path_to_its_stage),
        cmocka_unit_test(takes_json_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
