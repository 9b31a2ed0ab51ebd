/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first character decides what a plain scalar can be at all; most can only
 * be strings and are through with that. Numbers follow Go: strconv's syntax for
 * what is read, encoding/json's and strconv's format for what is written.
 */
#include "yaml/scalar.h"
#include "base/text.h"
#include "json/value.h"
#include <inttypes.h>
#include <math.h>

struct word {
    struct sv text;
    enum scalar_type type;
    bool is_true;
};

static const struct word words[] = {
    { SV_INIT(""), SCALAR_NULL, false },      { SV_INIT("~"), SCALAR_NULL, false },
    { SV_INIT("null"), SCALAR_NULL, false },  { SV_INIT("Null"), SCALAR_NULL, false },
    { SV_INIT("NULL"), SCALAR_NULL, false },  { SV_INIT("y"), SCALAR_BOOL, true },
    { SV_INIT("Y"), SCALAR_BOOL, true },      { SV_INIT("yes"), SCALAR_BOOL, true },
    { SV_INIT("Yes"), SCALAR_BOOL, true },    { SV_INIT("YES"), SCALAR_BOOL, true },
    { SV_INIT("true"), SCALAR_BOOL, true },   { SV_INIT("True"), SCALAR_BOOL, true },
    { SV_INIT("TRUE"), SCALAR_BOOL, true },   { SV_INIT("on"), SCALAR_BOOL, true },
    { SV_INIT("On"), SCALAR_BOOL, true },     { SV_INIT("ON"), SCALAR_BOOL, true },
    { SV_INIT("n"), SCALAR_BOOL, false },     { SV_INIT("N"), SCALAR_BOOL, false },
    { SV_INIT("no"), SCALAR_BOOL, false },    { SV_INIT("No"), SCALAR_BOOL, false },
    { SV_INIT("NO"), SCALAR_BOOL, false },    { SV_INIT("false"), SCALAR_BOOL, false },
    { SV_INIT("False"), SCALAR_BOOL, false }, { SV_INIT("FALSE"), SCALAR_BOOL, false },
    { SV_INIT("off"), SCALAR_BOOL, false },   { SV_INIT("Off"), SCALAR_BOOL, false },
    { SV_INIT("OFF"), SCALAR_BOOL, false },
};

static const struct sv not_in_json[] = {
    SV_INIT(".nan"),  SV_INIT(".NaN"),  SV_INIT(".NAN"),  SV_INIT(".inf"),  SV_INIT(".Inf"),  SV_INIT(".INF"),
    SV_INIT("+.inf"), SV_INIT("+.Inf"), SV_INIT("+.INF"), SV_INIT("-.inf"), SV_INIT("-.Inf"), SV_INIT("-.INF"),
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct scalar string(struct sv text)
{
    return (struct scalar){ .type = SCALAR_STRING, .text = text };
}

static bool find_word(struct sv text, struct scalar *out)
{
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!sv_eq(text, words[i].text))
            continue;
        *out = (struct scalar){ .type = words[i].type, .is_true = words[i].is_true };
        return true;
    }
    return false;
}

static unsigned digit_value(char c)
{
    if (is_digit(c))
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

static char cut_sign(struct sv *digits)
{
    char sign = digits->n && (digits->p[0] == '-' || digits->p[0] == '+') ? digits->p[0] : '\0';

    *digits = sv_skip(*digits, sign != '\0');
    return sign;
}

static unsigned cut_base(struct sv *digits)
{
    char letter = digits->n > 1 && digits->p[0] == '0' ? (char)(digits->p[1] | 0x20) : '\0';
    unsigned base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;

    if (base) {
        *digits = sv_skip(*digits, 2);
        return base;
    }
    return digits->n > 1 && digits->p[0] == '0' ? 8 : 10;
}

static bool read_magnitude(struct sv digits, unsigned base, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.n; i++) {
        unsigned d = digit_value(digits.p[i]);

        if (d >= base || __builtin_mul_overflow(*out, (uint64_t)base, out) ||
            __builtin_add_overflow(*out, (uint64_t)d, out))
            return false;
    }
    return digits.n > 0;
}

/* int64, or without a sign uint64. `0b-1` is go-yaml's own. */
static bool read_int(struct sv text, struct scalar *out)
{
    char sign = cut_sign(&text);
    unsigned base = cut_base(&text);
    bool has_sign = sign || (base == 2 && text.p[-1] == 'b' && (sign = cut_sign(&text))), is_negative = sign == '-';
    uint64_t magnitude, most = has_sign ? (uint64_t)INT64_MAX + is_negative : UINT64_MAX;

    if (!read_magnitude(text, base, &magnitude) || magnitude > most)
        return false;
    *out = (struct scalar){ .type = SCALAR_INT, .is_negative = is_negative && magnitude, .magnitude = magnitude };
    return true;
}

