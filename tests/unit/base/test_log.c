/* SPDX-License-Identifier: Apache-2.0 */
/* The form of what arrives on standard error, which is a pipe here. What becomes of
 * lines when standard error is not what it should be is in test_log_writer.c. */
#include "base/log.h"
#include "support/check.h"
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

static int read_end, saved_stderr;
static char line[1 << 17];

static int set_up(void **state UNUSED)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -1;
    saved_stderr = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    read_end = ends[0];
    fcntl(read_end, F_SETFL, O_NONBLOCK);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(read_end);
    return 0;
}

/* Everything written so far; "" if nothing. */
static const char *logged(void)
{
    ssize_t n = read(read_end, line, sizeof(line) - 1);

    line[n > 0 ? n : 0] = '\0';
    return line;
}

/* Without the time, which is checked for its shape. */
static const char *logged_after_time(void)
{
    static const char shape[] = "{\"time\":\"0000-00-00T00:00:00.000Z\",";
    const char *text = logged();

    for (size_t i = 0; i < sizeof(shape) - 1; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
            fail_msg("%s", text);
    return text + sizeof(shape) - 1;
}

static void escapes_what_would_break_the_line(void **state UNUSED)
{
    const struct log_field fields[] = { LOG_S("name", SV("a\nb\"c\\d\x7f\xff\xe2\x80\xae\0e")),
                                        LOG_S("lines", SV("\xe2\x80\xa8\xe2\x80\xa9\xc2\x85\x1b[2J")),
                                        LOG_S("bytes", SV("\xc3(\xed\xa0\x80\xf8")) };

    log_setup(LOG_JSON, LOG_INFO);
    log_line(LOG_INFO, SV("one\r\ntwo"), fields, ARRAY_LEN(fields));
    assert_string_equal(logged_after_time(), "\"level\":\"info\",\"msg\":\"one\\\\x0d\\\\x0atwo\","
                                             "\"name\":\"a\\\\x0ab\\\"c\\\\d\\\\x7f\\\\xff\\\\u202e\\\\x00e\","
                                             "\"lines\":\"\\\\u2028\\\\u2029\\\\u0085\\\\x1b[2J\","
                                             "\"bytes\":\"\\\\xc3(\\\\xed\\\\xa0\\\\x80\\\\xf8\"}\n");
}

static void makes_no_second_field_of_text(void **state UNUSED)
{
    const struct log_field fields[] = { LOG_S("user", SV("x\" denied=0 user=\"y")), LOG_S("name", SV("a=b")),
                                        LOG_S("none", SV("")) };

    log_setup(LOG_TEXT, LOG_INFO);
    log_line(LOG_INFO, SV("m\n2026-11-22T00:00:00.000Z info  forged"), fields, ARRAY_LEN(fields));
    assert_string_equal(logged() + strlen("2026-11-22T00:00:00.000Z"),
                        " info  m\\x0a2026-11-22T00:00:00.000Z info  forged user=\"x\\\" denied=0 user=\\\"y\" "
                        "name=\"a=b\" none=\"\"\n");
}

static void cuts_long_values(void **state UNUSED)
{
    char text[1000];
    const struct log_field fields[] = { LOG_S("v", ((struct sv){ text, sizeof(text) })) };

    memset(text, 'x', sizeof(text));
    log_setup(LOG_JSON, LOG_INFO);
    log_line(LOG_INFO, SV("m"), fields, 1);
    assert_int_equal(strlen(logged_after_time()), strlen("\"level\":\"info\",\"msg\":\"m\",\"v\":\"\"}\n") + 256);
    assert_non_null(strstr(line, "xxx...\"}\n"));
}

static void cuts_between_characters(void **state UNUSED)
{
    char text[400];
    const struct log_field fields[] = { LOG_S("v", ((struct sv){ text, sizeof(text) })) };

    log_setup(LOG_JSON, LOG_INFO);
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', shift);
        for (size_t i = shift; i + 4 <= sizeof(text); i += 4)
            memcpy(text + i, "\xf0\x9f\x94\x92", 4);
        log_line(LOG_INFO, SV("m"), fields, 1);
        assert_non_null(strstr(logged(), "\xf0\x9f\x94\x92...\"}\n"));
        assert_null(strstr(line, "\\\\x"));
    }
}

static void leaves_out_a_field_that_does_not_fit(void **state UNUSED)
{
    char text[5000];
    const struct log_field fields[] = { LOG_N("before", 1), LOG_J("big", ((struct sv){ text, sizeof(text) })),
                                        LOG_N("after", 2) };

    memset(text, '1', sizeof(text));
    log_setup(LOG_JSON, LOG_INFO);
    log_line(LOG_INFO, SV("m"), fields, 3);
    assert_string_equal(logged_after_time(),
                        "\"level\":\"info\",\"msg\":\"m\",\"before\":1,\"after\":2,\"cut\":true}\n");
}

