/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the objects among the inputs, and when it is not known. */
#include "kube/inventory.h"

#include "support/check.h"
#include "json/doc.h"

#define GROUP SV("storage.k8s.io")
#define KIND SV("StorageClass")
#define KEY SV("storageclass.kubernetes.io/is-default-class")
#define OLD_KEY SV("storageclass.beta.kubernetes.io/is-default-class")

#define PLAIN(name) "{\"metadata\":{\"name\":\"" name "\"},\"provisioner\":\"p\"}"
#define MARKED_BY(name, key, value) "{\"metadata\":{\"name\":\"" name "\",\"annotations\":{\"" key "\":\"" value "\"}}}"
#define MARKED(name, value) MARKED_BY(name, "storageclass.kubernetes.io/is-default-class", value)
#define MARKED_OLD(name) MARKED_BY(name, "storageclass.beta.kubernetes.io/is-default-class", "true")

static void add(struct inventory *inv, const char *text)
{
    CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(1 << 20);
    struct err e = { 0 };
    const struct json *object = doc_parse(sv_from(text), &scratch, &e);

    if (!object || !inventory_add(inv, GROUP, KIND, object))
        fail_msg("%s: %s", text, e.msg);
}

static struct sv name_of(const struct json *object)
{
    return value_string(value_get(value_get(object, SV("metadata")), SV("name")));
}

static const struct {
    const char *what;
    const char *objects[4];
    const char *fast; /* the provisioner of the one called `fast`; NULL: not known */
} finds[] = {
    { "nothing at all", { NULL }, NULL },
    { "another name", { PLAIN("slow") }, NULL },
    { "a longer name", { PLAIN("fast2") }, NULL },
    { "the name", { PLAIN("slow"), PLAIN("fast") }, "p" },
    { "twice the same", { PLAIN("fast"), PLAIN("fast") }, "p" },
    { "two that differ", { PLAIN("fast"), MARKED("fast", "true") }, NULL },
    { "two that differ, and the first again", { PLAIN("fast"), MARKED("fast", "true"), PLAIN("fast") }, NULL },
    { "a name that is only generated", { "{\"metadata\":{\"generateName\":\"fast\"},\"provisioner\":\"p\"}" }, NULL },
    { "no name", { "{\"provisioner\":\"p\"}" }, NULL },
};

static void finds_by_exact_name_what_is_there_once(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(finds); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct inventory *inv = inventory_new(&a);
        struct sv got;

        for (size_t k = 0; finds[i].objects[k]; k++)
            add(inv, finds[i].objects[k]);
        got = value_string(value_get(inventory_find(inv, GROUP, KIND, SV("fast")), SV("provisioner")));
        if (!got.p != !finds[i].fast || !sv_eq(got, sv_from(finds[i].fast)))
            fail_msg("%s", finds[i].what);
    }
}

static const struct {
    const char *what;
    const char *objects[4];
    const char *name; /* of the default; NULL: not known */
} defaults[] = {
    { "nothing at all", { NULL }, NULL },
    { "none is marked", { PLAIN("a"), PLAIN("b") }, NULL },
    { "marked with another value", { MARKED("a", "false"), MARKED("b", "True") }, NULL },
    { "one is marked", { PLAIN("a"), MARKED("b", "true"), MARKED("c", "false") }, "b" },
    { "one is marked in the old spelling", { PLAIN("a"), MARKED_OLD("b") }, "b" },
    { "two are marked", { MARKED("a", "true"), MARKED("b", "true") }, NULL },
    { "two are marked, each in its spelling", { MARKED("a", "true"), MARKED_OLD("b") }, NULL },
    { "the marked one twice the same", { MARKED("a", "true"), MARKED("a", "true") }, "a" },
    { "the marked one elsewhere unmarked", { MARKED("a", "true"), PLAIN("a") }, NULL },
    { "another one elsewhere marked", { MARKED("a", "true"), PLAIN("b"), MARKED("b", "true") }, NULL },
    { "another one whose name is generated",
      { MARKED("a", "true"), "{\"metadata\":{\"generateName\":\"b-\"}}" },
      NULL },
};