static size_t skip_digits(struct sv s, size_t i)
{
    while (i < s.n && is_digit(s.p[i]))
        i++;
    return i;
}

/* [-+] then .5 or 5 or 5. or 5.5, then an exponent or none. */
static bool is_float(struct sv s)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    size_t whole = skip_digits(s, i), end = whole;

    if (whole < s.n && s.p[whole] == '.')
        end = skip_digits(s, whole + 1);
    if (end == i || (whole == i && end == whole + 1))
        return false;
    if (end < s.n && (s.p[end] | 0x20) == 'e') {
        size_t from = end + 1;

        from += from < s.n && (s.p[from] == '-' || s.p[from] == '+');
        end = skip_digits(s, from);
        if (end == from)
            return false;
    }
    return end == s.n;
}

static void read_float(const char *text, struct scalar *out)
{
    double number = is_float(sv_from(text)) ? strtod(text, NULL) : HUGE_VAL;

    if (isfinite(number))
        *out = (struct scalar){ .type = SCALAR_FLOAT, .number = number };
}

/* go-yaml drops underscores wherever they stand, except in numbers that begin
 * with a dot, where strconv wants a digit on both sides. */
static char *without_underscores(struct sv text, struct arena *a)
{
    bool strict = text.p[0] == '.';
    char *p = arena_alloc(a, text.n + 1);
    size_t n = 0;

    for (size_t i = 0; p && i < text.n; i++) {
        bool between = i > 0 && i + 1 < text.n && is_digit(text.p[i - 1]) && is_digit(text.p[i + 1]);

        if (text.p[i] != '_' || (strict && !between))
            p[n++] = text.p[i];
    }
    if (p)
        p[n] = '\0';
    return p;
}

/* What is too large for an integer is a float if it is decimal, and what is too
 * large even for that stays a string. */
static bool read_number(struct sv text, struct arena *a, struct scalar *out, struct err *e)
{
    char *plain;

    /* Most of what begins with a digit is a version, an address, a name. */
    for (size_t i = 0; i < text.n; i++)
        if (!strchr("0123456789+-._abcdefABCDEFxXoO", text.p[i]) || text.p[i] == '\0')
            return true;
    plain = without_underscores(text, a);
    if (!plain)
        return arena_error(a, e);
    if (text.p[0] == '.' || !read_int(sv_from(plain), out))
        read_float(plain, out);
    return true;
}

/* As if the scalar were plain and had no tag. */
static bool resolve_plain(struct sv text, struct arena *a, struct scalar *out, struct err *e)
{
    *out = string(text);
    if (text.n && !strchr("+-.0123456789yYnNtTfFoO~", text.p[0]))
        return true;
    if (find_word(text, out))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(not_in_json); i++)
        if (sv_eq(text, not_in_json[i]))
            return err_set(e, ERR_INPUT, "JSON has no `%.*s`; put it in quotes if it is meant as text", SV_ARG(text));
    return !strchr("+-.0123456789", text.p[0]) || read_number(text, a, out, e);
}

struct tag {
    struct sv name;
    enum scalar_type type;
    bool forced;
};

static const struct tag tags[] = {
    { SV_INIT("tag:yaml.org,2002:null"), SCALAR_NULL, true },
    { SV_INIT("tag:yaml.org,2002:bool"), SCALAR_BOOL, true },
    { SV_INIT("tag:yaml.org,2002:int"), SCALAR_INT, true },
    { SV_INIT("tag:yaml.org,2002:float"), SCALAR_FLOAT, true },
};

static bool resolve_tagged(struct sv text, const struct tag *tag, struct arena *a, struct scalar *out, struct err *e)
{
    struct sv name = sv_skip(tag->name, sizeof("tag:yaml.org,2002:") - 1);

    if (!resolve_plain(text, a, out, e))
        return false;
    if (tag->type == SCALAR_FLOAT && out->type == SCALAR_INT) {
        double number = (double)out->magnitude;

        *out = (struct scalar){ .type = SCALAR_FLOAT, .number = out->is_negative ? -number : number };
    }
    if (out->type == tag->type)
        return true;
    text = text_printable(a, text, 60);
    return text.p ? err_set(e, ERR_INPUT, "`%.*s` is no !!%.*s", SV_ARG(text), SV_ARG(name)) : arena_error(a, e);
}

