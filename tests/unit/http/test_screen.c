/* SPDX-License-Identifier: Apache-2.0 */
/* What passes is the same however the bytes are cut into pieces. */
#include "http/screen.h"

#include "support/check.h"

#define GET "GET /validate HTTP/1.1\r\nHost: x\r\n\r\n"
#define POST "POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
#define HEAD "POST /validate HTTP/1.1\r\nHost: x\r\n"

static const struct {
    const char *what, *bytes;
    enum refusal refusal;
    size_t good, requests;
} rows[] = {
    { "words", "hello\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "an empty line", "\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a bare line feed", "GET / HTTP/1.1\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a bare line feed in a head", "GET / HTTP/1.1\r\nHost: x\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "another version", "GET / HTTP/2.0\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "no version", "GET /\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "two blanks", "GET  / HTTP/1.1\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a blank behind", "GET / HTTP/1.1 \r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a method with a colon", "GE:T / HTTP/1.1\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a folded field", HEAD " more\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "no colon", HEAD "more\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a blank before the colon", HEAD "Content-Length : 3\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "a bare carriage return", HEAD "X: a\rb\r\n", REFUSAL_NOT_HTTP, 0, 0 },
    { "no host", "GET / HTTP/1.1\r\n\r\n", REFUSAL_HOST, 0, 0 },
    { "two hosts", HEAD "host: y\r\n\r\n", REFUSAL_HOST, 0, 0 },
    { "a length that is none", HEAD "Content-Length: 3, 3\r\n\r\n", REFUSAL_BAD_LENGTH, 0, 0 },
    { "wrong behind right", GET POST "x\r\n", REFUSAL_NOT_HTTP, sizeof(GET POST) - 1, 2 },
    { "a request without body", GET, REFUSAL_NONE, sizeof(GET) - 1, 1 },
    { "a request with one", POST, REFUSAL_NONE, sizeof(POST) - 1, 1 },
    { "three of them", POST POST GET, REFUSAL_NONE, sizeof(POST POST GET) - 1, 3 },
    { "a body that looks like a head", HEAD "Content-Length: 2\r\n\r\n\n\n" GET, REFUSAL_NONE,
      sizeof(HEAD "Content-Length: 2\r\n\r\n\n\n" GET) - 1, 2 },
    /* libmicrohttpd and exchange.c refuse these; nothing behind them is looked at. */
    { "two lengths", HEAD "Content-Length: 2\r\nContent-Length: 2\r\n\r\n\n\n\n", REFUSAL_NONE,
      sizeof(HEAD "Content-Length: 2\r\nContent-Length: 2\r\n\r\n\n\n\n") - 1, 0 },
    { "chunked", HEAD "Transfer-Encoding: chunked\r\n\r\n0\n", REFUSAL_CODING, 0, 0 },
    { "an unknown coding", HEAD "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\n0", REFUSAL_CODING, 0, 0 },
};

/* In pieces of so many bytes; *good is what may pass of all of them. */
static enum refusal feed(struct screen *s, struct sv bytes, size_t step, size_t *good)
{
    enum refusal refusal = REFUSAL_NONE;

    *good = 0;
    for (size_t i = 0; i < bytes.n && refusal == REFUSAL_NONE; i += step) {
        size_t some = 0, n = bytes.n - i < step ? bytes.n - i : step;

        refusal = screen_bytes(s, (struct sv){ bytes.p + i, n }, &some);
        *good += some;
    }
    return refusal;
}

static void judges_every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct screen s = { .head_max = SCREEN_HEAD_MIN };
        size_t good;
        enum refusal refusal = feed(&s, sv_from(rows[i].bytes), SIZE_MAX / 2, &good);

        if (refusal != rows[i].refusal || good != rows[i].good || s.requests != rows[i].requests)
            fail_msg("%s: refusal %d, good %zu, requests %zu", rows[i].what, (int)refusal, good, s.requests);
        screen_fini(&s);
    }
}

/* What has passed before the wrong line was complete has passed. */
static void judges_alike_in_any_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t step = 1; step < 9; step++) {
            struct screen s = { .head_max = SCREEN_HEAD_MIN };
            size_t good;
            enum refusal refusal = feed(&s, sv_from(rows[i].bytes), step, &good);

            if (refusal != rows[i].refusal || good < rows[i].good || s.requests != rows[i].requests)
                fail_msg("%s in steps of %zu: refusal %d, good %zu, requests %zu", rows[i].what, step, (int)refusal,
                         good, s.requests);
            screen_fini(&s);
        }
}

static void refuses_control_characters(void **state)
{
    (void)state;
    for (int c = 0; c < 128; c++) {
        struct screen s = { .head_max = SCREEN_HEAD_MIN };
        char text[] = HEAD "X: ab\r\n";
        size_t good;
        enum refusal want = (c < ' ' && c != '\t') || c == 0x7f ? REFUSAL_NOT_HTTP : REFUSAL_NONE;

        text[sizeof(text) - 5] = (char)c;
        if (screen_bytes(&s, (struct sv){ text, sizeof(text) - 1 }, &good) != want)
            fail_msg("character %d", c);
        screen_fini(&s);
    }
}

static void refuses_a_head_that_is_too_large(void **state)
{
    static char bytes[2 * SCREEN_HEAD_MIN];
    struct screen s = { .head_max = SCREEN_HEAD_MIN };
    size_t good;

    (void)state;
    memset(bytes, 'a', sizeof(bytes));
    assert_int_equal(screen_bytes(&s, (struct sv){ bytes, SCREEN_HEAD_MIN - 1 }, &good), REFUSAL_NONE);
    assert_int_equal(screen_bytes(&s, (struct sv){ bytes, 2 }, &good), REFUSAL_HEAD_TOO_LARGE);
    screen_fini(&s);
}

static void refuses_too_many_fields(void **state)
{
    struct screen s = { .head_max = SCREEN_HEAD_MIN };
    enum refusal refusal;
    size_t good, fields = 0;

    (void)state;
    assert_int_equal(screen_bytes(&s, SV("GET / HTTP/1.1\r\n"), &good), REFUSAL_NONE);
    do {
        refusal = screen_bytes(&s, SV("X: y\r\n"), &good);
        fields++;
    } while (refusal == REFUSAL_NONE);
    assert_int_equal(refusal, REFUSAL_HEAD_TOO_LARGE);
    assert_int_equal(fields, SCREEN_FIELDS_MAX + 1);
    screen_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_row),           cmocka_unit_test(judges_alike_in_any_pieces),
        cmocka_unit_test(refuses_control_characters), cmocka_unit_test(refuses_a_head_that_is_too_large),
        cmocka_unit_test(refuses_too_many_fields),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
