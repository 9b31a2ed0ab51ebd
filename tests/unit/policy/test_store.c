/* SPDX-License-Identifier: Apache-2.0 */
/* What was pinned stays whole while it is pinned, and no longer: that nothing
 * is freed too early or not at all is AddressSanitizer's to say. */
#include "base/attr.h"
#include "policy/store.h"
#include "support/check.h"
#include "support/policies.h"

#include <pthread.h>
#include <stdatomic.h>

enum { READERS = 4, SWAPS = 200 };

#define POLICY(name, namespace)                                                                                        \
    "apiVersion: fipsgate.io/v1alpha1\nkind: FipsPolicy\nmetadata: { name: " name " }\nspec:\n"                        \
    "  mode: enforce\n  match: { namespaces: { include: [" namespace "] } }\n"                                         \
                                                                     "  rules: [{ name: r, type: image-digest }]\n"

static struct policy_set *set_of(const char *yaml)
{
    struct policy_set *set = policies_from(yaml);

    assert_non_null(set);
    return set;
}

static void keeps_what_is_pinned_and_hands_out_what_is_new(void **state UNUSED)
{
    struct err e = { 0 };
    struct store *s = store_new(set_of(POLICY("one", "a")), &e);
    struct store_pin before = store_pin(s), after, again;

    assert_true(store_replace(s, set_of(POLICY("two", "b")), &e));
    after = store_pin(s);
    assert_sv(before.policies->policies[0].name, "one");
    assert_sv(after.policies->policies[0].name, "two");
    assert_true(after.since >= before.since);
    store_unpin(s, &before);
    assert_null(before.policies);
    store_unpin(s, &before); /* nothing to let go */
    assert_true(store_replace(s, set_of(POLICY("three", "c")), &e));
    assert_sv(after.policies->policies[0].name, "two");
    store_unpin(s, &after);
    again = store_pin(s);
    assert_sv(again.policies->policies[0].name, "three");
    store_unpin(s, &again);
    store_free(s);
    store_free(NULL);
}

struct race {
    struct store *store;
    atomic_bool is_over;
    atomic_size_t looks, torn;
};

/* Name and namespace of a set belong together. */
static void *look(void *arg)
{
    struct race *r = arg;

    while (!atomic_load(&r->is_over)) {
        struct store_pin pin = store_pin(r->store);
        const struct policy *p = &pin.policies->policies[0];
        bool is_one = sv_eq(p->name, SV("one"));

        if (!sv_eq(p->match.include.items[0], is_one ? SV("a") : SV("b")))
            atomic_fetch_add(&r->torn, 1);
        store_unpin(r->store, &pin);
        atomic_fetch_add(&r->looks, 1);
    }
    return NULL;
}

static void readers_never_see_half_a_set(void **state UNUSED)
{
    struct err e = { 0 };
    struct race r = { .store = store_new(set_of(POLICY("one", "a")), &e) };
    pthread_t threads[READERS];

    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look, &r), 0);
    for (int i = 0; i < SWAPS; i++)
        assert_true(store_replace(r.store, set_of(i % 2 ? POLICY("one", "a") : POLICY("two", "b")), &e));
    while (atomic_load(&r.looks) < SWAPS)
        continue;
    atomic_store(&r.is_over, true);
    for (size_t i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&r.torn), 0);
    store_free(r.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_is_pinned_and_hands_out_what_is_new),
        cmocka_unit_test(readers_never_see_half_a_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
