/* SPDX-License-Identifier: Apache-2.0 */
/* Text without a dash or an equals sign where a word begins, which is almost all
 * of it, is passed over. */
#include "rules/off_switch_scan.h"

/* What may stand in a name, and what a shell ends a word with. */
enum { NAME = 1, END = 2 };
static const unsigned char classes[256] = {
    ['\0'] = END, ['\t'] = END, ['\n'] = END, ['\r'] = END, [' '] = END,  ['"'] = END,  ['\''] = END, ['`'] = END,
    [';'] = END,  ['&'] = END,  ['|'] = END,  ['('] = END,  [')'] = END,  ['<'] = END,  ['>'] = END,  ['_'] = NAME,
    ['0'] = NAME, ['1'] = NAME, ['2'] = NAME, ['3'] = NAME, ['4'] = NAME, ['5'] = NAME, ['6'] = NAME, ['7'] = NAME,
    ['8'] = NAME, ['9'] = NAME, ['A'] = NAME, ['B'] = NAME, ['C'] = NAME, ['D'] = NAME, ['E'] = NAME, ['F'] = NAME,
    ['G'] = NAME, ['H'] = NAME, ['I'] = NAME, ['J'] = NAME, ['K'] = NAME, ['L'] = NAME, ['M'] = NAME, ['N'] = NAME,
    ['O'] = NAME, ['P'] = NAME, ['Q'] = NAME, ['R'] = NAME, ['S'] = NAME, ['T'] = NAME, ['U'] = NAME, ['V'] = NAME,
    ['W'] = NAME, ['X'] = NAME, ['Y'] = NAME, ['Z'] = NAME, ['a'] = NAME, ['b'] = NAME, ['c'] = NAME, ['d'] = NAME,
    ['e'] = NAME, ['f'] = NAME, ['g'] = NAME, ['h'] = NAME, ['i'] = NAME, ['j'] = NAME, ['k'] = NAME, ['l'] = NAME,
    ['m'] = NAME, ['n'] = NAME, ['o'] = NAME, ['p'] = NAME, ['q'] = NAME, ['r'] = NAME, ['s'] = NAME, ['t'] = NAME,
    ['u'] = NAME, ['v'] = NAME, ['w'] = NAME, ['x'] = NAME, ['y'] = NAME, ['z'] = NAME,
};

static bool is_word_end(char c)
{
    return classes[(unsigned char)c] == END;
}

static bool is_name(char c)
{
    return classes[(unsigned char)c] == NAME;
}

/* Is there a dash at `at` that begins a word, or a value? */
static bool begins_option(struct sv text, size_t at)
{
    return text.p[at] == '-' && (at == 0 || is_word_end(text.p[at - 1]) || text.p[at - 1] == '=');
}

bool off_switch_scan_option(struct sv text, size_t *at, struct sv *name)
{
    size_t start = *at, end;

    while (start < text.n && !begins_option(text, start))
        start++;
    for (end = start; end < text.n && !is_word_end(text.p[end]) && text.p[end] != '='; end++)
        ;
    *at = end < text.n && text.p[end] == '=' ? end + 1 : end;
    if (end == start)
        return false;
    *name = (struct sv){ text.p + start, end - start };
    return true;
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