static void knows_the_default_when_exactly_one_is_marked(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct inventory *inv = inventory_new(&a);
        struct sv got;

        for (size_t k = 0; defaults[i].objects[k]; k++)
            add(inv, defaults[i].objects[k]);
        got = name_of(inventory_default(inv, GROUP, KIND, KEY, OLD_KEY));
        if (!got.p != !defaults[i].name || !sv_eq(got, sv_from(defaults[i].name)))
            fail_msg("%s", defaults[i].what);
    }
}

static void takes_an_old_key_only_where_there_is_one(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct inventory *inv = inventory_new(&a);

    add(inv, MARKED_OLD("a"));
    assert_null(inventory_default(inv, GROUP, KIND, KEY, (struct sv){ NULL, 0 }));
}

static void keeps_groups_and_kinds_apart(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct inventory *inv = inventory_new(&a);

    add(inv, PLAIN("fast"));
    assert_null(inventory_find(inv, GROUP, SV("VolumeAttributesClass"), SV("fast")));
    assert_null(inventory_find(inv, SV("example.com"), KIND, SV("fast")));
    assert_null(inventory_find(inv, SV("example.com"), SV("Thing"), SV("fast")));
    assert_null(inventory_default(inv, SV("example.com"), SV("Thing"), KEY, OLD_KEY));
}

static void leaves_out_what_nobody_asks_for(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct inventory *inv = inventory_new(&a);

    assert_true(inventory_wants(SV(""), SV("Namespace")));
    assert_true(inventory_wants(SV("elbv2.k8s.aws"), SV("IngressClassParams")));
    assert_false(inventory_wants(SV("eks.amazonaws.com"), SV("IngressClassParams")));
    assert_false(inventory_wants(SV(""), SV("Secret")));
    assert_true(inventory_add(inv, SV(""), SV("Secret"), NULL));
    assert_null(inventory_find(inv, SV(""), SV("Secret"), SV("")));
}

static void has_nothing_where_there_is_none(void **state UNUSED)
{
    assert_null(inventory_find(NULL, GROUP, KIND, SV("fast")));
    assert_null(inventory_default(NULL, GROUP, KIND, KEY, OLD_KEY));
}

static void says_when_the_arena_is_full(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(64 << 10);
    CLEANUP(arena_fini) struct arena b = ARENA_INIT(1 << 20);
    struct inventory *inv = inventory_new(&a);
    struct err e = { 0 };
    size_t added = 0;
    bool ok = true;

    while (ok && added < 10000) {
        struct sv text = arena_printf(&b, "{\"metadata\":{\"name\":\"c%zu\"}}", added++);
        const struct json *object = doc_parse(text, &b, &e);

        ok = inventory_add(inv, GROUP, KIND, object);
        arena_reset(&b);
    }
    assert_false(ok);
    assert_true(added > 1);
}

static const struct {
    struct sv text;
    bool may;
} texts[] = {
    { SV_INIT(""), false },
    { SV_INIT("kind: PersistentVolumeClaim\nspec: { storageClassName: fast }\n"), false },
    { SV_INIT("kind: Ingress\nmetadata: { namespace: a }\nspec: { ingressClassName: alb }\n"), false },
    { SV_INIT("kind: StorageClass\n"), true },
    { SV_INIT("{\"kind\":\"IngressClassParams\"}"), true },
    { SV_INIT("kind: 'Namespace'"), true },
    { SV_INIT("\xff\xfek\0i\0"), true },
    { SV_INIT("\xfe\xff\0k\0i"), true },
};

static void sees_from_afar_which_texts_may_hold_one(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (inventory_may_be_in(texts[i].text) != texts[i].may)
            fail_msg("%.*s", SV_ARG(texts[i].text));
    assert_false(inventory_may_be_in((struct sv){ NULL, 0 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_by_exact_name_what_is_there_once),
        cmocka_unit_test(knows_the_default_when_exactly_one_is_marked),
        cmocka_unit_test(takes_an_old_key_only_where_there_is_one),
        cmocka_unit_test(keeps_groups_and_kinds_apart),
        cmocka_unit_test(leaves_out_what_nobody_asks_for),
        cmocka_unit_test(has_nothing_where_there_is_none),
        cmocka_unit_test(says_when_the_arena_is_full),
        cmocka_unit_test(sees_from_afar_which_texts_may_hold_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
