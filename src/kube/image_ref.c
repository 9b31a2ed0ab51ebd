/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts a reference at its first '@', its first '/' and the ':' before the tag,
 * then checks each part on its own: every byte is looked at a fixed number of
 * times. What the grammar allows but readers disagree about is refused. */
#include "kube/image_ref.h"
#include "base/buf.h"
#include "base/text.h"
#include <stdint.h>

enum { CACHE_PROBES = 8 };

enum {
    SHOWN_MAX = 100,      /* bytes of a bad reference in a message */
    REPOSITORY_MAX = 255, /* distribution/reference */
    TAG_MAX = 128,
    PORT_DIGITS_MAX = 5,
    PORT_MAX = 65535,
};

static const struct sv hub = SV_INIT("docker.io");
static const struct sv hub_names[] = { SV_INIT("index.docker.io"), SV_INIT("registry-1.docker.io") };
static const struct sv latest = SV_INIT("latest");

static const struct {
    struct sv algorithm;
    size_t digits;
} digests[] = {
    { SV_INIT("sha256"), 64 },
    { SV_INIT("sha384"), 96 },
    { SV_INIT("sha512"), 128 },
};

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_upper(struct sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (is_upper(s.p[i]))
            return true;
    }
    return false;
}

static struct sv lower(struct sv s, struct arena *a)
{
    char *p;

    if (!has_upper(s))
        return s;
    p = arena_alloc(a, s.n);
    for (size_t i = 0; p && i < s.n; i++)
        p[i] = is_upper(s.p[i]) ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
    return (struct sv){ p, p ? s.n : 0 };
}

/* Every check below says what is wrong, or NULL. */

static const char *check_bytes(struct sv text)
{
    if (text.n == 0)
        return "it is empty";
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];

        if (c == ' ' || (c >= '\t' && c <= '\r'))
            return "white space";
        if (c < ' ' || c == 0x7f)
            return "a control character";
        if (c > 0x7f)
            return "a character that is not ASCII";
        if (c == ':' && sv_starts_with(sv_skip(text, i), SV("://")))
            return "a scheme; image references have none";
    }
    return NULL;
}

static const char *check_digest(struct sv digest)
{
    struct sv hex = digest;
    struct sv algorithm = sv_cut(&hex, ':');
    size_t row = 0;

    if (sv_find(digest, '/') < digest.n)
        return "user information before the host";
    while (row < ARRAY_LEN(digests) && !sv_eq(algorithm, digests[row].algorithm))
        row++;
    if (row == ARRAY_LEN(digests))
        return "the digest is not sha256, sha384 or sha512";
    if (hex.n != digests[row].digits)
        return "the digest has the wrong length";
    for (size_t i = 0; i < hex.n; i++) {
        if (!is_digit(hex.p[i]) && !(hex.p[i] >= 'a' && hex.p[i] <= 'f'))
            return "the digest is not lower-case hexadecimal";
    }
    return NULL;
}

static const char *check_tag(struct sv tag)
{
    if (tag.n == 0)
        return "the tag is empty";
    if (tag.n > TAG_MAX)
        return "the tag is longer than 128 characters";
    for (size_t i = 0; i < tag.n; i++) {
        char c = tag.p[i];

        if (!is_digit(c) && !is_lower(c) && !is_upper(c) && c != '_' && (i == 0 || (c != '.' && c != '-')))
            return "the tag holds a character that tags cannot hold";
    }
    return NULL;
}

/* The bytes between two letters or digits: one '.', one or two '_', any '-'. */
static bool is_separator(struct sv s)
{
    if (sv_eq(s, SV(".")) || sv_eq(s, SV("_")) || sv_eq(s, SV("__")))
        return true;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '-')
            return false;
    }
    return true;
}

static const char *check_segment(struct sv segment)
{
    size_t start = 0; /* of the separator that runs up to i */

    if (segment.n == 0)
        return "an empty path segment in the repository";
    for (size_t i = 0; i < segment.n; i++) {
        char c = segment.p[i];

        if (is_upper(c))
            return "upper case in the repository";
        if (!is_digit(c) && !is_lower(c)) {
            if (c != '.' && c != '_' && c != '-')
                return "the repository holds a character that repositories cannot hold";
            continue;
        }
        if (i > start && (start == 0 || !is_separator((struct sv){ segment.p + start, i - start })))
            return "misplaced punctuation in the repository";
        start = i + 1;
    }
    return start == segment.n ? NULL : "misplaced punctuation in the repository";
}

