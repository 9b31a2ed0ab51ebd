/* SPDX-License-Identifier: Apache-2.0 */
/* The probe port as a kubelet, a scraper and a stranger see it, over plain HTTP on loopback. */
#include "http/probe.h"

#include "support/check.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

struct port {
    struct probe *probe;
    struct probe_check checks[2];
    struct sockaddr_in at;
    bool is_alive, is_ready;
    char said[8192];
};

static bool says_alive(const void *arg, struct buf *text)
{
    buf_add(text, SV("it turns"));
    return ((const struct port *)arg)->is_alive;
}

static bool says_ready(const void *arg, struct buf *text)
{
    buf_add(text, SV("it waits"));
    return ((const struct port *)arg)->is_ready;
}

static void version(const void *arg UNUSED, struct buf *out)
{
    buf_add(out, SV("{\"version\":\"7\"}"));
}

static int set_up(void **state)
{
    static const struct metrics_facts facts;
    struct port *p = calloc(1, sizeof(*p));
    socklen_t size = sizeof(p->at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct probe_config config = { .fd = fd, .check_count = 2, .facts = &facts, .version = version };
    struct err e = { 0 };

    *state = p;
    p->is_alive = p->is_ready = true;
    p->at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    p->checks[0] = (struct probe_check){ "loop", says_alive, p, true };
    p->checks[1] = (struct probe_check){ "line", says_ready, p, false };
    config.checks = p->checks;
    if (bind(fd, (struct sockaddr *)&p->at, size) != 0 || listen(fd, 8) != 0 ||
        getsockname(fd, (struct sockaddr *)&p->at, &size) != 0)
        return -1;
    p->probe = probe_start(&config, &e);
    return p->probe ? 0 : -1;
}

static int tear_down(void **state)
{
    struct port *p = *state;

    probe_stop(p->probe);
    free(p);
    return 0;
}

/* What comes back to `METHOD TARGET`, whole. */
static const char *ask(struct port *p, const char *request)
{
    CLEANUP(buf_fini) struct buf text = BUF_INIT(1024);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t have = 0;

    buf_printf(&text, "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", request);
    assert_int_equal(connect(fd, (struct sockaddr *)&p->at, sizeof(p->at)), 0);
    assert_int_equal(write(fd, text.p, text.len), text.len);
    for (ssize_t got = 1; got > 0; have += (size_t)got)
        got = read(fd, p->said + have, sizeof(p->said) - 1 - have);
    p->said[have] = '\0';
    close(fd);
    return p->said;
}

static void check(struct port *p, const char *request, unsigned status, const char *body)
{
    const char *said = ask(p, request), *end = strstr(said, "\r\n\r\n");
    unsigned got = (unsigned)strtoul(said + strcspn(said, " "), NULL, 10);

    if (got != status || !end || strcmp(end + 4, body) != 0)
        fail_msg("%s: wanted %u and `%s`, got\n%s", request, status, body, said);
}

static void answers_its_four_paths(void **state)
{
    struct port *p = *state;

    check(p, "GET /livez", 200, "ok\n");
    check(p, "GET /readyz", 200, "ok\n");
    check(p, "GET /livez?verbose", 200, "[+]loop ok: it turns\nlivez check passed\n");
    check(p, "GET /readyz?verbose", 200, "[+]loop ok: it turns\n[+]line ok: it waits\nreadyz check passed\n");
    check(p, "GET /version", 200, "{\"version\":\"7\"}\n");
    check(p, "HEAD /readyz", 200, "");
}

static void is_alive_when_it_is_not_ready(void **state)
{
    struct port *p = *state;

    p->is_ready = false;
    check(p, "GET /livez", 200, "ok\n");
    check(p, "GET /readyz", 503, "[-]line failed: it waits\nreadyz check failed\n");
    check(p, "GET /readyz?verbose", 503, "[+]loop ok: it turns\n[-]line failed: it waits\nreadyz check failed\n");
    check(p, "HEAD /readyz", 503, "");
    p->is_ready = true;
    p->is_alive = false;
    check(p, "GET /livez", 503, "[-]loop failed: it turns\nlivez check failed\n");
    check(p, "GET /readyz", 503, "[-]loop failed: it turns\nreadyz check failed\n");
}

static void sends_strangers_away(void **state)
{
    static const char nowhere[] = "no such path; here are /livez, /readyz, /metrics and /version (the webhook is on "
                                  "the other port)\n";
    static const char *const paths[] = { "/", "/validate", "/livez/", "/LIVEZ", "/metrics/../livez" };
    static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS" };
    struct port *p = *state;

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        char request[64];

        assert_true(snprintf(request, sizeof(request), "GET %s", paths[i]) < (int)sizeof(request));
        check(p, request, 404, nowhere);
    }
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        char request[64];

        assert_true(snprintf(request, sizeof(request), "%s /livez", methods[i]) < (int)sizeof(request));
        check(p, request, 405, "this port takes GET and HEAD only\n");
        assert_non_null(strstr(p->said, "Allow: GET, HEAD\r\n"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_its_four_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_alive_when_it_is_not_ready, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sends_strangers_away, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
