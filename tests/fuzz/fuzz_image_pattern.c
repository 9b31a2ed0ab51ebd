/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An endpoint pattern against a reference, each a line: as the slow reading of
 * both texts says, part by part.
 */
#include "fuzz/fuzz.h"
#include "rules/image_pattern.h"

static bool part_matches(struct sv pattern, struct sv part)
{
    size_t digits = 0;

    while (digits < part.n && part.p[digits] >= '0' && part.p[digits] <= '9')
        digits++;
    if (sv_eq(pattern, SV("{account}")))
        return part.n == 12 && digits == 12;
    return sv_eq(pattern, SV("*")) ? part.n > 0 : sv_eq(pattern, part);
}

/* `whole`: all parts must be named; else the pattern may be shorter. */
static bool parts_match(struct sv pattern, struct sv text, char separator, bool whole)
{
    while (pattern.p) {
        struct sv wanted = sv_cut(&pattern, separator);

        if (!text.p || !part_matches(wanted, sv_cut(&text, separator)))
            return false;
    }
    return !whole || !text.p;
}

static struct sv lower(struct sv s, struct arena *a)
{
    char *copy = arena_alloc(a, s.n);

    for (size_t i = 0; i < s.n; i++)
        copy[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
    return (struct sv){ copy, s.n };
}

static bool reference(struct sv pattern, const struct image_ref *r, struct arena *a)
{
    struct sv path = pattern, host = sv_cut(&path, '/'), port = { NULL, 0 };
    size_t colon = sv_find_last(host, ':');

    if (colon < host.n && host.p[host.n - 1] != ']') {
        port = sv_skip(host, colon + 1);
        host.n = colon;
    }
    if (sv_eq(port, SV("443")))
        port.n = 0;
    while (sv_ends_with(path, SV("/")))
        path.n--;
    host = lower(host, a);
    if (!sv_eq(port, r->port))
        return false;
    if (r->host.p[0] == '[' ? !sv_eq(host, r->host) : !parts_match(host, r->host, '.', true))
        return false;
    return path.n == 0 || parts_match(path, r->repository, '/', false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct image_pattern p;
    struct image_ref r;
    struct err e = { .code = ERR_NONE };
    struct sv text = fuzz_input(data, size), rest;
    struct sv pattern = sv_cut(&text, '\n');
    bool matches;

    if (!image_pattern_compile(pattern, &a, &p, &e)) {
        FUZZ_CHECK(a.is_full || sv_starts_with(sv_from(e.msg), SV("endpoint `")), "which endpoint? %s", e.msg);
        return 0;
    }
    if (!image_ref_parse(text, &a, &r, &e))
        return 0;
    matches = image_pattern_matches(&p, &r);
    FUZZ_CHECK(matches == reference(pattern, &r, &a), "`%.*s` matches `%.*s`: %d", SV_ARG(pattern), SV_ARG(text),
               (int)matches);
    rest = matches ? image_pattern_rest(&p, &r) : SV("");
    FUZZ_CHECK(sv_ends_with(r.repository, rest), "`%.*s` is not the rest of `%.*s`", SV_ARG(rest), SV_ARG(text));
    FUZZ_CHECK(!matches || rest.n == 0 || p.segment_count == 0 || r.repository.p[r.repository.n - rest.n - 1] == '/',
               "`%.*s` is cut inside a segment", SV_ARG(rest));
    return 0;
}
