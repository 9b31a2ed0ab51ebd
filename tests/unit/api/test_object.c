/* SPDX-License-Identifier: Apache-2.0 */
/* What comes of each status, and the one line that is said about it. */
#include "api/object.h"

#include "net/fips.h"
#include "support/check.h"
#include "support/tls_server.h"

#include <signal.h>

struct world {
    struct arena arena;
    struct issued ca, leaf;
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

static const struct object_ref ref = { &object_secret, SV_INIT("fipsgate-system"), SV_INIT("fipsgate-tls") };

#define STATUS(code, message)                                                                                          \
    {                                                                                                                  \
        .what = TLS_SERVER_SENDS, .head = "HTTP/1.1 " code " Whatever\r\nContent-Type: application/json\r\n",          \
        .body = "{\"kind\":\"Status\",\"message\":\"" message "\"}"                                                    \
    }
#define PAGE(code)                                                                                                     \
    {                                                                                                                  \
        .what = TLS_SERVER_SENDS, .head = "HTTP/1.1 " code " Whatever\r\nContent-Type: text/html\r\n",                 \
        .body = "<html>no such page</html>"                                                                            \
    }
#define TEXT(text)                                                                                                     \
    {                                                                                                                  \
        .what = TLS_SERVER_SENDS, .body = (text)                                                                       \
    }

static const struct {
    struct tls_server_answer answer;
    enum object_outcome outcome;
    const char *says;
} rows[] = {
    { STATUS("401", "Unauthorized"), OBJECT_FAILED, "401: Unauthorized; the server does not take our token" },
    { STATUS("403", "secrets is forbidden: User x cannot get"), OBJECT_FAILED, "grant that verb" },
    { STATUS("404", "secrets not found"), OBJECT_ABSENT, "404: secrets not found" },
    { PAGE("404"), OBJECT_FAILED, "404, and no Kubernetes Status (text/html)" },
    { STATUS("409", "the object has been modified"), OBJECT_CONFLICT, "409: the object has been modified" },
    { STATUS("413", "too large"), OBJECT_FAILED, "too large for the server" },
    { STATUS("422", "data: Forbidden: field is immutable"), OBJECT_FAILED, "field is immutable" },
    { STATUS("429", "slow down"), OBJECT_BUSY, "try again" },
    { STATUS("500", "etcdserver: request timed out"), OBJECT_BUSY, "etcdserver: request timed out; try again" },
    { PAGE("503"), OBJECT_BUSY, "503, and no Kubernetes Status" },
    { PAGE("302"), OBJECT_FAILED, "redirects are not followed" },
    { STATUS("418", "a\\nb\\u001b[31m"), OBJECT_FAILED, "418: a\\x0ab\\x1b[31m" },
    { TEXT("{\"kind\":\"Secret\",\"da"), OBJECT_FAILED, "cannot be read, is this an API server?" },
    { TEXT("<html>"), OBJECT_FAILED, "cannot be read, is this an API server?" },
    { TEXT("{\"kind\":\"ConfigMap\"}"), OBJECT_FAILED, "is no Secret" },
    { { .what = TLS_SERVER_CLOSES }, OBJECT_BUSY, "try again" },
};

static struct client_target target_of(const struct world *w, const struct tls_server *s)
{
    return (struct client_target){ .server = sv_from(tls_server_url(s)), .ca = w->ca.cert, .from = SV("test") };
}

static void tells_verb_object_host_and_remedy(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct tls_server *s = tls_server_start(&w->leaf, &rows[i].answer, 1, NULL);
        const struct client_target t = target_of(w, s);
        struct err e = { 0 };
        CLEANUP(client_freep) struct client *c = client_new(&t, 5000, &e);
        struct object_reply reply;
        enum object_outcome outcome = object_get(c, &ref, &w->arena, &reply, &e);

        if (outcome != rows[i].outcome || !strstr(e.msg, rows[i].says))
            fail_msg("row %zu: outcome %d: %s", i, (int)outcome, e.msg);
        if (!strstr(e.msg, "get secrets `fipsgate-system/fipsgate-tls` at https://127.0.0.1:"))
            fail_msg("row %zu: %s", i, e.msg);
        tls_server_stop(s);
    }
}

static enum object_outcome create(struct client *c, struct arena *a, struct err *e)
{
    return object_create(c, &ref, SV("{}"), a, e);
}

static enum object_outcome replace(struct client *c, struct arena *a, struct err *e)
{
    return object_replace(c, &ref, SV("{}"), a, e);
}

