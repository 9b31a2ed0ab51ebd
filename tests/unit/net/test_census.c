/* SPDX-License-Identifier: Apache-2.0 */
/* Counts by address, forgets whom nobody is left of. */
#include "net/census.h"

#include "net/listener.h"
#include "support/check.h"

static struct sockaddr_storage at(const char *text)
{
    struct sockaddr_storage out;
    struct err e = { 0 };

    if (!listener_parse(text, &out, &e))
        fail_msg("%s", e.msg);
    return out;
}

static struct census *make(size_t max, size_t per_address)
{
    struct err e = { 0 };
    struct census *c = census_new(max, per_address, &e);

    assert_non_null(c);
    return c;
}

static enum census_answer enter(struct census *c, const char *text)
{
    struct sockaddr_storage peer = at(text);

    return census_enter(c, &peer);
}

static void leave(struct census *c, const char *text)
{
    struct sockaddr_storage peer = at(text);

    census_leave(c, &peer);
}

static void one_address_never_gets_more_than_its_part(void **state)
{
    struct census *c = make(10, 2);

    (void)state;
    assert_int_equal(enter(c, "10.0.0.1:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "10.0.0.1:2"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "10.0.0.1:3"), CENSUS_ADDRESS_FULL);
    assert_int_equal(enter(c, "10.0.0.2:3"), CENSUS_ENTERED);
    leave(c, "10.0.0.1:1");
    assert_int_equal(enter(c, "10.0.0.1:4"), CENSUS_ENTERED);
    census_free(c);
}

static void all_together_never_get_more_than_the_whole(void **state)
{
    struct census *c = make(3, 2);

    (void)state;
    assert_int_equal(enter(c, "10.0.0.1:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "10.0.0.2:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "10.0.0.3:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "10.0.0.4:1"), CENSUS_FULL);
    leave(c, "10.0.0.2:9");
    assert_int_equal(enter(c, "10.0.0.4:1"), CENSUS_ENTERED);
    census_free(c);
}

static void a_client_with_a_whole_64_is_one_address(void **state)
{
    struct census *c = make(10, 1);

    (void)state;
    assert_int_equal(enter(c, "[2001:db8:0:1::1]:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "[2001:db8:0:1:ffff::2]:1"), CENSUS_ADDRESS_FULL);
    assert_int_equal(enter(c, "[2001:db8:0:2::1]:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "[::1]:1"), CENSUS_ENTERED);
    census_free(c);
}

static void a_mapped_address_is_the_one_it_maps(void **state)
{
    struct census *c = make(10, 1);

    (void)state;
    assert_int_equal(enter(c, "[::ffff:10.0.0.1]:1"), CENSUS_ENTERED);
    assert_int_equal(enter(c, "10.0.0.1:1"), CENSUS_ADDRESS_FULL);
    leave(c, "10.0.0.1:1");
    assert_int_equal(enter(c, "10.0.0.1:1"), CENSUS_ENTERED);
    census_free(c);
}

/* Against a plain array, through enough churn that rows collide and close up. */
static void counts_right_through_any_churn(void **state)
{
    enum { ADDRESSES = 300, STEPS = 200000, PER_ADDRESS = 3, MAX = 200 };
    struct census *c = make(MAX, PER_ADDRESS);
    size_t counts[ADDRESSES] = { 0 }, total = 0;
    uint32_t x = 1;

    (void)state;
    for (int step = 0; step < STEPS; step++) {
        struct sockaddr_storage peer = { .ss_family = AF_INET };
        size_t i;

        x = x * 1664525u + 1013904223u;
        i = (x >> 8) % ADDRESSES;
        memcpy((char *)&peer + 4, &(uint32_t){ (uint32_t)i * 65537u }, 4);
        if (x & 0x80000000u && counts[i]) {
            census_leave(c, &peer);
            counts[i]--;
            total--;
            continue;
        }
        switch (census_enter(c, &peer)) {
        case CENSUS_ENTERED:
            assert_true(total++ < MAX && counts[i]++ < PER_ADDRESS);
            break;
        case CENSUS_ADDRESS_FULL:
            assert_int_equal(counts[i], PER_ADDRESS);
            break;
        case CENSUS_FULL:
            assert_int_equal(total, MAX);
            break;
        }
    }
    census_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_never_gets_more_than_its_part),
        cmocka_unit_test(all_together_never_get_more_than_the_whole),
        cmocka_unit_test(a_client_with_a_whole_64_is_one_address),
        cmocka_unit_test(a_mapped_address_is_the_one_it_maps),
        cmocka_unit_test(counts_right_through_any_churn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
