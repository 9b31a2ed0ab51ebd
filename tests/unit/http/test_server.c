/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests through http/ and below, without TLS and without a port: one end of
 * a socketpair goes into the server exactly as net/session.c puts it there.
 * The clock is the test's own.
 */
#include "http/server.h"

#include "base/file.h"
#include "http/budget.h"
#include "policy/policy.h"
#include "support/check.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    MAX_INFLIGHT = EXCHANGE_ARENA_MAX + (1 << 20),
    FIRST_RESERVE = 256 << 10,
    MAX_BODY = 512 << 10,
    MAX_REQUESTS = 5,
    QUEUE_MS = 1000,
    ROUNDS = 200,
};

struct loopback {
    struct exchange_config config;
    struct server *server;
    int wake_fd;
    uint64_t now_ms;
    struct arena arena;
    struct sv review; /* a pod that the API server sent */
};

struct client {
    int fd;
    struct server_link *link;
};

static int set_up(void **state)
{
    static const char *const builtin[] = { "builtin:baseline" };
    struct policy_sources sources = { .policies = builtin, .policy_count = 1 };
    const struct budget_reserves reserves = { .arenas = EXCHANGE_ARENA_MAX, .first = FIRST_RESERVE };
    struct loopback *p = calloc(1, sizeof(*p));
    struct err e = { 0 };

    *state = p;
    p->arena = (struct arena)ARENA_INIT(4 << 20);
    p->now_ms = 1000;
    p->wake_fd = eventfd(0, EFD_NONBLOCK);
    p->config = (struct exchange_config){ .store = store_new(policy_set_load(&sources, &e), &e),
                                          .max_body = MAX_BODY,
                                          .max_arena = EXCHANGE_ARENA_MAX,
                                          .max_requests = MAX_REQUESTS,
                                          .max_head = 4 << 10,
                                          .queue_ms = QUEUE_MS,
                                          .budget = budget_new(MAX_INFLIGHT, reserves, &e) };
    p->server = server_new(&p->config, 16, p->wake_fd, &e);
    if (!file_read(SOURCE_DIR "/tests/fixtures/pod-plain-create.json", 1 << 20, &p->arena, &p->review, &e))
        fail_msg("%s", e.msg);
    return p->config.store && p->server ? 0 : -1;
}

static int tear_down(void **state)
{
    struct loopback *p = *state;
    size_t left;

    server_free(p->server);
    left = budget_used(p->config.budget);
    if (!left)
        budget_free(p->config.budget);
    store_free(p->config.store);
    arena_fini(&p->arena);
    close(p->wake_fd);
    free(p);
    return left ? -1 : 0;
}

static struct client connect_client(struct loopback *p)
{
    struct sockaddr_storage peer = { .ss_family = AF_INET };
    struct client c;
    struct err e = { 0 };
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    c.fd = fds[0];
    c.link = server_adopt(p->server, fds[1], &peer, &e);
    assert_non_null(c.link);
    return c;
}

static void hang_up(struct loopback *p, struct client *c)
{
    close(c->fd);
    server_release(c->link);
    for (int i = 0; i < ROUNDS; i++)
        server_run(p->server, p->now_ms);
}

static void say(struct client *c, struct sv text)
{
    assert_int_equal(send(c->fd, text.p, text.n, MSG_NOSIGNAL), text.n);
}