static enum object_outcome patch(struct client *c, struct arena *a, struct err *e)
{
    const struct object_ref webhooks = { .kind = &object_mutating_webhooks, .name = SV("fipsgate") };

    return object_patch(c, &webhooks, SV("[]"), a, e);
}

static enum object_outcome delete (struct client *c, struct arena *a, struct err *e) {
    const struct object_ref webhooks = { .kind = &object_validating_webhooks, .name = SV("fipsgate") };

    return object_delete(c, &webhooks, a, e);
}

static const struct {
    enum object_outcome (*call)(struct client *c, struct arena *a, struct err *e);
    const char *line;
    enum object_outcome at_422;
} verbs[] = {
    { create, "POST /api/v1/namespaces/fipsgate-system/secrets HTTP/1.1\r\n", OBJECT_FAILED },
    { replace, "PUT /api/v1/namespaces/fipsgate-system/secrets/fipsgate-tls HTTP/1.1\r\n", OBJECT_FAILED },
    { patch, "PATCH /apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/fipsgate HTTP/1.1\r\n",
      OBJECT_CONFLICT },
    { delete, "DELETE /apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/fipsgate HTTP/1.1\r\n",
      OBJECT_FAILED },
};

static void sends_each_verb_where_it_belongs(void **state)
{
    static const struct tls_server_answer answers[] = { TEXT("{}"), STATUS("422", "testing value failed") };
    struct world *w = *state;

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        struct tls_server *s = tls_server_start(&w->leaf, answers, 2, NULL);
        const struct client_target t = target_of(w, s);
        struct err e = { 0 };
        CLEANUP(client_freep) struct client *c = client_new(&t, 5000, &e);

        assert_int_equal(verbs[i].call(c, &w->arena, &e), OBJECT_DONE);
        if (strncmp(tls_server_request(s), verbs[i].line, strlen(verbs[i].line)) != 0)
            fail_msg("%s", tls_server_request(s));
        assert_int_equal(verbs[i].call(c, &w->arena, &e), verbs[i].at_422);
        assert_err(e, ERR_INPUT, "422: testing value failed");
        tls_server_stop(s);
    }
}

static const struct sv names[] = {
    SV_INIT(""),  SV_INIT("../../x"), SV_INIT("a/b"), SV_INIT("a?b"),
    SV_INIT("A"), SV_INIT("-a"),      SV_INIT("a."),  SV_INIT("a\r\nb"),
};

static void asks_for_no_name_that_is_none(void **state)
{
    const struct client_target t = { .server = SV("https://127.0.0.1:1"), .from = SV("test") };
    struct world *w = *state;
    struct err e = { 0 };
    CLEANUP(client_freep) struct client *c = client_new(&t, 1000, &e);

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct object_ref bad_name = { &object_secret, SV("a"), names[i] },
                                bad_space = { &object_secret, names[i], SV("a") };
        struct object_reply reply;

        e = (struct err){ 0 };
        assert_int_equal(object_get(c, &bad_name, &w->arena, &reply, &e), OBJECT_FAILED);
        assert_err(e, ERR_INPUT, "is not the name of an object or a namespace");
        e = (struct err){ 0 };
        assert_int_equal(object_get(c, &bad_space, &w->arena, &reply, &e), OBJECT_FAILED);
        assert_err(e, ERR_INPUT, "is not the name of an object or a namespace");
    }
}

static void gives_the_object_and_the_servers_clock(void **state)
{
    static const struct tls_server_answer answer = {
        .what = TLS_SERVER_SENDS,
        .head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Sun, 22 Nov 2026 08:00:00 GMT\r\n",
        .body = "{\"kind\":\"Secret\",\"type\":\"Opaque\"}",
    };
    struct world *w = *state;
    struct tls_server *s = tls_server_start(&w->leaf, &answer, 1, NULL);
    const struct client_target t = target_of(w, s);
    struct err e = { 0 };
    CLEANUP(client_freep) struct client *c = client_new(&t, 5000, &e);
    struct object_reply reply;

    assert_int_equal(object_get(c, &ref, &w->arena, &reply, &e), OBJECT_DONE);
    assert_sv(value_string(value_get(reply.root, SV("type"))), "Opaque");
    assert_int_equal(reply.date, 1795334400);
    tls_server_stop(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_verb_object_host_and_remedy),
        cmocka_unit_test(asks_for_no_name_that_is_none),
        cmocka_unit_test(sends_each_verb_where_it_belongs),
        cmocka_unit_test(gives_the_object_and_the_servers_clock),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
