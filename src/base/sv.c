/* SPDX-License-Identifier: Apache-2.0 */
/* The searches over views that are too long to be inline. */
#include "base/sv.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sv_eq_nocase(struct sv a, struct sv b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

size_t sv_find(struct sv s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

    return at ? (size_t)(at - s.p) : s.n;
}

size_t sv_find_last(struct sv s, char c)
{
    const char *at = s.n ? memrchr(s.p, c, s.n) : NULL;

    return at ? (size_t)(at - s.p) : s.n;
}

struct sv sv_cut(struct sv *rest, char c)
{
    struct sv whole = *rest;
    size_t at = sv_find(whole, c);

    *rest = at < whole.n ? sv_skip(whole, at + 1) : (struct sv){ NULL, 0 };
    return (struct sv){ whole.p, at };
}

struct sv sv_trim(struct sv s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = sv_skip(s, 1);
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

/* Most texts differ from most patterns in their first byte already. Between two
 * stars the first place is as good as any later one, and memmem() finds it in
 * linear time. */
bool sv_glob(struct sv pattern, struct sv text)
{
    struct sv piece;

    if (pattern.n && pattern.p[0] != '*' && (!text.n || pattern.p[0] != text.p[0]))
        return false;
    if (sv_eq(pattern, SV("*")))
        return true;
    piece = sv_cut(&pattern, '*');
    if (!pattern.p)
        return sv_eq(piece, text);
    if (!sv_starts_with(text, piece))
        return false;
    text = sv_skip(text, piece.n);
    for (piece = sv_cut(&pattern, '*'); pattern.p; piece = sv_cut(&pattern, '*')) {
        const char *at = piece.n && text.n ? memmem(text.p, text.n, piece.p, piece.n) : text.p;

        if (piece.n && (!text.n || !at))
            return false;
        text = sv_skip(text, (size_t)(at - text.p) + piece.n);
    }
    return sv_ends_with(text, piece);
}
