/* SPDX-License-Identifier: Apache-2.0 */
#include "support/check.h"

#include "base/attr.h"
#include "rules/container_env.h"
#include "json/doc.h"

static const struct json *parse(const char *text, struct arena *a)
{
    struct err e = { 0 };
    const struct json *v = doc_parse(sv_from(text), a, &e);

    if (!v)
        fail_msg("%s: %s", text, e.msg);
    return v;
}

static void the_last_entry_of_each_name_is_found(void **state UNUSED)
{
    static const struct sv names[] = { SV_INIT("A"), SV_INIT("AB"), SV_INIT("B"), SV_INIT("C") };
    struct arena a = ARENA_INIT(1 << 16);
    struct env_entry found[ARRAY_LEN(names)];

    container_env_find(parse("[{\"name\": \"B\", \"value\": \"1\"}, {\"name\": \"AB\"}, {}, {\"name\": \"b\"}, null,"
                             " {\"name\": \"B\", \"value\": \"2\"}, {\"name\": \"ABC\"}, {\"name\": \"\"}]",
                             &a),
                       names, ARRAY_LEN(names), found);
    assert_null(found[0].value);
    assert_int_equal(found[1].index, 1);
    assert_int_equal(found[2].index, 5);
    assert_sv(container_env_literal(found[2].value), "2");
    assert_null(found[3].value);
    container_env_find(NULL, names, ARRAY_LEN(names), found);
    assert_null(found[1].value);
    arena_fini(&a);
}

static void what_comes_from_elsewhere_is_no_literal(void **state UNUSED)
{
    static const struct {
        const char *entry, *literal;
    } rows[] = {
        { "{\"value\": \"x\"}", "x" },
        { "{\"value\": \"\"}", "" },
        { "{}", "" },
        { "{\"value\": null, \"valueFrom\": null}", "" },
        { "{\"value\": 1}", NULL },
        { "{\"valueFrom\": {}}", NULL },
        { "{\"value\": \"x\", \"valueFrom\": {\"fieldRef\": {}}}", NULL },
        { "{\"value\": \"a$(B)\"}", NULL },
        { "{\"value\": \"$$$(B)\"}", NULL },
        { "{\"value\": \"$$(B)\"}", "$$(B)" },
        { "{\"value\": \"$(B\"}", "$(B" },
        { "{\"value\": \")$(\"}", ")$(" },
        { "{\"value\": \"$\"}", "$" },
    };
    struct arena a = ARENA_INIT(1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_sv(container_env_literal(parse(rows[i].entry, &a)), rows[i].literal);
    arena_fini(&a);
}

static void env_from_imports_what_begins_with_its_prefix(void **state UNUSED)
{
    static const struct {
        const char *container;
        bool imports;
    } rows[] = {
        { "{}", false },
        { "{\"envFrom\": null}", false },
        { "{\"envFrom\": []}", false },
        { "{\"envFrom\": [{\"configMapRef\": {}}]}", true },
        { "{\"envFrom\": [{\"prefix\": \"\"}]}", true },
        { "{\"envFrom\": [{\"prefix\": \"GO\"}]}", true },
        { "{\"envFrom\": [{\"prefix\": \"DB_\"}]}", false },
        { "{\"envFrom\": [{\"prefix\": \"DB_\"}, {\"prefix\": \"GODEBUG\"}]}", true },
    };
    struct arena a = ARENA_INIT(1 << 16);

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (container_env_imports(parse(rows[i].container, &a), SV("GODEBUG")) != rows[i].imports)
            fail_msg("%s", rows[i].container);
    arena_fini(&a);
}

static void the_last_item_of_a_list_counts(void **state UNUSED)
{
    static const struct {
        const char *list, *item;
    } rows[] = {
        { "fips140=off", "off" },
        { "fips140=on,x=1,fips140=off", "off" },
        { "fips140=off,fips140=on#7", "on" },
        { "fips140=off,fips140", "off" },
        { "fips140=", "" },
        { "fips140", NULL },
        { "xfips140=off", NULL },
        { "fips1400=off", NULL },
        { "Fips140=off", NULL },
        { ",,", NULL },
        { "", NULL },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_sv(container_env_item(sv_from(rows[i].list), SV("fips140")), rows[i].item);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_entry_of_each_name_is_found),
        cmocka_unit_test(what_comes_from_elsewhere_is_no_literal),
        cmocka_unit_test(env_from_imports_what_begins_with_its_prefix),
        cmocka_unit_test(the_last_item_of_a_list_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
