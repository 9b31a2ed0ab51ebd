/* SPDX-License-Identifier: Apache-2.0 */
/* Jumps from one dash, or one equals sign, to the next: almost all text has
 * neither where a word begins. */
#include "rules/off_switch_scan.h"

static bool is_word_end(char c)
{
    return c == '\0' || strchr(" \t\r\n\"'`;&|()<>", c);
}

static bool is_name(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool off_switch_scan_option(struct sv text, size_t *at, struct sv *name)
{
    while (*at < text.n) {
        size_t start = *at + sv_find(sv_skip(text, *at), '-'), end = start;

        *at = start + 1;
        if (start >= text.n || (start > 0 && !is_word_end(text.p[start - 1]) && text.p[start - 1] != '='))
            continue;
        while (end < text.n && !is_word_end(text.p[end]) && text.p[end] != '=')
            end++;
        *name = (struct sv){ text.p + start, end - start };
        *at = end < text.n && text.p[end] == '=' ? end + 1 : end;
        return true;
    }
    return false;
}

bool off_switch_scan_assignment(struct sv text, size_t *at, struct sv *name)
{
    while (*at < text.n) {
        size_t equals = *at + sv_find(sv_skip(text, *at), '='), end = equals, start;

        *at = equals + 1;
        if (equals >= text.n)
            continue;
        if (end > 0 && text.p[end - 1] == '+')
            end--;
        for (start = end; start > 0 && is_name(text.p[start - 1]); start--)
            ;
        if (start == end || (start > 0 && !is_word_end(text.p[start - 1])))
            continue;
        *name = (struct sv){ text.p + start, end - start };
        return true;
    }
    return false;
}

struct sv off_switch_scan_value(struct sv text, size_t *at)
{
    size_t start = *at, end = start;
    char quote = start < text.n ? text.p[start] : '\0';

    if (start == 0 || text.p[start - 1] != '=')
        return SV("");
    if (quote == '"' || quote == '\'') {
        struct sv inside = sv_skip(text, start + 1);
        size_t length = sv_find(inside, quote);

        *at = start + 1 + length;
        return (struct sv){ inside.p, length };
    }
    while (end < text.n && !is_word_end(text.p[end]))
        end++;
    *at = end;
    return (struct sv){ text.p + start, end - start };
}
