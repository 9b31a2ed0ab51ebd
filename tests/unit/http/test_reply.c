/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal is one line of JSON that says what and what to do, whatever
 * the client sent and however little memory there is. */
#include "http/reply.h"

#include "support/check.h"
#include "json/doc.h"

static const struct json *parse(struct sv body, struct arena *a)
{
    struct err e = { 0 };
    const struct json *root = doc_parse(body, a, &e);

    if (!root)
        fail_msg("%.*s: %s", (int)body.n, body.p, e.msg);
    return root;
}

static void every_refusal_is_a_status_on_one_line(void **state)
{
    (void)state;
    for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++) {
        CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
        struct reply r = reply_refusal((enum refusal)i, SV("detail"), &a);
        const struct json *root = parse(r.body, &a);
        CLEANUP(buf_fini) struct buf code = BUF_INIT(16);

        assert_sv(value_string(value_get(root, SV("kind"))), "Status");
        assert_sv(value_string(value_get(root, SV("status"))), "Failure");
        assert_true(value_string(value_get(root, SV("message"))).n > 20);
        buf_printf(&code, "%u", r.status);
        assert_true(sv_eq(value_number(value_get(root, SV("code"))), buf_sv(&code)));
        assert_true(r.status >= 400 && r.status < 600 && r.close);
        assert_int_equal(sv_find(r.body, '\n'), r.body.n - 1);
        assert_int_equal(r.status, reply_status((enum refusal)i));
    }
}

static void a_detail_from_outside_cannot_break_the_line(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    char detail[3000];
    struct reply r;
    struct sv message;

    (void)state;
    memset(detail, 'a', sizeof(detail));
    memcpy(detail, "\"},\n\r\x01\xff\\", 9);
    r = reply_refusal(REFUSAL_PATH, (struct sv){ detail, sizeof(detail) }, &a);
    message = value_string(value_get(parse(r.body, &a), SV("message")));
    assert_true(message.n > 0 && message.n < 1000);
    assert_int_equal(sv_find(r.body, '\n'), r.body.n - 1);
}

static void a_full_arena_still_refuses(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1), other = ARENA_INIT(1 << 20);
    struct reply r = reply_refusal(REFUSAL_TOO_LARGE, SV("x"), &a);

    (void)state;
    assert_int_equal(r.status, 413);
    assert_sv(value_string(value_get(parse(r.body, &other), SV("kind"))), "Status");
}

static void busy_says_when_to_come_back(void **state)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct reply r = reply_refusal(REFUSAL_BUSY, (struct sv){ NULL, 0 }, &a);

    (void)state;
    assert_int_equal(r.status, 503);
    assert_string_equal(r.retry_after, "1");
    assert_string_equal(reply_refusal(REFUSAL_METHOD, (struct sv){ NULL, 0 }, &a).allow, "POST");
}

static void a_printed_response_counts_its_body(void **state)
{
    (void)state;
    for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++) {
        CLEANUP(buf_fini) struct buf out = BUF_INIT(1 << 16);
        const char *length, *body;

        reply_print(&out, (enum refusal)i);
        buf_add_char(&out, '\0');
        assert_true(buf_ok(&out));
        assert_memory_equal(out.p, "HTTP/1.1 ", 9);
        length = strstr(out.p, "\r\nContent-Length: ");
        body = strstr(out.p, "\r\n\r\n");
        assert_true(length && body && length < body);
        assert_int_equal(strtoul(length + strlen("\r\nContent-Length: "), NULL, 10), strlen(body + 4));
        assert_non_null(strstr(out.p, "\r\nConnection: close\r\n"));
    }
}

static void errors_of_the_engine_have_their_refusal(void **state)
{
    (void)state;
    assert_int_equal(reply_refusal_for(ERR_SYNTAX), REFUSAL_NOT_A_REVIEW);
    assert_int_equal(reply_refusal_for(ERR_INPUT), REFUSAL_NOT_A_REVIEW);
    assert_int_equal(reply_refusal_for(ERR_LIMIT), REFUSAL_TOO_LARGE);
    assert_int_equal(reply_refusal_for(ERR_NOMEM), REFUSAL_INTERNAL);
    assert_int_equal(reply_refusal_for(ERR_NONE), REFUSAL_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_is_a_status_on_one_line),
        cmocka_unit_test(a_detail_from_outside_cannot_break_the_line),
        cmocka_unit_test(a_full_arena_still_refuses),
        cmocka_unit_test(busy_says_when_to_come_back),
        cmocka_unit_test(a_printed_response_counts_its_body),
        cmocka_unit_test(errors_of_the_engine_have_their_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