static void send_review(struct loopback *p, struct client *c, const char *path)
{
    say(c, arena_printf(&p->arena,
                        "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                        path, p->review.n));
    say(c, p->review);
}

/* Runs the server until something has come, or for a while. */
static struct sv hear(struct loopback *p, struct client *c)
{
    enum { ANSWER_MAX = 64 << 10 };
    char *text = arena_alloc(&p->arena, ANSWER_MAX);
    ssize_t n = -1;

    assert_non_null(text);
    for (int i = 0; i < ROUNDS && n <= 0; i++) {
        server_run(p->server, p->now_ms);
        n = recv(c->fd, text, ANSWER_MAX - 1, 0);
        if (n == 0)
            break;
    }
    text[n > 0 ? n : 0] = '\0';
    return (struct sv){ text, n > 0 ? (size_t)n : 0 };
}

#define assert_has(text, part)                                                                                         \
    do {                                                                                                               \
        if (!strstr((text).p, part))                                                                                   \
            fail_msg("`%s` is not in: %.300s", part, (text).p);                                                        \
    } while (0)

static void answers_one_review_after_the_other(void **state)
{
    struct loopback *p = *state;
    struct client c = connect_client(p);

    for (int i = 0; i < 3; i++) {
        struct sv answer;

        send_review(p, &c, "/validate?timeout=5s");
        answer = hear(p, &c);
        assert_has(answer, "HTTP/1.1 200 OK");
        assert_has(answer, "\"uid\":\"bb99cf32-8913-475c-8d08-ded59c80a832\"");
        assert_null(strstr(answer.p, "Connection: close"));
        assert_int_equal(c.link->answered, i + 1);
        assert_int_equal(c.link->phase, SERVER_IDLE);
        assert_int_equal(budget_used(p->config.budget), 0);
    }
    hang_up(p, &c);
}

/* What another review in another worker would hold. */
static void *nobody;

static void wake_nobody(void *arg)
{
    (void)arg;
}

static struct budget_claim hold(struct loopback *p, enum budget_kind kind, size_t bytes)
{
    struct budget_claim claim = { .kind = kind, .bytes = bytes, .wake = wake_nobody, .wake_arg = nobody };

    assert_true(budget_claim(p->config.budget, &claim));
    return claim;
}

static void waits_in_vain_for_memory_and_is_told_to_come_back(void **state)
{
    struct loopback *p = *state;
    struct budget_claim held = hold(p, BUDGET_ARENA, EXCHANGE_ARENA_MAX);
    struct client c = connect_client(p);
    struct sv answer;

    send_review(p, &c, "/validate");
    assert_int_equal(hear(p, &c).n, 0);
    assert_int_equal(c.link->phase, SERVER_ANSWER);
    assert_in_range(server_timeout(p->server, p->now_ms), 1, QUEUE_MS);
    p->now_ms += QUEUE_MS;
    assert_int_equal(server_timeout(p->server, p->now_ms), 0);
    answer = hear(p, &c);
    assert_has(answer, "HTTP/1.1 503 ");
    assert_has(answer, "Retry-After: 1");
    assert_has(answer, "Connection: close");
    hang_up(p, &c);
    budget_release(p->config.budget, &held);
}

static void goes_on_as_soon_as_there_is_memory(void **state)
{
    struct loopback *p = *state;
    struct budget_claim held = hold(p, BUDGET_ARENA, EXCHANGE_ARENA_MAX);
    struct pollfd wake = { .fd = p->wake_fd, .events = POLLIN };
    struct client c = connect_client(p);

    send_review(p, &c, "/validate");
    assert_int_equal(hear(p, &c).n, 0);
    assert_int_equal(poll(&wake, 1, 0), 0);
    budget_release(p->config.budget, &held);
    assert_int_equal(poll(&wake, 1, 0), 1);
    assert_int_equal(server_timeout(p->server, p->now_ms), 0);
    assert_has(hear(p, &c), "HTTP/1.1 200 OK");
    hang_up(p, &c);
}

static void a_body_waits_before_it_is_read(void **state)
{
    struct loopback *p = *state;
    struct budget_claim held = hold(p, BUDGET_FIRST, MAX_INFLIGHT - EXCHANGE_ARENA_MAX);
    struct client waiting = connect_client(p), in_vain = connect_client(p);

    send_review(p, &in_vain, "/validate");
    assert_int_equal(hear(p, &in_vain).n, 0);
    assert_int_equal(in_vain.link->phase, SERVER_BODY);
    p->now_ms += QUEUE_MS / 2;
    send_review(p, &waiting, "/validate");
    assert_int_equal(hear(p, &waiting).n, 0);
    p->now_ms += QUEUE_MS / 2;
    assert_has(hear(p, &in_vain), "HTTP/1.1 503 ");
    budget_release(p->config.budget, &held);
    assert_has(hear(p, &waiting), "HTTP/1.1 200 OK");
    hang_up(p, &waiting);
    hang_up(p, &in_vain);
}

static void who_hangs_up_while_waiting_leaves_nothing(void **state)
{
    struct loopback *p = *state;
    struct budget_claim held = hold(p, BUDGET_ARENA, EXCHANGE_ARENA_MAX);
    struct client c = connect_client(p);

    send_review(p, &c, "/validate");
    assert_int_equal(hear(p, &c).n, 0);
    hang_up(p, &c);
    budget_release(p->config.budget, &held);
}

static void who_hangs_up_in_the_body_leaves_nothing(void **state)
{
    struct loopback *p = *state;
    struct client c = connect_client(p);

    say(&c,
        SV("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{"));
    assert_int_equal(hear(p, &c).n, 0);
    assert_int_equal(budget_used(p->config.budget), 60000);
    hang_up(p, &c);
    assert_int_equal(budget_used(p->config.budget), 0);
}

/* More than a socketpair takes at once goes in pieces, and the server runs between them. */
static void say_blanks(struct loopback *p, struct client *c, size_t n)
{
    char text[16 << 10];

    memset(text, ' ', sizeof(text));
    while (n) {
        ssize_t sent = send(c->fd, text, n < sizeof(text) ? n : sizeof(text), MSG_NOSIGNAL);

        server_run(p->server, p->now_ms);
        if (sent > 0)
            n -= (size_t)sent;
    }
}

/* A review, and blanks up to `length` bytes: what JSON allows and nobody needs. */
static void begin_large(struct loopback *p, struct client *c, size_t length, size_t now)
{
    say(c, arena_printf(&p->arena,
                        "POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                        "%zu\r\n\r\n",
                        length));
    say(c, p->review);
    say_blanks(p, c, now - p->review.n);
}

static void a_body_is_paid_for_as_it_arrives(void **state)
{
    static const struct {
        size_t arrived, paid;
    } rows[] = { { 60000, 65536 }, { 65536, 65536 }, { 65537, 131072 }, { 140000, 262144 }, { 300000, 400000 } };
    struct loopback *p = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client c = connect_client(p);

        begin_large(p, &c, 400000, rows[i].arrived);
        assert_int_equal(hear(p, &c).n, 0);
        assert_int_equal(budget_used(p->config.budget), rows[i].paid);
        hang_up(p, &c);
        assert_int_equal(budget_used(p->config.budget), 0);
    }
}

/* Who takes all that large bodies may have keeps no small one waiting. */
static void small_bodies_pass_large_ones_that_wait(void **state)
{
    struct loopback *p = *state;
    struct budget_claim held = hold(p, BUDGET_MORE, MAX_INFLIGHT - EXCHANGE_ARENA_MAX - FIRST_RESERVE);
    struct client large = connect_client(p), small = connect_client(p);

    begin_large(p, &large, 400000, 100000);
    assert_int_equal(hear(p, &large).n, 0);
    send_review(p, &small, "/validate");
    assert_has(hear(p, &small), "HTTP/1.1 200 OK");
    budget_release(p->config.budget, &held);
    assert_int_equal(hear(p, &large).n, 0);
    say_blanks(p, &large, 300000);
    assert_has(hear(p, &large), "HTTP/1.1 200 OK");
    hang_up(p, &large);
    hang_up(p, &small);
}

static void a_body_that_waits_in_vain_is_let_by_and_told_to_come_back(void **state)
{
    struct loopback *p = *state;
    struct budget_claim held = hold(p, BUDGET_MORE, MAX_INFLIGHT - EXCHANGE_ARENA_MAX - FIRST_RESERVE);
    struct client c = connect_client(p);
    struct sv answer;

    begin_large(p, &c, 400000, 100000);
    assert_int_equal(hear(p, &c).n, 0);
    p->now_ms += QUEUE_MS;
    assert_int_equal(hear(p, &c).n, 0);
    assert_int_equal(budget_used(p->config.budget), held.bytes);
    say_blanks(p, &c, 300000);
    answer = hear(p, &c);
    assert_has(answer, "HTTP/1.1 503 ");
    assert_has(answer, "Retry-After: 1");
    hang_up(p, &c);
    budget_release(p->config.budget, &held);
}

static void the_last_request_of_a_connection_says_so(void **state)
{
    struct loopback *p = *state;
    struct client c = connect_client(p);

    for (int i = 1; i <= MAX_REQUESTS; i++) {
        struct sv answer;

        send_review(p, &c, "/validate");
        answer = hear(p, &c);
        assert_has(answer, "HTTP/1.1 200 OK");
        assert_int_equal(strstr(answer.p, "Connection: close") != NULL, i == MAX_REQUESTS);
    }
    hang_up(p, &c);
}

/* The arena's share for a body of this size is a little over 1 MiB; what the
 * values take is more, so it is judged again with the most there is. */
static void a_body_that_unfolds_gets_a_larger_arena(void **state)
{
    struct loopback *p = *state;
    struct client c = connect_client(p);
    CLEANUP(buf_fini) struct buf body = BUF_INIT(1 << 20);
    struct sv answer;

    buf_add(&body,
            SV("{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"request\":{\"uid\":\"u-1\","
               "\"kind\":{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Pod\"},\"resource\":{\"group\":\"\",\"version\":"
               "\"v1\","
               "\"resource\":\"pods\"},\"name\":\"p\",\"namespace\":\"n\",\"operation\":\"CREATE\",\"userInfo\":{},"
               "\"object\":"
               "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":["));
    while (body.len < (64 << 10) - 100)
        buf_printf(&body, "%s{\"name\":\"c%zu\",\"image\":\"i\"}", body.p[body.len - 1] == '[' ? "" : ",", body.len);
    buf_add(&body, SV("]}},\"oldObject\":null,\"dryRun\":false}}"));
    p->review = buf_sv(&body);
    send_review(p, &c, "/validate");
    answer = hear(p, &c);
    assert_has(answer, "HTTP/1.1 200 OK");
    assert_null(strstr(answer.p, "\"code\":413"));
    hang_up(p, &c);
}

static void a_draining_server_ends_its_connections(void **state)
{
    struct loopback *p = *state;
    struct client c = connect_client(p);
    struct sv answer;

    server_drain(p->server);
    send_review(p, &c, "/mutate");
    answer = hear(p, &c);
    assert_has(answer, "HTTP/1.1 200 OK");
    assert_has(answer, "Connection: close");
    hang_up(p, &c);
}

/* libmicrohttpd from 1.0 on only queues what it is given. */
static void adopted_in_one_turn_they_are_two(void **state)
{
    struct loopback *p = *state;
    struct client first = connect_client(p);
    struct client second = connect_client(p);

    assert_true(first.link->is_open_here);
    assert_true(second.link->is_open_here);
    send_review(p, &first, "/validate");
    assert_has(hear(p, &first), "HTTP/1.1 200");
    assert_int_equal(first.link->answered, 1);
    assert_int_equal(second.link->answered, 0);
    hang_up(p, &first);
    hang_up(p, &second);
}

static void is_freed_with_requests_still_waiting(void **state)
{
    struct loopback *p = *state;
    struct err e = { 0 };
    struct budget_claim held = hold(p, BUDGET_ARENA, EXCHANGE_ARENA_MAX);
    struct client c = connect_client(p);

    send_review(p, &c, "/validate");
    assert_int_equal(hear(p, &c).n, 0);
    close(c.fd);
    server_release(c.link);
    server_free(p->server);
    budget_release(p->config.budget, &held);
    assert_int_equal(budget_used(p->config.budget), 0);
    p->server = server_new(&p->config, 16, p->wake_fd, &e);
    assert_non_null(p->server);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(answers_one_review_after_the_other),
        WITH_SERVER(waits_in_vain_for_memory_and_is_told_to_come_back),
        WITH_SERVER(goes_on_as_soon_as_there_is_memory),
        WITH_SERVER(a_body_waits_before_it_is_read),
        WITH_SERVER(who_hangs_up_while_waiting_leaves_nothing),
        WITH_SERVER(who_hangs_up_in_the_body_leaves_nothing),
        WITH_SERVER(a_body_is_paid_for_as_it_arrives),
        WITH_SERVER(small_bodies_pass_large_ones_that_wait),
        WITH_SERVER(a_body_that_waits_in_vain_is_let_by_and_told_to_come_back),
        WITH_SERVER(the_last_request_of_a_connection_says_so),
        WITH_SERVER(a_body_that_unfolds_gets_a_larger_arena),
        WITH_SERVER(a_draining_server_ends_its_connections),
        WITH_SERVER(adopted_in_one_turn_they_are_two),
        WITH_SERVER(is_freed_with_requests_still_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
