/* SPDX-License-Identifier: Apache-2.0 */
/* A reference that is read, printed and read again is the same reference, and
 * nothing in it could be read in two ways. */
#include "fuzz/fuzz.h"
#include "kube/image_ref.h"

static bool is_among(char c, const char *more)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr(more, c);
}

static void check_bytes(struct sv s, const char *more, const char *what)
{
    for (size_t i = 0; i < s.n; i++)
        FUZZ_CHECK(s.p[i] && is_among(s.p[i], more), "%s: `%.*s`", what, SV_ARG(s));
}

static void check_parts(const struct image_ref *r)
{
    FUZZ_CHECK(r->host.n > 0 && r->repository.n > 0, "no host, or no repository");
    FUZZ_CHECK(r->tag.p || r->digest.p, "neither tag nor digest");
    check_bytes(r->host, r->host.p[0] == '[' ? "[]:" : ".-", "host");
    check_bytes(r->repository, "/._-", "repository");
    check_bytes(r->port, "", "port");
    check_bytes(r->digest, ":", "digest");
    FUZZ_CHECK(!sv_eq(r->port, SV("443")), "the default port was kept");
    FUZZ_CHECK(!sv_ends_with(r->host, SV(".")), "the dot was kept");
    FUZZ_CHECK(r->port.p || (!sv_eq(r->host, SV("index.docker.io")) && !sv_eq(r->host, SV("registry-1.docker.io"))),
               "another name of Docker Hub");
    FUZZ_CHECK(r->port.p || !sv_eq(r->host, SV("docker.io")) || sv_find(r->repository, '/') < r->repository.n,
               "no library/ before `%.*s`", SV_ARG(r->repository));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_fini) struct arena a = ARENA_INIT(1 << 20);
    struct image_ref one, two;
    struct err e = { .code = ERR_NONE };
    struct sv text = fuzz_input(data, size), printed;

    if (!image_ref_parse(text, &a, &one, &e)) {
        fuzz_check_error(&e);
        FUZZ_CHECK(sv_starts_with(sv_from(e.msg), SV("image `")), "it does not say which image: %s", e.msg);
        return 0;
    }
    check_parts(&one);
    printed = image_ref_print(&one, &a);
    FUZZ_CHECK(printed.n <= IMAGE_REF_MAX + 32, "printed, it is much longer");
    if (printed.n > IMAGE_REF_MAX)
        return 0;
    FUZZ_CHECK(image_ref_parse(printed, &a, &two, &e), "`%.*s`: %s", SV_ARG(printed), e.msg);
    FUZZ_CHECK(sv_eq(one.host, two.host) && sv_eq(one.port, two.port) && sv_eq(one.repository, two.repository) &&
                   sv_eq(one.tag, two.tag) && sv_eq(one.digest, two.digest) && !one.tag.p == !two.tag.p,
               "`%.*s` is read as another image than `%.*s`", SV_ARG(printed), SV_ARG(text));
    FUZZ_CHECK(!two.host_is_default && !two.tag_is_default, "printed, something is left out");
    FUZZ_CHECK(sv_eq(printed, image_ref_print(&two, &a)), "printed again it differs");
    return 0;
}