static void keeps_every_line_within_a_pipe_buffer(void **state UNUSED)
{
    char text[5000];
    struct log_field fields[] = { LOG_J("a", ((struct sv){ text, 0 })), LOG_N("b", 1) };

    memset(text, '1', sizeof(text));
    log_setup(LOG_JSON, LOG_INFO);
    for (size_t n = 3900; n < 4100; n++) {
        fields[0].text.n = n;
        log_line(LOG_INFO, SV("m"), fields, 2);
        assert_true(strlen(logged()) < PIPE_BUF);
        assert_non_null(strstr(line, "}\n"));
    }
}

static void is_silent_below_its_level(void **state UNUSED)
{
    log_setup(LOG_JSON, LOG_WARN);
    assert_false(log_is_on(LOG_INFO));
    log_line(LOG_INFO, SV("m"), NULL, 0);
    log_at(LOG_DEBUG, "%d", 1);
    assert_string_equal(logged(), "");
    assert_true(log_is_on(LOG_ERROR));
    log_at(LOG_ERROR, "%d", 1);
    assert_string_equal(logged_after_time(), "\"level\":\"error\",\"msg\":\"1\"}\n");
}

static void writes_every_type(void **state UNUSED)
{
    const struct log_field fields[] = { LOG_S("s", SV("a b")),        LOG_S("t", SV("ab")), LOG_N("n", -5),
                                        LOG_N("least", INT64_MIN),    LOG_B("yes", true),   LOG_B("no", false),
                                        LOG_J("j", SV("{\"k\":[1]}")) };

    log_setup(LOG_JSON, LOG_INFO);
    log_line(LOG_WARN, SV("m"), fields, ARRAY_LEN(fields));
    assert_string_equal(logged_after_time(), "\"level\":\"warn\",\"msg\":\"m\",\"s\":\"a b\",\"t\":\"ab\",\"n\":-5,"
                                             "\"least\":-9223372036854775808,"
                                             "\"yes\":true,\"no\":false,\"j\":{\"k\":[1]}}\n");
    log_setup(LOG_TEXT, LOG_INFO);
    log_line(LOG_WARN, SV("m"), fields, ARRAY_LEN(fields));
    assert_string_equal(logged() + strlen("2026-11-22T00:00:00.000Z"),
                        " warn  m s=\"a b\" t=ab n=-5 least=-9223372036854775808 yes=true no=false j={\"k\":[1]}\n");
}

/* Where it is, in seconds since the epoch. */
static time_t time_of(const char *text)
{
    struct tm t = { 0 };

    assert_non_null(strptime(text, "{\"time\":\"%Y-%m-%dT%H:%M:%S.", &t));
    return timegm(&t);
}

static void says_when_it_was(void **state UNUSED)
{
    log_setup(LOG_JSON, LOG_INFO);
    for (int i = 0; i < 3; i++) {
        time_t before = time(NULL), then;

        log_at(LOG_INFO, "x");
        then = time_of(logged());
        assert_true(then >= before && then <= time(NULL) + 1);
        usleep(600000);
    }
}

static size_t count_of(const char *part)
{
    size_t n = 0;

    for (const char *p = line; (p = strstr(p, part)); p += strlen(part))
        n++;
    return n;
}

static void complain(const char *peer, struct sv reason)
{
    const struct log_field fields[] = { LOG_S("peer", sv_from(peer)), LOG_S("reason", reason) };

    log_line(LOG_WARN, SV("refused"), fields, 2);
}

static void says_what_repeats_ten_times_and_then_its_number(void **state UNUSED)
{
    struct err e = { 0 };

    log_setup(LOG_JSON, LOG_INFO);
    assert_true(log_start(&e));
    for (int i = 0; i < 50; i++) {
        complain("10.0.0.1", SV("version"));
        complain("10.0.0.2", SV("suite"));
        log_at(LOG_ERROR, "worse");
        log_at(LOG_INFO, "review");
    }
    complain("10.0.0.9", SV("version"));
    log_stop(1000);
    logged();
    assert_int_equal(count_of("\"peer\":\"10.0.0.1\""), 10);
    assert_int_equal(count_of("\"peer\":\"10.0.0.2\""), 11);
    assert_int_equal(count_of("\"peer\":\"10.0.0.9\",\"reason\":\"version\",\"repeated\":41}\n"), 1);
    assert_int_equal(count_of("\"reason\":\"suite\",\"repeated\":40}\n"), 1);
    assert_int_equal(count_of("\"msg\":\"worse\",\"repeated\":40}\n"), 1);
    assert_int_equal(count_of("\"review\""), 50);
}

#define WITH_A_PIPE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PIPE(escapes_what_would_break_the_line),
        WITH_A_PIPE(makes_no_second_field_of_text),
        WITH_A_PIPE(cuts_long_values),
        WITH_A_PIPE(cuts_between_characters),
        WITH_A_PIPE(leaves_out_a_field_that_does_not_fit),
        WITH_A_PIPE(keeps_every_line_within_a_pipe_buffer),
        WITH_A_PIPE(is_silent_below_its_level),
        WITH_A_PIPE(writes_every_type),
        WITH_A_PIPE(says_when_it_was),
        WITH_A_PIPE(says_what_repeats_ten_times_and_then_its_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
