/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of registry endpoints. What could never match a normalised
 * reference (upper case in a path, a host without a dot, a tag) is an error
 * when the policy is loaded, not a rule that silently matches nothing.
 */
#include "rules/image_pattern.h"
#include "base/text.h"

static bool bad(struct sv text, const char *why, struct err *e)
{
    return err_set(e, ERR_INPUT, "endpoint `%.*s`: %s", SV_ARG(text), why);
}

static bool is_one_of(char c, const char *more)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr(more, c));
}

static bool is_plain(struct sv s, const char *more)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_one_of(s.p[i], more))
            return false;
    return s.n > 0;
}

static bool is_address(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr("0123456789abcdef:", s.p[i]))
            return false;
    return s.n > 0;
}

enum { ACCOUNT_DIGITS = 12 };

static bool is_account(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == ACCOUNT_DIGITS;
}

static struct sv lower(struct arena *a, struct sv s)
{
    char *copy = arena_alloc(a, s.n);

    for (size_t i = 0; copy && i < s.n; i++)
        copy[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + ('a' - 'A') : s.p[i]);
    return (struct sv){ copy, copy ? s.n : 0 };
}

/* `text` at `separator`s into parts; NULL: the arena is full. */
static struct image_part *split(struct sv text, char separator, struct arena *a, size_t *count)
{
    struct image_part *parts;
    struct sv rest = text;
    size_t total = 1;

    for (size_t i = 0; i < text.n; i++)
        total += text.p[i] == separator;
    parts = arena_array(a, total, struct image_part);
    for (*count = 0; parts && *count < total; (*count)++)
        parts[*count].text = sv_cut(&rest, separator);
    return parts;
}

static bool compile_labels(struct sv whole, struct sv host, struct arena *a, struct image_pattern *out, struct err *e)
{
    struct image_part *labels = split(host, '.', a, &out->label_count);

    if (!labels)
        return err_nomem(e);
    for (size_t i = 0; i < out->label_count; i++) {
        struct image_part *label = &labels[i];

        if (sv_eq(label->text, SV("*")))
            label->kind = IMAGE_PART_ANY;
        else if (sv_eq(label->text, SV("{account}")))
            label->kind = IMAGE_PART_ACCOUNT;
        else if (label->text.n == 0)
            return bad(whole, "an empty label in the host", e);
        else if (!is_plain(label->text, "-"))
            return bad(whole, "a label of the host is letters, digits and `-`, or `*`, or `{account}`", e);
    }
    out->labels = labels;
    return true;
}

/* As the runtimes read a reference: a first part with neither dot nor port is no host. */
static bool check_host(struct sv whole, struct sv host, const struct image_pattern *p, struct err *e)
{
    bool is_plain_word = p->label_count == 1 && p->labels[0].kind == IMAGE_PART_TEXT && !p->port.p;

    if (is_plain_word && !sv_eq(host, SV("localhost")))
        return bad(whole, "it names no host; Docker Hub is `docker.io/...`", e);
    if (sv_eq(host, SV("index.docker.io")) || sv_eq(host, SV("registry-1.docker.io")))
        return bad(whole, "references are normalised to `docker.io`, so write that", e);
    return true;
}

/* An address in brackets has no labels: it is compared whole. */
static bool compile_address(struct sv whole, struct sv host, struct arena *a, struct image_pattern *out, struct err *e)
{
    struct image_part *label = arena_new(a, struct image_part);

    if (!label)
        return err_nomem(e);
    if (!sv_ends_with(host, SV("]")) || !is_address((struct sv){ host.p + 1, host.n - 2 }))
        return bad(whole, "the address in brackets is not one", e);
    label->text = host;
    out->labels = label;
    out->label_count = 1;
    return true;
}

static bool compile_port(struct sv whole, struct sv port, struct image_pattern *out, struct err *e)
{
    size_t number = 0;

    if (!text_to_size(port, &number) || number == 0 || number > 65535 || port.p[0] == '0')
        return bad(whole, "the port is not a number from 1 to 65535 (and a pattern has no scheme)", e);
    if (number != 443)
        out->port = port;
    return true;
}

static bool compile_host(struct sv whole, struct sv host_port, struct arena *a, struct image_pattern *out,
                         struct err *e)
{
    const bool has_brackets = host_port.n > 2 && host_port.p[0] == '[';
    size_t colon = sv_find_last(host_port, ':');
    struct sv host;