static const char *check_repository(struct sv repository)
{
    struct sv rest = repository;

    if (repository.n > REPOSITORY_MAX)
        return "the repository is longer than 255 characters";
    while (rest.p) {
        const char *why = check_segment(sv_cut(&rest, '/'));

        if (why)
            return why;
    }
    return NULL;
}

/* A port with a leading zero is one number to one reader and a mistake to the next. */
static const char *check_port(struct sv port)
{
    size_t number = 0;

    if (port.n > PORT_DIGITS_MAX || !text_to_size(port, &number) || number == 0 || number > PORT_MAX ||
        port.p[0] == '0')
        return "the port is not a number from 1 to 65535";
    return NULL;
}

static const char *check_ipv6(struct sv host)
{
    for (size_t i = 1; i + 1 < host.n; i++) {
        char c = host.p[i];

        if (!is_digit(c) && c != ':' && !(c >= 'a' && c <= 'f'))
            return "the host is not an IPv6 address";
    }
    return host.n > 3 ? NULL : "the host is not an IPv6 address";
}

/* `host` is lower case and has lost its one trailing dot. */
static const char *check_host(struct sv host)
{
    struct sv rest = host;

    if (host.n > 0 && host.p[0] == '[')
        return check_ipv6(host);
    while (rest.p) {
        struct sv label = sv_cut(&rest, '.');

        if (label.n == 0)
            return "an empty label in the host";
        if (sv_starts_with(label, SV("xn--")))
            return "a punycode label in the host";
        if (label.p[0] == '-' || label.p[label.n - 1] == '-')
            return "a label of the host begins or ends with a hyphen";
        for (size_t i = 0; i < label.n; i++) {
            if (!is_digit(label.p[i]) && !is_lower(label.p[i]) && label.p[i] != '-')
                return "the host holds a character that hosts cannot hold";
        }
    }
    return NULL;
}

/* Is the text before the first slash a host? As distribution decides it. */
static bool is_host(struct sv first)
{
    return sv_find(first, '.') < first.n || sv_find(first, ':') < first.n || has_upper(first) ||
           sv_eq(first, SV("localhost"));
}

/* "[::1]:5000" is cut after the bracket, "host:5000" at the colon. */
static const char *split_host(struct sv written, struct image_ref *out)
{
    bool is_ipv6 = written.n > 0 && written.p[0] == '[';
    size_t end = is_ipv6 ? sv_find(written, ']') + 1 : sv_find(written, ':');

    if (end > written.n)
        return "the host is not an IPv6 address";
    out->host = (struct sv){ written.p, end };
    if (!is_ipv6 && sv_ends_with(out->host, SV(".")))
        out->host.n--;
    if (end == written.n)
        return NULL;
    if (written.p[end] != ':')
        return "the host is not an IPv6 address";
    out->port = sv_skip(written, end + 1);
    return check_port(out->port);
}

static const char *split(struct sv text, struct image_ref *out)
{
    struct sv rest = text;
    struct sv name = sv_cut(&rest, '@');
    size_t slash = sv_find(name, '/');
    struct sv first = { name.p, slash };
    const char *why = NULL;

    if (rest.p && (why = check_digest(rest)))
        return why;
    out->digest = rest;
    if (slash < name.n && is_host(first)) {
        why = split_host(first, out);
        name = sv_skip(name, slash + 1);
    }
    if (why)
        return why;
    out->repository = sv_cut(&name, ':');
    out->tag = name;
    if (out->tag.p && (why = check_tag(out->tag)))
        return why;
    return check_repository(out->repository);
}

static bool is_hub(struct sv host)
{
    for (size_t i = 0; i < ARRAY_LEN(hub_names); i++) {
        if (sv_eq(host, hub_names[i]))
            return true;
    }
    return sv_eq(host, hub);
}

