/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits, who goes first, and that what is given back is all given back. */
#include "http/budget.h"

#include "support/check.h"

enum { MAX = 100, RESERVE = 60, FIRST = 10 };

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
    *state = budget_new(MAX, (struct budget_reserves){ RESERVE, FIRST }, &e);
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
    struct budget_claim a = claim_of(BUDGET_FIRST, 30), b = claim_of(BUDGET_FIRST, 20), c = claim_of(BUDGET_ARENA, 60);

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
    struct budget_claim a = claim_of(BUDGET_FIRST, 30), big = claim_of(BUDGET_FIRST, 40),
                        small = claim_of(BUDGET_FIRST, 1);

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
    struct budget_claim held = claim_of(BUDGET_ARENA, 60), body = claim_of(BUDGET_FIRST, 40);
    struct budget_claim late = claim_of(BUDGET_FIRST, 10), arena = claim_of(BUDGET_ARENA, 50);

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
    struct budget_claim a = claim_of(BUDGET_FIRST, 30), big = claim_of(BUDGET_FIRST, 40),
                        small = claim_of(BUDGET_FIRST, 5);

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
    struct budget_claim a = claim_of(BUDGET_FIRST, 30), b = claim_of(BUDGET_FIRST, 10), none = { 0 };

    assert_true(budget_claim(*state, &a));
    assert_true(budget_claim(*state, &b));
    budget_release(*state, &none);
    budget_release(*state, &a);
    budget_release(*state, &a);
    assert_int_equal(budget_used(*state), 10);
    budget_release(*state, &b);
}

/* Small ones pass large ones, not the other way; and neither takes an arena's. */
static void each_kind_leaves_what_those_before_it_need(void **state)
{
    struct budget_claim more = claim_of(BUDGET_MORE, 30), again = claim_of(BUDGET_MORE, 1);
    struct budget_claim first = claim_of(BUDGET_FIRST, 10), second = claim_of(BUDGET_FIRST, 1);
    struct budget_claim arena = claim_of(BUDGET_ARENA, 60);

    assert_true(budget_claim(*state, &more));
    assert_false(budget_claim(*state, &again));
    assert_true(budget_claim(*state, &first));
    assert_false(budget_claim(*state, &second));
    assert_true(budget_claim(*state, &arena));
    budget_release(*state, &first);
    assert_true(budget_is_granted(*state, &second));
    assert_false(budget_is_granted(*state, &again));
    budget_release(*state, &more);
    assert_true(budget_is_granted(*state, &again));
    budget_release(*state, &again);
    budget_release(*state, &second);
    budget_release(*state, &arena);
}

static void what_is_merged_is_given_back_together(void **state)
{
    struct budget_claim body = claim_of(BUDGET_FIRST, 10), more = claim_of(BUDGET_MORE, 15);

    assert_true(budget_claim(*state, &body));
    assert_true(budget_claim(*state, &more));
    budget_merge(*state, &body, &more);
    budget_release(*state, &more);
    assert_int_equal(budget_used(*state), 25);
    budget_release(*state, &body);
    assert_int_equal(budget_used(*state), 0);
}

#define WITH_BUDGET(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BUDGET(bodies_leave_the_reserve),
        WITH_BUDGET(the_first_in_line_is_not_overtaken),
        WITH_BUDGET(arenas_go_before_bodies),
        WITH_BUDGET(leaving_the_line_lets_the_next_one_go),
        WITH_BUDGET(giving_back_twice_gives_back_once),
        WITH_BUDGET(each_kind_leaves_what_those_before_it_need),
        WITH_BUDGET(what_is_merged_is_given_back_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