bool scalar_resolve(struct sv text, struct sv tag, bool is_plain, struct arena *a, struct scalar *out, struct err *e)
{
    *out = string(text);
    if (!tag.p)
        return !is_plain || resolve_plain(text, a, out, e);
    for (size_t i = 0; i < ARRAY_LEN(tags); i++)
        if (sv_eq(tag, tags[i].name))
            return resolve_tagged(text, &tags[i], a, out, e);
    if (sv_eq(tag, SV("tag:yaml.org,2002:binary")))
        return err_set(e, ERR_INPUT, "JSON has no !!binary; write the base64 text without the tag");
    return true;
}

/* The shortest decimal that reads back as the same number: d.ddd * 10^exponent. */
struct decimal {
    char digits[20];
    int count, exponent;
    bool is_negative;
};

static struct decimal shortest(double number, bool single)
{
    struct decimal d = { .is_negative = signbit(number) };
    double value = fabs(single ? (double)(float)number : number);
    char text[40];

    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, value);
        if (single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value)
            break;
    }
    for (const char *p = text; *p != 'e'; p++)
        if (is_digit(*p))
            d.digits[d.count++] = *p;
    d.exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
    return d;
}

static void print_scientific(struct buf *out, const struct decimal *d, int exponent_digits)
{
    buf_printf(out, "%s%c%s%.*s", d->is_negative ? "-" : "", d->digits[0], d->count > 1 ? "." : "", d->count - 1,
               d->digits + 1);
    buf_printf(out, "e%c%0*d", d->exponent < 0 ? '-' : '+', exponent_digits, abs(d->exponent));
}

static void print_positional(struct buf *out, const struct decimal *d)
{
    int point = d->exponent + 1; /* so many digits stand before it */

    if (d->is_negative)
        buf_add_char(out, '-');
    if (point <= 0)
        buf_add(out, SV("0."));
    for (int i = point; i < 0; i++)
        buf_add_char(out, '0');
    for (int i = 0; i < d->count || i < point; i++) {
        if (i == point && i > 0)
            buf_add_char(out, '.');
        buf_add_char(out, i < d->count ? d->digits[i] : '0');
    }
}

/* encoding/json: positional from 1e-6 to below 1e21. */
static void print_float(struct buf *out, double number)
{
    struct decimal d = shortest(number, false);

    if (number != 0 && (fabs(number) < 1e-6 || fabs(number) >= 1e21))
        print_scientific(out, &d, 1);
    else
        print_positional(out, &d);
}

/* strconv.FormatFloat(number, 'g', -1, 32), which sigs.k8s.io/yaml uses. */
static void print_float_key(struct buf *out, double number)
{
    struct decimal d = shortest(number, true);

    if (d.exponent < -4 || d.exponent >= 6)
        print_scientific(out, &d, 2);
    else
        print_positional(out, &d);
}

static void print_int(struct buf *out, const struct scalar *s)
{
    buf_printf(out, "%s%" PRIu64, s->is_negative ? "-" : "", s->magnitude);
}

void scalar_print(struct buf *out, const struct scalar *s)
{
    switch (s->type) {
    case SCALAR_STRING:
        value_print_string(out, s->text);
        break;
    case SCALAR_NULL:
        buf_add(out, SV("null"));
        break;
    case SCALAR_BOOL:
        buf_add(out, s->is_true ? SV("true") : SV("false"));
        break;
    case SCALAR_INT:
        print_int(out, s);
        break;
    case SCALAR_FLOAT:
        print_float(out, s->number);
        break;
    }
}

bool scalar_key(const struct scalar *s, struct arena *a, struct sv *out, struct err *e)
{
    struct buf text = BUF_IN(a);

    if (s->type == SCALAR_STRING) {
        *out = s->text;
        return true;
    }
    if (s->type == SCALAR_NULL)
        return err_set(e, ERR_INPUT, "null is no key");
    if (s->type == SCALAR_INT && !s->is_negative && s->magnitude > INT64_MAX)
        return err_set(e, ERR_INPUT, "an integer this large is no key; put it in quotes");
    if (s->type == SCALAR_FLOAT && !isfinite((float)s->number))
        return err_set(e, ERR_INPUT, "a number this large is no key; put it in quotes");
    if (s->type == SCALAR_FLOAT)
        print_float_key(&text, s->number);
    else
        scalar_print(&text, s);
    *out = buf_sv(&text);
    return buf_ok(&text) || arena_error(a, e);
}
