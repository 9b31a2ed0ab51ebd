/* SPDX-License-Identifier: Apache-2.0 */
/* Against a TLS server that behaves as servers should not. */
#include "api/client.h"

#include "net/fips.h"
#include "support/check.h"
#include "support/tls_server.h"

#include <signal.h>

struct world {
    struct arena arena;
    struct issued ca, leaf, stranger, stranger_leaf;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct fips_status status;
    struct err e = { 0 };

    signal(SIGPIPE, SIG_IGN);
    w->arena.max = 64 << 20;
    if (!fips_off(&status, &e))
        return -1;
    tls_server_issue(&w->arena, &w->ca, &w->leaf);
    tls_server_issue(&w->arena, &w->stranger, &w->stranger_leaf);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    arena_wipe(&w->arena);
    free(w);
    return 0;
}

/* One request of a target; the outcome of client_send(). */
static bool send_one(struct world *w, const struct client_target *t, uint64_t timeout_ms, struct client_answer *answer,
                     struct err *e)
{
    CLEANUP(client_freep) struct client *c = client_new(t, timeout_ms, e);
    const struct client_request r = { .method = "GET", .path = SV("/api") };

    return c && client_send(c, &r, &w->arena, answer, e);
}

static struct client_target target_of(const struct world *w, const struct tls_server *s)
{
    return (struct client_target){
        .server = sv_from(tls_server_url(s)), .ca = w->ca.cert, .token = SV("s3cret"), .from = SV("test")
    };
}

static const struct {
    struct tls_server_answer answer;
    enum err_code code;
    const char *says;
} failures[] = {
    { { .what = TLS_SERVER_CLOSES }, ERR_IO, "try again" },
    { { .what = TLS_SERVER_HANGS }, ERR_IO, "raise --timeout" },
    { { .what = TLS_SERVER_FLOODS }, ERR_LIMIT, "larger than 8 MiB" },
    { { .what = TLS_SERVER_SENDS, .body = "{\"a\":", .promised = 1000 }, ERR_IO, "in the middle of an answer" },
};

static void tells_what_went_wrong(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
        struct tls_server *s = tls_server_start(&w->leaf, &failures[i].answer, 1, NULL);
        const struct client_target t = target_of(w, s);
        struct client_answer answer;
        struct err e = { 0 };

        assert_false(send_one(w, &t, 2000, &answer, &e));
        assert_err(e, failures[i].code, failures[i].says);
        tls_server_stop(s);
    }
}

static const struct tls_server_answer fine = { .what = TLS_SERVER_SENDS, .body = "{}" };

static void trusts_only_the_ca_it_was_given(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->stranger_leaf, &fine, 1, NULL);
    const struct client_target t = target_of(w, s);
    struct client_answer answer;
    struct err e = { 0 };

    assert_false(send_one(w, &t, 5000, &answer, &e));
    assert_err(e, ERR_INPUT, "certificate is not of the CA we were given");
    assert_int_equal(tls_server_requests(s), 0);
    tls_server_stop(s);
}

static void calls_nobody_whose_certificate_is_for_another_name(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &fine, 1, NULL);
    struct client_target t = target_of(w, s);
    struct client_answer answer;
    struct err e = { 0 };

    t.tls_name = SV("kubernetes.default");
    assert_false(send_one(w, &t, 5000, &answer, &e));
    assert_err(e, ERR_INPUT, "tls-server-name");
    assert_int_equal(tls_server_requests(s), 0);

    t.tls_name = SV("localhost");
    e = (struct err){ 0 };
    assert_true(send_one(w, &t, 5000, &answer, &e));
    tls_server_stop(s);
}

static void speaks_approved_suites_only(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &fine, 1, "TLS_CHACHA20_POLY1305_SHA256");
    const struct client_target t = target_of(w, s);
    struct client_answer answer;
    struct err e = { 0 };

    assert_false(send_one(w, &t, 5000, &answer, &e));
    assert_err(e, ERR_IO, "AES-GCM");
    tls_server_stop(s);
}

static void says_that_nobody_is_there(void **state)
{
    struct world *w = *state;
    const struct client_target t = { .server = SV("https://127.0.0.1:1"), .ca = w->ca.cert };
    struct client_answer answer;
    struct err e = { 0 };

    assert_false(send_one(w, &t, 5000, &answer, &e));
    assert_err(e, ERR_IO, "is the API server up");
}

static const struct {
    struct client_target target;
    const char *says;
} refused[] = {
    { { .server = SV_INIT("http://127.0.0.1:80"), .from = SV_INIT("x") }, "must read https://" },
    { { .server = SV_INIT("ftp://127.0.0.1"), .from = SV_INIT("x"), .may_be_plain = true }, "must read https://" },
    { { .server = SV_INIT("https://127.0.0.1:1"), .token = SV_INIT("a\r\nHost: b"), .from = SV_INIT("x") }, "token" },
    { { .server = SV_INIT("https://127.0.0.1:1"), .token = SV_INIT(""), .from = SV_INIT("x") }, "token" },
};