    if (has_brackets && colon < sv_find(host_port, ']'))
        colon = host_port.n;
    if (colon < host_port.n && !compile_port(whole, sv_skip(host_port, colon + 1), out, e))
        return false;
    host = lower(a, (struct sv){ host_port.p, colon });
    if (!host.p)
        return err_nomem(e);
    if (has_brackets)
        return compile_address(whole, host, a, out, e);
    return compile_labels(whole, host, a, out, e) && check_host(whole, host, out, e);
}

static bool compile_path(struct sv whole, struct sv path, struct arena *a, struct image_pattern *out, struct err *e)
{
    struct image_part *segments;

    if (sv_ends_with(path, SV("/")))
        path.n--;
    if (path.n == 0)
        return true;
    segments = split(path, '/', a, &out->segment_count);
    if (!segments)
        return err_nomem(e);
    for (size_t i = 0; i < out->segment_count; i++) {
        if (sv_eq(segments[i].text, SV("*")))
            segments[i].kind = IMAGE_PART_ANY;
        else if (!is_plain(segments[i].text, "-_."))
            return bad(whole, "a path segment is lower-case letters, digits, `.`, `_` and `-`, or `*`; no tag", e);
    }
    out->segments = segments;
    return true;
}

/* Most hosts differ from most patterns in their length already. */
static size_t host_length(const struct image_pattern *p)
{
    size_t n = p->label_count - 1;

    for (size_t i = 0; i < p->label_count; i++) {
        if (p->labels[i].kind == IMAGE_PART_ANY)
            return 0;
        n += p->labels[i].kind == IMAGE_PART_ACCOUNT ? ACCOUNT_DIGITS : p->labels[i].text.n;
    }
    return n;
}

/* What every host that can match ends with: the last labels, as far as they are
 * plain. The labels are views of one text, so these are one, too. */
static struct sv host_end(const struct image_pattern *p)
{
    const struct image_part *last = &p->labels[p->label_count - 1];
    size_t first = p->label_count;

    while (first > 0 && p->labels[first - 1].kind == IMAGE_PART_TEXT)
        first--;
    if (first == p->label_count)
        return (struct sv){ "", 0 };
    return (struct sv){ p->labels[first].text.p, (size_t)(last->text.p + last->text.n - p->labels[first].text.p) };
}

bool image_pattern_compile(struct sv text, struct arena *a, struct image_pattern *out, struct err *e)
{
    struct sv path = text;
    struct sv host_port = sv_cut(&path, '/');

    *out = (struct image_pattern){ 0 };
    if (host_port.n == 0)
        return bad(text, "it names no host", e);
    if (path.p && path.n && path.p[0] == '/')
        return bad(text, "a pattern has no scheme", e);
    if (!compile_host(text, host_port, a, out, e) || !compile_path(text, path, a, out, e))
        return false;
    out->host_length = host_length(out);
    out->host_end = host_end(out);
    return true;
}

static bool part_matches(const struct image_part *part, struct sv text)
{
    switch (part->kind) {
    case IMAGE_PART_TEXT:
        return sv_eq(part->text, text);
    case IMAGE_PART_ANY:
        return text.n > 0 && text.p[0] != '[';
    case IMAGE_PART_ACCOUNT:
        return is_account(text);
    }
    return false;
}

static bool host_matches(const struct image_pattern *p, struct sv host)
{
    if ((p->host_length && p->host_length != host.n) || !sv_ends_with(host, p->host_end))
        return false;
    if (host.n && host.p[0] == '[')
        return p->label_count == 1 && part_matches(&p->labels[0], host);
    for (size_t i = 0; i < p->label_count; i++)
        if (!host.p || !part_matches(&p->labels[i], sv_cut(&host, '.')))
            return false;
    return !host.p;
}

bool image_pattern_matches(const struct image_pattern *p, const struct image_ref *r)
{
    struct sv path = r->repository;

    if (!host_matches(p, r->host) || !sv_eq(p->port, r->port))
        return false;
    for (size_t i = 0; i < p->segment_count; i++)
        if (!path.p || !part_matches(&p->segments[i], sv_cut(&path, '/')))
            return false;
    return true;
}

struct sv image_pattern_rest(const struct image_pattern *p, const struct image_ref *r)
{
    struct sv path = r->repository;

    for (size_t i = 0; i < p->segment_count; i++)
        sv_cut(&path, '/');
    return path.p ? path : (struct sv){ "", 0 };
}
