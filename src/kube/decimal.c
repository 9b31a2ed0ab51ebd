/* SPDX-License-Identifier: Apache-2.0 */
/* A number is its digits that count and where the point stands; a binary
 * suffix is multiplied out, since 1024 has no exponent of ten. */
#include "kube/decimal.h"
#include "base/text.h"

enum { MOST_DIGITS = DECIMAL_MAX_DIGITS + 6 * 4 }; /* 1024 six times adds at most 4 each */

/* 0.d1d2d3... times ten to the power of `point`; zero has no digits. */
struct decimal {
    bool is_negative;
    unsigned char digits[MOST_DIGITS];
    size_t count;
    long point;
};

static const struct {
    struct sv suffix;
    int exponent; /* of ten */
    int kibi;     /* of 1024 */
} suffixes[] = {
    { SV_INIT("n"), -9, 0 }, { SV_INIT("u"), -6, 0 }, { SV_INIT("m"), -3, 0 }, { SV_INIT(""), 0, 0 },
    { SV_INIT("k"), 3, 0 },  { SV_INIT("M"), 6, 0 },  { SV_INIT("G"), 9, 0 },  { SV_INIT("T"), 12, 0 },
    { SV_INIT("P"), 15, 0 }, { SV_INIT("E"), 18, 0 }, { SV_INIT("Ki"), 0, 1 }, { SV_INIT("Mi"), 0, 2 },
    { SV_INIT("Gi"), 0, 3 }, { SV_INIT("Ti"), 0, 4 }, { SV_INIT("Pi"), 0, 5 }, { SV_INIT("Ei"), 0, 6 },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* False: more digits that count than there is room for. */
static bool add_digit(struct decimal *d, size_t *zeros, char c)
{
    if (c == '0') {
        *zeros += d->count > 0;
        return true;
    }
    if (d->count + *zeros >= DECIMAL_MAX_DIGITS)
        return false;
    for (; *zeros > 0; --*zeros)
        d->digits[d->count++] = 0;
    d->digits[d->count++] = (unsigned char)(c - '0');
    return true;
}

/* The digits with their point, from *rest; zeros at the end are not kept. */
static bool read_digits(struct sv *rest, struct decimal *d)
{
    bool has_digit = false, has_point = false;
    size_t zeros = 0;

    for (; rest->n > 0; *rest = sv_skip(*rest, 1)) {
        char c = rest->p[0];

        if (c == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        has_digit = true;
        if (!add_digit(d, &zeros, c))
            return false;
        /* Before the point each digit that counts moves it; behind it, each
         * zero before the first one moves it back. */
        d->point += !has_point && (d->count > 0) ? 1 : 0;
        d->point -= has_point && d->count == 0 ? 1 : 0;
    }
    return has_digit;
}

static bool read_exponent(struct sv text, long *exponent)
{
    bool is_negative = sv_starts_with(text, SV("-"));
    size_t n = 0;

    if (is_negative || sv_starts_with(text, SV("+")))
        text = sv_skip(text, 1);
    if (!text_to_size(text, &n) || n > DECIMAL_MAX_EXPONENT)
        return false;
    *exponent = is_negative ? -(long)n : (long)n;
    return true;
}

static void multiply_by_1024(struct decimal *d)
{
    unsigned carry = 0;
    unsigned char high[4];
    size_t more = 0;

    for (size_t i = d->count; i-- > 0;) {
        unsigned product = d->digits[i] * 1024u + carry;

        d->digits[i] = (unsigned char)(product % 10);
        carry = product / 10;
    }
    for (; carry > 0; carry /= 10)
        high[more++] = (unsigned char)(carry % 10);
    memmove(d->digits + more, d->digits, d->count);
    for (size_t i = 0; i < more; i++)
        d->digits[i] = high[more - 1 - i];
    d->count += more;
    d->point += (long)more;
    while (d->count > 0 && d->digits[d->count - 1] == 0)
        d->count--;
}

static bool read_suffix(struct sv text, struct decimal *d)
{
    long exponent = 0;

    for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        if (!sv_eq(suffixes[i].suffix, text))
            continue;
        d->point += suffixes[i].exponent;
        for (int k = 0; k < suffixes[i].kibi; k++)
            multiply_by_1024(d);
        return true;
    }
    if ((text.p[0] != 'e' && text.p[0] != 'E') || !read_exponent(sv_skip(text, 1), &exponent))
        return false;
    d->point += exponent;
    return true;
}

static bool parse(struct sv text, struct decimal *d)
{
    *d = (struct decimal){ .is_negative = sv_starts_with(text, SV("-")) };
    if (d->is_negative || sv_starts_with(text, SV("+")))
        text = sv_skip(text, 1);
    if (!read_digits(&text, d) || !read_suffix(text, d))
        return false;
    if (d->count == 0)
        *d = (struct decimal){ .is_negative = false };
    return true;
}

static int compare_sizes(const struct decimal *a, const struct decimal *b)
{
    size_t n = a->count < b->count ? a->count : b->count;
    int order;

    if (a->count == 0 || b->count == 0)
        return (a->count > 0) - (b->count > 0);
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    order = memcmp(a->digits, b->digits, n);
    return order ? order : (a->count > b->count) - (a->count < b->count);
}

bool decimal_compare(struct sv left, struct sv right, int *order)
{
    struct decimal a, b;

    if (!parse(left, &a) || !parse(right, &b))
        return false;
    if (a.is_negative != b.is_negative)
        *order = a.is_negative ? -1 : 1;
    else
        *order = a.is_negative ? compare_sizes(&b, &a) : compare_sizes(&a, &b);
    return true;
}

bool decimal_is_number(struct sv text)
{
    struct decimal d;

    return parse(text, &d);
}
