/* SPDX-License-Identifier: Apache-2.0 */
/* Ten times, then once a second with the number; nothing is lost of what is held back. */
#include "base/attr.h"
#include "base/log_repeat.h"
#include "support/check.h"

static struct log_repeat repeats;
static struct log_line due;

static int forget(void **state)
{
    (void)state;
    memset(&repeats, 0, sizeof(repeats));
    return 0;
}

/* How many of `count` lines may be written at `ms`. */
static size_t admitted(uint32_t tag, size_t count, uint64_t ms)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += log_repeat_admit(&repeats, tag, SV("{\"msg\":\"m\"}\n"), ms);
    return n;
}

/* The line that is due at `ms`; "" if none is. */
static struct sv due_at(uint64_t ms)
{
    return log_repeat_due(&repeats, ms, &due) ? (struct sv){ due.p, due.n } : SV("");
}

static void holds_back_from_the_eleventh_on(void **state)
{
    (void)state;
    assert_int_equal(admitted(7, 1000, 5000), 10);
    assert_sv(due_at(5999), "");
    assert_sv(due_at(6000), "{\"msg\":\"m\",\"repeated\":990}\n");
    assert_sv(due_at(6000), "");
}

static void says_a_flood_once_a_second(void **state)
{
    (void)state;
    admitted(7, 100, 0);
    assert_sv(due_at(1000), "{\"msg\":\"m\",\"repeated\":90}\n");
    assert_int_equal(admitted(7, 50, 1500), 0);
    assert_sv(due_at(2000), "{\"msg\":\"m\",\"repeated\":50}\n");
    assert_int_equal(admitted(7, 3, 2500), 0);
    assert_sv(due_at(3000), "{\"msg\":\"m\",\"repeated\":3}\n");
    assert_false(repeats.is_open && due_at(4000).n);
    assert_int_equal(admitted(7, 11, 4001), 10);
}

static void admits_ten_a_second(void **state)
{
    (void)state;
    for (uint64_t second = 0; second < 5; second++) {
        assert_int_equal(admitted(7, 10, second * 1000), 10);
        assert_sv(due_at(second * 1000 + 1000), "");
    }
    assert_false(repeats.is_open);
}

static void counts_each_tag_alone(void **state)
{
    (void)state;
    assert_int_equal(admitted(7, 20, 0), 10);
    assert_int_equal(admitted(8, 13, 0), 10);
    assert_int_equal(admitted(0, 1000, 0), 1000);
    assert_sv(due_at(1000), "{\"msg\":\"m\",\"repeated\":10}\n");
    assert_sv(due_at(1000), "{\"msg\":\"m\",\"repeated\":3}\n");
    assert_sv(due_at(1000), "");
}

static void writes_what_it_has_no_room_to_count(void **state)
{
    (void)state;
    for (uint32_t tag = 1; tag <= LOG_REPEAT_TAGS; tag++)
        assert_int_equal(admitted(tag, 1, 0), 1);
    assert_int_equal(admitted(1000, 50, 0), 50);
    assert_sv(due_at(1000), "");
    assert_int_equal(admitted(1000, 50, 1000), 10);
}

static void tags_by_message_and_reason(void **state)
{
    uint32_t tag = log_repeat_tag(SV("m"), SV("r"));

    (void)state;
    assert_int_not_equal(tag, 0);
    assert_int_equal(tag, log_repeat_tag(SV("m"), SV("r")));
    assert_int_not_equal(tag, log_repeat_tag(SV("m"), SV("s")));
    assert_int_not_equal(tag, log_repeat_tag(SV("n"), SV("r")));
    assert_int_not_equal(tag, log_repeat_tag(SV("mr"), SV("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(holds_back_from_the_eleventh_on, forget),
        cmocka_unit_test_setup(says_a_flood_once_a_second, forget),
        cmocka_unit_test_setup(admits_ten_a_second, forget),
        cmocka_unit_test_setup(counts_each_tag_alone, forget),
        cmocka_unit_test_setup(writes_what_it_has_no_room_to_count, forget),
        cmocka_unit_test(tags_by_message_and_reason),
    };

    log_compose_format(LOG_JSON);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
