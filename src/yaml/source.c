/* SPDX-License-Identifier: Apache-2.0 */
/* One walk over the escapes of a JSON text; all other texts are what they are. */
#include "yaml/source.h"
#include <stdint.h>

enum {
    ESCAPES = 12, /* "\\uD83D\\uDE00" */
    UTF8 = 4,     /* and its character, in bytes */
};

/* The code unit of "\\uXXXX" at `i`, 0 if there is none. */
static uint32_t escaped_unit(struct sv text, size_t i)
{
    uint32_t unit = 0;

    if (i + ESCAPES / 2 > text.n || text.p[i] != '\\' || text.p[i + 1] != 'u')
        return 0;
    for (size_t j = i + 2; j < i + ESCAPES / 2; j++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *at = memchr(digits, text.p[j], sizeof(digits) - 1);

        if (!at)
            return 0;
        unit = unit * 16 + (uint32_t)(at - digits) % 16;
    }
    return unit;
}

static bool is_json(struct sv text)
{
    size_t i = 0;

    while (i < text.n && strchr(" \t\r\n", text.p[i]))
        i++;
    return i < text.n && (text.p[i] == '{' || text.p[i] == '[');
}

/* The character that two escapes at `i` write, 0 if there are none. */
static uint32_t pair_at(struct sv text, size_t i)
{
    uint32_t high = escaped_unit(text, i), low = high ? escaped_unit(text, i + ESCAPES / 2) : 0;
    bool is_pair = high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000;

    return is_pair ? 0x10000 + ((high & 0x3FF) << 10 | (low & 0x3FF)) : 0;
}

static void put(char *p, uint32_t code)
{
    p[0] = (char)(0xF0 | code >> 18);
    p[1] = (char)(0x80 | (code >> 12 & 0x3F));
    p[2] = (char)(0x80 | (code >> 6 & 0x3F));
    p[3] = (char)(0x80 | (code & 0x3F));
}

static bool join(struct sv text, struct arena *a, struct source *out)
{
    char *p = arena_alloc(a, text.n);
    size_t n = 0, characters = 0;

    out->joined = arena_array(a, text.n / ESCAPES + 1, size_t);
    if (!p || !out->joined)
        return false;
    for (size_t i = 0; i < text.n; characters += ((unsigned char)text.p[i++] & 0xC0) != 0x80) {
        uint32_t code = pair_at(text, i);

        if (code) {
            out->joined[out->count++] = characters;
            put(p + n, code);
            n += UTF8;
            i += ESCAPES - 1;
            continue;
        }
        /* What follows a backslash belongs to it. */
        if (text.p[i] == '\\' && i + 1 < text.n) {
            p[n++] = text.p[i++];
            characters++;
        }
        p[n++] = text.p[i];
    }
    out->text = (struct sv){ p, n };
    return true;
}

bool source_prepare(struct sv text, struct arena *a, struct source *out)
{
    *out = (struct source){ .text = text };
    return !is_json(text) || !memmem(text.p, text.n, "\\u", 2) || join(text, a, out);
}

/* How many of them stand before `index`. */
static size_t joined_before(const struct source *s, size_t index)
{
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->joined[middle] < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t source_hidden(const struct source *s, size_t from, size_t to)
{
    return s->count ? (joined_before(s, to) - joined_before(s, from)) * (ESCAPES - 1) : 0;
}
