/* SPDX-License-Identifier: Apache-2.0 */
/* White space between tokens, escapes in strings, members in any order, numbers
 * spelled otherwise: RFC 8259 leaves all of it to the writer. */
#include "differential/noise.h"
#include "base/bug.h"
#include "json/value.h"

enum { MEMBERS_MAX = 64 };

struct noise noise_choose(struct random *r, struct buf *steps)
{
    static const size_t rates[] = { 0, 0, 2, 8, 40 };
    struct noise n = {
        .spaces = rates[random_below(r, ARRAY_LEN(rates))],
        .escapes = rates[random_below(r, ARRAY_LEN(rates))],
        .shuffles = random_one_in(r, 2) ? 1 : 0,
        .numbers = random_one_in(r, 4) ? 2 : 0,
    };

    buf_printf(steps, "  written with spaces 1/%zu, escapes 1/%zu, shuffled members 1/%zu, odd numbers 1/%zu\n",
               n.spaces, n.escapes, n.shuffles, n.numbers);
    return n;
}

static bool happens(size_t one_in, struct random *r)
{
    return one_in > 0 && random_one_in(r, one_in);
}

static void put_space(struct buf *out, const struct noise *n, struct random *r)
{
    while (happens(n->spaces, r))
        buf_add_char(out, " \t\n\r"[random_below(r, 4)]);
}

static void put_escape(struct buf *out, unsigned char byte, struct random *r)
{
    const char *digits = random_one_in(r, 2) ? "0123456789abcdef" : "0123456789ABCDEF";

    buf_add(out, (struct sv){ (const char[]){ '\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15] }, 6 });
}

static void put_character(struct buf *out, char c, const struct noise *n, struct random *r)
{
    unsigned char byte = (unsigned char)c;

    if (byte < 0x20 || c == '"' || c == '\\' || (byte < 0x80 && happens(n->escapes, r)))
        put_escape(out, byte, r);
    else if (c == '/' && happens(n->escapes, r))
        buf_add(out, SV("\\/"));
    else
        buf_add_char(out, c);
}

static void put_string(struct buf *out, struct sv s, const struct noise *n, struct random *r)
{
    if (n->escapes == 0) {
        value_print_string(out, s);
        return;
    }
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.n; i++)
        put_character(out, s.p[i], n, r);
    buf_add_char(out, '"');
}

/* 8443 is 8443.0, 8443e0 and 84430e-1; 00 is no number. */
static void put_number(struct buf *out, struct sv digits, const struct noise *n, struct random *r)
{
    static const char *const tails[] = { ".0", "e0", "E+00", ".00e0", "0e-1" };

    buf_add(out, digits);
    if (happens(n->numbers, r))
        buf_add(out, sv_from(tails[random_below(r, ARRAY_LEN(tails) - sv_eq(digits, SV("0")))]));
}

static size_t list_members(const struct tree *t, const struct tree **list, const struct noise *n, struct random *r)
{
    size_t count = 0;

    BUG_IF(t->count > MEMBERS_MAX);
    for (const struct tree *c = t->first; c; c = c->next)
        list[count++] = c;
    for (size_t i = count; t->kind == TREE_OBJECT && happens(n->shuffles, r) && i > 1; i--) {
        size_t other = random_below(r, i);
        const struct tree *c = list[other];

        list[other] = list[i - 1];
        list[i - 1] = c;
    }
    return count;
}

static void put_container(struct buf *out, const struct tree *t, const struct noise *n, struct random *r)
{
    const struct tree *members[MEMBERS_MAX];
    size_t count = list_members(t, members, n, r);

    buf_add_char(out, t->kind == TREE_OBJECT ? '{' : '[');
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i ? SV(",") : SV(""));
        put_space(out, n, r);
        if (t->kind == TREE_OBJECT) {
            put_string(out, members[i]->key, n, r);
            put_space(out, n, r);
            buf_add_char(out, ':');
        }
        noise_write(out, members[i], n, r);
    }
    put_space(out, n, r);
    buf_add_char(out, t->kind == TREE_OBJECT ? '}' : ']');
}

void noise_write(struct buf *out, const struct tree *t, const struct noise *n, struct random *r)
{
    put_space(out, n, r);
    switch (t->kind) {
    case TREE_OBJECT:
    case TREE_ARRAY:
        put_container(out, t, n, r);
        break;
    case TREE_STRING:
        put_string(out, t->text, n, r);
        break;
    case TREE_NUMBER:
        put_number(out, t->text, n, r);
        break;
    case TREE_WORD:
        buf_add(out, t->text);
        break;
    }
    put_space(out, n, r);
}
