/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 is decoded in one place here; everything else asks for the next
 * character and what it is. */
#include "base/text.h"

/* RFC 3629 section 4: by first byte, how long and within which code points. */
static size_t decode(const unsigned char *p, size_t n, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xC0 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF8 ? 4 : 0;
    uint32_t c = len > 1 ? p[0] & (0x7Fu >> len) : p[0];

    if (len == 0 || len > n)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3F);
    }
    if (c < least[len] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *code = c;
    return len;
}

bool text_is_utf8(struct sv s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint32_t code;

    for (size_t i = 0, n; i < s.n; i += n) {
        n = p[i] < 0x80 ? 1 : decode(p + i, s.n - i, &code);
        if (n == 0)
            return false;
    }
    return true;
}

size_t text_next(struct sv s, uint32_t *code)
{
    return decode((const unsigned char *)s.p, s.n, code);
}

bool text_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

static bool is_clean(struct sv s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint32_t code;

    for (size_t i = 0, n; i < s.n; i += n) {
        n = 1;
        if (p[i] >= 0x20 && p[i] < 0x7F)
            continue;
        n = decode(p + i, s.n - i, &code);
        if (n == 0 || text_is_control(code))
            return false;
    }
    return true;
}

/* Appends the first character of `s`, escaped if need be; its length in `s`. */
static size_t add_character(struct buf *out, struct sv s)
{
    uint32_t code = 0;
    size_t n = decode((const unsigned char *)s.p, s.n, &code);

    if (n == 0 || (n == 1 && text_is_control(code)))
        buf_printf(out, "\\x%02x", (unsigned)(unsigned char)s.p[0]);
    else if (text_is_control(code))
        buf_printf(out, "\\u%04x", (unsigned)code);
    else
        buf_add(out, (struct sv){ s.p, n });
    return n ? n : 1;
}

void text_add_printable(struct buf *out, struct sv s, size_t max)
{
    size_t start = out->len, keep = start;

    if (s.n <= max && is_clean(s)) {
        buf_add(out, s);
        return;
    }
    for (size_t i = 0; i < s.n && !out->failed;) {
        i += add_character(out, sv_skip(s, i));
        if (out->len - start > max) {
            out->len = keep;
            buf_add(out, (struct sv){ "...", max < 3 ? max : 3 });
            return;
        }
        if (out->len - start + 3 <= max)
            keep = out->len;
    }
}

struct sv text_printable(struct arena *a, struct sv s, size_t max)
{
    struct buf out = BUF_IN(a);

    if (s.n <= max && is_clean(s))
        return s;
    text_add_printable(&out, s, max);
    return buf_ok(&out) ? buf_sv(&out) : (struct sv){ NULL, 0 };
}

enum { WORD_MAX = 64, EDITS_MAX = 3 };

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the usual matrix are enough for transpositions of neighbours. */
static size_t distance(struct sv a, struct sv b)
{
    size_t rows[3][WORD_MAX + EDITS_MAX + 1];

    for (size_t j = 0; j <= b.n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            now[j] = least_of(least_of(above[j], now[j - 1]) + 1, above[j - 1] + (a.p[i - 1] != b.p[j - 1]));
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
                now[j] = least_of(now[j], before[j - 2] + 1);
        }
    }
    return rows[a.n % 3][b.n];
}

struct sv text_nearest(struct sv word, const struct sv *candidates, size_t count)
{
    size_t best = least_of(word.n / 3, EDITS_MAX) + 1;
    struct sv nearest = { NULL, 0 };

    if (word.n > WORD_MAX)
        return nearest;
    for (size_t i = 0; i < count; i++) {
        size_t n = candidates[i].n, d;

        if (n >= word.n + best || word.n >= n + best)
            continue;
        d = distance(word, candidates[i]);
        if (d < best) {
            best = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}

bool text_to_size(struct sv s, size_t *out)
{
    size_t value = 0;

    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(value, (size_t)10, &value) ||
            __builtin_add_overflow(value, (size_t)(s.p[i] - '0'), &value))
            return false;
    }
    *out = value;
    return true;
}
