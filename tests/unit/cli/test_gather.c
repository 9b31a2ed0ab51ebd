/* SPDX-License-Identifier: Apache-2.0 */
/* What all inputs together hold, whichever order they come in. */
#include "cli/gather.h"

#include "support/check.h"

#define CLASS(name) "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: { name: " name " }\n"
#define ITEM(name) "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: " name "}}"

static bool knows(const struct inventory *inv, const char *name)
{
    return inventory_find(inv, SV("storage.k8s.io"), SV("StorageClass"), sv_from(name)) != NULL;
}

static struct inventory *gather(const char *const *texts, size_t count, struct arena *a)
{
    CLEANUP(arena_fini) struct arena scratch = ARENA_INIT(4 << 20);
    CLEANUP(input_fini) struct inputs inputs = INPUTS_INIT;
    struct inventory *inv = NULL;
    struct err e = { 0 };

    for (size_t i = 0; i < count; i++) {
        const struct input item = { .name = "a.yaml", .text = sv_from(texts[i]) };

        assert_true(input_add(&inputs, &item, a, &e));
    }
    if (!gather_inventory(&inputs, &scratch, a, &inv, &e))
        fail_msg("%s", e.msg);
    return inv;
}

static void finds_objects_in_documents_lists_and_lists_of_lists(void **state UNUSED)
{
    static const char *const texts[] = {
        "kind: Pod\n---\n" CLASS("a") "---\n" CLASS("b"),
        "{apiVersion: v1, kind: List, items: [" ITEM("c") ", {apiVersion: v1, kind: List, items: [" ITEM("d") "]}]}",
        "{apiVersion: storage.k8s.io/v1, kind: StorageClassList, items: [{metadata: {name: e}}]}",
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct inventory *inv = gather(texts, ARRAY_LEN(texts), &a);

    assert_true(knows(inv, "a"));
    assert_true(knows(inv, "b"));
    assert_true(knows(inv, "c"));
    assert_true(knows(inv, "d"));
    assert_true(knows(inv, "e"));
    assert_false(knows(inv, "f"));
}

static void what_cannot_be_read_takes_nothing_else_away(void **state UNUSED)
{
    static const char *const texts[] = { CLASS("a") "---\n{ not: yaml", "- kind: StorageClass\n", "StorageClass",
                                         CLASS("b") };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct inventory *inv = gather(texts, ARRAY_LEN(texts), &a);

    assert_false(knows(inv, "a"));
    assert_true(knows(inv, "b"));
}

static void a_missing_file_adds_nothing(void **state UNUSED)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20), scratch = ARENA_INIT(1 << 20);
    struct input item = { .name = "gone.yaml", .path = SOURCE_DIR "/gone.yaml" };
    CLEANUP(input_fini) struct inputs inputs = INPUTS_INIT;
    struct inventory *inv = NULL;
    struct err e = { 0 };

    assert_true(input_add(&inputs, &item, &a, &e));
    assert_true(gather_inventory(&inputs, &scratch, &a, &inv, &e));
    assert_false(knows(inv, "a"));
}

static void a_full_arena_is_an_error(void **state UNUSED)
{
    CLEANUP(arena_fini)
    struct arena a = ARENA_INIT(1 << 10), scratch = ARENA_INIT(4 << 20), items = ARENA_INIT(1 << 10);
    struct input item = { .name = "a.yaml", .text = SV(CLASS("a")) };
    CLEANUP(input_fini) struct inputs inputs = INPUTS_INIT;
    struct inventory *inv = NULL;
    struct err e = { 0 };

    assert_true(input_add(&inputs, &item, &items, &e));
    assert_false(gather_inventory(&inputs, &scratch, &a, &inv, &e));
    assert_err(e, ERR_LIMIT, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_objects_in_documents_lists_and_lists_of_lists),
        cmocka_unit_test(what_cannot_be_read_takes_nothing_else_away),
        cmocka_unit_test(a_missing_file_adds_nothing),
        cmocka_unit_test(a_full_arena_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