static void refuses_targets_that_are_none(void **state UNUSED)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct err e = { 0 };

        assert_null(client_new(&refused[i].target, 1000, &e));
        assert_err(e, ERR_INPUT, refused[i].says);
    }
}

static void says_which_pem_is_none(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &fine, 1, NULL);
    struct client_target t = target_of(w, s);
    struct client_answer answer;
    struct err e = { 0 };

    t.ca = SV("no PEM");
    assert_false(send_one(w, &t, 5000, &answer, &e));
    assert_err(e, ERR_INPUT, "certificate-authority");

    t = target_of(w, s);
    t.cert = w->leaf.cert;
    t.key = w->ca.key;
    e = (struct err){ 0 };
    assert_false(send_one(w, &t, 5000, &answer, &e));
    assert_err(e, ERR_INPUT, "client-key");
    tls_server_stop(s);
}

static void follows_no_redirect(void **state)
{
    static const struct tls_server_answer elsewhere = {
        .what = TLS_SERVER_SENDS, .head = "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n"
    };
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &elsewhere, 1, NULL);
    const struct client_target t = target_of(w, s);
    struct client_answer answer;
    struct err e = { 0 };

    assert_true(send_one(w, &t, 5000, &answer, &e));
    assert_int_equal(answer.status, 302);
    assert_int_equal(tls_server_requests(s), 1);
    tls_server_stop(s);
}

static void uses_no_proxy(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &fine, 1, NULL);
    const struct client_target t = target_of(w, s);
    struct client_answer answer;
    struct err e = { 0 };

    setenv("https_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "socks5://127.0.0.1:1", 1);
    assert_true(send_one(w, &t, 5000, &answer, &e));
    unsetenv("https_proxy");
    unsetenv("ALL_PROXY");
    tls_server_stop(s);
}

static void sends_what_it_is_given(void **state)
{
    static const struct tls_server_answer created = {
        .what = TLS_SERVER_SENDS,
        .head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nDate: Sun, 22 Nov 2026 08:00:00 GMT\r\n",
        .body = "{\"kind\":\"Secret\"}",
    };
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &created, 1, NULL);
    const struct client_target t = target_of(w, s);
    const struct client_request r = {
        .method = "PATCH", .path = SV("/api/v1/x"), .content_type = "application/json-patch+json", .body = SV("[1]")
    };
    struct err e = { 0 };
    CLEANUP(client_freep) struct client *c = client_new(&t, 5000, &e);
    struct client_answer answer;

    assert_non_null(c);
    assert_true(client_send(c, &r, &w->arena, &answer, &e));
    assert_int_equal(answer.status, 201);
    assert_int_equal(answer.date, 1795334400);
    assert_sv(answer.body, "{\"kind\":\"Secret\"}");
    assert_sv(answer.content_type, "application/json");
    assert_ptr_equal(strstr(tls_server_request(s), "PATCH /api/v1/x HTTP/1.1\r\n"), tls_server_request(s));
    assert_non_null(strstr(tls_server_request(s), "\r\nAuthorization: Bearer s3cret\r\n"));
    assert_non_null(strstr(tls_server_request(s), "\r\nContent-Type: application/json-patch+json\r\n"));
    assert_non_null(strstr(tls_server_request(s), "\r\n\r\n[1]"));
    tls_server_stop(s);
}

static void asks_again_on_another_connection(void **state)
{
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &fine, 1, NULL);
    const struct client_target t = target_of(w, s);
    const struct client_request post = { .method = "POST", .path = SV("/a"), .content_type = "a/b", .body = SV("x") };
    const struct client_request get = { .method = "GET", .path = SV("/b") };
    struct err e = { 0 };
    CLEANUP(client_freep) struct client *c = client_new(&t, 5000, &e);
    struct client_answer answer;

    assert_non_null(c);
    assert_true(client_send(c, &post, &w->arena, &answer, &e));
    assert_true(client_send(c, &get, &w->arena, &answer, &e));
    assert_ptr_equal(strstr(tls_server_request(s), "GET /b HTTP/1.1\r\n"), tls_server_request(s));
    assert_null(strstr(tls_server_request(s), "Content-"));
    tls_server_stop(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_went_wrong),
        cmocka_unit_test(trusts_only_the_ca_it_was_given),
        cmocka_unit_test(calls_nobody_whose_certificate_is_for_another_name),
        cmocka_unit_test(speaks_approved_suites_only),
        cmocka_unit_test(says_that_nobody_is_there),
        cmocka_unit_test(refuses_targets_that_are_none),
        cmocka_unit_test(says_which_pem_is_none),
        cmocka_unit_test(follows_no_redirect),
        cmocka_unit_test(uses_no_proxy),
        cmocka_unit_test(sends_what_it_is_given),
        cmocka_unit_test(asks_again_on_another_connection),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
