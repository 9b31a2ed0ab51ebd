/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attr.h"
#include "base/buf.h"
#include "cli/progress.h"
#include "support/check.h"
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* A terminal in the place of stderr, and what has been written to it. */
struct screen {
    int own, keyboard;
    struct buf text;
};

static void open_screen(struct screen *s)
{
    struct termios plain;
    int line;

    *s = (struct screen){ .keyboard = posix_openpt(O_RDWR | O_NOCTTY), .text = BUF_INIT(1 << 20) };
    assert_true(s->keyboard >= 0);
    assert_int_equal(grantpt(s->keyboard) | unlockpt(s->keyboard), 0);
    line = open(ptsname(s->keyboard), O_RDWR | O_NOCTTY);
    assert_int_equal(tcgetattr(line, &plain), 0);
    cfmakeraw(&plain);
    assert_int_equal(tcsetattr(line, TCSANOW, &plain), 0);
    s->own = dup(STDERR_FILENO);
    assert_int_equal(dup2(line, STDERR_FILENO), STDERR_FILENO);
    close(line);
    setenv("TERM", "xterm", 1);
}

/* What was written arrives at the other end when the kernel finds time for it;
 * when nobody can write any more, all of it has. */
static void close_screen(struct screen *s)
{
    char *p;
    ssize_t n;

    dup2(s->own, STDERR_FILENO);
    close(s->own);
    while ((p = buf_room(&s->text, 4096)) && (n = read(s->keyboard, p, 4096)) > 0)
        s->text.len += (size_t)n;
    close(s->keyboard);
}

static void is_quiet_where_nobody_looks(void **state UNUSED)
{
    struct progress p;
    int own = dup(STDERR_FILENO), ends[2];

    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    setenv("TERM", "xterm", 1);
    progress_start(&p, 10);
    p.started_ms -= 5000;
    progress_step(&p, 1, 0);
    progress_clear(&p);
    dup2(own, STDERR_FILENO);
    close(own);
    close(ends[1]);
    assert_false(p.is_on);
    assert_int_equal(read(ends[0], &own, 1), 0);
    close(ends[0]);
}

static void is_quiet_on_a_terminal_that_cannot_go_back(void **state UNUSED)
{
    static const char *const rows[] = { "dumb", NULL };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct screen s;
        struct progress p;

        open_screen(&s);
        rows[i] ? setenv("TERM", rows[i], 1) : unsetenv("TERM");
        progress_start(&p, 10);
        close_screen(&s);
        assert_false(p.is_on);
        buf_fini(&s.text);
    }
}

static void is_quiet_in_the_first_second(void **state UNUSED)
{
    struct screen s;
    struct progress p;

    open_screen(&s);
    progress_start(&p, 10);
    progress_step(&p, 1, 0);
    progress_clear(&p);
    close_screen(&s);
    assert_true(p.is_on);
    assert_sv(buf_sv(&s.text), "");
    buf_fini(&s.text);
}

static void writes_over_its_line_and_takes_it_away(void **state UNUSED)
{
    struct screen s;
    struct progress p;

    open_screen(&s);
    progress_start(&p, 20000);
    p.started_ms -= 1000;
    progress_step(&p, 1200, 3);
    progress_step(&p, 1201, 3); /* too soon */
    p.shown_ms -= 100;
    progress_step(&p, 1300, 1);
    progress_clear(&p);
    progress_clear(&p);
    close_screen(&s);
    assert_sv(buf_sv(&s.text),
              "\r\033[K1200 of 20000 files, 3 violations\r\033[K1300 of 20000 files, 1 violation\r\033[K");
    buf_fini(&s.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_quiet_where_nobody_looks),
        cmocka_unit_test(is_quiet_on_a_terminal_that_cannot_go_back),
        cmocka_unit_test(is_quiet_in_the_first_second),
        cmocka_unit_test(writes_over_its_line_and_takes_it_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
