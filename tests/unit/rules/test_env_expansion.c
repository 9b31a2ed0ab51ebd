/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes' own rules of `$(NAME)`, and what a pod cannot make us do. */
#include "rules/env_expansion.h"

#include "support/check.h"
#include "json/doc.h"

static const struct json *parse(struct sv text, struct arena *a)
{
    struct err e = { 0 };
    const struct json *v = doc_parse(text, a, &e);

    if (!v)
        fail_msg("%.*s: %s", SV_ARG(text), e.msg);
    return v;
}

/* The environment that the texts are expanded in. */
#define ENV                                                                                                            \
    "{\"env\":[{\"name\":\"A\",\"value\":\"a\"},{\"name\":\"E\",\"value\":\"\"},{\"name\":\"N\"},"                     \
    "{\"name\":\"SEEN_NOT\",\"valueFrom\":{\"fieldRef\":{}}},{\"name\":\"B\",\"value\":\"<$(A)>\"},"                   \
    "{\"name\":\"A\",\"value\":\"b\"},{\"name\":\"FAR\",\"value\":\"$(SEEN_NOT)\"},"                                   \
    "{\"name\":\"A B\",\"value\":\"c\"},{\"name\":\"SELF\",\"value\":\"$(SELF)\"}]}"

static const struct {
    const char *text, *value; /* NULL: cannot be seen */
} texts[] = {
    { "plain", "plain" },
    { "", "" },
    { "$(A)", "b" },
    { "x$(A)y$(A)", "xbyb" },
    { "$(B)", "<a>" },
    { "$(E)", "" },
    { "$(N)", "" },
    { "$(SELF)", "$(SELF)" },
    { "$(A B)", "c" },
    { "$(a)", "$(a)" },
    { "$(NOBODY)", "$(NOBODY)" },
    { "$()", "$()" },
    { "$$(A)", "$(A)" },
    { "$$$(A)", "$b" },
    { "$$$$(A)", "$$(A)" },
    { "$A ${A}", "$A ${A}" },
    { "$", "$" },
    { "$$", "$" },
    { "a$", "a$" },
    { "$(", "$(" },
    { "$(A", "$(A" },
    { "$(A$(A)", "$(A$(A)" },
    { "$(A) $(A", "b $(A" },
    { "$(SEEN_NOT)", NULL },
    { "x$(SEEN_NOT)$(A)", NULL },
    { "$(FAR)", NULL },
    { "$(WEB_SERVICE_HOST)", NULL },
    { "$(WEB_PORT_80_TCP_ADDR)", NULL },
    { "$$(SEEN_NOT)", "$(SEEN_NOT)" },
};

static void words_are_what_the_kubelet_makes_of_them(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct env_expansion x = env_expansion_of(parse(SV(ENV), &a), &a);
        struct sv got = env_expansion_word(&x, sv_from(texts[i].text));

        if (!got.p != !texts[i].value || !sv_eq(got, sv_from(texts[i].value)))
            fail_msg("%s gives %.*s", texts[i].text, SV_ARG(got));
        assert_false(x.failed);
    }
}

static const struct {
    const char *env, *value; /* of the last entry */
} environments[] = {
    { "{\"env\":[{\"name\":\"X\",\"value\":\"$(A)\"}]}", "$(A)" },
    { "{\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":\"$(A)2\"}]}", "12" },
    { "{\"env\":[{\"name\":\"A\",\"value\":1},{\"name\":\"X\",\"value\":\"$(A)\"}]}", NULL },
    { "{\"env\":[null,{\"value\":\"x\"},{\"name\":\"X\",\"value\":\"$()\"}]}", "x" },
    { "{\"envFrom\":[{\"prefix\":\"B_\"}],\"env\":[{\"name\":\"X\",\"value\":\"$(A)\"}]}", "$(A)" },
    { "{\"envFrom\":[{\"prefix\":\"B_\"}],\"env\":[{\"name\":\"X\",\"value\":\"$(B_A)\"}]}", NULL },
    { "{\"envFrom\":[{}],\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"X\",\"value\":\"$(A)\"}]}", "1" },
    { "{\"env\":[{\"name\":\"X\",\"value\":\"$(A)\",\"valueFrom\":{}}]}", NULL },
};

static void entries_see_what_stands_before_them(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(environments); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        const struct json *container = parse(sv_from(environments[i].env), &a);
        const struct json *env = value_get(container, SV("env"));
        struct env_expansion x = env_expansion_of(container, &a);
        struct sv got = env_expansion_entry(&x, value_at(env, value_size(env) - 1), value_size(env) - 1);

        if (!got.p != !environments[i].value || !sv_eq(got, sv_from(environments[i].value)))
            fail_msg("%s gives %.*s", environments[i].env, SV_ARG(got));
    }
}

/* Each entry is twice the one before: the thirtieth would be a gigabyte. */
static void what_grows_without_end_is_not_seen(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(8 << 20);
    struct buf text = BUF_IN(&a);
    const struct json *container;
    struct env_expansion x;

    buf_add(&text, SV("{\"env\":[{\"name\":\"A0\",\"value\":\"x\"}"));
    for (unsigned i = 1; i < 40; i++)
        buf_printf(&text, ",{\"name\":\"A%u\",\"value\":\"$(A%u)$(A%u)\"}", i, i - 1, i - 1);
    buf_add(&text, SV("]}"));
    container = parse(buf_sv(&text), &a);
    x = env_expansion_of(container, &a);
    assert_sv(env_expansion_entry(&x, value_at(value_get(container, SV("env")), 2), 2), "xxxx");
    assert_null(env_expansion_entry(&x, value_at(value_get(container, SV("env")), 39), 39).p);
    assert_null(env_expansion_word(&x, SV("$(A39)")).p);
    assert_false(x.failed);
}

static void a_full_arena_is_told(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20), none = ARENA_INIT(1);
    struct env_expansion x = env_expansion_of(parse(SV(ENV), &a), &none);

    assert_sv(env_expansion_word(&x, SV("plain")), "plain");
    assert_false(x.failed);
    assert_null(env_expansion_word(&x, SV("$(A)")).p);
    assert_true(x.failed);
    assert_null(env_expansion_word(&x, SV("$(A)")).p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_what_the_kubelet_makes_of_them),
        cmocka_unit_test(entries_see_what_stands_before_them),
        cmocka_unit_test(what_grows_without_end_is_not_seen),
        cmocka_unit_test(a_full_arena_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