/* False: the arena is full. */
static bool normalise(struct image_ref *r, struct arena *a)
{
    if (sv_eq(r->port, SV("443")))
        r->port = (struct sv){ NULL, 0 };
    if (!r->host.p) {
        r->host = hub;
        r->host_is_default = true;
    }
    if (!r->tag.p && !r->digest.p) {
        r->tag = latest;
        r->tag_is_default = true;
    }
    if (r->port.p || !is_hub(r->host))
        return true;
    r->host = hub;
    if (sv_find(r->repository, '/') == r->repository.n)
        r->repository = arena_printf(a, "library/%.*s", (int)r->repository.n, r->repository.p);
    return r->repository.p != NULL;
}

static bool refuse(struct sv text, const char *why, struct arena *a, struct err *e)
{
    struct sv shown = text_printable(a, text, SHOWN_MAX);

    return err_set(e, ERR_INPUT, "image `%.*s`: %s", SV_ARG(shown), why);
}

/* 64 hexadecimal digits alone are an image id to some readers. */
static bool is_identifier(const struct image_ref *r, struct sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!is_digit(text.p[i]) && !(text.p[i] >= 'a' && text.p[i] <= 'f'))
            return false;
    }
    return !r->host.p && text.n == digests[0].digits;
}

bool image_ref_parse(struct sv text, struct arena *a, struct image_ref *out, struct err *e)
{
    const char *why = text.n > IMAGE_REF_MAX ? "it is longer than 4096 bytes" : check_bytes(text);

    *out = (struct image_ref){ 0 };
    if (!why)
        why = split(text, out);
    if (!why && is_identifier(out, text))
        why = "64 hexadecimal digits are not a name";
    if (!why && out->host.p) {
        out->host = lower(out->host, a);
        if (!out->host.p)
            return err_nomem(e);
        why = check_host(out->host);
    }
    if (why)
        return refuse(text, why, a, e);
    if (!normalise(out, a))
        return err_nomem(e);
    /* Once more: `library/` may have come before it. */
    why = check_repository(out->repository);
    return !why || refuse(text, why, a, e);
}

/* The row that holds `text`, or the one to hold it. References of one review
 * stand at regular distances, so addresses are mixed (Fibonacci hashing) and
 * a taken row sends on to the next. */
static struct image_ref_cache_row *cache_row(struct image_ref_cache *c, struct sv text)
{
    size_t home = (size_t)(((uintptr_t)text.p * UINT64_C(0x9E3779B97F4A7C15)) >> 32);

    for (size_t i = 0; i < CACHE_PROBES; i++) {
        struct image_ref_cache_row *row = &c->rows[(home + i) % IMAGE_REF_CACHE_ROWS];

        if (!row->text.p || row->text.p == text.p)
            return row;
    }
    return &c->rows[home % IMAGE_REF_CACHE_ROWS];
}

bool image_ref_cached(struct image_ref_cache *c, struct sv text, struct arena *a, struct image_ref *out, struct err *e)
{
    struct image_ref_cache_row *row = c ? cache_row(c, text) : NULL;

    if (row && text.p && row->text.p == text.p && row->text.n == text.n) {
        *out = row->ref;
        return true;
    }
    if (!image_ref_parse(text, a, out, e))
        return false;
    if (row)
        *row = (struct image_ref_cache_row){ text, *out };
    return true;
}

struct sv image_ref_print(const struct image_ref *r, struct arena *a)
{
    struct buf out = BUF_IN(a);

    buf_add(&out, r->host);
    /* A host of one word is only read as one with its port. */
    if (r->port.p || !is_host(r->host))
        buf_printf(&out, ":%.*s", r->port.p ? (int)r->port.n : 3, r->port.p ? r->port.p : "443");
    buf_add_char(&out, '/');
    buf_add(&out, r->repository);
    if (r->tag.p)
        buf_printf(&out, ":%.*s", (int)r->tag.n, r->tag.p);
    if (r->digest.p)
        buf_printf(&out, "@%.*s", (int)r->digest.n, r->digest.p);
    return buf_ok(&out) ? buf_sv(&out) : (struct sv){ NULL, 0 };
}
