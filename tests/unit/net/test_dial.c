/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about a server that is called, whatever it is. */
#include "net/dial.h"

#include "base/attr.h"
#include "net/fips.h"
#include "support/check.h"
#include "support/tls_server.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct world {
    struct arena arena;
    struct issued ca, leaf, other_ca, other_leaf;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct fips_status status;
    struct err e = { 0 };

    signal(SIGPIPE, SIG_IGN);
    w->arena.max = 16 << 20;
    *state = w;
    if (!fips_off(&status, &e))
        return -1;
    tls_server_issue(&w->arena, &w->ca, &w->leaf);
    tls_server_issue(&w->arena, &w->other_ca, &w->other_leaf);
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    arena_wipe(&w->arena);
    free(w);
    return 0;
}

static const struct tls_server_answer never = { .what = TLS_SERVER_CLOSES };

static struct dial_answer call(struct world *w, const struct issued *pair, const char *name, struct sv ca)
{
    struct tls_server *s = tls_server_start(pair, &never, 1, NULL);
    const struct dial_config config = {
        .host = "127.0.0.1", .port = tls_server_port(s), .name = name, .ca = ca, .timeout_ms = 5000
    };
    struct dial_answer answer = { 0 };
    struct err e = { 0 };

    if (!dial(&config, &w->arena, &answer, &e))
        fail_msg("%s", e.msg);
    tls_server_stop(s);
    return answer;
}

static struct issued leaf_of(struct world *w, int64_t now, int64_t life)
{
    static const struct sv names[] = { SV_INIT("127.0.0.1") };
    struct issue_request r = { .names = names, .name_count = 1, .term = { now, life }, .ca = w->ca };
    struct issued leaf = { 0 };
    struct err e = { 0 };

    assert_true(issue_leaf(&r, &w->arena, &leaf, &e));
    return leaf;
}

static void says_what_a_client_has_against_it(void **state)
{
    struct world *w = *state;
    int64_t now = (int64_t)time(NULL);
    struct issued ended = leaf_of(w, now - 1000, 10), early = leaf_of(w, now + 1000, 1000);
    const struct {
        const struct issued *pair;
        const char *name;
        struct sv ca;
        const char *remedy;
    } rows[] = {
        { &w->other_leaf, "127.0.0.1", w->ca.cert, "`fipsgate certs rotate`" },
        { &w->leaf, "127.0.0.2", w->ca.cert, "for the address that is called" },
        { &w->leaf, "fipsgate.fipsgate-system.svc", w->ca.cert, "SERVICE.NAMESPACE.svc" },
        { &ended, "127.0.0.1", w->ca.cert, "renew it" },
        { &early, "127.0.0.1", w->ca.cert, "compare the clocks" },
        { &w->ca, "127.0.0.1", w->other_ca.cert, "" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct dial_answer answer = call(w, rows[i].pair, rows[i].name, rows[i].ca);

        if (!answer.why || !strstr(answer.remedy, rows[i].remedy))
            fail_msg("row %zu: %s; %s", i, answer.why ? answer.why : "nothing", answer.remedy ? answer.remedy : "");
        assert_true(answer.chain.n > 0);
    }
}

static void has_nothing_against_what_is_right(void **state)
{
    struct world *w = *state;
    struct dial_answer answer = call(w, &w->leaf, "localhost", w->ca.cert);

    assert_null(answer.why);
    assert_sv(answer.protocol, "TLSv1.3");
    assert_sv(answer.suite, "TLS_AES_256_GCM_SHA384");
    assert_true(sv_eq(answer.chain, w->leaf.cert));
}

static void says_that_there_is_no_tls_of_ours(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &never, 1, "TLS_CHACHA20_POLY1305_SHA256");
    const struct dial_config config = {
        .host = "127.0.0.1", .port = tls_server_port(s), .name = "127.0.0.1", .ca = w->ca.cert, .timeout_ms = 5000
    };
    struct dial_answer answer;
    struct err e = { 0 };

    assert_false(dial(&config, &w->arena, &answer, &e));
    assert_err(e, ERR_TLS, "AES-GCM");
    tls_server_stop(s);
}

/* A listener that nobody accepts from: the connection stands, and nothing comes. */
static void says_that_no_tls_came_in_time(void **state)
{
    struct world *w = *state;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct dial_config config = { .host = "127.0.0.1", .name = "x", .ca = w->ca.cert, .timeout_ms = 100 };
    struct dial_answer answer;
    struct err e = { 0 };
    char port[8];

    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    snprintf(port, sizeof(port), "%d", ntohs(at.sin_port));
    config.port = port;
    assert_false(dial(&config, &w->arena, &answer, &e));
    assert_err(e, ERR_IO, "nothing listens there");
    assert_int_equal(listen(fd, 1), 0);
    e = (struct err){ 0 };
    assert_false(dial(&config, &w->arena, &answer, &e));
    assert_err(e, ERR_TLS, "no TLS in time");
    close(fd);
}

static void says_that_there_is_no_such_name(void **state)
{
    struct world *w = *state;
    const struct dial_config config = { .host = "nowhere.invalid", .port = "443", .name = "x", .timeout_ms = 1000 };
    struct dial_answer answer;
    struct err e = { 0 };

    assert_false(dial(&config, &w->arena, &answer, &e));
    assert_err(e, ERR_IO, "known only inside the cluster");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_that_there_is_no_such_name),   cmocka_unit_test(says_that_no_tls_came_in_time),
        cmocka_unit_test(says_that_there_is_no_tls_of_ours), cmocka_unit_test(says_what_a_client_has_against_it),
        cmocka_unit_test(has_nothing_against_what_is_right),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
