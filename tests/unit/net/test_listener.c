/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in and out, and a port that two may share. */
#include "net/listener.h"

#include "support/check.h"

#include <poll.h>
#include <unistd.h>

static void refuses_what_is_no_address(void **state)
{
    static const char *const texts[] = {
        "",         "8443",      "localhost:8443", "0.0.0.0",     "0.0.0.0:", "0.0.0.0:http", "1.2.3:99999",
        "::1:8443", "[::1]8443", "[::1:8443",      "256.0.0.1:1", "x:y",      "127.0.0.1:-1", "127.0.0.1:65536"
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct sockaddr_storage at;
        struct err e = { 0 };

        if (listener_parse(texts[i], &at, &e))
            fail_msg("%s", texts[i]);
        assert_err(e, ERR_INPUT, "is not an address");
    }
}

static void prints_what_it_reads(void **state)
{
    static const char *const rows[][2] = {
        { "0.0.0.0:8443", "0.0.0.0:8443" }, { ":8443", "0.0.0.0:8443" },    { "[::]:8443", "[::]:8443" },
        { "[::1]:0", "[::1]:0" },           { "10.1.2.3:1", "10.1.2.3:1" },
    };
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sockaddr_storage at;
        struct err e = { 0 };

        assert_true(listener_parse(rows[i][0], &at, &e));
        assert_sv(listener_print(&at, &a), rows[i][1]);
    }
}

static void two_listen_on_one_port_and_one_accepts(void **state)
{
    struct sockaddr_storage at, peer;
    struct pollfd ready[2];
    struct err e = { 0 };
    int first, second, client, accepted = -1, buffer = 0;
    socklen_t n = sizeof(buffer);

    (void)state;
    assert_true(listener_parse("127.0.0.1:0", &at, &e));
    assert_true(listener_open(&at, &first, &e));
    assert_true(listener_address(first, &at, &e));
    assert_true(listener_open(&at, &second, &e));
    assert_int_equal(listener_accept(first, &accepted, &peer), LISTENER_NOTHING);

    client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&at, 16), 0);
    ready[0] = (struct pollfd){ .fd = first, .events = POLLIN };
    ready[1] = (struct pollfd){ .fd = second, .events = POLLIN };
    assert_int_equal(poll(ready, 2, 5000), 1);
    assert_int_equal(listener_accept(ready[0].revents ? first : second, &accepted, &peer), LISTENER_ACCEPTED);
    assert_int_equal(peer.ss_family, AF_INET);
    assert_int_equal(getsockopt(accepted, SOL_SOCKET, SO_SNDBUF, &buffer, &n), 0);
    assert_in_range(buffer, 64 << 10, 512 << 10); /* what who reads nothing may cost */
    close(accepted);
    close(client);
    close(first);
    close(second);
}

static void what_somebody_listens_on_is_not_free(void **state)
{
    struct sockaddr_storage at;
    struct err e = { 0 };
    int fd;

    (void)state;
    assert_true(listener_parse("127.0.0.1:0", &at, &e));
    assert_true(listener_is_free(&at, &e));
    assert_true(listener_open(&at, &fd, &e));
    assert_true(listener_address(fd, &at, &e));
    assert_false(listener_is_free(&at, &e));
    assert_err(e, ERR_IO, "Address already in use");
    close(fd);
    assert_true(listener_is_free(&at, &e));
    assert_true(listener_parse("192.0.2.1:1", &at, &e));
    assert_false(listener_is_free(&at, &e));
}

static void says_where_it_cannot_listen(void **state)
{
    struct sockaddr_storage at;
    struct err e = { 0 };
    int fd;

    (void)state;
    assert_true(listener_parse("192.0.2.1:1", &at, &e));
    assert_false(listener_open(&at, &fd, &e));
    assert_err(e, ERR_IO, "cannot listen on 192.0.2.1:1: ");
    assert_int_equal(fd, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(prints_what_it_reads),
        cmocka_unit_test(two_listen_on_one_port_and_one_accepts),
        cmocka_unit_test(what_somebody_listens_on_is_not_free),
        cmocka_unit_test(says_where_it_cannot_listen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
