/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits, who goes first, and that what is given back is all given back. */
#include "http/budget.h"

#include "support/check.h"

enum { MAX = 100, RESERVE = 60 };

static int woken;

static void wake(void *arg)
{
    (void)arg;
    woken++;
}

static struct budget_claim claim_of(enum budget_kind kind, size_t bytes)
{
    return (struct budget_claim){ .kind = kind, .bytes = bytes, .wake = wake };
}

static int set_up(void **state)
{
    struct err e = { 0 };

    woken = 0;
    *state = budget_new(MAX, RESERVE, &e);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    int left = (int)budget_used(*state);

    if (left == 0)
        budget_free(*state);
    return left;
}

static void bodies_leave_the_reserve(void **state)
{
    struct budget_claim a = claim_of(BUDGET_BODY, 30), b = claim_of(BUDGET_BODY, 20), c = claim_of(BUDGET_ARENA, 60);

    assert_true(budget_claim(*state, &a));
    assert_false(budget_claim(*state, &b));
    assert_true(budget_claim(*state, &c));
    assert_int_equal(budget_used(*state), 90);
    budget_release(*state, &a);
    assert_true(budget_is_granted(*state, &b));
    assert_int_equal(woken, 1);
    budget_release(*state, &b);
    budget_release(*state, &c);
    assert_int_equal(budget_used(*state), 0);
}

static void the_first_in_line_is_not_overtaken(void **state)
{
    struct budget_claim a = claim_of(BUDGET_BODY, 30), big = claim_of(BUDGET_BODY, 40),
                        small = claim_of(BUDGET_BODY, 1);

    assert_true(budget_claim(*state, &a));
    assert_false(budget_claim(*state, &big));
    assert_false(budget_claim(*state, &small));
    budget_release(*state, &a);
    assert_true(budget_is_granted(*state, &big));
    assert_false(budget_is_granted(*state, &small));
    budget_release(*state, &big);
    assert_true(budget_is_granted(*state, &small));
    budget_release(*state, &small);
}

static void arenas_go_before_bodies(void **state)
{
    struct budget_claim held = claim_of(BUDGET_ARENA, 60), body = claim_of(BUDGET_BODY, 40);
    struct budget_claim late = claim_of(BUDGET_BODY, 10), arena = claim_of(BUDGET_ARENA, 50);

    assert_true(budget_claim(*state, &held));
    assert_true(budget_claim(*state, &body));
    assert_false(budget_claim(*state, &late));
    assert_false(budget_claim(*state, &arena));
    budget_release(*state, &body);
    assert_false(budget_is_granted(*state, &late));
    assert_false(budget_is_granted(*state, &arena));
    budget_release(*state, &held);
    assert_true(budget_is_granted(*state, &arena));
    assert_true(budget_is_granted(*state, &late));
    budget_release(*state, &arena);
    budget_release(*state, &late);
}

static void leaving_the_line_lets_the_next_one_go(void **state)
{
    struct budget_claim a = claim_of(BUDGET_BODY, 30), big = claim_of(BUDGET_BODY, 40),
                        small = claim_of(BUDGET_BODY, 5);

    assert_true(budget_claim(*state, &a));
    assert_false(budget_claim(*state, &big));
    assert_false(budget_claim(*state, &small));
    budget_release(*state, &big);
    assert_true(budget_is_granted(*state, &small));
    assert_false(budget_is_granted(*state, &big));
    budget_release(*state, &a);
    budget_release(*state, &small);
}

static void giving_back_twice_gives_back_once(void **state)
{
    struct budget_claim a = claim_of(BUDGET_BODY, 30), b = claim_of(BUDGET_BODY, 10), none = { 0 };

    assert_true(budget_claim(*state, &a));
    assert_true(budget_claim(*state, &b));
    budget_release(*state, &none);
    budget_release(*state, &a);
    budget_release(*state, &a);
    assert_int_equal(budget_used(*state), 10);
    budget_release(*state, &b);
}

#define WITH_BUDGET(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BUDGET(bodies_leave_the_reserve),          WITH_BUDGET(the_first_in_line_is_not_overtaken),
        WITH_BUDGET(arenas_go_before_bodies),           WITH_BUDGET(leaving_the_line_lets_the_next_one_go),
        WITH_BUDGET(giving_back_twice_gives_back_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
