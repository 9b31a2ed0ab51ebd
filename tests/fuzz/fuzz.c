/* SPDX-License-Identifier: Apache-2.0 */
/* Properties that many targets share, written the slow and obvious way. */
#include "fuzz/fuzz.h"
#include "json/doc.h"
#include <stdarg.h>

_Noreturn void fuzz_fail(const char *file, int line, const char *fmt, ...)
{
    va_list args;

    fprintf(stderr, "%s:%d: ", file, line);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    abort();
}

struct sv fuzz_input(const uint8_t *data, size_t size)
{
    return (struct sv){ size ? (const char *)data : "", size };
}

static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

bool fuzz_is_utf8(struct sv s)
{
    static const unsigned long least[] = { 0, 0, 0x80, 0x800, 0x10000 };

    while (s.n) {
        size_t n = sequence_length((unsigned char)s.p[0]);
        unsigned long point = n > 1 ? (unsigned char)s.p[0] & (0xffu >> (n + 1)) : 0;

        if (n == 0 || n > s.n)
            return false;
        for (size_t i = 1; i < n; i++) {
            if (((unsigned char)s.p[i] & 0xc0) != 0x80)
                return false;
            point = point << 6 | ((unsigned char)s.p[i] & 0x3f);
        }
        if (n > 1 && (point < least[n] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)))
            return false;
        s = sv_skip(s, n);
    }
    return true;
}

void fuzz_check_error(const struct err *e)
{
    struct sv msg = sv_from(e->msg);

    FUZZ_CHECK(e->code != ERR_NONE && msg.n > 0, "a failure without a reason: code %d, `%s`", (int)e->code, e->msg);
    FUZZ_CHECK(msg.n < sizeof(e->msg), "the message does not end");
    FUZZ_CHECK(e->code != ERR_NOMEM, "out of memory: %s", e->msg);
}

/* Cuts a number and the colon behind it. */
static bool cut_number(struct sv *rest)
{
    struct sv number = sv_cut(rest, ':');

    for (size_t i = 0; i < number.n; i++)
        if (number.p[i] < '0' || number.p[i] > '9')
            return false;
    return number.n > 0 && number.p[0] != '0' && rest->p;
}

void fuzz_check_place(const struct err *e, const char *file, const struct arena *a)
{
    struct sv rest = sv_from(e->msg), name = sv_from(file);

    if (a->is_full)
        return;
    fuzz_check_error(e);
    FUZZ_CHECK(sv_starts_with(rest, name), "no file: %s", e->msg);
    rest = sv_skip(rest, name.n + 1);
    FUZZ_CHECK(cut_number(&rest) && cut_number(&rest), "no place: %s", e->msg);
    FUZZ_CHECK(rest.n > 1, "a place and no reason: %s", e->msg);
    FUZZ_CHECK(fuzz_is_utf8(rest), "not UTF-8: %s", e->msg);
    for (size_t i = 0; i < rest.n; i++)
        FUZZ_CHECK((unsigned char)rest.p[i] >= ' ' && rest.p[i] != 0x7f, "a control character: %s", e->msg);
}

const struct json *fuzz_json(struct sv text, struct arena *a)
{
    struct err e = { .code = ERR_NONE };
    const struct json *root = doc_parse(text, a, &e);

    FUZZ_CHECK(root, "no JSON: %s: %.*s", e.msg, SV_ARG(text));
    return root;
}
