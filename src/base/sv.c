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

/* Only the latest star can be worth returning to: what an earlier one could
 * match differently, the latest can make up for. */
bool sv_glob(struct sv pattern, struct sv text)
{
    size_t p = 0, t = 0, star = pattern.n, resume = 0;

    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.n && pattern.p[p] == text.p[t]) {
            p++;
            t++;
        } else if (star < pattern.n) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*')
        p++;
    return p == pattern.n;
}
