/* SPDX-License-Identifier: Apache-2.0 */
/* Host, repository and tag are chosen apart, and so is how each is written. */
#include "differential/spelling.h"
#include "base/attr.h"
#include "base/bug.h"

#define DIGEST "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* None of these is an endpoint the sample site or aws-govcloud allows. */
static const char *const hosts[] = {
    "quay.io",
    "ghcr.io",
    "gcr.io",
    "us-docker.pkg.dev",
    "registry.k8s.io",
    "k8s.gcr.io",
    "public.ecr.aws",
    "mcr.microsoft.com",
    "registry.example.com",
    "localhost:5000",
    "10.0.0.1",
    "10.0.0.1:5000",
    "[fe80::1]",
    "[::1]:5000",
    /* the same account without FIPS, another port, eleven and thirteen digits */
    "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com:5000",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com:8443",
    "12345678901.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    "1234567890123.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    "a23456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    /* the host inside another */
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com.example.com",
    "example.123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    "example.com/123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    "123456789012-dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com.cn",
    "123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com",
    /* the hyphen and the domain do not go together */
    "123456789012.dkr.ecr-fips.us-gov-west-1.on.aws",
    "123456789012.dkr-ecr-fips.us-gov-west-1.amazonaws.com",
    /* Docker Hub with a port is a registry of its own */
    "docker.io:5000",
};
/* What the mirror of the sample site holds. */
static const struct {
    const char *host, *path;
} mirrors[] = {
    { "docker.io", "docker-hub" },       { "quay.io", "quay" },          { "ghcr.io", "ghcr" },
    { "registry.k8s.io", "kubernetes" }, { "k8s.gcr.io", "kubernetes" }, { "public.ecr.aws", "ecr-public" },
};
#define MIRROR "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com"

static const char *const hub_hosts[] = { "", "", "docker.io", "index.docker.io", "registry-1.docker.io" };
static const char *const paths[] = { "app", "team/app", "a/b/c/d", "library/nginx", "x_y/z-1.0", "docker.io/nginx" };
static const char *const hub_paths[] = { "library/nginx", "bitnami/redis", "library/debian" };
static const char *const tags[] = { "", "", ":latest", ":1.25", ":v1_2-3", ":FIPS" };
static const char *const digests[] = { "", "", DIGEST };

#define PICK(list) ((list)[random_below(r, ARRAY_LEN(list))])

static void put_host(struct buf *out, struct sv host, struct random *r)
{
    size_t name = sv_find(host, '/') < host.n || host.p[0] == '[' ? 0 : sv_find(host, ':');
    bool upper = random_one_in(r, 3), dot = random_one_in(r, 4), port = random_one_in(r, 4);

    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];

        /* Only what stands before the slash is a host. */
        if (upper && i < sv_find(host, '/') && c >= 'a' && c <= 'z' && random_one_in(r, 2))
            c = (char)(c - 'a' + 'A');
        if (i == name && name > 0 && dot)
            buf_add_char(out, '.');
        buf_add_char(out, c);
    }
    if (name == host.n && dot)
        buf_add_char(out, '.');
    if ((name == host.n || (host.p[0] == '[' && host.p[host.n - 1] == ']')) && port)
        buf_add(out, SV(":443"));
}

/* The host, repository and rest that were meant, however they were written. */
struct meaning {
    struct sv host, path;
};

/* `library/` may be left out where the host is Docker Hub's. */
static struct meaning put_hub(struct buf *out, struct random *r)
{
    struct sv host = sv_from(PICK(hub_hosts)), path = sv_from(PICK(hub_paths));
    struct meaning m = { SV("docker.io"), path };

    if (host.n) {
        put_host(out, host, r);
        buf_add_char(out, '/');
    }
    if (sv_starts_with(path, SV("library/")) && random_one_in(r, 2))
        path = sv_skip(path, 8);
    buf_add(out, path);
    return m;
}

static struct meaning put_other(struct buf *out, struct random *r)
{
    struct meaning m = { sv_from(PICK(hosts)), sv_from(PICK(paths)) };

    put_host(out, m.host, r);
    buf_add_char(out, '/');
    buf_add(out, m.path);
    return m;
}

static struct sv mirrored(const struct meaning *m, const char *tag, const char *digest, struct arena *a)
{
    for (size_t i = 0; i < ARRAY_LEN(mirrors); i++)
        if (sv_eq(sv_from(mirrors[i].host), m->host))
            return arena_printf(a, MIRROR "/%s/%.*s%s%s", mirrors[i].path, SV_ARG(m->path),
                                *tag || *digest ? tag : ":latest", digest);
    return (struct sv){ NULL, 0 };
}

struct spelling spelling_of_bad_image(struct random *r, struct arena *a, struct buf *steps)
{
    struct buf out = BUF_IN(a);
    struct meaning m = random_one_in(r, 2) ? put_hub(&out, r) : put_other(&out, r);
    const char *tag = PICK(tags), *digest = PICK(digests);
    struct spelling s;

    buf_add(&out, sv_from(tag));
    buf_add(&out, sv_from(digest));
    BUG_IF(!buf_ok(&out));
    buf_printf(steps, "  image `%.*s`\n", (int)out.len, out.p);
    s = (struct spelling){ buf_sv(&out), mirrored(&m, tag, digest, a) };
    return s;
}
